use axum::{Json, extract::State as Extract};
use chengjing_domain::id::CampaignId;
use chengjing_service::job;

use super::JobBody;

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

/// The background work of a campaign, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/jobs",
    operation_id = "list_jobs",
    tag = "jobs",
    params(("campaign" = uuid::Uuid, Path), Paging),
    responses((status = 200, description = "A page.", body = List<JobBody>), Refused),
    extensions(("x-permission" = json!("plan.see"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<JobBody>>, Problem> {
    let page = job::list(&state.app, &caller, campaign, paging.read()).await?;
    Ok(Json(List::from(page, JobBody::from)))
}
