use axum::{Json, extract::State as Extract};
use chengjing_domain::{duty::task::UnitTally, id::CampaignId};
use chengjing_service::task::{self, overview::Overview};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        words::Named,
    },
};

/// How many tasks stand how today.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub(crate) struct TallyBody {
    /// The unit's turn, and the day has passed.
    late: u64,
    /// The unit's turn, and the day is today or within a week.
    due_soon: u64,
    /// The unit's turn, later or without a day.
    open: u64,
    /// Waits for the office to confirm.
    reported: u64,
    /// Waits for the office to say whose it is.
    returned: u64,
    /// Of those that are the unit's turn: waits for the office to grant more time.
    asks_time: u64,
    /// All that waits for the office.
    to_decide: u64,
    confirmed: u64,
    missed: u64,
    /// Of those that are the unit's turn: not accepted yet.
    not_accepted: u64,
    /// Of those that are the unit's turn: it told of progress.
    in_progress: u64,
    /// Of those that are the unit's turn: sent back.
    sent_back: u64,
    total: u64,
}

impl From<UnitTally> for TallyBody {
    fn from(tally: UnitTally) -> Self {
        Self {
            late: tally.late,
            due_soon: tally.due_soon,
            open: tally.open,
            reported: tally.reported,
            returned: tally.returned,
            asks_time: tally.asks_time,
            to_decide: tally.to_decide(),
            confirmed: tally.confirmed,
            missed: tally.missed,
            not_accepted: tally.not_accepted,
            in_progress: tally.in_progress,
            sent_back: tally.sent_back,
            total: tally.total(),
        }
    }
}

impl TallyBody {
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            late: self.late + other.late,
            due_soon: self.due_soon + other.due_soon,
            open: self.open + other.open,
            reported: self.reported + other.reported,
            returned: self.returned + other.returned,
            asks_time: self.asks_time + other.asks_time,
            to_decide: self.to_decide + other.to_decide,
            confirmed: self.confirmed + other.confirmed,
            missed: self.missed + other.missed,
            not_accepted: self.not_accepted + other.not_accepted,
            in_progress: self.in_progress + other.in_progress,
            sent_back: self.sent_back + other.sent_back,
            total: self.total + other.total,
        }
    }
}

/// How one unit stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitTasks {
    unit: Named,
    tally: TallyBody,
    /// How often it reported in the last four weeks.
    reports: u64,
    /// How often it was sent back in the last four weeks.
    times_sent_back: u64,
}

/// What was done on one day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DayBody {
    day: NaiveDate,
    reported: u64,
    confirmed: u64,
    sent_back: u64,
}

/// How the tasks of a campaign stand today.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TaskOverview {
    today: NaiveDate,
    whole: TallyBody,
    /// The unit with the most late first.
    units: Vec<UnitTasks>,
    /// The last four weeks, today last.
    days: Vec<DayBody>,
}

/// How the tasks of a campaign stand today, unit by unit, and what was done lately.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/tasks/overview",
    operation_id = "look_up_task_overview",
    tag = "tasks",
    params(("campaign" = uuid::Uuid, Path)),
    responses((status = 200, description = "The overview.", body = TaskOverview), Refused),
    extensions(("x-permission" = json!("overview.see"))),
)]
pub(crate) async fn overview(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
) -> Result<Json<TaskOverview>, Problem> {
    let (Overview { today, units, days }, names) =
        task::overview::overview(&state.app, &caller, campaign).await?;
    let whole = units.iter().fold(TallyBody::default(), |sum, unit| sum.and(unit.tally.into()));
    let units = units.into_iter().map(|unit| UnitTasks {
        unit: names.unit(unit.unit).into(),
        tally: unit.tally.into(),
        reports: unit.reports,
        times_sent_back: unit.sent_back,
    });
    let days = days.into_iter().map(|day| DayBody {
        day: day.day,
        reported: day.reported,
        confirmed: day.confirmed,
        sent_back: day.sent_back,
    });
    Ok(Json(TaskOverview { today, whole, units: units.collect(), days: days.collect() }))
}
