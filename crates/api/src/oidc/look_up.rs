use axum::extract::State as Extract;
use chengjing_service::people::oidc;

use super::OidcLinkBody;
use crate::{
    State,
    http::{
        auth::Login,
        problem::{Problem, Refused},
        version::Tagged,
    },
};

/// Whether an account at the provider opens one's own.
#[utoipa::path(
    get,
    path = "/api/v1/account/oidc",
    operation_id = "look_up_oidc_link",
    tag = "session",
    responses((status = 200, description = "The link, or that there is none.", body = OidcLinkBody), Refused),
    extensions(("x-permission" = json!("account.secure"))),
)]
pub(crate) async fn look_up(
    Extract(state): Extract<State>,
    Login(caller): Login,
) -> Result<Tagged<OidcLinkBody>, Problem> {
    let body = OidcLinkBody::from(oidc::look_up(&state.app, &caller).await?);
    Ok(Tagged::ok(body.version, body))
}
