use axum::{extract::State as Extract, http::StatusCode};
use chengjing_service::people::second_factor::remove;

use super::begin_second_factor::OwnPassword;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Body,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Turns one's own second factor off.
#[utoipa::path(
    post,
    path = "/api/v1/account/second-factor/removal",
    operation_id = "remove_second_factor",
    tag = "session",
    request_body = OwnPassword,
    responses(
        (status = 204, description = "It is off."),
        (status = 429, description = "Too many wrong passwords.", body = Problem,
            content_type = "application/problem+json"),
        Refused,
        RefusedChange,
    ),
    extensions(("x-permission" = json!("account.secure"))),
)]
pub(crate) async fn remove_second_factor(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Body(own): Body<OwnPassword>,
) -> Result<StatusCode, Problem> {
    remove::own(&state.app, &caller, &own.password).await?;
    Ok(StatusCode::NO_CONTENT)
}
