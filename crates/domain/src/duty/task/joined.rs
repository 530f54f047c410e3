//! How a duty stands as a whole: the tasks of its units, put together.

use std::collections::BTreeSet;

use super::{StateKind, Task};
use crate::{duty::DutyUnit, id::UnitId, plan::UnitRole};

/// A duty as a whole, from the tasks of its units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyStanding {
    pub state: WholeState,
    /// Mean of the counting tasks, rounded down, so that 100 means all of them.
    pub percent: u8,
    /// How many tasks count, those among them that were reported, and those that were confirmed.
    pub counting: usize,
    pub reported: usize,
    pub confirmed: usize,
    /// Units whose counting task is neither reported nor confirmed nor missed, each once, by id.
    pub waiting_for: Vec<UnitId>,
    /// Units that let their task's day pass, each once, by id.
    pub missed: Vec<UnitId>,
    /// The lead unit may report the whole: nobody else's report is still to come.
    pub lead_may_report: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WholeState {
    /// Nobody owes it: no unit, or every task withdrawn.
    Nobodys,
    NotBegun,
    Underway,
    /// All that count are reported or confirmed; the office has to confirm.
    Reported,
    Confirmed,
    /// A counting unit missed its date, and nothing of the others is open: it can't become confirmed.
    Missed,
}

impl WholeState {
    pub const ALL: [Self; 6] =
        [Self::Nobodys, Self::NotBegun, Self::Underway, Self::Reported, Self::Confirmed, Self::Missed];

    pub fn code(self) -> &'static str {
        match self {
            Self::Nobodys => "nobodys",
            Self::NotBegun => "not_begun",
            Self::Underway => "underway",
            Self::Reported => "reported",
            Self::Confirmed => "confirmed",
            Self::Missed => "missed",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Puts together the tasks of one duty; of a recurring one, those of one date.
///
/// Those of lead and responsible units count: the duty is done when they all are confirmed. Supporting units inform.
/// Where a duty names only supporting units, they count, since otherwise it would be done before anybody moved. Withdrawn
/// tasks count nothing; a unit of the duty that has no task at all counts as one that has not begun.
pub fn joined(tasks: &[Task], units: &[DutyUnit]) -> DutyStanding {
    let live = || tasks.iter().filter(|task| task.state.kind() != StateKind::Withdrawn);
    let known: BTreeSet<UnitId> = tasks.iter().map(|task| task.owed.unit).collect();
    let without_task = || units.iter().filter(|unit| !known.contains(&unit.unit));
    let mut parts: Vec<Part> = live()
        .map(|task| Part {
            unit: task.owed.unit,
            role: task.owed.role,
            state: task.state.kind(),
            percent: task.percent,
        })
        .chain(without_task().map(|unit| Part {
            unit: unit.unit,
            role: unit.role,
            state: StateKind::Assigned,
            percent: 0,
        }))
        .collect();
    if parts.iter().any(|part| part.role != UnitRole::Support) {
        parts.retain(|part| part.role != UnitRole::Support);
    }
    let count = |state| parts.iter().filter(|part| part.state == state).count();
    let sum: usize = parts.iter().map(|part| usize::from(part.percent)).sum();
    let percent = sum.checked_div(parts.len()).unwrap_or(0);
    let named = |wanted: fn(&Part) -> bool| -> Vec<UnitId> {
        let units: BTreeSet<UnitId> =
            parts.iter().filter(|part| wanted(part)).map(|part| part.unit).collect();
        units.into_iter().collect()
    };
    DutyStanding {
        state: whole(&parts),
        percent: u8::try_from(percent).unwrap_or(100),
        counting: parts.len(),
        reported: count(StateKind::Reported),
        confirmed: count(StateKind::Confirmed),
        waiting_for: named(|part| !part.is_in()),
        missed: named(|part| part.state == StateKind::Missed),
        lead_may_report: parts.iter().any(|part| part.role == UnitRole::Lead && !part.is_in())
            && parts.iter().all(|part| part.role == UnitRole::Lead || part.is_in()),
    }
}

#[derive(Debug, Clone, Copy)]
struct Part {
    unit: UnitId,
    role: UnitRole,
    state: StateKind,
    percent: u8,
}

impl Part {
    /// Nothing more is to come from it. A missed task is counted in: it stays missed, and would bar the lead for ever.
    fn is_in(&self) -> bool {
        matches!(self.state, StateKind::Reported | StateKind::Confirmed | StateKind::Missed)
    }
}

fn whole(parts: &[Part]) -> WholeState {
    let all = |wanted: fn(&Part) -> bool| parts.iter().all(wanted);
    if parts.is_empty() {
        WholeState::Nobodys
    } else if all(|part| part.state == StateKind::Confirmed) {
        WholeState::Confirmed
    } else if all(|part| matches!(part.state, StateKind::Confirmed | StateKind::Missed)) {
        WholeState::Missed
    } else if all(Part::is_in) {
        WholeState::Reported
    } else if all(|part| matches!(part.state, StateKind::Assigned | StateKind::Returned)) {
        WholeState::NotBegun
    } else {
        WholeState::Underway
    }
}
