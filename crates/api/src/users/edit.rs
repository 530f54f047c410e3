use axum::extract::State as Extract;
use chengjing_domain::id::UserId;
use chengjing_service::people;
use serde::Deserialize;
use utoipa::ToSchema;

use super::UserBody;

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// What is to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserPatch {
    #[schema(max_length = 50)]
    display_name: Option<String>,
    disabled: Option<bool>,
    /// The user must choose another at the next login.
    #[schema(min_length = 10, max_length = 200)]
    password: Option<String>,
}

/// Changes a user. A new password and a disabling end all of their sessions.
#[utoipa::path(
    patch,
    path = "/api/v1/users/{user}",
    operation_id = "edit_user",
    tag = "users",
    params(("user" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    request_body = UserPatch,
    responses((status = 200, description = "Changed.", body = UserBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("user.manage"))),
)]
pub(crate) async fn edit(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(user): Ids<UserId>,
    Seen(seen): Seen,
    Body(patch): Body<UserPatch>,
) -> Result<Tagged<UserBody>, Problem> {
    let UserPatch { display_name, disabled, password } = patch;
    let change = people::edit_user::UserChange { display_name, disabled, password };
    let user = people::edit_user::edit_user(&state.app, &caller, user, seen, change).await?;
    Ok(Tagged::ok(user.user.version, user.into()))
}
