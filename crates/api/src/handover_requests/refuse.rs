use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, HandoverRequestId};
use chengjing_service::people::handover_request;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{HandoverRequestBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Why not.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandoverRefusal {
    #[schema(min_length = 1, max_length = 500, example = "接手的人还没有到岗")]
    reason: String,
}

/// Turns a request down, and says why; whoever asked is told. Everything they hold stays with them. By whoever could hand it
/// over; 409 where it was withdrawn or decided meanwhile.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/handover-requests/{request}/refusal",
    operation_id = "refuse_handover_request",
    tag = "users",
    params(("campaign" = uuid::Uuid, Path), ("request" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The version that was seen, as an ETag.", example = "\"v1\"")),
    request_body = HandoverRefusal,
    responses((status = 200, description = "Turned down.", body = HandoverRequestBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("people.manage"))),
)]
pub(crate) async fn refuse(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, HandoverRequestId)>,
    Seen(seen): Seen,
    Body(HandoverRefusal { reason }): Body<HandoverRefusal>,
) -> Result<Tagged<HandoverRequestBody>, Problem> {
    Ok(tagged(handover_request::refuse::refuse(&state.app, &caller, campaign, id, seen, &reason).await?))
}
