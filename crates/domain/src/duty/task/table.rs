//! Who may do what to a task in which state: the one source of [`super::perform`] and of the page in the docs.

use std::fmt::Write as _;

use super::{DeedKind as D, Party as P, StateKind as S};

/// Where a deed leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    To(S),
    /// The state stays; something beside it changes.
    Stays,
    /// The state before the withdrawal.
    AsBefore,
}

/// Who may do this to a task in that state; nobody where it is empty.
///
/// Three decisions show here. Who reports on a task has taken it on: progress and report need no acceptance before,
/// which would only be one more click on every date of a recurring duty. Returning 回退 ends where work has begun.
/// Only the office confirms; the lead unit looks at the reports of the units it leads first and may send them back.
pub fn parties(state: S, deed: D) -> &'static [P] {
    match (deed, state) {
        // From `returned` the unit changes its mind before the office has decided.
        (D::Accept, S::Assigned | S::Returned) => &[P::Owner],
        (D::ReturnAsNotOurs, S::Assigned | S::Accepted) => &[P::Owner],
        (D::Uphold, S::Returned) => &[P::Office],
        // A report must be decided before the task can go to another unit.
        (D::Reassign, S::Assigned | S::Accepted | S::InProgress | S::Returned | S::SentBack) => &[P::Office],
        (D::Progress | D::Report, S::Assigned | S::Accepted | S::InProgress | S::SentBack) => &[P::Owner],
        (D::TakeBackReport, S::Reported) => &[P::Owner],
        (D::Confirm, S::Reported) => &[P::Office],
        (D::SendBack, S::Reported) => &[P::Lead, P::Office],
        (D::Reopen, S::Confirmed) => &[P::Office],
        (D::AskExtension | D::AskHelp, S::Assigned | S::Accepted | S::InProgress | S::SentBack) => {
            &[P::Owner]
        }
        (
            D::GrantExtension | D::RefuseExtension,
            S::Assigned | S::Accepted | S::InProgress | S::Returned | S::Reported | S::SentBack,
        ) => &[P::Office],
        (
            D::AnswerHelp,
            S::Assigned | S::Accepted | S::InProgress | S::Returned | S::Reported | S::SentBack,
        ) => &[P::Office, P::Superior],
        (
            D::Withdraw,
            S::Assigned | S::Accepted | S::InProgress | S::Returned | S::Reported | S::SentBack,
        ) => &[P::Office],
        (D::Restore, S::Withdrawn) => &[P::Office],
        // Not from `sent_back`: that unit reported in time. Not from `returned`: there the office is late.
        (D::Miss, S::Assigned | S::Accepted | S::InProgress) => &[P::System],
        _ => &[],
    }
}

/// Whether the table allows it. What else a deed needs, an open request or a day that has passed, the task knows.
pub fn may(state: S, deed: D, party: P) -> bool {
    parties(state, deed).contains(&party)
}

/// Where a deed leads, from wherever it is possible.
pub fn outcome(deed: D) -> Outcome {
    match deed {
        D::Accept => Outcome::To(S::Accepted),
        D::ReturnAsNotOurs => Outcome::To(S::Returned),
        D::Uphold => Outcome::To(S::Assigned),
        D::Progress | D::TakeBackReport => Outcome::To(S::InProgress),
        D::Report => Outcome::To(S::Reported),
        D::Confirm => Outcome::To(S::Confirmed),
        D::SendBack | D::Reopen => Outcome::To(S::SentBack),
        D::Reassign | D::Withdraw => Outcome::To(S::Withdrawn),
        D::Miss => Outcome::To(S::Missed),
        D::Restore => Outcome::AsBefore,
        D::AskExtension | D::GrantExtension | D::RefuseExtension | D::AskHelp | D::AnswerHelp => {
            Outcome::Stays
        }
    }
}

/// The table as a page: a line a deed, a column a state, in the cells who may.
pub fn markdown() -> String {
    let mut page = String::from(
        "# The life of a task\n\n\
         Made from `domain::duty::task`; don't edit it.\n\n\
         A task is what one unit owes under one duty. In the cells: who may do it to a task in that state. An empty \
         cell: nobody.\n\n\
         `owner` is a liaison of the task's unit or of a unit above it, `lead` one of the duty's lead unit towards the \
         others' tasks, `office` the campaign office, `superior` the unit asked for help, `system` the program.\n\n\
         | deed | leads to |",
    );
    for state in S::ALL {
        let _ = write!(page, " `{}` {} |", state.code(), state.term());
    }
    page.push_str("\n|---|---|");
    page.push_str(&"---|".repeat(S::ALL.len()));
    page.push('\n');
    for deed in D::ALL {
        let to = match outcome(deed) {
            Outcome::To(state) => format!("`{}`", state.code()),
            Outcome::Stays => "stays".to_owned(),
            Outcome::AsBefore => "as before".to_owned(),
        };
        let _ = write!(page, "| `{}` | {to} |", deed.code());
        for state in S::ALL {
            let who: Vec<&str> = parties(state, deed).iter().map(|party| party.code()).collect();
            let _ = write!(page, " {} |", who.join(", "));
        }
        page.push('\n');
    }
    page.push_str(
        "\nBeyond the table: an extension or help is decided only where it was asked for, and asked for once at a time. \
         Requests stay open beside a report; a report is not confirmed and an occurrence not missed while an extension \
         is undecided. What is still open when a task ends is closed with it, and the step says so. Only a dated \
         occurrence is missed, and only after its last day. A task that went to another unit is not restored.\n",
    );
    page
}
