use axum::{extract::State as Extract, http::StatusCode};
use chengjing_domain::id::{CampaignId, EvidenceId};
use chengjing_service::evidence;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{ContentBody, EvidenceBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Another version of a material.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewVersion {
    content: ContentBody,
    /// What is said to the reviewers with it.
    #[serde(default)]
    #[schema(max_length = 500)]
    word: Option<String>,
}

/// Files another version of a material. It opens a review of each requirement that it is filed for; what was accepted stands
/// until then.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/evidence/{evidence}/versions",
    operation_id = "renew_evidence",
    tag = "evidence",
    params(("campaign" = uuid::Uuid, Path), ("evidence" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    request_body = NewVersion,
    responses((status = 201, description = "Filed.", body = EvidenceBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("evidence.file"))),
)]
pub(crate) async fn renew(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(key): Ids<(CampaignId, EvidenceId)>,
    Seen(seen): Seen,
    Body(new): Body<NewVersion>,
) -> Result<Tagged<EvidenceBody>, Problem> {
    let renewed =
        evidence::renew::renew(&state.app, &caller, key, seen, new.content.into(), new.word).await?;
    Ok(Tagged { status: StatusCode::CREATED, ..tagged(renewed) })
}
