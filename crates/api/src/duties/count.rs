use axum::{Json, extract::State as Extract};
use chengjing_domain::id::CampaignId;
use chengjing_service::duty;
use serde::Serialize;
use utoipa::ToSchema;

use super::Wanted;

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        problem::{Problem, Refused},
    },
};

/// A number of things.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Count {
    /// At most 1,000.
    count: u64,
    /// False: there are more.
    exact: bool,
}

/// How many duties there are of the wanted.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/duties/count",
    operation_id = "count_duties",
    tag = "duties",
    params(("campaign" = uuid::Uuid, Path), Wanted),
    responses((status = 200, description = "The count.", body = Count), Refused),
    extensions(("x-permission" = json!("duty.see"))),
)]
pub(crate) async fn count(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<Wanted>,
) -> Result<Json<Count>, Problem> {
    let (count, exact) = duty::count::count(&state.app, &caller, campaign, wanted.into()).await?;
    Ok(Json(Count { count, exact }))
}
