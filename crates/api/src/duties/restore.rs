use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, DutyId};
use chengjing_service::duty;

use super::DutyBody;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
        version::Tagged,
    },
};

/// Puts a withdrawn duty back.
#[utoipa::path(
    delete,
    path = "/api/v1/campaigns/{campaign}/duties/{duty}/withdrawal",
    operation_id = "restore_duty",
    tag = "duties",
    params(("campaign" = uuid::Uuid, Path), ("duty" = uuid::Uuid, Path)),
    responses((status = 200, description = "Put back.", body = DutyBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("duty.edit"))),
)]
pub(crate) async fn restore(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, DutyId)>,
) -> Result<Tagged<DutyBody>, Problem> {
    let view = duty::withdraw::restore(&state.app, &caller, campaign, id).await?;
    Ok(Tagged::ok(view.duty.version, view.into()))
}
