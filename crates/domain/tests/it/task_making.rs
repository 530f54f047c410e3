//! Tasks in every state, and a well-formed deed of every kind.

use chengjing_domain::{
    duty::task::{
        Act, Because, Deed, DeedKind, ExtensionRequest, HelpRequest, Owed, Party, Report, StateKind, Task,
        TaskState,
    },
    id::{CampaignId, DutyId, StepId, TaskId, UnitId, UserId},
    ledger::Author,
    plan::UnitRole,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

pub(crate) const OURS: UnitId = UnitId(Uuid::from_u128(1));
pub(crate) const THEIRS: UnitId = UnitId(Uuid::from_u128(2));

pub(crate) fn day(number: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 1).expect("a day") + TimeDelta::days(number)
}

pub(crate) fn moment(number: i64) -> DateTime<Utc> {
    day(number).and_hms_opt(2, 0, 0).expect("a time").and_utc()
}

pub(crate) fn owed(role: UnitRole, dated: bool) -> Owed {
    Owed {
        campaign: CampaignId(Uuid::from_u128(10)),
        duty: DutyId(Uuid::from_u128(11)),
        unit: OURS,
        role,
        occurrence: dated.then(|| day(9)),
        due_on: Some(day(9)),
        initiative: None,
    }
}

pub(crate) fn author(party: Party) -> Author {
    match party {
        Party::System => Author::System,
        _ => Author::User(UserId(Uuid::from_u128(20))),
    }
}

/// On a day after the due date, so that nothing is refused because its time is not over.
pub(crate) fn act(party: Party) -> Act {
    let step = StepId(Uuid::from_u128(21));
    Act { step, by: author(party), party, at: moment(12), today: day(12) }
}

/// A task in that state beside which is open exactly what the deed needs.
pub(crate) fn task_in(state: StateKind, deed: DeedKind, role: UnitRole) -> Task {
    let (by, at) = (author(Party::Owner), moment(1));
    let why = Because { by, at, reason: "因".into() };
    let report = Report { by, at, on: day(1), note: None, percent_before: 30 };
    let state = match state {
        StateKind::Assigned => TaskState::Assigned { upheld: None },
        StateKind::Accepted => TaskState::Accepted { by, at },
        StateKind::InProgress => TaskState::InProgress { by, at },
        StateKind::Returned => TaskState::Returned { why, proposed: None },
        StateKind::Reported => TaskState::Reported { report },
        StateKind::Confirmed => TaskState::Confirmed { report, by, at },
        StateKind::SentBack => TaskState::SentBack { report, why },
        StateKind::Missed => TaskState::Missed { at },
        StateKind::Withdrawn => {
            let before = Box::new(TaskState::Assigned { upheld: None });
            TaskState::Withdrawn { why, to: None, before }
        }
    };
    let extension = ExtensionRequest { until: day(30), reason: "因".into(), by, at };
    let help = HelpRequest { of: THEIRS, text: "因".into(), by, at };
    Task {
        state,
        extension: matches!(deed, DeedKind::GrantExtension | DeedKind::RefuseExtension).then_some(extension),
        help: (deed == DeedKind::AnswerHelp).then_some(help),
        ..Task::new(TaskId(Uuid::from_u128(12)), owed(role, true), moment(0))
    }
}

pub(crate) fn deed_of(kind: DeedKind) -> Deed {
    let reason = || "因".to_owned();
    match kind {
        DeedKind::Accept => Deed::Accept,
        DeedKind::ReturnAsNotOurs => Deed::ReturnAsNotOurs { reason: reason(), proposed: Some(THEIRS) },
        DeedKind::Uphold => Deed::Uphold { reason: reason() },
        DeedKind::Reassign => Deed::Reassign { to: THEIRS, reason: reason() },
        DeedKind::Progress => Deed::Progress { percent: 50, note: None },
        DeedKind::Report => Deed::Report { note: None },
        DeedKind::TakeBackReport => Deed::TakeBackReport { reason: None },
        DeedKind::Confirm => Deed::Confirm { note: None },
        DeedKind::SendBack => Deed::SendBack { reason: reason() },
        DeedKind::Reopen => Deed::Reopen { reason: reason() },
        DeedKind::AskExtension => Deed::AskExtension { until: day(40), reason: reason() },
        DeedKind::GrantExtension => Deed::GrantExtension { until: None, note: None },
        DeedKind::RefuseExtension => Deed::RefuseExtension { reason: reason() },
        DeedKind::AskHelp => Deed::AskHelp { of: THEIRS, text: reason() },
        DeedKind::AnswerHelp => Deed::AnswerHelp { text: reason() },
        DeedKind::Withdraw => Deed::Withdraw { reason: reason() },
        DeedKind::Restore => Deed::Restore { reason: reason() },
        DeedKind::Miss => Deed::Miss,
    }
}
