use axum::{
    extract::State as Extract,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use chengjing_service::people::log_out;

use crate::{
    State,
    http::{
        auth::{self, Threshold},
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Logs out.
#[utoipa::path(
    delete,
    path = "/api/v1/session",
    operation_id = "close_session",
    tag = "session",
    responses((status = 204, description = "Logged out."), Refused, RefusedChange),
    extensions(("x-permission" = json!("account.use"))),
)]
pub(crate) async fn close(
    Extract(state): Extract<State>,
    Threshold(caller): Threshold,
) -> Result<Response, Problem> {
    log_out::log_out(&state.app, &caller).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, auth::set_cookie(&state, None))]).into_response())
}
