use axum::{Json, extract::State as Extract};
use chengjing_domain::id::CampaignId;
use chengjing_service::publication::documents;

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::{List, Paging},
        problem::{Problem, Refused},
    },
    jobs::JobBody,
};

/// The documents and tables that one ordered oneself, newest first. A made one can be fetched for a day.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/documents",
    operation_id = "list_documents",
    tag = "publications",
    params(("campaign" = uuid::Uuid, Path), Paging),
    responses((status = 200, description = "A page.", body = List<JobBody>), Refused),
    extensions(("x-permission" = json!("campaign.see"))),
)]
pub(crate) async fn list_documents(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<JobBody>>, Problem> {
    let page = documents::list(&state.app, &caller, campaign, paging.read()).await?;
    Ok(Json(List::from(page, JobBody::from)))
}
