use axum::{Extension, Json, extract::State as Extract, http::StatusCode};
use chengjing_domain::id::CampaignId;
use chengjing_service::people::invite;

use super::{InvitationDraft, MadeInvitation};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        idempotency::Unkept,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Invites somebody to a campaign, to a role below the office's. The link's secret is in the answer and nowhere else; a
/// repeated request gets another secret for the same invitation.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/invitations",
    operation_id = "invite_to_campaign",
    tag = "users",
    params(("campaign" = uuid::Uuid, Path)),
    request_body = InvitationDraft,
    responses((status = 201, description = "Invited.", body = MadeInvitation), Refused, RefusedChange),
    extensions(("x-permission" = json!("people.manage"))),
)]
pub(crate) async fn invite_to_campaign(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Body(draft): Body<InvitationDraft>,
) -> Result<(StatusCode, Extension<Unkept>, Json<MadeInvitation>), Problem> {
    let made = invite::invite(&state.app, &caller, Some(campaign), draft.into()).await?;
    Ok((StatusCode::CREATED, Extension(Unkept), Json(made.into())))
}
