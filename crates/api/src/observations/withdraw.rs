use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, ObservationId};
use chengjing_service::observation;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{ObservationBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// That an observation was recorded in error.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewWithdrawal)]
pub(crate) struct NewWithdrawalBody {
    /// Why it was wrong to record it, at most 500 characters.
    #[schema(min_length = 1, max_length = 500, example = "记到了别的点位")]
    reason: String,
}

/// Says of an observation that it was recorded in error, and why: it stays to be seen and counts no more. What was observed
/// before it in its place stands again. The answer is the observation that says so; it supersedes the other one and can itself be
/// superseded by a right one. 409 where it is superseded already.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/observations/{observation}/withdrawal",
    operation_id = "withdraw_observation",
    tag = "observations",
    params(("campaign" = uuid::Uuid, Path), ("observation" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    request_body = NewWithdrawalBody,
    responses((status = 201, description = "What says so.", body = ObservationBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("observation.record"))),
)]
pub(crate) async fn withdraw(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, ObservationId)>,
    Seen(seen): Seen,
    Body(new): Body<NewWithdrawalBody>,
) -> Result<Tagged<ObservationBody>, Problem> {
    let withdrawal =
        observation::withdraw::withdraw(&state.app, &caller, campaign, id, seen, new.reason).await?;
    Ok(Tagged { status: axum::http::StatusCode::CREATED, ..tagged(withdrawal) })
}
