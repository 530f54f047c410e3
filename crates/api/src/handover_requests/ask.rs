use axum::extract::State as Extract;
use chengjing_domain::id::CampaignId;
use chengjing_service::people::handover_request::ask;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::HandoverRequestBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::Tagged,
    },
};

/// What somebody who leaves says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewHandoverRequest {
    /// Their last day: from a month ago to a year ahead.
    #[schema(example = "2026-06-30")]
    leaves_on: NaiveDate,
    #[schema(min_length = 1, max_length = 500, example = "调往县教育局")]
    reason: String,
    /// Whom they propose, by a name that the office will know.
    #[serde(default)]
    #[schema(max_length = 50, example = "王芳")]
    proposed: Option<String>,
}

/// Asks the campaign's office to hand the caller's work over. Nothing changes until it does (`hand_over`); meanwhile it may be
/// withdrawn. 409 where one waits already.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/handover-requests",
    operation_id = "ask_for_handover",
    tag = "users",
    params(("campaign" = uuid::Uuid, Path)),
    request_body = NewHandoverRequest,
    responses((status = 201, description = "It waits for the office.", body = HandoverRequestBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("handover.ask"))),
)]
pub(crate) async fn ask_for_handover(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Body(NewHandoverRequest { leaves_on, reason, proposed }): Body<NewHandoverRequest>,
) -> Result<Tagged<HandoverRequestBody>, Problem> {
    let new = ask::NewHandoverRequest { leaves_on, reason, proposed };
    let view = ask::ask(&state.app, &caller, campaign, new).await?;
    Ok(Tagged::created(view.request.version, view.into()))
}
