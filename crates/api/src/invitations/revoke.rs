use axum::{extract::State as Extract, http::StatusCode};
use chengjing_domain::id::InvitationId;
use chengjing_service::people::revoke_invitation;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Takes an invitation back: its link works no longer.
#[utoipa::path(
    delete,
    path = "/api/v1/invitations/{invitation}",
    operation_id = "revoke_invitation",
    tag = "users",
    params(("invitation" = uuid::Uuid, Path)),
    responses((status = 204, description = "Taken back."), Refused, RefusedChange),
    extensions(("x-permission" = json!("user.manage"))),
)]
pub(crate) async fn revoke(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(invitation): Ids<InvitationId>,
) -> Result<StatusCode, Problem> {
    revoke_invitation::revoke_invitation(&state.app, &caller, None, invitation).await?;
    Ok(StatusCode::NO_CONTENT)
}
