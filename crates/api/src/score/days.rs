use axum::{Json, extract::State as Extract};
use chengjing_domain::{
    id::{CampaignId, StandardId},
    score::DayScore,
};
use chengjing_service::score::days;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::RangeBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::List,
        problem::{Problem, Refused, RefusedUnassessed},
        words::ExactText,
    },
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedDays {
    /// One of the campaign's standards; left out: its main one.
    #[param(value_type = Option<Uuid>)]
    standard: Option<StandardId>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

/// How a campaign scored at the end of a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DayScoreBody {
    day: NaiveDate,
    /// The edition by which it was assessed then.
    edition_id: Uuid,
    marks: ExactText,
    #[serde(flatten)]
    total: RangeBody,
}

impl From<DayScore> for DayScoreBody {
    fn from(day: DayScore) -> Self {
        Self { day: day.day, edition_id: day.edition.0, marks: ExactText(day.marks), total: day.total.into() }
    }
}

/// How a campaign scored on the days that are over, the earliest first; of more than 400 the last ones. Today's score is
/// what `look_up_score` tells.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/score/days",
    operation_id = "list_score_days",
    tag = "score",
    params(("campaign" = uuid::Uuid, Path), WantedDays),
    responses((status = 200, description = "The days that are kept.", body = List<DayScoreBody>), Refused, RefusedUnassessed),
    extensions(("x-permission" = json!("score.see"))),
)]
pub(crate) async fn list_days(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<WantedDays>,
) -> Result<Json<List<DayScoreBody>>, Problem> {
    let between = (wanted.from, wanted.to);
    let days = days::list(&state.app, &caller, campaign, wanted.standard, between).await?;
    Ok(Json(List::whole(days.into_iter().map(Into::into))))
}
