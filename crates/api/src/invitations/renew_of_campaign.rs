use axum::{Extension, Json, extract::State as Extract};
use chengjing_domain::id::{CampaignId, InvitationId};
use chengjing_service::people::renew_invitation;

use super::MadeInvitation;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        idempotency::Unkept,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Gives an invitation that nobody has accepted another link, good for 7 days: the one before works no longer. The secret
/// is in the answer and nowhere else; a repeated request gets another.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/invitations/{invitation}/link",
    operation_id = "renew_invitation_to_campaign",
    tag = "users",
    params(("campaign" = uuid::Uuid, Path), ("invitation" = uuid::Uuid, Path)),
    responses((status = 200, description = "The new link.", body = MadeInvitation), Refused, RefusedChange),
    extensions(("x-permission" = json!("people.manage"))),
)]
pub(crate) async fn renew_of_campaign(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, invitation)): Ids<(CampaignId, InvitationId)>,
) -> Result<(Extension<Unkept>, Json<MadeInvitation>), Problem> {
    let made = renew_invitation::renew_invitation(&state.app, &caller, Some(campaign), invitation).await?;
    Ok((Extension(Unkept), Json(made.into())))
}
