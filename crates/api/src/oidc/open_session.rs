use axum::{
    extract::State as Extract,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use chengjing_service::people::oidc;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{RefusedReturn, ReturnBody, came_back, keep};
use crate::{
    State,
    http::{
        auth::Client,
        extract::Body,
        problem::{Problem, Refused, RefusedChange},
    },
    session::{SessionBody, opened},
};

/// What the provider sent the browser back with, and the code of the second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OidcLogin {
    #[schema(max_length = 200, example = "wS7eVtq0Rk2yZ5nB")]
    state: String,
    /// Left out where the provider declined.
    #[schema(max_length = 4000)]
    code: Option<String>,
    /// Of who has one here: sent with the rest once it is asked for.
    #[schema(max_length = 40)]
    second_factor: Option<String>,
}

/// Logs in who came back from the provider. Who has a second factor here is answered 401 `code-needed` and asks again with
/// its code.
#[utoipa::path(
    post,
    path = "/api/v1/session/oidc",
    operation_id = "open_session_by_oidc",
    tag = "session",
    request_body = OidcLogin,
    responses(
        (status = 200, description = "Logged in.", body = SessionBody),
        Refused,
        RefusedChange,
        RefusedReturn,
    ),
    security(()),
    extensions(("x-permission" = json!("session.open"))),
)]
pub(crate) async fn open_session(
    Extract(state): Extract<State>,
    client: Client,
    headers: HeaderMap,
    Body(login): Body<OidcLogin>,
) -> Result<Response, Problem> {
    let OidcLogin { state: returned, code, second_factor } = login;
    let back = came_back(&headers, ReturnBody { state: returned, code });
    let Client { address, user_agent } = client;
    let session = oidc::log_in(&state.app, back, second_factor.as_deref(), &address, &user_agent).await?;
    let mut response = opened(&state, StatusCode::OK, session).await?;
    keep(&state, &mut response, None)?;
    Ok(response)
}
