use axum::{Json, extract::State as Extract};
use chengjing_domain::id::{CampaignId, StandardId};
use chengjing_service::result::list::{self, ResultFilter, ResultLine};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ResultBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::{List, Paging},
        problem::{Problem, Refused},
        words::ExactText,
    },
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedResults {
    #[param(value_type = Option<uuid::Uuid>)]
    standard: Option<StandardId>,
    /// Also those that are superseded.
    #[serde(default)]
    #[param(required = false)]
    superseded: bool,
}

/// A result beside the campaign's own score.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResultRow {
    #[serde(flatten)]
    result: ResultBody,
    /// The campaign's own score at the end of that day; null where it was not kept, or the day is not over.
    own: Option<ExactText>,
}

/// What official and mock assessments found, the last day first. They take no part in the score.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/results",
    operation_id = "list_results",
    tag = "results",
    params(("campaign" = uuid::Uuid, Path), WantedResults, Paging),
    responses((status = 200, description = "A page.", body = List<ResultRow>), Refused),
    extensions(("x-permission" = json!("result.see"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<WantedResults>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<ResultRow>>, Problem> {
    let filter = ResultFilter { standard: wanted.standard, superseded: wanted.superseded };
    let page = list::list(&state.app, &caller, campaign, filter, paging.read()).await?;
    let row = |line: ResultLine| ResultRow { own: line.own.map(ExactText), result: line.view.into() };
    Ok(Json(List::from(page, row)))
}
