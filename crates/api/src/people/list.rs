use axum::{Json, extract::State as Extract};
use chengjing_domain::id::CampaignId;
use chengjing_service::people::list_people;

use serde::Deserialize;
use utoipa::IntoParams;

use super::MemberBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

/// Which of them are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedPeople {
    /// Characters that stand in the name, in the 姓名 or in the name of a unit that they hold a role in.
    q: Option<String>,
}

/// Who holds a role in a campaign, by name; what they hold elsewhere is not told.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/people",
    operation_id = "list_people",
    tag = "users",
    params(("campaign" = uuid::Uuid, Path), WantedPeople, Paging),
    responses((status = 200, description = "A page.", body = List<MemberBody>), Refused),
    extensions(("x-permission" = json!("people.manage"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<WantedPeople>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<MemberBody>>, Problem> {
    let page = list_people::list_people(&state.app, &caller, campaign, wanted.q, paging.read()).await?;
    Ok(Json(List::from(page, MemberBody::from)))
}
