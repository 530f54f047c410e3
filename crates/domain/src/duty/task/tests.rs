use chrono::TimeZone;
use uuid::Uuid;

use super::*;
use crate::{
    duty::DutyUnit,
    id::{CampaignId, DutyId, StepId, UserId},
    plan::UnitRole,
};

const OURS: UnitId = UnitId(Uuid::from_u128(1));
const THEIRS: UnitId = UnitId(Uuid::from_u128(2));

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn at(day: NaiveDate) -> DateTime<Utc> {
    Utc.from_utc_datetime(&day.and_hms_opt(2, 0, 0).expect("two o'clock"))
}

fn task() -> Task {
    let owed = Owed {
        campaign: CampaignId(Uuid::from_u128(10)),
        duty: DutyId(Uuid::from_u128(11)),
        unit: OURS,
        role: UnitRole::Responsible,
        occurrence: None,
        due_on: Some(day("2026-06-30")),
        initiative: None,
    };
    Task::new(TaskId(Uuid::from_u128(12)), owed, at(day("2026-06-01")))
}

fn act(party: Party, today: &str) -> Act {
    let today = day(today);
    let by = match party {
        Party::System => Author::System,
        _ => Author::User(UserId(Uuid::from_u128(20))),
    };
    Act { step: StepId(Uuid::from_u128(21)), by, party, at: at(today), today }
}

fn after(task: Task, deed: Deed, party: Party) -> Task {
    perform(task, deed, &act(party, "2026-06-10")).expect("is allowed").task
}

fn words(text: &str) -> String {
    text.into()
}

fn reported() -> Task {
    let begun = after(task(), Deed::Progress { percent: 40, note: None }, Party::Owner);
    after(begun, Deed::Report { note: Some(words(" 已清理 ")) }, Party::Owner)
}

fn asked() -> Task {
    after(task(), Deed::AskExtension { until: day("2026-07-15"), reason: words("汛期") }, Party::Owner)
}

#[test]
fn every_code_is_its_own_and_comes_back() {
    for state in StateKind::ALL {
        assert_eq!(StateKind::from_code(state.code()), Some(state));
        assert_eq!(serde_json::to_value(state).expect("json"), state.code());
    }
    for deed in DeedKind::ALL {
        assert_eq!(DeedKind::from_code(deed.code()), Some(deed));
        assert_eq!(serde_json::to_value(deed).expect("json"), deed.code());
    }
    for whole in WholeState::ALL {
        assert_eq!(WholeState::from_code(whole.code()), Some(whole));
    }
    for request in RequestKind::ALL {
        assert_eq!(RequestKind::from_code(request.code()), Some(request));
    }
    for party in Party::ALL {
        assert_eq!(Party::from_code(party.code()), Some(party));
        assert_eq!(serde_json::to_value(party).expect("json"), party.code());
    }
}

