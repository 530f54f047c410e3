use axum::{Json, extract::State as Extract};
use chengjing_domain::id::UserId;
use chengjing_service::people::end_sessions;

use crate::{
    State,
    account::end_other_sessions::Ended,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Logs a user out everywhere.
#[utoipa::path(
    delete,
    path = "/api/v1/users/{user}/sessions",
    operation_id = "end_sessions",
    tag = "users",
    params(("user" = uuid::Uuid, Path)),
    responses((status = 200, description = "Ended.", body = Ended), Refused, RefusedChange),
    extensions(("x-permission" = json!("user.manage"))),
)]
pub(crate) async fn end_sessions(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(user): Ids<UserId>,
) -> Result<Json<Ended>, Problem> {
    Ok(Json(Ended { ended: end_sessions::of_user(&state.app, &caller, user).await? }))
}
