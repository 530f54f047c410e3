//! The one way to change a task.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Because, Deed, DeedKind, ExtensionRequest, Fault, Field, HelpRequest, LONGEST_TEXT, Owed, Party, Refused,
    Report, RequestKind, StateKind, Step, Task, TaskState, Why, may, parties,
};
use crate::{id::StepId, ledger::Author, plan::UnitRole};

/// Who acts, as what, when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act {
    /// The id of the step that it leaves.
    pub step: StepId,
    pub by: Author,
    pub party: Party,
    pub at: DateTime<Utc>,
    /// The day of `at` where the campaign is. Due dates are days there, and the domain knows no time zones.
    pub today: NaiveDate,
}

/// A deed done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub task: Task,
    pub step: Step,
    /// The task that is to be made now, with an id of its own: another unit owes what this one owed. The duty's list of
    /// units must name that unit in place of the old one.
    pub make: Option<Owed>,
}

/// Does it, or says why not and what is possible.
///
/// Requests beside the state: a report closes none of them. An extension must still be decided, because it says whether
/// the report was in time, so a report is not confirmed and an occurrence not missed while one is open. Help still open
/// when a task ends (confirmed, missed, withdrawn, reassigned), and an extension still open when it is withdrawn or
/// reassigned, end with it, and the step names them.
///
/// # Errors
/// [`Refused`]; the stored task stays what it was.
pub fn perform(task: Task, deed: Deed, act: &Act) -> Result<Done, Refused> {
    let kind = deed.kind();
    let why = hindrance(&task, kind, act.by, act.party, act.today).or_else(|| {
        let faults = faults(&task, &deed, act.today);
        (!faults.is_empty()).then_some(Why::Faults(faults))
    });
    if let Some(why) = why {
        let possible = possible(&task, act.party, act.today);
        return Err(Refused { state: task.state.kind(), deed: kind, why, possible });
    }
    Ok(done(task, deed, act))
}

/// What that party could do to the task on that day, if the words are right: what a page offers.
pub fn possible(task: &Task, party: Party, today: NaiveDate) -> Vec<DeedKind> {
    // Whoever the user is, the table asks only whether it is one.
    let by = if party == Party::System { Author::System } else { Author::User(uuid::Uuid::nil().into()) };
    DeedKind::ALL.into_iter().filter(|deed| hindrance(task, *deed, by, party, today).is_none()).collect()
}

/// What stands against the deed, whatever its words are.
fn hindrance(task: &Task, deed: DeedKind, by: Author, party: Party, today: NaiveDate) -> Option<Why> {
    let state = task.state.kind();
    if (party == Party::System) != (by == Author::System) {
        return Some(Why::NotThatParty);
    }
    if !may(state, deed, party) {
        let somebody = !parties(state, deed).is_empty();
        return Some(if somebody { Why::NotYours(party) } else { Why::NotFromHere });
    }
    if party == Party::Lead && task.owed.role == UnitRole::Lead {
        return Some(Why::NotLed);
    }
    match deed {
        DeedKind::AskExtension if task.extension.is_some() => Some(Why::AlreadyAsked(RequestKind::Extension)),
        DeedKind::AskExtension if task.last_day().is_none() => Some(Why::NoDueDate),
        DeedKind::GrantExtension | DeedKind::RefuseExtension if task.extension.is_none() => {
            Some(Why::NothingAsked(RequestKind::Extension))
        }
        DeedKind::AskHelp if task.help.is_some() => Some(Why::AlreadyAsked(RequestKind::Help)),
        DeedKind::AnswerHelp if task.help.is_none() => Some(Why::NothingAsked(RequestKind::Help)),
        DeedKind::Confirm if task.extension.is_some() => Some(Why::ExtensionOpen),
        DeedKind::Restore => match task.state {
            TaskState::Withdrawn { to: Some(to), .. } => Some(Why::HandedOn { to }),
            _ => None,
        },
        DeedKind::Miss => match task.last_day().filter(|_| task.owed.occurrence.is_some()) {
            None => Some(Why::NotDated),
            Some(last_day) if last_day >= today => Some(Why::NotOver { last_day }),
            Some(_) => task.extension.is_some().then_some(Why::ExtensionOpen),
        },
        _ => None,
    }
}

/// Everything that is wrong with what was given.
fn faults(task: &Task, deed: &Deed, today: NaiveDate) -> Vec<Fault> {
    let mut faults = Vec::new();
    let (field, needed) = match deed {
        Deed::Progress { .. } | Deed::Report { .. } | Deed::Confirm { .. } | Deed::GrantExtension { .. } => {
            (Field::Note, false)
        }
        Deed::TakeBackReport { .. } | Deed::Accept | Deed::Miss => (Field::Reason, false),
        Deed::AskHelp { .. } | Deed::AnswerHelp { .. } => (Field::Text, true),
        _ => (Field::Reason, true),
    };
    let characters = deed.words().unwrap_or_default().trim().chars().count();
    if needed && characters == 0 {
        faults.push(Fault::Empty(field));
    }
    if characters > LONGEST_TEXT {
        faults.push(Fault::TooLong { field, characters });
    }
    if let Deed::Progress { percent, .. } = deed
        && *percent > 100
    {
        faults.push(Fault::PercentOver(*percent));
    }
    let until = match deed {
        Deed::AskExtension { until, .. } => Some(*until),
        Deed::GrantExtension { until, .. } => *until,
        _ => None,
    };
    if let Some(until) = until {
        if let Some(due_on) = task.last_day().filter(|due_on| until <= *due_on) {
            faults.push(Fault::NotLater { until, due_on });
        }
        if until < today {
            faults.push(Fault::Passed { until });
        }
    }
    faults.extend(deed.other_unit().filter(|unit| *unit == task.owed.unit).map(Fault::SameUnit));
    faults
}

