use axum::{extract::State as Extract, http::StatusCode};
use chengjing_service::people::change_password;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    State,
    http::{
        auth::Threshold,
        extract::Body,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// The old password and the new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordChange {
    #[schema(max_length = 200, example = "Bamboo-and-pine-9")]
    old: String,
    #[schema(min_length = 10, max_length = 200, example = "River-and-ferry-10")]
    new: String,
}

/// Gives oneself a new password; every other session of one's own ends.
#[utoipa::path(
    put,
    path = "/api/v1/session/password",
    operation_id = "change_password",
    tag = "session",
    request_body = PasswordChange,
    responses(
        (status = 204, description = "Changed."),
        (status = 429, description = "Too many wrong passwords.", body = Problem,
            content_type = "application/problem+json"),
        Refused,
        RefusedChange,
    ),
    extensions(("x-permission" = json!("account.secure"))),
)]
pub(crate) async fn change_password(
    Extract(state): Extract<State>,
    Threshold(caller): Threshold,
    Body(PasswordChange { old, new }): Body<PasswordChange>,
) -> Result<StatusCode, Problem> {
    change_password::change_password(&state.app, &caller, &old, &new).await?;
    Ok(StatusCode::NO_CONTENT)
}
