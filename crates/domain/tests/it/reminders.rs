//! Reminders: which come on which day, to whom, and that nothing is sent twice.

use std::collections::{BTreeMap, BTreeSet};

use chengjing_domain::{
    duty::{
        remind::{
            Channel, Choices, EscalateTo, Escalation, Minimum, Notice, NoticeKind, Pace, QuietHours,
            Recipient, ReminderSettings, SettingsFault, SettingsField, assigned, deliveries, due,
            handed_over, parcels, returned, urged,
        },
        task::{DeedKind, Party, StateKind, Task, perform},
    },
    evidence::{Content, Evidence, Remark, review},
    id::{CampaignId, EvidenceId, RemarkId, TaskId, UserId},
    plan::UnitRole,
    standard::FilingKind,
};
use chrono::{NaiveDateTime, NaiveTime, TimeDelta};
use proptest::prelude::*;
use uuid::Uuid;

use crate::task_making::{OURS, THEIRS, act, day, deed_of, moment, owed, task_in};

const USER: UserId = UserId(Uuid::from_u128(20));

fn time(text: &str) -> NaiveTime {
    text.parse().expect("a time")
}

fn local(number: i64, clock: &str) -> NaiveDateTime {
    day(number).and_time(time(clock))
}

/// Due on day 9, not dated.
fn task() -> Task {
    Task::new(TaskId(Uuid::from_u128(12)), owed(UnitRole::Responsible, false), moment(0))
}

fn told(notices: &[Notice]) -> Vec<String> {
    notices
        .iter()
        .map(|notice| {
            let to = match notice.to {
                Recipient::Unit(OURS) => "ours",
                Recipient::Unit(_) => "theirs",
                Recipient::Head(_) => "head",
                Recipient::Above(_) => "above",
                Recipient::Lead => "lead",
                Recipient::Office => "office",
                Recipient::Leader => "leader",
                Recipient::Person(_) => "person",
            };
            format!("{} {to}", notice.kind.code())
        })
        .collect()
}

#[test]
fn the_calendar_reminds_before_and_after_and_goes_up_the_tree() {
    let settings = ReminderSettings::default();
    let cases: &[(i64, &[&str])] = &[
        (1, &[]),
        (2, &["due_soon ours"]),
        (9, &["due_soon ours"]),
        (10, &["overdue ours"]),
        (12, &["overdue ours", "escalated head"]),
        (16, &["overdue ours", "escalated head", "escalated above", "escalated office"]),
        (24, &["overdue ours", "escalated head", "escalated above", "escalated office", "escalated leader"]),
    ];
    for (today, expected) in cases {
        let notices = due(&task(), &settings, day(*today));
        assert_eq!(told(&notices), *expected, "day {today}");
        assert!(notices.iter().all(|notice| notice.days_left == Some(9 - today)));
    }
    for state in StateKind::ALL {
        let task = task_in(state, DeedKind::Accept, UnitRole::Responsible);
        let reminds = !due(&task, &settings, day(12)).is_empty();
        assert_eq!(reminds, state.is_the_units_turn(), "{state:?}");
    }
}

#[test]
fn after_days_without_a_server_only_the_last_reminder_comes() {
    let keys = |today| -> Vec<String> {
        due(&task(), &ReminderSettings::default(), day(today)).into_iter().map(|notice| notice.key).collect()
    };
    assert_eq!(keys(2).len(), 1);
    assert_eq!(keys(2), keys(5), "until the next one it is the same news");
    assert_ne!(keys(5), keys(6));
    assert_eq!(keys(8).len(), 1);
}

#[test]
fn a_moved_due_date_reminds_anew() {
    let settings = ReminderSettings::default();
    let mut moved = task();
    moved.owed.due_on = Some(day(19));
    let (before, after) = (due(&task(), &settings, day(9)), due(&moved, &settings, day(19)));
    assert_ne!(before[0].key, after[0].key);
}

