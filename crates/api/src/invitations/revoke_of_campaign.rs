use axum::{extract::State as Extract, http::StatusCode};
use chengjing_domain::id::{CampaignId, InvitationId};
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
    path = "/api/v1/campaigns/{campaign}/invitations/{invitation}",
    operation_id = "revoke_invitation_to_campaign",
    tag = "users",
    params(("campaign" = uuid::Uuid, Path), ("invitation" = uuid::Uuid, Path)),
    responses((status = 204, description = "Taken back."), Refused, RefusedChange),
    extensions(("x-permission" = json!("people.manage"))),
)]
pub(crate) async fn revoke_of_campaign(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, invitation)): Ids<(CampaignId, InvitationId)>,
) -> Result<StatusCode, Problem> {
    revoke_invitation::revoke_invitation(&state.app, &caller, Some(campaign), invitation).await?;
    Ok(StatusCode::NO_CONTENT)
}
