use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, ImportId};
use chengjing_service::plan;

use super::PlanBody;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
        version::Tagged,
    },
};

/// Takes an adoption back, while nobody has worked on its duties; those that a newer version changed are as before.
#[utoipa::path(
    delete,
    path = "/api/v1/campaigns/{campaign}/plans/{plan}/adoption",
    operation_id = "undo_plan_adoption",
    tag = "plans",
    params(("campaign" = uuid::Uuid, Path), ("plan" = uuid::Uuid, Path)),
    responses((status = 200, description = "A draft again.", body = PlanBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("plan.adopt"))),
)]
pub(crate) async fn undo_adoption(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, ImportId)>,
) -> Result<Tagged<PlanBody>, Problem> {
    let import = plan::undo_adoption::undo_adoption(&state.app, &caller, campaign, id).await?;
    Ok(Tagged::ok(import.version, import.into()))
}
