use axum::{extract::State as Extract, http::StatusCode};
use chengjing_domain::id::{CampaignId, EvidenceId};
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

/// What is said to the reviewers with what follows.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FollowedVersion {
    #[serde(default)]
    #[schema(max_length = 500, example = "原任务已换成新的照片。")]
    word: Option<String>,
}

/// Takes over the newer version of the material of another campaign that this one was carried over from. It opens a review of
/// each requirement, as any other version.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/evidence/{evidence}/versions/carried",
    operation_id = "follow_evidence",
    tag = "evidence",
    params(("campaign" = uuid::Uuid, Path), ("evidence" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    request_body = FollowedVersion,
    responses((status = 201, description = "Taken over.", body = EvidenceBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("evidence.file"))),
)]
pub(crate) async fn follow(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(key): Ids<(CampaignId, EvidenceId)>,
    Seen(seen): Seen,
    Body(new): Body<FollowedVersion>,
) -> Result<Tagged<EvidenceBody>, Problem> {
    let followed = evidence::carry::follow(&state.app, &caller, key, seen, new.word).await?;
    Ok(Tagged { status: StatusCode::CREATED, ..tagged(followed) })
}
