use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, ImportId};
use chengjing_service::plan;

use super::PlanBody;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        version::Tagged,
    },
};

/// One plan document with its draft.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/plans/{plan}",
    operation_id = "look_up_plan",
    tag = "plans",
    params(("campaign" = uuid::Uuid, Path), ("plan" = uuid::Uuid, Path)),
    responses((status = 200, description = "The plan document.", body = PlanBody), Refused),
    extensions(("x-permission" = json!("plan.see"))),
)]
pub(crate) async fn look_up(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, ImportId)>,
) -> Result<Tagged<PlanBody>, Problem> {
    let (import, undoable) = plan::look_up::look_up_with_undo(&state.app, &caller, campaign, id).await?;
    Ok(Tagged::ok(import.version, PlanBody { undoable, ..import.into() }))
}
