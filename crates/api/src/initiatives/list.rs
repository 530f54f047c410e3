use axum::{Json, extract::State as Extract};
use chengjing_domain::id::CampaignId;
use chengjing_service::initiative;
use serde::Deserialize;
use utoipa::IntoParams;

use super::InitiativeBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedInitiatives {
    /// Only those that go on, or only those that are closed.
    open: Option<bool>,
}

/// The special actions and working groups of a campaign, the newest first. How their tasks stand is told of what the
/// caller may see.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/initiatives",
    operation_id = "list_initiatives",
    tag = "initiatives",
    params(("campaign" = uuid::Uuid, Path), WantedInitiatives, Paging),
    responses((status = 200, description = "A page.", body = List<InitiativeBody>), Refused),
    extensions(("x-permission" = json!("initiative.see"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<WantedInitiatives>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<InitiativeBody>>, Problem> {
    let (page, names) =
        initiative::list::list(&state.app, &caller, campaign, wanted.open, paging.read()).await?;
    Ok(Json(List::from(page, |view| InitiativeBody::new(view, &names))))
}
