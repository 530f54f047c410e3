use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{DeedKind, Party, StateKind};
use crate::{
    id::{AttachmentId, CampaignId, DutyId, StepId, TaskId, UnitId},
    ledger::Author,
};

/// What may be open beside a task's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    /// 延期.
    Extension,
    /// 求助.
    Help,
}

impl RequestKind {
    pub const ALL: [Self; 2] = [Self::Extension, Self::Help];

    pub fn code(self) -> &'static str {
        match self {
            Self::Extension => "extension",
            Self::Help => "help",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|request| request.code() == code)
    }
}

/// One act in the history of a task: written once, never changed. The steps of a task in the order of their versions
/// tell its story; each begins in the state in which the one before it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub id: StepId,
    pub campaign: CampaignId,
    pub task: TaskId,
    pub duty: DutyId,
    /// Whose task it was.
    pub unit: UnitId,
    /// The task's version after it.
    pub version: i64,
    pub deed: DeedKind,
    pub from: StateKind,
    pub to: StateKind,
    /// The reason, note or text; None where there was none.
    pub note: Option<String>,
    /// How far the unit says it is, after the act.
    pub percent: u8,
    /// The day that an extension asks for or grants.
    pub until: Option<NaiveDate>,
    /// The unit proposed, newly assigned or asked for help.
    pub other_unit: Option<UnitId>,
    /// Requests that ended with the task, undecided. Nothing that was asked ends without a trace.
    pub closed: Vec<RequestKind>,
    pub by: Author,
    pub party: Party,
    pub at: DateTime<Utc>,
    /// Of a report: it came after the last day that the task had then. Later the day may move and tell another story.
    /// Left out where it is false, so that the seals of steps from before it was kept still hold.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
    /// What came with it as proof, in the order in which it was brought. Left out as the above.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<AttachmentId>,
}
