use axum::{Json, extract::State as Extract};
use chengjing_domain::id::CampaignId;
use chengjing_service::duty;

use super::{DutyRow, Wanted};

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

/// The duties of a campaign that the caller may see, the next due first.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/duties",
    operation_id = "list_duties",
    tag = "duties",
    params(("campaign" = uuid::Uuid, Path), Wanted, Paging),
    responses((status = 200, description = "A page.", body = List<DutyRow>), Refused),
    extensions(("x-permission" = json!("duty.see"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<Wanted>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<DutyRow>>, Problem> {
    let (page, names) = duty::list::list(&state.app, &caller, campaign, wanted.into(), paging.read()).await?;
    Ok(Json(List::from(page, |summary| DutyRow::new(summary, &names))))
}
