use axum::{Json, extract::State as Extract};

use super::{SessionBody, body};
use crate::{
    State,
    http::{
        auth::Threshold,
        problem::{Problem, Refused},
    },
};

/// Who is logged in, and what they may do.
#[utoipa::path(
    get,
    path = "/api/v1/session",
    operation_id = "look_up_session",
    tag = "session",
    responses((status = 200, description = "The session.", body = SessionBody), Refused),
    extensions(("x-permission" = json!("account.use"))),
)]
pub(crate) async fn look_up(
    Extract(state): Extract<State>,
    Threshold(caller): Threshold,
) -> Result<Json<SessionBody>, Problem> {
    Ok(Json(body(&state.app, &caller).await?))
}
