use axum::{Json, extract::State as Extract};
use chengjing_domain::id::CampaignId;
use chengjing_service::plan;

use super::PlanRow;

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

/// The plan documents of a campaign, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/plans",
    operation_id = "list_plans",
    tag = "plans",
    params(("campaign" = uuid::Uuid, Path), Paging),
    responses((status = 200, description = "A page.", body = List<PlanRow>), Refused),
    extensions(("x-permission" = json!("plan.see"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<PlanRow>>, Problem> {
    let page = plan::list::list(&state.app, &caller, campaign, paging.read()).await?;
    Ok(Json(List::from(page, PlanRow::from)))
}
