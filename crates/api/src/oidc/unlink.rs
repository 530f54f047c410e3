use axum::{extract::State as Extract, http::StatusCode};
use chengjing_service::people::oidc;

use crate::{
    State,
    http::{
        auth::Login,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Takes the link to one's account at the provider away.
#[utoipa::path(
    delete,
    path = "/api/v1/account/oidc",
    operation_id = "unlink_oidc",
    tag = "session",
    responses((status = 204, description = "There is no link."), Refused, RefusedChange),
    extensions(("x-permission" = json!("account.secure"))),
)]
pub(crate) async fn unlink(
    Extract(state): Extract<State>,
    Login(caller): Login,
) -> Result<StatusCode, Problem> {
    oidc::unlink(&state.app, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
