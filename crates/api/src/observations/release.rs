use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, ObservationId};
use chengjing_service::observation;

use super::{ObservationBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Releases what was seen covertly: all who see observations see it from now on, and once accepted it counts.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/observations/{observation}/release",
    operation_id = "release_observation",
    tag = "observations",
    params(("campaign" = uuid::Uuid, Path), ("observation" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    responses((status = 200, description = "Released.", body = ObservationBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("observation.release"))),
)]
pub(crate) async fn release(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, ObservationId)>,
    Seen(seen): Seen,
) -> Result<Tagged<ObservationBody>, Problem> {
    Ok(tagged(observation::release::release(&state.app, &caller, campaign, id, seen).await?))
}
