use axum::{extract::State as Extract, http::StatusCode};
use chengjing_domain::id::{GrantId, UserId};
use chengjing_service::people;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Takes a role away. The last administrator's stays.
#[utoipa::path(
    delete,
    path = "/api/v1/users/{user}/grants/{grant}",
    operation_id = "remove_grant",
    tag = "users",
    params(("user" = uuid::Uuid, Path), ("grant" = uuid::Uuid, Path)),
    responses((status = 204, description = "Taken away."), Refused, RefusedChange),
    extensions(("x-permission" = json!("user.manage"))),
)]
pub(crate) async fn remove_grant(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((user, grant)): Ids<(UserId, GrantId)>,
) -> Result<StatusCode, Problem> {
    people::remove_grant::remove_grant(&state.app, &caller, user, grant).await?;
    Ok(StatusCode::NO_CONTENT)
}
