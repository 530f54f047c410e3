use axum::{
    extract::State as Extract,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chengjing_domain::id::{AttachmentId, CampaignId};
use chengjing_service::attachment::content;

use super::download::harmless;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        range,
    },
};

/// A small copy of an image, 480 pixels at its longer side. 404 while there is none: `picture.state` tells.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/attachments/{attachment}/thumbnail",
    operation_id = "download_thumbnail",
    tag = "attachments",
    params(("campaign" = uuid::Uuid, Path), ("attachment" = uuid::Uuid, Path)),
    responses(
        (status = 200, description = "A JPEG.", body = Vec<u8>, content_type = "image/jpeg"),
        (status = 304, description = "Unchanged since the `ETag` in `If-None-Match`."),
        Refused,
    ),
    extensions(("x-permission" = json!("duty.see"))),
)]
pub(crate) async fn download_thumbnail(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, AttachmentId)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let attachment = content::find(&state.app, &caller, campaign, id).await?;
    let tag = attachment.picture.thumbnail().map(|hash| format!("\"{hash}\"")).unwrap_or_default();
    if range::is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let bytes = content::thumbnail(&state.app, &attachment).await?;
    let mut response = ([(header::ETAG, tag)], bytes).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    harmless(response.headers_mut());
    Ok(response)
}