/// The deed is allowed and well-formed; only its effect is left.
fn done(mut task: Task, deed: Deed, act: &Act) -> Done {
    let (kind, from, other_unit) = (deed.kind(), task.state.kind(), deed.other_unit());
    let note = deed.words().map(str::trim).filter(|words| !words.is_empty()).map(str::to_owned);
    let (by, at) = (act.by, act.at);
    let late = kind == DeedKind::Report && task.last_day().is_some_and(|last| last < act.today);
    let because = || Because { by, at, reason: note.clone().unwrap_or_default() };
    let mut until = None;
    let mut make = None;
    // The state's data moves into the next one; what stands here meanwhile is overwritten below.
    let before = std::mem::replace(&mut task.state, TaskState::Missed { at });
    task.state = match (deed, before) {
        (Deed::Accept, _) => TaskState::Accepted { by, at },
        (Deed::ReturnAsNotOurs { proposed, .. }, _) => TaskState::Returned { why: because(), proposed },
        (Deed::Uphold { .. }, _) => TaskState::Assigned { upheld: Some(because()) },
        (Deed::Reassign { to, .. }, before) => {
            make = Some(Owed { unit: to, ..task.owed });
            TaskState::Withdrawn { why: because(), to: Some(to), before: Box::new(before) }
        }
        (Deed::Withdraw { .. }, before) => {
            TaskState::Withdrawn { why: because(), to: None, before: Box::new(before) }
        }
        (Deed::Progress { percent, .. }, _) => {
            task.percent = percent;
            TaskState::InProgress { by, at }
        }
        (Deed::Report { .. }, _) => {
            let percent_before = std::mem::replace(&mut task.percent, 100);
            let report = Report { by, at, on: act.today, note: note.clone(), percent_before };
            TaskState::Reported { report }
        }
        (Deed::TakeBackReport { .. }, before) => {
            task.percent = before.report().map_or(task.percent, |report| report.percent_before);
            TaskState::InProgress { by, at }
        }
        (Deed::Confirm { .. }, TaskState::Reported { report }) => TaskState::Confirmed { report, by, at },
        (Deed::SendBack { .. }, TaskState::Reported { report })
        | (Deed::Reopen { .. }, TaskState::Confirmed { report, .. }) => {
            task.percent = report.percent_before;
            TaskState::SentBack { report, why: because() }
        }
        (Deed::AskExtension { until: asked, reason }, before) => {
            until = Some(asked);
            let reason = reason.trim().to_owned();
            task.extension = Some(ExtensionRequest { until: asked, reason, by, at });
            before
        }
        (Deed::GrantExtension { until: other, .. }, before) => {
            let asked = task.extension.take().map(|request| request.until);
            until = other.or(asked);
            task.extended_to = until.max(task.extended_to);
            before
        }
        (Deed::RefuseExtension { .. }, before) => {
            task.extension = None;
            before
        }
        (Deed::AskHelp { of, text }, before) => {
            task.help = Some(HelpRequest { of, text: text.trim().to_owned(), by, at });
            before
        }
        (Deed::AnswerHelp { .. }, before) => {
            task.help = None;
            before
        }
        (Deed::Restore { .. }, TaskState::Withdrawn { before, .. }) => *before,
        (Deed::Miss, _) => TaskState::Missed { at },
        // The table lets none of these through; the task stays what it is.
        (
            Deed::Confirm { .. } | Deed::SendBack { .. } | Deed::Reopen { .. } | Deed::Restore { .. },
            before,
        ) => before,
    };
    let to = task.state.kind();
    let closed = if to.is_ended() { close_requests(&mut task) } else { Vec::new() };
    task.version += 1;
    task.changed_at = at;
    let step = step(&task, act, kind, (from, to), Told { note, until, other_unit, closed, late });
    Done { task, step, make }
}

fn close_requests(task: &mut Task) -> Vec<RequestKind> {
    let extension = task.extension.take().map(|_| RequestKind::Extension);
    let help = task.help.take().map(|_| RequestKind::Help);
    extension.into_iter().chain(help).collect()
}

/// What a step tells beside who and when.
struct Told {
    note: Option<String>,
    until: Option<NaiveDate>,
    other_unit: Option<crate::id::UnitId>,
    closed: Vec<RequestKind>,
    late: bool,
}

fn step(task: &Task, act: &Act, deed: DeedKind, (from, to): (StateKind, StateKind), told: Told) -> Step {
    Step {
        id: act.step,
        campaign: task.owed.campaign,
        task: task.id,
        duty: task.owed.duty,
        unit: task.owed.unit,
        version: task.version,
        deed,
        from,
        to,
        note: told.note,
        percent: task.percent,
        until: told.until,
        other_unit: told.other_unit,
        closed: told.closed,
        by: act.by,
        party: act.party,
        at: act.at,
        late: told.late,
        files: Vec::new(),
    }
}
