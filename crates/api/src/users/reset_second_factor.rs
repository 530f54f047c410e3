use axum::{extract::State as Extract, http::StatusCode};
use chengjing_domain::id::UserId;
use chengjing_service::people::second_factor::remove;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Turns a user's second factor off, where phone and recovery codes are lost.
#[utoipa::path(
    delete,
    path = "/api/v1/users/{user}/second-factor",
    operation_id = "reset_second_factor",
    tag = "users",
    params(("user" = uuid::Uuid, Path)),
    responses((status = 204, description = "It is off."), Refused, RefusedChange),
    extensions(("x-permission" = json!("user.manage"))),
)]
pub(crate) async fn reset_second_factor(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(user): Ids<UserId>,
) -> Result<StatusCode, Problem> {
    remove::of_user(&state.app, &caller, user).await?;
    Ok(StatusCode::NO_CONTENT)
}
