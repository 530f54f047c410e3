use chrono::NaiveDate;

use super::{DeedKind, LONGEST_TEXT, Party, RequestKind, StateKind};
use crate::id::UnitId;

/// A task refuses a deed, and says what is possible instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{}” is refused of a task that is {}", .deed.code(), .state.code())]
pub struct Refused {
    pub state: StateKind,
    pub deed: DeedKind,
    #[source]
    pub why: Why,
    /// What the same party could do to this task now.
    pub possible: Vec<DeedKind>,
}

/// Why a task refuses. Everything but [`Why::Faults`] is about the task; those are about the words and numbers given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    #[error("nobody may do that in this state")]
    NotFromHere,
    #[error("others may do that, not the {}", .0.code())]
    NotYours(Party),
    /// A lead unit's own task is not led by it.
    #[error("the lead unit looks at the tasks of the others")]
    NotLed,
    #[error("the program acts for itself, a person never as the program")]
    NotThatParty,
    #[error("nothing of that kind was asked for")]
    NothingAsked(RequestKind),
    #[error("it was asked for already and is not decided yet")]
    AlreadyAsked(RequestKind),
    #[error("an extension was asked for and must be decided first")]
    ExtensionOpen,
    #[error("it has no due date that could be extended")]
    NoDueDate,
    #[error("only a dated occurrence can be missed")]
    NotDated,
    #[error("its time is not over")]
    NotOver { last_day: NaiveDate },
    #[error("another unit owes it now")]
    HandedOn { to: UnitId },
    /// All of them, each with its field.
    #[error("{} faults in what was given", .0.len())]
    Faults(Vec<Fault>),
}

/// A field of a deed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    Reason,
    Note,
    Text,
    Percent,
    Until,
    /// The unit proposed, newly assigned or asked for help.
    Unit,
}

impl Field {
    pub fn code(self) -> &'static str {
        match self {
            Self::Reason => "reason",
            Self::Note => "note",
            Self::Text => "text",
            Self::Percent => "percent",
            Self::Until => "until",
            Self::Unit => "unit",
        }
    }
}

/// One thing that is wrong with what was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("{} is empty", .0.code())]
    Empty(Field),
    #[error("{} has {characters} characters; at most {LONGEST_TEXT} are possible", .field.code())]
    TooLong { field: Field, characters: usize },
    #[error("{0} percent; at most 100 are possible")]
    PercentOver(u8),
    #[error("{until} is not later than the due date {due_on}")]
    NotLater { until: NaiveDate, due_on: NaiveDate },
    #[error("{until} has passed")]
    Passed { until: NaiveDate },
    #[error("that is the task's own unit")]
    SameUnit(UnitId),
}

impl Fault {
    pub fn field(&self) -> Field {
        match self {
            Self::Empty(field) | Self::TooLong { field, .. } => *field,
            Self::PercentOver(_) => Field::Percent,
            Self::NotLater { .. } | Self::Passed { .. } => Field::Until,
            Self::SameUnit(_) => Field::Unit,
        }
    }
}
