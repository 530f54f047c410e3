use axum::{Json, extract::State as Extract};
use chengjing_domain::id::CampaignId;
use chengjing_service::people::handover_request;
use serde::Deserialize;
use utoipa::IntoParams;

use super::HandoverRequestBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

/// Which requests are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedRequests {
    /// Only those that wait for the office; false: only the others.
    waiting: Option<bool>,
}

/// Who in a campaign asks to have their work handed over, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/handover-requests",
    operation_id = "list_handover_requests",
    tag = "users",
    params(("campaign" = uuid::Uuid, Path), WantedRequests, Paging),
    responses((status = 200, description = "A page.", body = List<HandoverRequestBody>), Refused),
    extensions(("x-permission" = json!("people.manage"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<WantedRequests>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<HandoverRequestBody>>, Problem> {
    let page =
        handover_request::list::list(&state.app, &caller, campaign, wanted.waiting, paging.read()).await?;
    Ok(Json(List::from(page, HandoverRequestBody::from)))
}
