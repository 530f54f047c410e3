use axum::{Json, extract::State as Extract};
use chengjing_domain::id::UserId;
use chengjing_service::people::list_sessions;

use crate::{
    State,
    account::LoginBody,
    http::{
        auth::Login,
        extract::Ids,
        list::List,
        problem::{Problem, Refused},
    },
};

/// Where a user is logged in, the device used last first.
#[utoipa::path(
    get,
    path = "/api/v1/users/{user}/sessions",
    operation_id = "list_sessions",
    tag = "users",
    params(("user" = uuid::Uuid, Path)),
    responses((status = 200, description = "All of them.", body = List<LoginBody>), Refused),
    extensions(("x-permission" = json!("user.manage"))),
)]
pub(crate) async fn list_sessions(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(user): Ids<UserId>,
) -> Result<Json<List<LoginBody>>, Problem> {
    let sessions = list_sessions::of_user(&state.app, &caller, user).await?;
    Ok(Json(List::whole(sessions.into_iter().map(LoginBody::from))))
}
