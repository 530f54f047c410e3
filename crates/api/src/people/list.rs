use axum::{Json, extract::State as Extract};
use chengjing_domain::id::CampaignId;
use chengjing_service::people::list_people;

use super::MemberBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

/// Who holds a role in a campaign, by name; what they hold elsewhere is not told.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/people",
    operation_id = "list_people",
    tag = "users",
    params(("campaign" = uuid::Uuid, Path), Paging),
    responses((status = 200, description = "A page.", body = List<MemberBody>), Refused),
    extensions(("x-permission" = json!("people.manage"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<MemberBody>>, Problem> {
    let page = list_people::list_people(&state.app, &caller, campaign, paging.read()).await?;
    Ok(Json(List::from(page, MemberBody::from)))
}