#[test]
fn faults_in_what_was_given_are_named_all_at_once() {
    let long = "长".repeat(LONGEST_TEXT + 1);
    let characters = LONGEST_TEXT + 1;
    let early = day("2026-06-09");
    let cases = [
        (
            task(),
            Party::Owner,
            Deed::ReturnAsNotOurs { reason: words(" \n"), proposed: Some(OURS) },
            vec![Fault::Empty(Field::Reason), Fault::SameUnit(OURS)],
        ),
        (
            task(),
            Party::Owner,
            Deed::Progress { percent: 101, note: Some(long.clone()) },
            vec![Fault::TooLong { field: Field::Note, characters }, Fault::PercentOver(101)],
        ),
        (
            task(),
            Party::Owner,
            Deed::AskExtension { until: early, reason: words("") },
            vec![
                Fault::Empty(Field::Reason),
                Fault::NotLater { until: early, due_on: day("2026-06-30") },
                Fault::Passed { until: early },
            ],
        ),
        (
            task(),
            Party::Owner,
            Deed::AskExtension { until: day("2026-06-30"), reason: words("汛期") },
            vec![Fault::NotLater { until: day("2026-06-30"), due_on: day("2026-06-30") }],
        ),
        (
            asked(),
            Party::Office,
            Deed::GrantExtension { until: Some(day("2026-06-12")), note: None },
            vec![Fault::NotLater { until: day("2026-06-12"), due_on: day("2026-06-30") }],
        ),
        (
            task(),
            Party::Owner,
            Deed::AskHelp { of: OURS, text: long.clone() },
            vec![Fault::TooLong { field: Field::Text, characters }, Fault::SameUnit(OURS)],
        ),
        (
            task(),
            Party::Office,
            Deed::Reassign { to: OURS, reason: words("") },
            vec![Fault::Empty(Field::Reason), Fault::SameUnit(OURS)],
        ),
        (reported(), Party::Lead, Deed::SendBack { reason: words("") }, vec![Fault::Empty(Field::Reason)]),
        (task(), Party::Office, Deed::Withdraw { reason: words("　") }, vec![Fault::Empty(Field::Reason)]),
    ];
    for (task, party, deed, expected) in cases {
        let refused = perform(task, deed.clone(), &act(party, "2026-06-10")).expect_err("is refused");
        assert_eq!(refused.why, Why::Faults(expected), "{deed:?}");
        assert!(refused.possible.contains(&deed.kind()), "with better words it is possible: {deed:?}");
    }
    let just = Deed::Report { note: Some("长".repeat(LONGEST_TEXT)) };
    assert!(perform(task(), just, &act(Party::Owner, "2026-06-10")).is_ok());
}

#[test]
fn what_the_table_allows_may_still_lack_what_it_decides() {
    let occurrence = |due: Option<&str>| {
        let date = day("2026-06-05");
        let owed = Owed { occurrence: Some(date), due_on: due.map(day), ..task().owed };
        Task { owed, ..task() }
    };
    let dayless = Task { owed: Owed { due_on: None, ..task().owed }, ..task() };
    let leading = Task { owed: Owed { role: UnitRole::Lead, ..task().owed }, ..reported() };
    let helped = after(task(), Deed::AskHelp { of: THEIRS, text: words("缺设备") }, Party::Owner);
    let gone = after(task(), Deed::Reassign { to: THEIRS, reason: words("职责划转") }, Party::Office);
    let reason = || words("因");
    let ask = || Deed::AskExtension { until: day("2026-07-31"), reason: reason() };
    let grant = Deed::GrantExtension { until: None, note: None };
    let late = after(asked(), Deed::Report { note: None }, Party::Owner);
    let cases = [
        (asked(), Party::Owner, ask(), Why::AlreadyAsked(RequestKind::Extension)),
        (dayless, Party::Owner, ask(), Why::NoDueDate),
        (task(), Party::Office, grant, Why::NothingAsked(RequestKind::Extension)),
        (
            task(),
            Party::Office,
            Deed::RefuseExtension { reason: reason() },
            Why::NothingAsked(RequestKind::Extension),
        ),
        (
            helped,
            Party::Owner,
            Deed::AskHelp { of: THEIRS, text: reason() },
            Why::AlreadyAsked(RequestKind::Help),
        ),
        (task(), Party::Superior, Deed::AnswerHelp { text: reason() }, Why::NothingAsked(RequestKind::Help)),
        (late, Party::Office, Deed::Confirm { note: None }, Why::ExtensionOpen),
        (leading, Party::Lead, Deed::SendBack { reason: reason() }, Why::NotLed),
        (gone, Party::Office, Deed::Restore { reason: reason() }, Why::HandedOn { to: THEIRS }),
        (task(), Party::System, Deed::Miss, Why::NotDated),
        (
            occurrence(Some("2026-06-10")),
            Party::System,
            Deed::Miss,
            Why::NotOver { last_day: day("2026-06-10") },
        ),
        (task(), Party::Lead, Deed::Confirm { note: None }, Why::NotFromHere),
        (reported(), Party::Lead, Deed::Confirm { note: None }, Why::NotYours(Party::Lead)),
    ];
    for (task, party, deed, expected) in cases {
        let refused = perform(task, deed.clone(), &act(party, "2026-06-10")).expect_err("is refused");
        assert_eq!(refused.why, expected, "{deed:?}");
        assert!(!refused.possible.contains(&deed.kind()), "{deed:?}");
    }
    let missed = perform(occurrence(None), Deed::Miss, &act(Party::System, "2026-06-06")).expect("is over");
    assert_eq!(missed.task.state.kind(), StateKind::Missed);
}

