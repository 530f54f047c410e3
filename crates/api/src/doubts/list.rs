use axum::{Json, extract::State as Extract};
use chengjing_domain::id::{CampaignId, EvidenceId};
use chengjing_service::photo;

use super::DoubtBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

/// What there is to be looked at about the photographs of a material, in the order in which it was found: doubts about them, and
/// about others whose twins they are. They are found by a job, some moments after the photographs were filed. Of a twin that the
/// caller may not see it is told that there is one in the campaign, and nothing else.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/evidence/{evidence}/doubts",
    operation_id = "list_doubts",
    tag = "evidence",
    params(("campaign" = uuid::Uuid, Path), ("evidence" = uuid::Uuid, Path), Paging),
    responses((status = 200, description = "A page.", body = List<DoubtBody>), Refused),
    extensions(("x-permission" = json!("doubt.see"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(key): Ids<(CampaignId, EvidenceId)>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<DoubtBody>>, Problem> {
    let (page, names) = photo::list::list(&state.app, &caller, key, paging.read()).await?;
    Ok(Json(List::from(page, |seen| DoubtBody::new(seen, &names))))
}
