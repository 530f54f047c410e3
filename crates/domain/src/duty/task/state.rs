use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{id::UnitId, ledger::Author};

/// Who decided something, when, and why. The reason is never empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Because {
    pub by: Author,
    pub at: DateTime<Utc>,
    pub reason: String,
}

/// A unit says that it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub by: Author,
    pub at: DateTime<Utc>,
    /// The day of it where the campaign is; lateness is counted in days there.
    pub on: NaiveDate,
    pub note: Option<String>,
    /// The percent before the report made it 100; it comes back when the report does not hold.
    pub percent_before: u8,
}

/// Where a task is in its life, with what is known only there. Stored as JSON beside its [`TaskState::code`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TaskState {
    /// 已派发: nobody has looked at it yet. `upheld`: the unit returned it, and the office said that it is theirs.
    Assigned { upheld: Option<Because> },
    /// 已接收.
    Accepted { by: Author, at: DateTime<Utc> },
    /// 办理中: who told of progress last.
    InProgress { by: Author, at: DateTime<Utc> },
    /// 已回退: the unit says that it is not theirs; the office decides.
    Returned { why: Because, proposed: Option<UnitId> },
    /// 已上报: done, says the unit.
    Reported { report: Report },
    /// 已确认: done, says the office too. It can't be said without a report.
    Confirmed { report: Report, by: Author, at: DateTime<Utc> },
    /// 已退回: the report was not enough, or turned out untrue after it was confirmed.
    SentBack { report: Report, why: Because },
    /// 逾期未办: the time of a dated occurrence is over and nobody reported. It stays so.
    Missed { at: DateTime<Utc> },
    /// 已撤回: no longer owed. `to`: another unit owes it now. `before`: what it was, for a restore.
    Withdrawn { why: Because, to: Option<UnitId>, before: Box<TaskState> },
}

/// A [`TaskState`] without its data: what the table, the store's column and lists speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateKind {
    Assigned,
    Accepted,
    InProgress,
    Returned,
    Reported,
    Confirmed,
    SentBack,
    Missed,
    Withdrawn,
}

impl StateKind {
    pub const ALL: [Self; 9] = [
        Self::Assigned,
        Self::Accepted,
        Self::InProgress,
        Self::Returned,
        Self::Reported,
        Self::Confirmed,
        Self::SentBack,
        Self::Missed,
        Self::Withdrawn,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Accepted => "accepted",
            Self::InProgress => "in_progress",
            Self::Returned => "returned",
            Self::Reported => "reported",
            Self::Confirmed => "confirmed",
            Self::SentBack => "sent_back",
            Self::Missed => "missed",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// The glossary's Chinese word.
    pub fn term(self) -> &'static str {
        match self {
            Self::Assigned => "已派发",
            Self::Accepted => "已接收",
            Self::InProgress => "办理中",
            Self::Returned => "已回退",
            Self::Reported => "已上报",
            Self::Confirmed => "已确认",
            Self::SentBack => "已退回",
            Self::Missed => "逾期未办",
            Self::Withdrawn => "已撤回",
        }
    }

    /// Whether the unit has to act next: it owes and nothing of it lies with the office.
    pub fn is_the_units_turn(self) -> bool {
        match self {
            Self::Assigned | Self::Accepted | Self::InProgress | Self::SentBack => true,
            Self::Returned | Self::Reported | Self::Confirmed | Self::Missed | Self::Withdrawn => false,
        }
    }

    /// Whether nobody owes anything more under it. No request is open beside such a state.
    pub fn is_ended(self) -> bool {
        matches!(self, Self::Confirmed | Self::Missed | Self::Withdrawn)
    }
}

impl TaskState {
    pub fn kind(&self) -> StateKind {
        match self {
            Self::Assigned { .. } => StateKind::Assigned,
            Self::Accepted { .. } => StateKind::Accepted,
            Self::InProgress { .. } => StateKind::InProgress,
            Self::Returned { .. } => StateKind::Returned,
            Self::Reported { .. } => StateKind::Reported,
            Self::Confirmed { .. } => StateKind::Confirmed,
            Self::SentBack { .. } => StateKind::SentBack,
            Self::Missed { .. } => StateKind::Missed,
            Self::Withdrawn { .. } => StateKind::Withdrawn,
        }
    }

    pub fn code(&self) -> &'static str {
        self.kind().code()
    }

    /// The report that lies with the office or was confirmed; one that was sent back holds no longer.
    pub fn report(&self) -> Option<&Report> {
        match self {
            Self::Reported { report } | Self::Confirmed { report, .. } => Some(report),
            Self::Assigned { .. }
            | Self::Accepted { .. }
            | Self::InProgress { .. }
            | Self::Returned { .. }
            | Self::SentBack { .. }
            | Self::Missed { .. }
            | Self::Withdrawn { .. } => None,
        }
    }
}
