use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, DutyId};
use chengjing_service::duty;

use super::DutyBody;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        version::Tagged,
    },
};

/// One duty.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/duties/{duty}",
    operation_id = "look_up_duty",
    tag = "duties",
    params(("campaign" = uuid::Uuid, Path), ("duty" = uuid::Uuid, Path)),
    responses((status = 200, description = "The duty.", body = DutyBody), Refused),
    extensions(("x-permission" = json!("duty.see"))),
)]
pub(crate) async fn look_up(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, DutyId)>,
) -> Result<Tagged<DutyBody>, Problem> {
    let view = duty::look_up::look_up(&state.app, &caller, campaign, id).await?;
    Ok(Tagged::ok(view.duty.version, view.into()))
}
