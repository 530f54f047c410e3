//! A task: what one unit owes under one duty, and its life from assignment to confirmation.
//!
//! Several units on one duty have a task each and report each for itself ([`joined`] puts them together again). A
//! recurring duty gives one task per unit and date. [`perform`] is the only way to change a task; what it allows stands
//! in one table, [`may`], of which `docs` gets a copy ([`markdown`]). Every act leaves a [`Step`], and the steps in
//! order are the task's history.

mod deed;
mod joined;
mod perform;
mod refused;
mod state;
mod step;
mod table;

pub use deed::{Deed, DeedKind, LONGEST_TEXT, Party};
pub use joined::{DutyStanding, WholeState, joined};
pub use perform::{Act, Done, perform, possible};
pub use refused::{Fault, Field, Refused, Why};
pub use state::{Because, Report, StateKind, TaskState};
pub use step::{RequestKind, Step};
pub use table::{Outcome, markdown, may, outcome, parties};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    id::{CampaignId, DutyId, TaskId, UnitId},
    ledger::Author,
    plan::UnitRole,
};

/// Within so many days before its due date a task counts as due soon.
pub const SOON_DAYS: i64 = 7;

/// What a unit owes, before it has a life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Owed {
    pub campaign: CampaignId,
    pub duty: DutyId,
    pub unit: UnitId,
    pub role: UnitRole,
    /// The date of a recurring duty that it is owed for; None where the duty is owed once.
    pub occurrence: Option<NaiveDate>,
    /// The last day on which it is in time; None: no day was set, and it is never overdue.
    pub due_on: Option<NaiveDate>,
}

/// What one unit owes under one duty, once or for one date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    pub id: TaskId,
    #[serde(flatten)]
    pub owed: Owed,
    pub state: TaskState,
    /// How far the unit says it is, 0–100; 100 once it is reported.
    pub percent: u8,
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
            extension: None,
            help: None,
            version: 1,
            created_at: at,
            changed_at: at,
        }
    }

    /// The last day on which it is in time. An occurrence that was given no day of its own is due on its date.
    pub fn last_day(&self) -> Option<NaiveDate> {
        self.owed.due_on.or(self.owed.occurrence)
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