#[test]
fn a_person_never_acts_as_the_program() {
    let person = Act { by: Author::User(UserId(Uuid::nil())), ..act(Party::System, "2026-08-01") };
    let program = Act { by: Author::System, ..act(Party::Office, "2026-06-10") };
    let deeds = [(Deed::Miss, person), (Deed::Withdraw { reason: words("因") }, program)];
    for (deed, act) in deeds {
        assert_eq!(perform(task(), deed, &act).expect_err("is refused").why, Why::NotThatParty);
    }
}

#[test]
fn a_report_makes_it_a_hundred_percent_until_it_does_not_hold() {
    let sent_back = after(reported(), Deed::SendBack { reason: words("照片不清") }, Party::Lead);
    assert_eq!((reported().percent, sent_back.percent), (100, 40));
    let taken = after(reported(), Deed::TakeBackReport { reason: None }, Party::Owner);
    assert_eq!((taken.percent, taken.state.kind()), (40, StateKind::InProgress));
    let confirmed = after(reported(), Deed::Confirm { note: None }, Party::Office);
    let untrue = after(confirmed, Deed::Reopen { reason: words("现场未改") }, Party::Office);
    assert_eq!((untrue.percent, untrue.state.kind()), (40, StateKind::SentBack));
    let report = reported().state.report().cloned().expect("a report");
    assert_eq!(report.note.as_deref(), Some("已清理"), "words are kept without the blanks around them");
}

#[test]
fn a_granted_extension_moves_the_due_date_and_a_refused_one_does_not() {
    let due = |task: Task| task.last_day().map(|due| due.to_string());
    let grant = |until| Deed::GrantExtension { until, note: None };
    assert_eq!(due(after(asked(), grant(None), Party::Office)).as_deref(), Some("2026-07-15"));
    let other = after(asked(), grant(Some(day("2026-07-05"))), Party::Office);
    assert_eq!(due(other).as_deref(), Some("2026-07-05"));
    let refused = after(asked(), Deed::RefuseExtension { reason: words("不可延") }, Party::Office);
    assert_eq!((refused.extension.is_none(), due(refused).as_deref()), (true, Some("2026-06-30")));
}

#[test]
fn what_was_asked_stays_open_beside_a_report_and_never_ends_without_a_trace() {
    let helped = after(asked(), Deed::AskHelp { of: THEIRS, text: words("缺设备") }, Party::Owner);
    let reported = after(helped, Deed::Report { note: None }, Party::Owner);
    assert!(reported.extension.is_some() && reported.help.is_some());
    let act = act(Party::Office, "2026-06-10");
    let withdrawn =
        perform(reported.clone(), Deed::Withdraw { reason: words("撤项") }, &act).expect("withdraws");
    assert_eq!(withdrawn.step.closed, [RequestKind::Extension, RequestKind::Help]);
    let granted = after(reported, Deed::GrantExtension { until: None, note: None }, Party::Office);
    let confirmed = perform(granted, Deed::Confirm { note: None }, &act).expect("confirms");
    assert_eq!((confirmed.step.closed.as_slice(), confirmed.task.help), (&[RequestKind::Help][..], None));
}

