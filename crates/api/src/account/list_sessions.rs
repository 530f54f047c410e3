use axum::{Json, extract::State as Extract};
use chengjing_service::people::list_sessions;

use super::LoginBody;
use crate::{
    State,
    http::{
        auth::Login,
        list::List,
        problem::{Problem, Refused},
    },
};

/// Where one is logged in, the device used last first.
#[utoipa::path(
    get,
    path = "/api/v1/account/sessions",
    operation_id = "list_own_sessions",
    tag = "session",
    responses((status = 200, description = "All of them.", body = List<LoginBody>), Refused),
    extensions(("x-permission" = json!("account.secure"))),
)]
pub(crate) async fn list_sessions(
    Extract(state): Extract<State>,
    Login(caller): Login,
) -> Result<Json<List<LoginBody>>, Problem> {
    let sessions = list_sessions::own(&state.app, &caller).await?;
    Ok(Json(List::whole(sessions.into_iter().map(LoginBody::from))))
}
