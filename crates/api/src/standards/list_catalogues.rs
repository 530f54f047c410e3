use axum::{Json, extract::State as Extract};
use chengjing_domain::standard::edition::KeptCatalogue;
use chengjing_service::standard;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Asked,
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

/// A catalogue that standards share.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CatalogueBody {
    id: Uuid,
    /// The campaign whose it is; null: the installation's.
    campaign_id: Option<Uuid>,
    /// The `id` in its file.
    #[schema(example = "shared")]
    code: String,
    edition: String,
    title: String,
    site_types: u64,
    requirements: u64,
    questions: u64,
    statistics: u64,
    changed_at: DateTime<Utc>,
    pub(crate) version: i64,
}

impl From<KeptCatalogue> for CatalogueBody {
    fn from(kept: KeptCatalogue) -> Self {
        let catalogue = &kept.content.catalogue;
        Self {
            id: kept.id.0,
            campaign_id: kept.owner.map(|owner| owner.0),
            site_types: catalogue.site_types.len() as u64,
            requirements: catalogue.requirements.len() as u64,
            questions: catalogue.questions.len() as u64,
            statistics: catalogue.statistics.len() as u64,
            code: kept.content.id,
            edition: kept.content.edition,
            title: kept.content.title,
            changed_at: kept.changed_at,
            version: kept.version,
        }
    }
}

/// The catalogues that are kept here, the newest first. The one that comes with the program is not among them.
#[utoipa::path(
    get,
    path = "/api/v1/catalogues",
    operation_id = "list_catalogues",
    tag = "standards",
    params(Paging),
    responses((status = 200, description = "A page.", body = List<CatalogueBody>), Refused),
    extensions(("x-permission" = json!("standard.browse"))),
)]
pub(crate) async fn list_catalogues(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<CatalogueBody>>, Problem> {
    let page = standard::list_catalogues::list_catalogues(&state.app, &caller, paging.read()).await?;
    Ok(Json(List::from(page, Into::into)))
}
