use axum::{
    body::Body,
    extract::State as Extract,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chengjing_domain::{attachment::name::disposition, id::JobId};
use chengjing_service::job;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
        range::{self, Asked},
    },
};

/// The file that a job made, for whoever ordered it, whole or in part (`Range`): a broken download goes on where it was. It
/// is kept for a day.
#[utoipa::path(
    get,
    path = "/api/v1/jobs/{job}/file",
    operation_id = "fetch_job_file",
    tag = "jobs",
    params(
        ("job" = uuid::Uuid, Path),
        ("Range" = Option<String>, Header, description = "`bytes=first-last`, one range."),
    ),
    responses(
        (status = 200, description = "The file.", content(
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (Vec<u8> = "application/pdf"),
            (Vec<u8> = "application/zip"),
        )),
        (status = 206, description = "The part of it.", body = Vec<u8>, content_type = "*/*"),
        (status = 416, description = "There is no such part.", body = Problem, content_type = "application/problem+json"),
        Refused,
        RefusedChange,
    ),
    extensions(("x-permission" = json!("account.use"))),
)]
pub(crate) async fn fetch_file(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(id): Ids<JobId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let made = job::fetch(&state.app, &caller, id).await?;
    // What a job has made never changes.
    let (tag, size) = (format!("\"{id}\""), made.size);
    let (status, part) = match range::asked(&headers, size, &tag) {
        Asked::Whole => (StatusCode::OK, None),
        Asked::Part(part) => (StatusCode::PARTIAL_CONTENT, Some(part)),
        Asked::Nothing => {
            let (zh, en) = ("文件没有这一段", "the file has no such part");
            let problem = Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "no-such-part", zh, en);
            return Ok(([(header::CONTENT_RANGE, format!("bytes */{size}"))], problem).into_response());
        }
    };
    let bytes = job::stream(&state.app, &made, part.clone()).await?;
    let mut response = Body::from_stream(bytes).into_response();
    *response.status_mut() = status;
    let length = part.as_ref().map_or(size, |part| part.end - part.start);
    let place = part.map(|part| format!("bytes {}-{}/{size}", part.start, part.end - 1));
    for (name, value) in [
        (header::ETAG, Some(tag)),
        (header::CONTENT_LENGTH, Some(length.to_string())),
        (header::CONTENT_RANGE, place),
        (header::CONTENT_DISPOSITION, Some(disposition(false, &made.name))),
    ] {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(made.media_type));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    Ok(response)
}
