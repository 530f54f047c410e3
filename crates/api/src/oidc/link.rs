use axum::{extract::State as Extract, http::HeaderMap};
use chengjing_service::people::oidc;

use super::{OidcLinkBody, RefusedReturn, ReturnBody, came_back};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Body,
        problem::{Problem, Refused, RefusedChange},
        version::Tagged,
    },
};

/// Links the account with which one came back from the provider, in place of the one that was linked before.
#[utoipa::path(
    put,
    path = "/api/v1/account/oidc",
    operation_id = "link_oidc",
    tag = "session",
    request_body = ReturnBody,
    responses(
        (status = 200, description = "Linked.", body = OidcLinkBody),
        Refused,
        RefusedChange,
        RefusedReturn,
    ),
    extensions(("x-permission" = json!("account.secure"))),
)]
pub(crate) async fn link(
    Extract(state): Extract<State>,
    Login(caller): Login,
    headers: HeaderMap,
    Body(body): Body<ReturnBody>,
) -> Result<Tagged<OidcLinkBody>, Problem> {
    let link = oidc::link(&state.app, &caller, came_back(&headers, body)).await?;
    let body = OidcLinkBody::from(Some(link));
    Ok(Tagged::ok(body.version, body))
}
