use axum::{Json, extract::State as Extract};
use chengjing_service::people::handover_request;

use super::HandoverRequestBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Asked,
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

/// One's own requests to have one's work handed over, in all campaigns, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/account/handover-requests",
    operation_id = "list_own_handover_requests",
    tag = "session",
    params(Paging),
    responses((status = 200, description = "A page.", body = List<HandoverRequestBody>), Refused),
    extensions(("x-permission" = json!("account.use"))),
)]
pub(crate) async fn list_own(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<HandoverRequestBody>>, Problem> {
    let page = handover_request::list::list_own(&state.app, &caller, paging.read()).await?;
    Ok(Json(List::from(page, HandoverRequestBody::from)))
}
