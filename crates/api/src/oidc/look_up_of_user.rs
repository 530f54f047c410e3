use axum::extract::State as Extract;
use chengjing_domain::id::UserId;
use chengjing_service::people::oidc;

use super::OidcLinkBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        version::Tagged,
    },
};

/// Whether an account at the provider opens a user's, or under which name they are expected.
#[utoipa::path(
    get,
    path = "/api/v1/users/{user}/oidc",
    operation_id = "look_up_oidc_of_user",
    tag = "users",
    params(("user" = uuid::Uuid, Path)),
    responses((status = 200, description = "The link, or that there is none.", body = OidcLinkBody), Refused),
    extensions(("x-permission" = json!("user.manage"))),
)]
pub(crate) async fn look_up_of_user(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(user): Ids<UserId>,
) -> Result<Tagged<OidcLinkBody>, Problem> {
    let body = OidcLinkBody::from(oidc::look_up_of_user(&state.app, &caller, user).await?);
    Ok(Tagged::ok(body.version, body))
}
