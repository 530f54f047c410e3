use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, ObservationId};
use chengjing_service::observation;

use super::{ObservationBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        version::Tagged,
    },
};

/// One observation.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/observations/{observation}",
    operation_id = "look_up_observation",
    tag = "observations",
    params(("campaign" = uuid::Uuid, Path), ("observation" = uuid::Uuid, Path)),
    responses((status = 200, description = "The observation.", body = ObservationBody), Refused),
    extensions(("x-permission" = json!("observation.see"))),
)]
pub(crate) async fn look_up(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, ObservationId)>,
) -> Result<Tagged<ObservationBody>, Problem> {
    Ok(tagged(observation::look_up::look_up(&state.app, &caller, campaign, id).await?))
}
