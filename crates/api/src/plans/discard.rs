use axum::{extract::State as Extract, http::StatusCode};
use chengjing_domain::id::{CampaignId, ImportId};
use chengjing_service::plan;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Throws a plan document away that was not adopted.
#[utoipa::path(
    delete,
    path = "/api/v1/campaigns/{campaign}/plans/{plan}",
    operation_id = "discard_plan",
    tag = "plans",
    params(("campaign" = uuid::Uuid, Path), ("plan" = uuid::Uuid, Path)),
    responses((status = 204, description = "Thrown away."), Refused, RefusedChange),
    extensions(("x-permission" = json!("plan.import"))),
)]
pub(crate) async fn discard(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, ImportId)>,
) -> Result<StatusCode, Problem> {
    plan::discard::discard(&state.app, &caller, campaign, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
