//! Burden 负担: how much a campaign asks of its units and their people.

pub(crate) mod list;
pub(crate) mod look_up;

use chengjing_domain::burden::{Load, MINUTES, Minutes, TOO_MUCH};
use chengjing_service::burden::InWeek;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedWeek {
    /// Any day of the week; left out: this week.
    day: Option<NaiveDate>,
}

/// What was asked, and what was done.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = BurdenLoad)]
pub(crate) struct LoadBody {
    /// Tasks that were given.
    tasks: u64,
    /// Requirements for whose materials a unit was asked by name.
    requests: u64,
    /// Versions of materials that were filed.
    filings: u64,
    /// Files that came with them.
    files: u64,
    /// Materials that were returned, for each requirement once.
    returns: u64,
    /// Filings that were spared because a material counts for several requirements, or was filed in another campaign.
    reused: u64,
    /// What it cost, estimated.
    minutes: u64,
    /// What was spared, estimated.
    spared_minutes: u64,
    /// More than a week should ask: its minutes are beyond `too_much` of the formula.
    too_much: bool,
}

impl From<Load> for LoadBody {
    fn from(load: Load) -> Self {
        Self {
            tasks: load.tasks,
            requests: load.requests,
            filings: load.filings,
            files: load.files,
            returns: load.returns,
            reused: load.reused,
            minutes: load.minutes(),
            spared_minutes: load.spared(),
            too_much: load.too_much(),
        }
    }
}

/// The minutes that each is estimated to cost; a filing that is spared spares as many.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = BurdenMinutes)]
pub(crate) struct MinutesBody {
    task: u64,
    request: u64,
    filing: u64,
    file: u64,
    returned: u64,
    /// Beyond so many in a week, somebody is asked too much.
    too_much: u64,
}

impl MinutesBody {
    pub(crate) fn told() -> Self {
        let Minutes { task, request, filing, file, returned } = MINUTES;
        Self { task, request, filing, file, returned, too_much: TOO_MUCH }
    }
}

/// A week with what there was in it.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = BurdenWeek)]
pub(crate) struct WeekBody {
    /// Its Monday.
    week_on: NaiveDate,
    load: LoadBody,
}

impl From<InWeek> for WeekBody {
    fn from((week, load): InWeek) -> Self {
        Self { week_on: week.monday(), load: load.into() }
    }
}
