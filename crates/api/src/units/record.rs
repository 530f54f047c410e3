use axum::{Json, extract::State as Extract};
use chengjing_domain::{
    duty::task::{Burden, WeekRecord},
    id::{CampaignId, UnitId},
};
use chengjing_service::unit::{self, record::UnitRecord};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
    },
    tasks::overview::TallyBody,
};

/// What became of a unit's tasks in one week.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct UnitWeek {
    /// The Monday on which it begins.
    monday: NaiveDate,
    /// Reports, late ones among them.
    reported: u64,
    /// Reports that came after the task's last day.
    late: u64,
    /// Dates of recurring tasks that passed without a report.
    missed: u64,
    confirmed: u64,
    sent_back: u64,
}

impl From<WeekRecord> for UnitWeek {
    fn from(week: WeekRecord) -> Self {
        let WeekRecord { monday, reported, late, missed, confirmed, sent_back } = week;
        Self { monday, reported, late, missed, confirmed, sent_back }
    }
}

/// What was asked of a unit in half a year.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct UnitBurden {
    /// How often it filed something: progress and reports.
    filed: u64,
    /// How often what it filed was sent back.
    sent_back: u64,
    /// How often it asked for more time or for help.
    asked: u64,
    /// How often it said that a task was not its own.
    returned: u64,
}

impl From<Burden> for UnitBurden {
    fn from(burden: Burden) -> Self {
        let Burden { filed, sent_back, asked, returned } = burden;
        Self { filed, sent_back, asked, returned }
    }
}

/// How a unit stands with what it owes, and how it came there.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitRecordBody {
    today: NaiveDate,
    tally: TallyBody,
    /// The last 26 weeks, the running one last.
    weeks: Vec<UnitWeek>,
    burden: UnitBurden,
}

impl From<UnitRecord> for UnitRecordBody {
    fn from(told: UnitRecord) -> Self {
        Self {
            today: told.today,
            tally: told.tally.into(),
            weeks: told.record.weeks.into_iter().map(UnitWeek::from).collect(),
            burden: told.record.burden.into(),
        }
    }
}

/// How a unit stands today with what it owes, and what it did in half a year.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/units/{unit}/record",
    operation_id = "look_up_unit_record",
    tag = "units",
    params(("campaign" = uuid::Uuid, Path), ("unit" = uuid::Uuid, Path)),
    responses((status = 200, description = "The record.", body = UnitRecordBody), Refused),
    extensions(("x-permission" = json!("task.see"))),
)]
pub(crate) async fn record(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, UnitId)>,
) -> Result<Json<UnitRecordBody>, Problem> {
    Ok(Json(unit::record::record(&state.app, &caller, campaign, id).await?.into()))
}
