use axum::{Json, extract::State as Extract};
use chengjing_domain::id::{CampaignId, UnitId};
use chengjing_service::task::{
    self,
    days::{DueDay, KindOfDay},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        problem::{Problem, Refused},
    },
};

/// Which days.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedDays {
    from: NaiveDate,
    /// Included; at most 62 days.
    to: NaiveDate,
    /// Of this unit.
    #[param(value_type = Option<uuid::Uuid>)]
    unit: Option<UnitId>,
}

/// What a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DayKindWord {
    Workday,
    Weekend,
    Holiday,
    /// A weekend day on which one works for a holiday.
    MakeUp,
}

/// What is due on one day, and what day it is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DueDayBody {
    day: NaiveDate,
    kind: DayKindWord,
    /// The holiday that it belongs to.
    #[schema(example = "国庆节")]
    name: Option<String>,
    /// Tasks that are the unit's turn.
    open: u64,
    /// Tasks that wait for the office.
    waiting: u64,
}

impl From<DueDay> for DueDayBody {
    fn from(day: DueDay) -> Self {
        let (kind, name) = match day.kind {
            KindOfDay::Workday => (DayKindWord::Workday, None),
            KindOfDay::Weekend => (DayKindWord::Weekend, None),
            KindOfDay::Holiday(name) => (DayKindWord::Holiday, Some(name)),
            KindOfDay::MakeUp(name) => (DayKindWord::MakeUp, Some(name)),
        };
        Self { day: day.day, kind, name, open: day.open, waiting: day.waiting }
    }
}

/// Some days in a row.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DueDaysBody {
    today: NaiveDate,
    days: Vec<DueDayBody>,
    /// Whether the holidays of all these days are known.
    certain: bool,
}

/// How many tasks that the caller may see are due on each of some days, and which of them are holidays.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/tasks/days",
    operation_id = "list_due_days",
    tag = "tasks",
    params(("campaign" = uuid::Uuid, Path), WantedDays),
    responses((status = 200, description = "Each of the days.", body = DueDaysBody), Refused),
    extensions(("x-permission" = json!("task.see"))),
)]
pub(crate) async fn days(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<WantedDays>,
) -> Result<Json<DueDaysBody>, Problem> {
    let span = (wanted.from, wanted.to);
    let found = task::days::days(&state.app, &caller, campaign, span, wanted.unit).await?;
    let days = found.days.into_iter().map(DueDayBody::from).collect();
    Ok(Json(DueDaysBody { today: found.today, days, certain: found.certain }))
}
