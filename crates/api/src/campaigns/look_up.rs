use axum::extract::State as Extract;
use chengjing_domain::id::CampaignId;
use chengjing_service::campaign;

use super::CampaignBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        version::Tagged,
    },
};

/// One campaign.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}",
    operation_id = "look_up_campaign",
    tag = "campaigns",
    params(("campaign" = uuid::Uuid, Path)),
    responses((status = 200, description = "The campaign.", body = CampaignBody), Refused),
    extensions(("x-permission" = json!("campaign.see"))),
)]
pub(crate) async fn look_up(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
) -> Result<Tagged<CampaignBody>, Problem> {
    let campaign = campaign::look_up::look_up(&state.app, &caller, campaign).await?;
    Ok(Tagged::ok(campaign.version, campaign.into()))
}
