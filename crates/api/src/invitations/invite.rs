use axum::{Extension, Json, extract::State as Extract, http::StatusCode};
use chengjing_service::people::invite;

use super::{InvitationDraft, MadeInvitation};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Body,
        idempotency::Unkept,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Invites somebody to any role. The link's secret is in the answer and nowhere else; a repeated request gets another
/// secret for the same invitation.
#[utoipa::path(
    post,
    path = "/api/v1/invitations",
    operation_id = "invite",
    tag = "users",
    request_body = InvitationDraft,
    responses((status = 201, description = "Invited.", body = MadeInvitation), Refused, RefusedChange),
    extensions(("x-permission" = json!("user.manage"))),
)]
pub(crate) async fn invite(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Body(draft): Body<InvitationDraft>,
) -> Result<(StatusCode, Extension<Unkept>, Json<MadeInvitation>), Problem> {
    let made = invite::invite(&state.app, &caller, None, draft.into()).await?;
    Ok((StatusCode::CREATED, Extension(Unkept), Json(made.into())))
}
