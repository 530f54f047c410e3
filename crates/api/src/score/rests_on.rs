use axum::{Json, extract::State as Extract};
use chengjing_domain::id::CampaignId;
use chengjing_service::score::rests_on;

use super::WantedScore;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::{List, Paging},
        problem::{Problem, Refused, RefusedUnassessed},
    },
    observations::ObservationBody,
};

/// What a leaf rests on, what was made last first: what stands at each of its places, visits and answers too. A page may be short
/// though another one follows.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/score/leaf/{leaf}/observations",
    operation_id = "list_leaf_observations",
    tag = "score",
    params(
        ("campaign" = uuid::Uuid, Path),
        ("leaf" = String, Path, description = "The code of a leaf."),
        WantedScore,
        Paging,
    ),
    responses((status = 200, description = "A page.", body = List<ObservationBody>), Refused, RefusedUnassessed),
    extensions(("x-permission" = json!("score.see"))),
)]
pub(crate) async fn list_leaf_observations(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, code)): Ids<(CampaignId, String)>,
    Asked(wanted): Asked<WantedScore>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<ObservationBody>>, Problem> {
    let asked = (wanted.standard, code);
    let page = rests_on::rests_on(&state.app, &caller, campaign, asked, wanted.as_of, paging.read()).await?;
    Ok(Json(List::from(page, Into::into)))
}
