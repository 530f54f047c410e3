use axum::{
    body::Body,
    extract::State as Extract,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chengjing_domain::{
    attachment::{Attachment, name},
    id::{AttachmentId, CampaignId},
};
use chengjing_service::attachment::content;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        range::{self, Asked},
    },
};

/// The file as it was sent, whole or in part (`Range`). A browser shows images, PDF and video in place and saves
/// everything else; nothing in it runs.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/attachments/{attachment}/content",
    operation_id = "download_attachment",
    tag = "attachments",
    params(
        ("campaign" = uuid::Uuid, Path),
        ("attachment" = uuid::Uuid, Path),
        ("Range" = Option<String>, Header, description = "`bytes=first-last`, one range."),
    ),
    responses(
        (status = 200, description = "The file.", body = Vec<u8>, content_type = "*/*"),
        (status = 206, description = "The part of it.", body = Vec<u8>, content_type = "*/*"),
        (status = 304, description = "Unchanged since the `ETag` in `If-None-Match`."),
        (status = 416, description = "There is no such part.", body = Problem, content_type = "application/problem+json"),
        Refused,
    ),
    extensions(("x-permission" = json!("duty.see"))),
)]
pub(crate) async fn download(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, AttachmentId)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let attachment = content::find(&state.app, &caller, campaign, id).await?;
    let tag = format!("\"{}\"", attachment.hash);
    if range::is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let size = attachment.size;
    let (status, part) = match range::asked(&headers, size, &tag) {
        Asked::Whole => (StatusCode::OK, None),
        Asked::Part(part) => (StatusCode::PARTIAL_CONTENT, Some(part)),
        Asked::Nothing => {
            let (zh, en) = ("文件没有这一段", "the file has no such part");
            let problem = Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "no-such-part", zh, en);
            return Ok(([(header::CONTENT_RANGE, format!("bytes */{size}"))], problem).into_response());
        }
    };
    let bytes = content::stream(&state.app, &attachment, part.clone()).await?;
    let mut response = Body::from_stream(bytes).into_response();
    *response.status_mut() = status;
    let length = part.as_ref().map_or(size, |part| part.end - part.start);
    let place = part.map(|part| format!("bytes {}-{}/{size}", part.start, part.end - 1));
    for (name, value) in [
        (header::ETAG, Some(tag)),
        (header::CONTENT_LENGTH, Some(length.to_string())),
        (header::CONTENT_RANGE, place),
        (header::CONTENT_DISPOSITION, Some(disposition(&attachment))),
    ] {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(attachment.kind.media_type()));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    harmless(headers);
    Ok(response)
}

fn disposition(attachment: &Attachment) -> String {
    name::disposition(attachment.kind.shown_in_place(), &attachment.name)
}

/// What somebody sent is never a page of ours: it may load nothing and run nothing. A browser asks each time whether it
/// may still show what it keeps.
pub(super) fn harmless(headers: &mut HeaderMap) {
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
}
