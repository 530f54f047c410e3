use axum::{extract::State as Extract, response::Response};
use chengjing_service::people::oidc;

use super::{Destination, RefusedReturn, away};
use crate::{
    State,
    http::{
        auth::Client,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Sends somebody to the provider to log in. What the browser must come back with is in a cookie.
#[utoipa::path(
    post,
    path = "/api/v1/session/oidc/begin",
    operation_id = "begin_oidc_login",
    tag = "session",
    responses(
        (status = 200, description = "Where to.", body = Destination),
        Refused,
        RefusedChange,
        RefusedReturn,
    ),
    security(()),
    extensions(("x-permission" = json!("session.open"))),
)]
pub(crate) async fn begin_login(Extract(state): Extract<State>, client: Client) -> Result<Response, Problem> {
    away(&state, oidc::begin_log_in(&state.app, &client.address).await?)
}
