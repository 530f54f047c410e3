use axum::{extract::State as Extract, http::StatusCode};
use chengjing_domain::id::TokenId;
use chengjing_service::people::revoke_token;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Ends one of one's own tokens, at once and for ever.
#[utoipa::path(
    delete,
    path = "/api/v1/account/tokens/{token}",
    operation_id = "revoke_token",
    tag = "session",
    params(("token" = uuid::Uuid, Path)),
    responses((status = 204, description = "It works no longer."), Refused, RefusedChange),
    extensions(("x-permission" = json!("account.secure"))),
)]
pub(crate) async fn revoke_token(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(token): Ids<TokenId>,
) -> Result<StatusCode, Problem> {
    revoke_token::revoke_token(&state.app, &caller, token).await?;
    Ok(StatusCode::NO_CONTENT)
}
