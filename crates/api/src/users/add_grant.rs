use axum::{Json, extract::State as Extract, http::StatusCode};
use chengjing_domain::id::UserId;
use chengjing_service::people;

use super::{GrantBody, NewGrant};

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Gives a user one more role.
#[utoipa::path(
    post,
    path = "/api/v1/users/{user}/grants",
    operation_id = "add_grant",
    tag = "users",
    params(("user" = uuid::Uuid, Path)),
    request_body = NewGrant,
    responses((status = 201, description = "Given.", body = GrantBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("user.manage"))),
)]
pub(crate) async fn add_grant(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(user): Ids<UserId>,
    Body(new): Body<NewGrant>,
) -> Result<(StatusCode, Json<GrantBody>), Problem> {
    let grant = people::add_grant::add_grant(&state.app, &caller, user, new.into()).await?;
    Ok((StatusCode::CREATED, Json(grant.into())))
}
