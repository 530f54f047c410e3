use axum::{extract::State as Extract, http::StatusCode};
use chengjing_service::people::accept_invitation;

use super::LinkSecret;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Body,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Takes the role that a link invites to, for somebody who is a user already.
#[utoipa::path(
    post,
    path = "/api/v1/account/invitations",
    operation_id = "accept_invitation_as_oneself",
    tag = "session",
    request_body = LinkSecret,
    responses((status = 204, description = "The role is given."), Refused, RefusedChange),
    extensions(("x-permission" = json!("account.secure"))),
)]
pub(crate) async fn accept_as_oneself(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Body(link): Body<LinkSecret>,
) -> Result<StatusCode, Problem> {
    accept_invitation::as_oneself(&state.app, &caller, &link.secret).await?;
    Ok(StatusCode::NO_CONTENT)
}
