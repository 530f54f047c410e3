use axum::{extract::State as Extract, http::StatusCode};
use chengjing_domain::id::UserId;
use chengjing_service::people::oidc;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Takes a user's link to an account at the provider away, and the name under which they were expected.
#[utoipa::path(
    delete,
    path = "/api/v1/users/{user}/oidc",
    operation_id = "unlink_oidc_of_user",
    tag = "users",
    params(("user" = uuid::Uuid, Path)),
    responses((status = 204, description = "There is no link."), Refused, RefusedChange),
    extensions(("x-permission" = json!("user.manage"))),
)]
pub(crate) async fn unlink_of_user(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(user): Ids<UserId>,
) -> Result<StatusCode, Problem> {
    oidc::unlink_of_user(&state.app, &caller, user).await?;
    Ok(StatusCode::NO_CONTENT)
}
