use axum::{Json, extract::State as Extract};
use chengjing_service::people::list_tokens;

use super::TokenBody;
use crate::{
    State,
    http::{
        auth::Login,
        list::List,
        problem::{Problem, Refused},
    },
};

/// One's own tokens that work, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/account/tokens",
    operation_id = "list_tokens",
    tag = "session",
    responses((status = 200, description = "All of them.", body = List<TokenBody>), Refused),
    extensions(("x-permission" = json!("account.secure"))),
)]
pub(crate) async fn list_tokens(
    Extract(state): Extract<State>,
    Login(caller): Login,
) -> Result<Json<List<TokenBody>>, Problem> {
    let tokens = list_tokens::list_tokens(&state.app, &caller).await?;
    Ok(Json(List::whole(tokens.into_iter().map(TokenBody::from))))
}
