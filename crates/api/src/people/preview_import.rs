use axum::{
    Json,
    body::{Body, to_bytes},
    extract::State as Extract,
};
use chengjing_domain::{id::CampaignId, people::roll::Entry};
use chengjing_service::{Refusal, people::import_people};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        problem::{Problem, Refused, RefusedChange},
        words::mirror,
    },
};

mirror! {
    /// How the people of a list come in: each by a link, or as a user with a password for the first login.
    #[serde(rename_all = "snake_case")]
    EntryWord = Entry { Invitation, Account }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct How {
    #[param(inline)]
    entry: EntryWord,
}

/// Whom a list would bring in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PeopleListed {
    people: Vec<ListedPerson>,
}

/// Somebody as their row says it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedPerson {
    row: u32,
    display_name: String,
    /// Empty for who is invited.
    name: String,
    /// As lists write it.
    #[schema(example = "联络员")]
    role: String,
    /// Empty: the whole campaign.
    unit: String,
    phone: String,
}

/// The largest list that is taken, in bytes.
pub(crate) const LIMIT: u64 = 1 << 20;

/// Whom an xlsx of people would bring in, without bringing them. Faults name their cell (`人员!C7`), all at once. With
/// `entry=account` it needs `user.manage` too.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/people/sheet/preview",
    operation_id = "preview_people_import",
    tag = "users",
    params(("campaign" = uuid::Uuid, Path), How),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The xlsx."),
    responses((status = 200, description = "Whom it brings in.", body = PeopleListed), Refused, RefusedChange),
    extensions(("x-permission" = json!("people.manage"))),
)]
pub(crate) async fn preview_import(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(how): Asked<How>,
    body: Body,
) -> Result<Json<PeopleListed>, Problem> {
    let bytes = whole(body).await?;
    let people = import_people::preview(&state.app, &caller, campaign, how.entry.into(), bytes).await?;
    let people = people.into_iter().map(|person| ListedPerson {
        row: person.row,
        display_name: person.display_name,
        name: person.name,
        role: person.role,
        unit: person.unit,
        phone: person.phone,
    });
    Ok(Json(PeopleListed { people: people.collect() }))
}

pub(crate) async fn whole(body: Body) -> Result<Vec<u8>, Refusal> {
    let limit = usize::try_from(LIMIT).unwrap_or(usize::MAX);
    Ok(to_bytes(body, limit).await.map_err(|_| Refusal::TooLarge { limit: LIMIT })?.to_vec())
}
