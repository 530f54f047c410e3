use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, EvidenceId, EvidenceLinkId};
use chengjing_service::evidence;

use super::{EvidenceBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Takes a material off a requirement. 409 where it was accepted for it.
#[utoipa::path(
    delete,
    path = "/api/v1/campaigns/{campaign}/evidence/{evidence}/links/{link}",
    operation_id = "unlink_evidence",
    tag = "evidence",
    params(("campaign" = uuid::Uuid, Path), ("evidence" = uuid::Uuid, Path), ("link" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The link's version that was seen.", example = "\"v1\"")),
    responses((status = 200, description = "The material without it.", body = EvidenceBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("evidence.file"))),
)]
pub(crate) async fn unlink(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id, link)): Ids<(CampaignId, EvidenceId, EvidenceLinkId)>,
    Seen(seen): Seen,
) -> Result<Tagged<EvidenceBody>, Problem> {
    Ok(tagged(evidence::unlink::unlink(&state.app, &caller, (campaign, id), link, seen).await?))
}
