use axum::extract::State as Extract;
use chengjing_service::people;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{NewGrant, UserBody};

use crate::{
    State,
    http::{
        auth::Login,
        extract::Body,
        problem::{Problem, Refused, RefusedChange},
        version::Tagged,
    },
};

/// A user to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUser {
    #[schema(max_length = 50, example = "wangfang")]
    name: String,
    #[schema(max_length = 50, example = "王芳")]
    display_name: String,
    #[schema(min_length = 10, max_length = 200, example = "Qingshui-2026")]
    password: String,
    /// Whether the user must choose another at the first login, since you know this one.
    #[serde(default = "yes")]
    #[schema(default = true)]
    must_change_password: bool,
    #[serde(default)]
    #[schema(max_items = 50)]
    grants: Vec<NewGrant>,
}

fn yes() -> bool {
    true
}

/// Adds a user with roles.
#[utoipa::path(
    post,
    path = "/api/v1/users",
    operation_id = "add_user",
    tag = "users",
    request_body = NewUser,
    responses((status = 201, description = "Added.", body = UserBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("user.manage"))),
)]
pub(crate) async fn add(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Body(new): Body<NewUser>,
) -> Result<Tagged<UserBody>, Problem> {
    let new = people::add_user::NewUser {
        name: new.name,
        display_name: new.display_name,
        password: new.password,
        must_change_password: new.must_change_password,
        grants: new.grants.into_iter().map(Into::into).collect(),
    };
    let user = people::add_user::add_user(&state.app, &caller, new).await?;
    Ok(Tagged::created(user.user.version, user.into()))
}
