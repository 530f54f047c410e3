use axum::{Json, extract::State as Extract};
use chengjing_domain::id::{CampaignId, EvidenceId};
use chengjing_service::evidence;

use super::RemarkBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

/// What was said of a material and done to it, the last first.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/evidence/{evidence}/remarks",
    operation_id = "list_remarks",
    tag = "evidence",
    params(("campaign" = uuid::Uuid, Path), ("evidence" = uuid::Uuid, Path), Paging),
    responses((status = 200, description = "A page.", body = List<RemarkBody>), Refused),
    extensions(("x-permission" = json!("evidence.see"))),
)]
pub(crate) async fn list_remarks(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(key): Ids<(CampaignId, EvidenceId)>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<RemarkBody>>, Problem> {
    let page = evidence::list_remarks::list_remarks(&state.app, &caller, key, paging.read()).await?;
    Ok(Json(List::from(page, Into::into)))
}