#[test]
fn reassigning_ends_this_task_and_says_which_one_to_make() {
    let act = act(Party::Office, "2026-06-10");
    let done =
        perform(task(), Deed::Reassign { to: THEIRS, reason: words("划转") }, &act).expect("reassigns");
    assert_eq!(done.make, Some(Owed { unit: THEIRS, ..task().owed }));
    assert_eq!((done.step.from, done.step.to), (StateKind::Assigned, StateKind::Withdrawn));
    assert_eq!((done.step.other_unit, done.step.unit), (Some(THEIRS), OURS));
}

#[test]
fn a_restored_task_is_again_what_it_was() {
    let before = reported();
    let withdrawn = after(before.clone(), Deed::Withdraw { reason: words("撤项") }, Party::Office);
    let restored = after(withdrawn, Deed::Restore { reason: words("误撤") }, Party::Office);
    assert_eq!((restored.state, restored.percent), (before.state, 100));
    assert_eq!(restored.version, before.version + 2);
}

#[test]
fn how_a_task_stands_depends_on_the_day_and_on_whose_turn_it_is() {
    use Standing::{Done, DueSoon, Late, Open, Waiting, Withdrawn};
    let returned =
        after(task(), Deed::ReturnAsNotOurs { reason: words("非职责"), proposed: None }, Party::Owner);
    let helped = after(task(), Deed::AskHelp { of: THEIRS, text: words("缺设备") }, Party::Owner);
    let confirmed = after(reported(), Deed::Confirm { note: None }, Party::Office);
    let withdrawn = after(task(), Deed::Withdraw { reason: words("撤项") }, Party::Office);
    let dayless = Task { owed: Owed { due_on: None, ..task().owed }, ..task() };
    let cases = [
        (&task(), "2026-06-22", Open, false),
        (&task(), "2026-06-23", DueSoon { days: 7 }, false),
        (&task(), "2026-06-30", DueSoon { days: 0 }, false),
        (&task(), "2026-07-01", Late { days: 1 }, true),
        (&asked(), "2026-06-10", Waiting(WaitsFor::Office), false),
        (&asked(), "2026-07-02", Late { days: 2 }, true),
        (&helped, "2026-06-10", Waiting(WaitsFor::Superior), false),
        (&returned, "2026-07-02", Waiting(WaitsFor::Office), false),
        (&reported(), "2026-07-02", Waiting(WaitsFor::Office), false),
        (&confirmed, "2026-07-02", Done, false),
        (&withdrawn, "2026-07-02", Withdrawn, false),
        (&dayless, "2036-07-02", Open, false),
    ];
    for (task, today, standing, overdue) in cases {
        assert_eq!((task.standing(day(today)), task.is_overdue(day(today))), (standing, overdue), "{today}");
    }
    let late =
        perform(task(), Deed::Report { note: None }, &act(Party::Owner, "2026-07-01")).expect("reports");
    assert_eq!((late.task.reported_late(), reported().reported_late()), (Some(true), Some(false)));
}

#[test]
fn a_task_is_stored_as_json_and_read_back() {
    let withdrawn = after(reported(), Deed::Withdraw { reason: words("撤项") }, Party::Office);
    for task in [task(), asked(), reported(), withdrawn] {
        let json = serde_json::to_value(&task).expect("json");
        assert_eq!(json["state"]["state"], task.state.code());
        assert_eq!(serde_json::from_value::<Task>(json).expect("a task"), task);
    }
}

fn part(unit: u128, role: UnitRole, state: StateKind, percent: u8) -> Task {
    let fresh = Task { owed: Owed { unit: UnitId(Uuid::from_u128(unit)), role, ..task().owed }, ..task() };
    let report = || reported().state.report().cloned().expect("a report");
    let (by, at) = (Author::System, fresh.created_at);
    let why = || Because { by, at, reason: words("因") };
    let state = match state {
        StateKind::Assigned => TaskState::Assigned { upheld: None },
        StateKind::Accepted => TaskState::Accepted { by, at },
        StateKind::InProgress => TaskState::InProgress { by, at },
        StateKind::Returned => TaskState::Returned { why: why(), proposed: None },
        StateKind::Reported => TaskState::Reported { report: report() },
        StateKind::Confirmed => TaskState::Confirmed { report: report(), by, at },
        StateKind::SentBack => TaskState::SentBack { report: report(), why: why() },
        StateKind::Missed => TaskState::Missed { at },
        StateKind::Withdrawn => {
            TaskState::Withdrawn { why: why(), to: None, before: Box::new(fresh.state.clone()) }
        }
    };
    Task { state, percent, ..fresh }
}

