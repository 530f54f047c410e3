use axum::{
    extract::State as Extract,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use chengjing_service::task::calendar;

use crate::{
    State,
    http::{
        extract::Ids,
        problem::{Problem, Refused},
    },
};

/// The days on which one's tasks are due, as a calendar program reads them (RFC 5545). The secret in the address is the
/// whole permission; one that was revoked answers as one that never was.
#[utoipa::path(
    get,
    path = "/api/v1/calendars/{secret}",
    operation_id = "fetch_calendar",
    tag = "tasks",
    params(("secret" = String, Path, description = "As `add_calendar` gave it.")),
    responses((status = 200, description = "The calendar.", body = String, content_type = "text/calendar"), Refused),
    security(()),
    extensions(("x-permission" = json!("calendar.fetch"))),
)]
pub(crate) async fn fetch_calendar(
    Extract(state): Extract<State>,
    Ids(secret): Ids<String>,
) -> Result<Response, Problem> {
    let text = calendar::feed(&state.app, &secret).await?;
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(response)
}
