use axum::{
    body::Body,
    extract::State as Extract,
    http::{HeaderMap, StatusCode},
};
use chengjing_domain::id::{CampaignId, UploadId};
use chengjing_service::attachment::append;
use futures_util::TryStreamExt;

use super::{OFFSET, Progress, UploadBody};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Sends the bytes from `Upload-Offset` on. What is answered is on disk. 409 tells the right offset where it is another,
/// so that a piece that comes twice does no harm. With its last byte the file becomes an attachment; should that fail,
/// an empty piece at the end tries it again.
#[utoipa::path(
    patch,
    path = "/api/v1/campaigns/{campaign}/uploads/{upload}",
    operation_id = "continue_upload",
    tag = "attachments",
    params(
        ("campaign" = uuid::Uuid, Path),
        ("upload" = uuid::Uuid, Path),
        ("Upload-Offset" = u64, Header, description = "Where the first of these bytes belongs."),
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "A piece of the file."),
    responses((status = 200, description = "How far it is.", body = UploadBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("file.upload"))),
)]
pub(crate) async fn continue_upload(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, UploadId)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Progress, Problem> {
    let at = headers.get(OFFSET).and_then(|offset| offset.to_str().ok()?.trim().parse::<u64>().ok());
    let at = at.ok_or_else(|| {
        let zh = "Upload-Offset 应为这一段在文件中的起始位置";
        Problem::invalid(OFFSET, zh, "Upload-Offset must say where the piece begins")
    })?;
    let bytes = body.into_data_stream().map_err(std::io::Error::other);
    let view = append::append(&state.app, &caller, campaign, id, at, bytes).await?;
    Ok(Progress::of(StatusCode::OK, view))
}
