use axum::{extract::State as Extract, http::StatusCode};
use chengjing_service::mail;

use crate::{
    State,
    http::{
        auth::Login,
        problem::{Problem, Refused},
    },
};

/// Forgets where the caller gets mail.
#[utoipa::path(
    delete,
    path = "/api/v1/account/address",
    operation_id = "remove_own_address",
    tag = "mail",
    responses((status = 204, description = "Forgotten."), Refused),
    extensions(("x-permission" = json!("account.secure"))),
)]
pub(crate) async fn remove_address(
    Extract(state): Extract<State>,
    Login(caller): Login,
) -> Result<StatusCode, Problem> {
    mail::address::remove(&state.app, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
