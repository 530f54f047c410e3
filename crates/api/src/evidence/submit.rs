use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, EvidenceId, EvidenceLinkId};
use chengjing_service::evidence;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{EvidenceBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Why something that was returned is put forward again as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Resubmission {
    #[schema(max_length = 500, example = "照片确为本月拍摄，拍摄日期见原图。")]
    word: String,
}

/// Puts what was returned before the reviewers again as it is, with a word why.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/evidence/{evidence}/links/{link}/submissions",
    operation_id = "submit_evidence",
    tag = "evidence",
    params(("campaign" = uuid::Uuid, Path), ("evidence" = uuid::Uuid, Path), ("link" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The link's version that was seen.", example = "\"v2\"")),
    request_body = Resubmission,
    responses((status = 200, description = "It waits for its review.", body = EvidenceBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("evidence.file"))),
)]
pub(crate) async fn submit(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id, link)): Ids<(CampaignId, EvidenceId, EvidenceLinkId)>,
    Seen(seen): Seen,
    Body(said): Body<Resubmission>,
) -> Result<Tagged<EvidenceBody>, Problem> {
    let key = (campaign, id);
    Ok(tagged(evidence::submit::submit(&state.app, &caller, key, link, seen, said.word).await?))
}
