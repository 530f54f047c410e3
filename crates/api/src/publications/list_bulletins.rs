use axum::{Json, extract::State as Extract};
use chengjing_domain::id::CampaignId;
use chengjing_service::publication::bulletin;

use super::BulletinBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

/// The weekly bulletins of a campaign, the latest week first.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/bulletins",
    operation_id = "list_bulletins",
    tag = "publications",
    params(("campaign" = uuid::Uuid, Path), Paging),
    responses((status = 200, description = "A page.", body = List<BulletinBody>), Refused),
    extensions(("x-permission" = json!("bulletin.see"))),
)]
pub(crate) async fn list_bulletins(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<BulletinBody>>, Problem> {
    let page = bulletin::list(&state.app, &caller, campaign, paging.read()).await?;
    Ok(Json(List::from(page, BulletinBody::from)))
}
