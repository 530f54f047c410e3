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

/// Accepts what was observed: from now on it counts, where it is not covert or is released.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/observations/{observation}/acceptance",
    operation_id = "accept_observation",
    tag = "observations",
    params(("campaign" = uuid::Uuid, Path), ("observation" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    responses((status = 200, description = "Accepted.", body = ObservationBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("observation.record"))),
)]
pub(crate) async fn accept(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, ObservationId)>,
    Seen(seen): Seen,
) -> Result<Tagged<ObservationBody>, Problem> {
    Ok(tagged(observation::accept::accept(&state.app, &caller, campaign, id, seen).await?))
}
