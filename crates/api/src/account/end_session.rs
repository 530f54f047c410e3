use axum::{extract::State as Extract, http::StatusCode};
use chengjing_domain::id::SessionId;
use chengjing_service::people::end_sessions;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Logs out one of one's own devices.
#[utoipa::path(
    delete,
    path = "/api/v1/account/sessions/{session}",
    operation_id = "end_own_session",
    tag = "session",
    params(("session" = uuid::Uuid, Path)),
    responses((status = 204, description = "Ended."), Refused, RefusedChange),
    extensions(("x-permission" = json!("account.secure"))),
)]
pub(crate) async fn end_session(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(session): Ids<SessionId>,
) -> Result<StatusCode, Problem> {
    end_sessions::own(&state.app, &caller, session).await?;
    Ok(StatusCode::NO_CONTENT)
}
