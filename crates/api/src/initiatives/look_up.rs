use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, InitiativeId};
use chengjing_service::initiative;

use super::{InitiativeBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        version::Tagged,
    },
};

/// One special action or working group.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/initiatives/{initiative}",
    operation_id = "look_up_initiative",
    tag = "initiatives",
    params(("campaign" = uuid::Uuid, Path), ("initiative" = uuid::Uuid, Path)),
    responses((status = 200, description = "It.", body = InitiativeBody), Refused),
    extensions(("x-permission" = json!("initiative.see"))),
)]
pub(crate) async fn look_up(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, InitiativeId)>,
) -> Result<Tagged<InitiativeBody>, Problem> {
    Ok(tagged(initiative::look_up::look_up(&state.app, &caller, campaign, id).await?))
}
