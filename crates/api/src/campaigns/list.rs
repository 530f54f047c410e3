use axum::{Json, extract::State as Extract};
use chengjing_service::campaign;

use super::CampaignBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Asked,
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

/// The campaigns that the caller belongs to, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns",
    operation_id = "list_campaigns",
    tag = "campaigns",
    params(Paging),
    responses((status = 200, description = "A page.", body = List<CampaignBody>), Refused),
    extensions(("x-permission" = json!("account.use"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<CampaignBody>>, Problem> {
    let page = campaign::list::list(&state.app, &caller, paging.read()).await?;
    Ok(Json(List::from(page, CampaignBody::from)))
}