#[test]
fn whoever_is_next_hears_of_a_hand_over() {
    let expected = |deed| -> (StateKind, Party, &[&str]) {
        use StateKind as S;
        match deed {
            DeedKind::Accept => (S::Assigned, Party::Owner, &[]),
            DeedKind::ReturnAsNotOurs => (S::Assigned, Party::Owner, &["office"]),
            DeedKind::Uphold => (S::Returned, Party::Office, &["ours"]),
            DeedKind::Reassign => (S::Accepted, Party::Office, &["ours"]),
            DeedKind::Progress => (S::Accepted, Party::Owner, &[]),
            DeedKind::Report => (S::InProgress, Party::Owner, &["office", "lead"]),
            DeedKind::TakeBackReport => (S::Reported, Party::Owner, &["office", "lead"]),
            DeedKind::Confirm => (S::Reported, Party::Office, &["ours"]),
            DeedKind::SendBack => (S::Reported, Party::Lead, &["ours"]),
            DeedKind::Reopen => (S::Confirmed, Party::Office, &["ours"]),
            DeedKind::AskExtension => (S::Accepted, Party::Owner, &["office"]),
            DeedKind::GrantExtension => (S::Accepted, Party::Office, &["ours"]),
            DeedKind::RefuseExtension => (S::Accepted, Party::Office, &["ours"]),
            DeedKind::AskHelp => (S::Accepted, Party::Owner, &["theirs"]),
            DeedKind::AnswerHelp => (S::Accepted, Party::Superior, &["ours"]),
            DeedKind::Withdraw => (S::Accepted, Party::Office, &["ours"]),
            DeedKind::Restore => (S::Withdrawn, Party::Office, &["ours"]),
            DeedKind::Miss => (S::Accepted, Party::System, &["ours", "office"]),
        }
    };
    for deed in DeedKind::ALL {
        let (state, party, expected) = expected(deed);
        let task = task_in(state, deed, UnitRole::Responsible);
        let done = perform(task, deed_of(deed), &act(party)).expect("is allowed");
        let notices = handed_over(&done.task, &done.step);
        let expected: Vec<String> = expected.iter().map(|to| format!("handed_over {to}")).collect();
        assert_eq!(told(&notices), expected, "{deed:?}");
    }
    let leading = task_in(StateKind::Accepted, DeedKind::Report, UnitRole::Lead);
    let done = perform(leading, deed_of(DeedKind::Report), &act(Party::Owner)).expect("is allowed");
    assert_eq!(told(&handed_over(&done.task, &done.step)), ["handed_over office"], "a lead leads others");
    assert_eq!(told(&[assigned(&task())]), ["handed_over ours"]);
    assert_ne!(OURS, THEIRS);
}

#[test]
fn a_unit_is_urged_once_a_day_and_only_while_it_is_its_turn() {
    let now = urged(&task(), day(12)).expect("it is the unit's turn");
    assert_eq!((told(std::slice::from_ref(&now)), now.days_left), (vec!["urged ours".to_owned()], Some(-3)));
    assert_eq!(urged(&task(), day(12)), Some(now.clone()));
    assert_ne!(urged(&task(), day(13)).map(|notice| notice.key), Some(now.key));
    for state in StateKind::ALL {
        let task = task_in(state, DeedKind::Accept, UnitRole::Responsible);
        assert_eq!(urged(&task, day(12)).is_some(), state.is_the_units_turn(), "{state:?}");
    }
}

#[test]
fn who_is_two_recipients_is_told_once() {
    let done = perform(
        task_in(StateKind::InProgress, DeedKind::Report, UnitRole::Responsible),
        deed_of(DeedKind::Report),
        &act(Party::Owner),
    )
    .expect("is allowed");
    let notices = handed_over(&done.task, &done.step);
    let news: BTreeSet<&str> = notices.iter().map(Notice::news).collect();
    assert_eq!((notices.len(), news.len()), (2, 1), "to the office and to the lead: the same news");
    assert_eq!(assigned(&task()).news(), format!("task:{}/assigned", task().id));
}

#[test]
fn a_material_that_comes_back_is_news_to_its_unit_and_to_who_filed_it() {
    let (campaign, id) = (CampaignId(Uuid::from_u128(1)), EvidenceId(Uuid::from_u128(70)));
    let by = (USER, local(3, "09:00:00").and_utc());
    let filed = Evidence::file((campaign, id), OURS, FilingKind::Photo, Content::default(), by);
    let remark = |deed: Option<review::DeedKind>| Remark {
        campaign,
        id: RemarkId(Uuid::from_u128(71)),
        evidence: id,
        link: None,
        deed,
        text: None,
        by: UserId(Uuid::from_u128(72)),
        at: by.1,
    };
    for deed in [review::DeedKind::Return, review::DeedKind::TakeBack] {
        let notices = returned(&filed, &remark(Some(deed)));
        assert_eq!(told(&notices), ["handed_over ours", "handed_over person"]);
        let news: BTreeSet<&str> = notices.iter().map(Notice::news).collect();
        assert_eq!(news.len(), 1, "who is both is told once");
        assert_eq!((notices[0].about.task(), notices[0].about.duty()), (None, None));
    }
    for deed in [None, Some(review::DeedKind::Submit), Some(review::DeedKind::Accept)] {
        assert_eq!(returned(&filed, &remark(deed)), []);
    }
}

