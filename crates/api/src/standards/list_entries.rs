use axum::{Json, extract::State as Extract};
use chengjing_domain::{
    id::{EditionId, StandardId},
    standard as domain,
};
use chengjing_service::standard::look_up::look_up_edition;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
    },
};

/// What an edition's leaves can ask for, by its names: its own catalogue, and behind it those that it uses.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntriesBody {
    site_types: Vec<SiteTypeEntry>,
    requirements: Vec<NamedEntry>,
    questions: Vec<NamedEntry>,
    statistics: Vec<NamedEntry>,
}

/// A kind of place with what is looked at there.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SiteTypeEntry {
    #[schema(example = "market")]
    id: String,
    name: String,
    criteria: Vec<NamedEntry>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NamedEntry {
    /// A criterion's is once in its site type: files name it `market/licence`.
    #[schema(example = "licence")]
    id: String,
    name: String,
}

impl EntriesBody {
    fn new(catalogue: &domain::Catalogue) -> Self {
        let entry = |id: &str, name: &str| NamedEntry { id: id.to_owned(), name: name.to_owned() };
        let site_type = |one: &domain::SiteType| SiteTypeEntry {
            id: one.id.clone(),
            name: one.title.clone(),
            criteria: one.criteria.iter().map(|one| entry(&one.id, &one.text)).collect(),
        };
        Self {
            site_types: catalogue.site_types.iter().map(site_type).collect(),
            requirements: catalogue.requirements.iter().map(|one| entry(&one.id, &one.title)).collect(),
            questions: catalogue.questions.iter().map(|one| entry(&one.id, &one.text)).collect(),
            statistics: catalogue.statistics.iter().map(|one| entry(&one.id, &one.title)).collect(),
        }
    }
}

/// Names all that an edition's leaves can ask for, to choose from.
#[utoipa::path(
    get,
    path = "/api/v1/standards/{standard}/editions/{edition}/entries",
    operation_id = "list_edition_entries",
    tag = "standards",
    params(("standard" = uuid::Uuid, Path), ("edition" = uuid::Uuid, Path)),
    responses((status = 200, description = "All of them, in the order of the files.", body = EntriesBody), Refused),
    extensions(("x-permission" = json!("standard.see"))),
)]
pub(crate) async fn list_entries(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((standard, id)): Ids<(StandardId, EditionId)>,
) -> Result<Json<EntriesBody>, Problem> {
    let seen = look_up_edition(&state.app, &caller, standard, id).await?;
    Ok(Json(EntriesBody::new(&seen.opened.whole.catalogue)))
}
