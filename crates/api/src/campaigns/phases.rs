use axum::{Json, extract::State as Extract};
use chengjing_domain::id::CampaignId;
use chengjing_service::campaign;

use super::PhaseBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        list::List,
        problem::{Problem, Refused},
    },
};

/// The phases of a campaign, in order.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/phases",
    operation_id = "list_phases",
    tag = "campaigns",
    params(("campaign" = uuid::Uuid, Path)),
    responses((status = 200, description = "All phases.", body = List<PhaseBody>), Refused),
    extensions(("x-permission" = json!("campaign.see"))),
)]
pub(crate) async fn phases(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
) -> Result<Json<List<PhaseBody>>, Problem> {
    let phases = campaign::phases::phases(&state.app, &caller, campaign).await?;
    Ok(Json(List::whole(phases.into_iter().map(PhaseBody::from))))
}