fn one(kind: NoticeKind) -> Notice {
    Notice { kind, ..assigned(&task()) }
}

fn wants(kinds: &[NoticeKind], channels: &[Channel], pace: Pace) -> Choices {
    Choices { kinds: kinds.iter().copied().collect(), channels: channels.iter().copied().collect(), pace }
}

#[test]
fn each_person_chooses_and_the_office_sets_the_minimum() {
    use Channel::{InApp, Mail};
    use NoticeKind::{DueSoon, Overdue};
    let minimum = |kinds: &[NoticeKind], channels: &[Channel], at_once: &[NoticeKind]| Minimum {
        kinds: kinds.iter().copied().collect(),
        channels: channels.iter().copied().collect(),
        at_once: at_once.iter().copied().collect(),
    };
    let digest = Pace::Digest { at: time("17:00:00") };
    let nothing = || wants(&[], &[], Pace::AtOnce);
    type Sent = &'static [(Channel, &'static str, bool)];
    let cases: Vec<(Minimum, Choices, NoticeKind, Sent)> = vec![
        (minimum(&[], &[], &[]), nothing(), Overdue, &[]),
        (minimum(&[Overdue], &[], &[]), nothing(), Overdue, &[(InApp, "10:00:00", false)]),
        (minimum(&[Overdue], &[Mail], &[]), nothing(), Overdue, &[(Mail, "10:00:00", false)]),
        (minimum(&[Overdue], &[Mail], &[]), nothing(), DueSoon, &[]),
        (
            minimum(&[Overdue], &[Mail], &[]),
            wants(&[DueSoon], &[Mail, InApp], Pace::AtOnce),
            DueSoon,
            &[(InApp, "10:00:00", false), (Mail, "10:00:00", false)],
        ),
        (
            minimum(&[], &[], &[]),
            wants(&[Overdue], &[InApp, Mail], digest),
            Overdue,
            &[(InApp, "10:00:00", false), (Mail, "17:00:00", true)],
        ),
        (
            minimum(&[], &[], &[Overdue]),
            wants(&[Overdue], &[Mail], digest),
            Overdue,
            &[(Mail, "10:00:00", false)],
        ),
    ];
    for (minimum, choices, kind, expected) in cases {
        let settings = ReminderSettings { minimum, ..ReminderSettings::default() };
        let found = deliveries(&one(kind), USER, &choices, &settings, local(3, "10:00:00"));
        let found: Vec<(Channel, NaiveDateTime, bool)> =
            found.iter().map(|one| (one.channel, one.not_before, one.in_digest)).collect();
        let expected: Vec<_> =
            expected.iter().map(|(channel, at, digest)| (*channel, local(3, at), *digest)).collect();
        assert_eq!(found, expected, "{choices:?} {kind:?}");
    }
}

#[test]
fn quiet_hours_move_it_to_the_morning() {
    let night = QuietHours { from: time("21:00:00"), to: time("07:30:00") };
    let noon = QuietHours { from: time("12:00:00"), to: time("14:00:00") };
    let cases = [
        (night, local(3, "20:59:59"), local(3, "20:59:59")),
        (night, local(3, "21:00:00"), local(4, "07:30:00")),
        (night, local(3, "23:59:59"), local(4, "07:30:00")),
        (night, local(4, "00:00:00"), local(4, "07:30:00")),
        (night, local(4, "07:29:59"), local(4, "07:30:00")),
        (night, local(4, "07:30:00"), local(4, "07:30:00")),
        (noon, local(4, "12:30:00"), local(4, "14:00:00")),
        (noon, local(4, "11:59:00"), local(4, "11:59:00")),
    ];
    for (quiet, at, expected) in cases {
        assert_eq!(quiet.out_of(at), expected, "{at}");
    }
    let late = wants(&NoticeKind::ALL, &[Channel::Mail], Pace::Digest { at: time("22:00:00") });
    let settings = ReminderSettings { quiet: Some(night), ..ReminderSettings::default() };
    for now in ["10:00:00", "22:30:00"] {
        let found = deliveries(&one(NoticeKind::DueSoon), USER, &late, &settings, local(3, now));
        assert_eq!(found[0].not_before, local(4, "07:30:00"), "a digest in the quiet hours is the morning's");
    }
}

