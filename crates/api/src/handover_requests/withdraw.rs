use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, HandoverRequestId};
use chengjing_service::people::handover_request;

use super::{HandoverRequestBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Takes back a request of one's own. 409 where it was decided meanwhile.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/handover-requests/{request}/withdrawal",
    operation_id = "withdraw_handover_request",
    tag = "users",
    params(("campaign" = uuid::Uuid, Path), ("request" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The version that was seen, as an ETag.", example = "\"v1\"")),
    responses((status = 200, description = "Withdrawn.", body = HandoverRequestBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("handover.ask"))),
)]
pub(crate) async fn withdraw(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, HandoverRequestId)>,
    Seen(seen): Seen,
) -> Result<Tagged<HandoverRequestBody>, Problem> {
    Ok(tagged(handover_request::withdraw::withdraw(&state.app, &caller, campaign, id, seen).await?))
}
