use axum::extract::State as Extract;
use chengjing_domain::id::UserId;
use chengjing_service::people;

use super::UserBody;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        version::Tagged,
    },
};

/// One user.
#[utoipa::path(
    get,
    path = "/api/v1/users/{user}",
    operation_id = "look_up_user",
    tag = "users",
    params(("user" = uuid::Uuid, Path)),
    responses((status = 200, description = "The user.", body = UserBody), Refused),
    extensions(("x-permission" = json!("user.manage"))),
)]
pub(crate) async fn look_up(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(user): Ids<UserId>,
) -> Result<Tagged<UserBody>, Problem> {
    let user = people::look_up_user::look_up_user(&state.app, &caller, user).await?;
    Ok(Tagged::ok(user.user.version, user.into()))
}