#[test]
fn a_duty_stands_as_its_counting_tasks_stand() {
    use StateKind as S;
    use UnitRole::{Lead, Responsible, Support};
    // (tasks), state of the whole, percent, whether the lead may report it, for whom it waits
    type Case = (&'static [(u128, UnitRole, StateKind, u8)], WholeState, u8, bool, &'static [u128]);
    let cases: &[Case] = &[
        (&[], WholeState::Nobodys, 0, false, &[]),
        (
            &[(1, Lead, S::Assigned, 0), (2, Responsible, S::Returned, 0)],
            WholeState::NotBegun,
            0,
            false,
            &[1, 2],
        ),
        (
            &[(1, Lead, S::Accepted, 0), (2, Responsible, S::Reported, 100)],
            WholeState::Underway,
            50,
            true,
            &[1],
        ),
        (
            &[(1, Lead, S::Accepted, 0), (2, Responsible, S::SentBack, 60)],
            WholeState::Underway,
            30,
            false,
            &[1, 2],
        ),
        (
            &[(1, Lead, S::Reported, 100), (2, Responsible, S::Confirmed, 100)],
            WholeState::Reported,
            100,
            false,
            &[],
        ),
        (
            &[(1, Lead, S::Confirmed, 100), (2, Support, S::Assigned, 0)],
            WholeState::Confirmed,
            100,
            false,
            &[],
        ),
        (
            &[(1, Responsible, S::Confirmed, 100), (2, Responsible, S::InProgress, 99)],
            WholeState::Underway,
            99,
            false,
            &[2],
        ),
        (
            &[(1, Lead, S::InProgress, 10), (2, Responsible, S::Missed, 50)],
            WholeState::Underway,
            30,
            true,
            &[1],
        ),
        (
            &[(1, Lead, S::Confirmed, 100), (2, Responsible, S::Missed, 50)],
            WholeState::Missed,
            75,
            false,
            &[],
        ),
        (
            &[(1, Lead, S::Confirmed, 100), (2, Responsible, S::Withdrawn, 0)],
            WholeState::Confirmed,
            100,
            false,
            &[],
        ),
        (&[(1, Support, S::Accepted, 20)], WholeState::Underway, 20, false, &[1]),
        (&[(1, Lead, S::Withdrawn, 0)], WholeState::Nobodys, 0, false, &[]),
    ];
    for (tasks, state, percent, lead, waiting) in cases {
        let tasks: Vec<Task> = tasks.iter().map(|(u, role, state, p)| part(*u, *role, *state, *p)).collect();
        let whole = joined(&tasks, &[]);
        let waiting: Vec<UnitId> = waiting.iter().map(|unit| UnitId(Uuid::from_u128(*unit))).collect();
        assert_eq!(
            (whole.state, whole.percent, whole.lead_may_report, whole.waiting_for),
            (*state, *percent, *lead, waiting),
            "{tasks:?}"
        );
    }
}

#[test]
fn a_unit_without_a_task_keeps_the_whole_open() {
    let units = [OURS, THEIRS].map(|unit| DutyUnit { unit, role: UnitRole::Responsible, via: None });
    let whole = joined(&[part(1, UnitRole::Responsible, StateKind::Confirmed, 100)], &units);
    assert_eq!((whole.state, whole.percent, whole.waiting_for), (WholeState::Underway, 50, vec![THEIRS]));
}