#[test]
fn a_digest_shows_a_task_once_by_its_most_urgent_news_and_names_all_it_sends() {
    let settings = ReminderSettings { quiet: None, ..ReminderSettings::default() };
    let choices = wants(&NoticeKind::ALL, &[Channel::Mail], Pace::Digest { at: time("17:00:00") });
    let other = Task { id: TaskId(Uuid::from_u128(13)), ..task() };
    let mut notices = due(&task(), &settings, day(12));
    notices.push(assigned(&task()));
    notices.push(assigned(&other));
    let plan = |notice: &Notice, now| {
        let only = Choices { channels: BTreeSet::from([Channel::Mail]), ..choices.clone() };
        let minimum = Minimum::default();
        deliveries(notice, USER, &only, &ReminderSettings { minimum, ..settings.clone() }, now)
    };
    let all: Vec<_> = notices.iter().flat_map(|notice| plan(notice, local(12, "09:00:00"))).collect();
    let late = plan(&assigned(&other), local(12, "17:00:00"));
    let parcels = parcels(all.into_iter().chain(late).collect());
    assert_eq!(parcels.len(), 2, "what comes at digest time goes with the next one");
    assert_eq!(parcels[0].deliveries.len(), 4);
    assert_eq!(told(&parcels[0].lines), ["escalated head", "handed_over ours"]);
    assert_eq!(
        (parcels[0].not_before, parcels[1].not_before),
        (local(12, "17:00:00"), local(13, "17:00:00"))
    );
}

#[test]
fn all_faults_of_the_settings_are_named_at_once() {
    assert_eq!(ReminderSettings::default().faults(), []);
    let step = |after_days, to| Escalation { after_days, to };
    let bad = ReminderSettings {
        before: vec![366, 3, 3],
        after: vec![0],
        escalation: vec![step(5, EscalateTo::Head), step(5, EscalateTo::Office), step(5, EscalateTo::Head)],
        quiet: Some(QuietHours { from: time("21:00:00"), to: time("21:00:00") }),
        minimum: Minimum::default(),
    };
    assert_eq!(
        bad.faults(),
        [
            SettingsFault::Days { field: SettingsField::Before, days: 366, least: 0 },
            SettingsFault::Twice { field: SettingsField::Before, days: 3 },
            SettingsFault::Days { field: SettingsField::After, days: 0, least: 1 },
            SettingsFault::Twice { field: SettingsField::Escalation, days: 5 },
            SettingsFault::NoHours(time("21:00:00")),
        ]
    );
    let many = ReminderSettings { before: (0..11).collect(), ..ReminderSettings::default() };
    assert_eq!(many.faults(), [SettingsFault::TooMany { field: SettingsField::Before, entries: 11 }]);
}

proptest! {
    /// The clock ticks at odd moments, some ticks come twice and the server is off for days. What is kept is the first
    /// answer under each key, as the store keeps it.
    #[test]
    fn nothing_is_sent_twice_or_in_quiet_hours_or_early(
        hours in prop::collection::vec(1_i64..60, 1..40),
        digest in any::<bool>(),
    ) {
        let settings = ReminderSettings::default();
        let quiet = settings.quiet.expect("has quiet hours");
        let pace = if digest { Pace::Digest { at: time("08:00:00") } } else { Pace::AtOnce };
        let choices = wants(&NoticeKind::ALL, &Channel::ALL, pace);
        let mut kept = BTreeMap::new();
        let mut now = local(-5, "00:10:00");
        for hour in hours {
            now += TimeDelta::hours(hour);
            // Twice: the second is the one after a crash.
            for again in [0, 7] {
                let now = now + TimeDelta::minutes(again);
                for notice in due(&task(), &settings, now.date()) {
                    for delivery in deliveries(&notice, USER, &choices, &settings, now) {
                        prop_assert!(delivery.not_before >= now);
                        if delivery.channel != Channel::InApp {
                            prop_assert!(!quiet.contains(delivery.not_before.time()));
                        }
                        kept.entry(delivery.key.clone()).or_insert(delivery);
                    }
                }
            }
        }
        // 4 before, 3 after, 3 days up the tree, each told once to one who is head and office; on two channels.
        prop_assert!(kept.len() <= 20);
        let sent: Vec<_> = parcels(kept.into_values().collect());
        let keys: BTreeSet<_> = sent.iter().flat_map(|parcel| &parcel.deliveries).collect();
        prop_assert_eq!(keys.len(), sent.iter().map(|parcel| parcel.deliveries.len()).sum::<usize>());
        let parcels: BTreeSet<_> = sent.iter().map(|parcel| &parcel.key).collect();
        prop_assert_eq!(parcels.len(), sent.len());
    }
}
