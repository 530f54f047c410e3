use axum::{Json, extract::State as Extract};
use chengjing_domain::{
    clock::end_of_day,
    id::{CampaignId, SiteId, UnitId, UserId},
};
use chengjing_service::observation::list::{self, ObservationFilter};
use chrono::{NaiveDate, TimeDelta};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{FactKindWord, ObservationBody};
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
pub(crate) struct WantedObservations {
    kind: Option<FactKindWord>,
    /// Of one criterion, requirement, question, statistic, leaf, site type, entry or honour; together with its kind.
    about: Option<String>,
    #[param(value_type = Option<uuid::Uuid>)]
    site: Option<SiteId>,
    #[param(value_type = Option<uuid::Uuid>)]
    unit: Option<UnitId>,
    /// Figures of exactly this span of time.
    #[param(example = "2026-06")]
    period: Option<String>,
    /// Recorded by this user.
    #[param(value_type = Option<uuid::Uuid>)]
    by: Option<UserId>,
    /// Made on this day or later.
    from: Option<NaiveDate>,
    /// Made on this day or earlier.
    until: Option<NaiveDate>,
    /// Only those that wait to be accepted.
    #[serde(default)]
    waiting: bool,
    /// Also what was seen covertly and is not released, where the caller may release it.
    #[serde(default)]
    hidden: bool,
}

/// What was observed in a campaign, what was made last first. What was superseded stays in it.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/observations",
    operation_id = "list_observations",
    tag = "observations",
    params(("campaign" = uuid::Uuid, Path), WantedObservations, Paging),
    responses((status = 200, description = "A page.", body = List<ObservationBody>), Refused),
    extensions(("x-permission" = json!("observation.see"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<WantedObservations>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<ObservationBody>>, Problem> {
    if wanted.about.is_some() && wanted.kind.is_none() {
        return Err(Problem::invalid(
            "kind",
            "请说明是哪一类事项",
            "about is asked for together with its kind",
        ));
    }
    let filter = ObservationFilter {
        kind: wanted.kind.map(Into::into),
        about: wanted.about,
        site: wanted.site,
        unit: wanted.unit,
        period: wanted.period,
        by: wanted.by,
        from: wanted.from.and_then(|day| day.pred_opt()).map(after),
        before: wanted.until.map(after),
        waiting: wanted.waiting,
        hidden: wanted.hidden,
    };
    let page = list::list(&state.app, &caller, campaign, filter, paging.read()).await?;
    Ok(Json(List::from(page, Into::into)))
}

/// The first moment after a day.
fn after(day: NaiveDate) -> chrono::DateTime<chrono::Utc> {
    let last = end_of_day(day);
    last.checked_add_signed(TimeDelta::seconds(1)).unwrap_or(last)
}
