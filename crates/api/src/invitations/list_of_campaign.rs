use axum::{Json, extract::State as Extract};
use chengjing_domain::id::CampaignId;
use chengjing_service::people::list_invitations;

use super::InvitationBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

/// The invitations to a campaign that were neither accepted nor revoked, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/invitations",
    operation_id = "list_invitations_to_campaign",
    tag = "users",
    params(("campaign" = uuid::Uuid, Path), Paging),
    responses((status = 200, description = "A page.", body = List<InvitationBody>), Refused),
    extensions(("x-permission" = json!("people.manage"))),
)]
pub(crate) async fn list_of_campaign(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<InvitationBody>>, Problem> {
    let page = list_invitations::list_invitations(&state.app, &caller, Some(campaign), paging.read()).await?;
    Ok(Json(List::from(page, InvitationBody::from)))
}
