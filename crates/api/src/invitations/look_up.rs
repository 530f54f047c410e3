use axum::{Json, extract::State as Extract};
use chengjing_service::people::look_up_invitation;

use super::{InvitationBody, LinkSecret};
use crate::{
    State,
    http::{
        extract::Body,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// What a link invites to. One that was used, revoked or is too old answers 409 and says so.
#[utoipa::path(
    post,
    path = "/api/v1/joining/invitation",
    operation_id = "look_up_invitation",
    tag = "session",
    request_body = LinkSecret,
    responses((status = 200, description = "The invitation.", body = InvitationBody), Refused, RefusedChange),
    security(()),
    extensions(("x-permission" = json!("invitation.accept"))),
)]
pub(crate) async fn look_up(
    Extract(state): Extract<State>,
    Body(link): Body<LinkSecret>,
) -> Result<Json<InvitationBody>, Problem> {
    let view = look_up_invitation::look_up_invitation(&state.app, &link.secret).await?;
    Ok(Json(view.into()))
}
