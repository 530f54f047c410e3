use axum::{extract::State as Extract, http::StatusCode, response::Response};
use chengjing_service::people::log_in::{self, Attempt};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{SessionBody, opened};
use crate::{
    State,
    http::{
        auth::Client,
        extract::Body,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// A name and a password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Login {
    #[schema(max_length = 50, example = "office")]
    name: String,
    #[schema(max_length = 200, example = "Qingshui-2026")]
    password: String,
    /// The code of the second factor, or a recovery code: sent with the rest once it is asked for.
    #[schema(max_length = 40)]
    code: Option<String>,
}

/// Logs in. The session's cookie comes with the answer. Who has a second factor is answered 401 `code-needed` once name and
/// password are right, and asks again with the code.
#[utoipa::path(
    post,
    path = "/api/v1/session",
    operation_id = "open_session",
    tag = "session",
    request_body = Login,
    responses(
        (status = 200, description = "Logged in.", body = SessionBody),
        (status = 429, description = "Too many failures; `retry_after` says how long to wait.", body = Problem,
            content_type = "application/problem+json"),
        Refused,
        RefusedChange,
    ),
    security(()),
    extensions(("x-permission" = json!("session.open"))),
)]
pub(crate) async fn open(
    Extract(state): Extract<State>,
    client: Client,
    Body(login): Body<Login>,
) -> Result<Response, Problem> {
    let Client { address, user_agent } = client;
    let Login { name, password, code } = login;
    let attempt = Attempt { name, password, address, user_agent, code };
    let session = log_in::log_in(&state.app, attempt).await?;
    opened(&state, StatusCode::OK, session).await
}
