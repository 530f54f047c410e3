use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, ObservationId};
use chengjing_service::observation;

use super::{NewObservationBody, ObservationBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Records another observation of the same thing in place of one that was wrong. The old one stays to be seen, and counts
/// until the new one does. Without a moment of its own it is of that of the old one, or of the end of its own period where that is
/// another. 409 where it is about another thing, or the old one is superseded already.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/observations/{observation}/successor",
    operation_id = "supersede_observation",
    tag = "observations",
    params(("campaign" = uuid::Uuid, Path), ("observation" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    request_body = NewObservationBody,
    responses((status = 201, description = "The new one.", body = ObservationBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("observation.record"))),
)]
pub(crate) async fn supersede(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, ObservationId)>,
    Seen(seen): Seen,
    Body(new): Body<NewObservationBody>,
) -> Result<Tagged<ObservationBody>, Problem> {
    let new = new.into();
    let successor = observation::supersede::supersede(&state.app, &caller, campaign, id, seen, new).await?;
    Ok(Tagged { status: axum::http::StatusCode::CREATED, ..tagged(successor) })
}
