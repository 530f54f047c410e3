//! A task: what one unit owes under one duty, and its life from assignment to confirmation.
//!
//! Several units on one duty have a task each and report each for itself ([`joined`] puts them together again). A
//! recurring duty gives one task per unit and date. [`perform`] is the only way to change a task; what it allows stands
//! in one table, [`may`], of which `docs` gets a copy ([`markdown`]). Every act leaves a [`Step`], and the steps in
//! order are the task's history.

mod circle;
mod deed;
mod joined;
mod owed;
mod perform;
mod record;
mod refused;
mod state;
mod step;
mod table;
mod tally;

pub use circle::{Circle, with_those_above};
pub use deed::{Deed, DeedKind, LONGEST_TEXT, Party};
pub use joined::{DutyStanding, WholeState, joined};
pub use owed::{Owed, Settlement, owe_dates, owed_by, settle};
pub use perform::{Act, Done, perform, possible};
pub use record::{Burden, RECORD_WEEKS, Record, WeekRecord};
pub use refused::{Fault, Field, Refused, Why};
pub use state::{Because, Report, StateKind, TaskState};
pub use step::{RequestKind, Step};
pub use table::{Outcome, markdown, may, outcome, parties};
pub use tally::UnitTally;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    id::{TaskId, UnitId},
    ledger::Author,
};

/// Within so many days before its due date a task counts as due soon.
pub const SOON_DAYS: i64 = 7;

/// What one unit owes under one duty, once or for one date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    pub id: TaskId,
    #[serde(flatten)]
    pub owed: Owed,
    pub state: TaskState,
    /// How far the unit says it is, 0–100; 100 once it is reported.
    pub percent: u8,
    /// The day that an extension granted; None: none was.
    pub extended_to: Option<NaiveDate>,
    pub extension: Option<ExtensionRequest>,
    pub help: Option<HelpRequest>,
    /// From 1, one more with every act.
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
}

/// 延期 asked for and not decided yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionRequest {
    pub until: NaiveDate,
    pub reason: String,
    pub by: Author,
    pub at: DateTime<Utc>,
}

/// 求助 asked of a superior unit and not answered yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpRequest {
    pub of: UnitId,
    pub text: String,
    pub by: Author,
    pub at: DateTime<Utc>,
}

/// How a task stands on a day, for lists: what a reader must know first, in this order of urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Nobody did it in its time.
    Missed,
    /// Its day has passed and the unit has not reported.
    Late {
        days: i64,
    },
    /// Its day is today or within [`SOON_DAYS`].
    DueSoon {
        days: i64,
    },
    /// The unit can't go on, or need not, until somebody else decides.
    Waiting(WaitsFor),
    /// In time, or without a day.
    Open,
    Done,
    Withdrawn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WaitsFor {
    /// To decide a return, a report or an extension.
    Office,
    /// The unit asked for help.
    Superior,
}

impl Standing {
    pub fn code(self) -> &'static str {
        match self {
            Self::Missed => "missed",
            Self::Late { .. } => "late",
            Self::DueSoon { .. } => "due_soon",
            Self::Waiting(WaitsFor::Office) => "waiting_for_office",
            Self::Waiting(WaitsFor::Superior) => "waiting_for_superior",
            Self::Open => "open",
            Self::Done => "done",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Task {
    /// A task that has just been assigned.
    pub fn new(id: TaskId, owed: Owed, at: DateTime<Utc>) -> Self {
        Self {
            id,
            owed,
            state: TaskState::Assigned { upheld: None },
            percent: 0,
            extended_to: None,
            extension: None,
            help: None,
            version: 1,
            created_at: at,
            changed_at: at,
        }
    }

    /// Whether nobody has done anything to it: it says nothing that its duty does not say.
    pub fn is_untouched(&self) -> bool {
        self.version == 1
    }

    /// The last day on which it is in time. An occurrence that was given no day of its own is due on its date. An
    /// extension never shortens: a duty that was moved beyond it takes its tasks along, and one whose day was taken away
    /// leaves them none.
    pub fn last_day(&self) -> Option<NaiveDate> {
        let own = self.owed.due_on.or(self.owed.occurrence)?;
        Some(self.extended_to.map_or(own, |granted| granted.max(own)))
    }

    /// Whether it is overdue on that day. Derived, never stored: it would be wrong every midnight.
    ///
    /// A reported or returned task is not overdue, because it is not the unit that keeps others waiting; an extension
    /// that is only asked for stops no clock. What ended (confirmed, missed, withdrawn) is not overdue either.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.state.kind().is_the_units_turn() && self.last_day().is_some_and(|last| last < today)
    }

    /// Whether the report that lies with the office, or was confirmed, came after the due date. None without either.
    pub fn reported_late(&self) -> Option<bool> {
        let report = self.state.report()?;
        Some(self.last_day().is_some_and(|last| last < report.on))
    }

    /// How it stands on that day.
    pub fn standing(&self, today: NaiveDate) -> Standing {
        match self.state.kind() {
            StateKind::Missed => return Standing::Missed,
            StateKind::Confirmed => return Standing::Done,
            StateKind::Withdrawn => return Standing::Withdrawn,
            StateKind::Returned | StateKind::Reported => return Standing::Waiting(WaitsFor::Office),
            StateKind::Assigned | StateKind::Accepted | StateKind::InProgress | StateKind::SentBack => {}
        }
        let days_left = self.last_day().map(|last| (last - today).num_days());
        match days_left {
            Some(days) if days < 0 => Standing::Late { days: -days },
            Some(days) if days <= SOON_DAYS => Standing::DueSoon { days },
            _ if self.extension.is_some() => Standing::Waiting(WaitsFor::Office),
            _ if self.help.is_some() => Standing::Waiting(WaitsFor::Superior),
            _ => Standing::Open,
        }
    }
}

#[cfg(test)]
mod tests;
