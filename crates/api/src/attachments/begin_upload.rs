use axum::{extract::State as Extract, http::StatusCode};
use chengjing_domain::{id::CampaignId, ledger::Hash};
use chengjing_service::attachment::begin;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Progress, UploadBody};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
    },
};

/// A file that is to be sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUpload {
    #[schema(example = "整治后.jpg", min_length = 1, max_length = 255)]
    name: String,
    /// In bytes.
    #[schema(minimum = 1)]
    size: u64,
    /// SHA-256 as 64 hex digits, where the sender knows it: what arrives must have it.
    #[schema(pattern = "^[0-9a-fA-F]{64}$")]
    sha256: Option<String>,
}

/// Announces a file. Its bytes follow in pieces; the same `Idempotency-Key` finds the same upload again.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/uploads",
    operation_id = "begin_upload",
    tag = "attachments",
    params(("campaign" = uuid::Uuid, Path)),
    request_body = NewUpload,
    responses((status = 201, description = "The upload, at its offset.", body = UploadBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("file.upload"))),
)]
pub(crate) async fn begin_upload(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Body(new): Body<NewUpload>,
) -> Result<Progress, Problem> {
    let hash = new.sha256.as_deref().map(str::parse::<Hash>).transpose();
    let hash = hash.map_err(|_| Problem::invalid("sha256", "应为64位十六进制数", "must be 64 hex digits"))?;
    let limit = state.settings.upload_limit;
    let new = begin::NewUpload { name: new.name, size: new.size, hash, limit };
    let view = begin::begin(&state.app, &caller, campaign, new).await?;
    Ok(Progress::of(StatusCode::CREATED, view))
}
