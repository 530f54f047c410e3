//! Occurrences of recurring duties: against another implementation of RFC 5545, and by laws.

use chengjing_domain::{
    duty::{
        Duty, DutyState,
        rule::Rule,
        schedule::{MOST_OCCURRENCES, Occurrence, OffDay, Schedule, default_rule, moves},
        workdays::{Calendar, HolidayYear},
    },
    id::{CampaignId, DutyId},
    plan::Recurrence,
};
use chrono::{DateTime, NaiveDate, TimeDelta};
use proptest::prelude::*;
use uuid::Uuid;

use crate::schedules_expected::EXPECTED;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn schedule(rule: &str, start: &str, off_day: OffDay) -> Schedule {
    Schedule { rule: rule.parse().expect(rule), start: day(start), off_day }
}

fn texts(found: &[Occurrence]) -> Vec<String> {
    found.iter().map(|occurrence| occurrence.due_on.to_string()).collect()
}

#[test]
fn rules_fall_on_the_same_days_as_in_another_implementation() {
    for (rule, start, count, first, last, sum) in EXPECTED {
        let found = schedule(rule, start, OffDay::Stay).occurrences(
            day("2026-01-15"),
            day("2028-12-31"),
            &Calendar::default(),
        );
        let dates = texts(&found);
        let ends = (dates.first().map_or("", |d| d.as_str()), dates.last().map_or("", |d| d.as_str()));
        assert_eq!((dates.len(), ends), (*count, (*first, *last)), "{rule} from {start}");
        let days = found.iter().map(|occurrence| (occurrence.date - NaiveDate::default()).num_days());
        let own = days.fold(0_i64, |sum, day| (sum * 31 + day) % (1 << 32));
        assert_eq!(own, *sum, "{rule} from {start}: {dates:?}");
    }
}

#[test]
fn a_recurrence_that_a_plan_names_is_due_at_the_end_of_its_period() {
    let cases: &[(Recurrence, &str, usize, &[&str])] = &[
        (Recurrence::Daily, "2026-01-03", 363, &["2026-01-03", "2026-01-04"]),
        (Recurrence::Weekly, "2026-01-03", 51, &["2026-01-09", "2026-01-16"]),
        (
            Recurrence::Semimonthly,
            "2026-01-03",
            24,
            &["2026-01-15", "2026-01-31", "2026-02-15", "2026-02-28"],
        ),
        (Recurrence::Monthly, "2026-01-03", 12, &["2026-01-31", "2026-02-28"]),
        (Recurrence::Quarterly, "2026-01-03", 4, &["2026-03-31", "2026-06-30"]),
        (Recurrence::Semiannual, "2026-01-03", 2, &["2026-06-30", "2026-12-31"]),
        (Recurrence::Semester, "2026-01-03", 2, &["2026-01-10", "2026-07-10"]),
        (Recurrence::Annual, "2026-01-03", 1, &["2026-12-31"]),
    ];
    for (recurrence, start, count, first) in cases {
        let schedule = schedule(default_rule(*recurrence), start, OffDay::Stay);
        let found = texts(&schedule.occurrences(day("2026-01-01"), day("2026-12-31"), &Calendar::shipped()));
        assert_eq!(found.len(), *count, "{recurrence:?}");
        assert_eq!(found[..first.len()], **first, "{recurrence:?}");
    }
}

#[test]
fn an_occurrence_on_a_day_off_is_moved_and_keeps_its_own_date() {
    let rule = "FREQ=MONTHLY;BYMONTHDAY=4";
    // Sunday 4 January 2026 is worked; 4 April is 清明节 until the 6th; 4 October is 国庆节 until the 7th.
    let cases = [
        (OffDay::Stay, ["2026-01-04", "2026-04-04", "2026-10-04"]),
        (OffDay::Next, ["2026-01-04", "2026-04-07", "2026-10-08"]),
        (OffDay::Previous, ["2026-01-04", "2026-04-03", "2026-09-30"]),
    ];
    for (off_day, expected) in cases {
        let found = schedule(rule, "2026-01-01", off_day).occurrences(
            day("2026-01-01"),
            day("2026-12-31"),
            &Calendar::shipped(),
        );
        assert_eq!(found.len(), 12);
        let of = |date: &str| found.iter().find(|one| one.date == day(date)).expect("is there").due_on;
        let due = ["2026-01-04", "2026-04-04", "2026-10-04"].map(of);
        assert_eq!(due, expected.map(day), "{off_day:?}");
    }
}

#[test]
fn daily_occurrences_that_move_together_are_one() {
    let daily = schedule("FREQ=DAILY", "2026-01-01", OffDay::Next);
    let found = daily.occurrences(day("2026-09-30"), day("2026-10-12"), &Calendar::shipped());
    assert_eq!(texts(&found), ["2026-09-30", "2026-10-08", "2026-10-09", "2026-10-10", "2026-10-12"]);
    assert!(found.iter().all(|occurrence| occurrence.date == occurrence.due_on));
}

#[test]
fn before_the_start_nothing_is_due() {
    // Saturday: its working day before is not yet of the duty.
    let weekly = schedule("FREQ=WEEKLY", "2026-03-07", OffDay::Previous);
    let found = weekly.occurrences(day("2026-01-01"), day("2026-03-20"), &Calendar::shipped());
    assert_eq!(texts(&found), ["2026-03-07", "2026-03-13", "2026-03-20"]);
}

#[test]
fn answers_are_bounded_and_an_impossible_day_ends() {
    let daily = schedule("FREQ=DAILY", "2026-01-01", OffDay::Next);
    let found = daily.occurrences(NaiveDate::MIN, NaiveDate::MAX, &Calendar::shipped());
    assert_eq!(found.len(), MOST_OCCURRENCES);
    let never = schedule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-01-01", OffDay::Next);
    assert_eq!(never.occurrences(day("2026-01-01"), NaiveDate::MAX, &Calendar::shipped()), []);
    assert_eq!(daily.occurrences(day("2026-02-01"), day("2026-01-01"), &Calendar::shipped()), []);
}

fn rule() -> impl Strategy<Value = String> {
    let list = |values: Vec<&'static str>| prop::sample::subsequence(values, 1..3).prop_map(|v| v.join(","));
    let ends = prop_oneof![
        3 => Just(String::new()),
        1 => (1..40_u32).prop_map(|count| format!(";COUNT={count}")),
        1 => (1..28_u32).prop_map(|day| format!(";UNTIL=202701{day:02}")),
    ];
    let interval = (1..5_u16).prop_map(|interval| format!(";INTERVAL={interval}"));
    let parts = prop_oneof![
        Just("FREQ=DAILY".to_owned()),
        list(vec!["MO", "TU", "FR", "SA", "SU"]).prop_map(|days| format!("FREQ=WEEKLY;BYDAY={days}")),
        list(vec!["1", "15", "29", "31", "-1", "-3"])
            .prop_map(|days| format!("FREQ=MONTHLY;BYMONTHDAY={days}")),
        list(vec!["1MO", "2SA", "-1FR", "5SU"]).prop_map(|days| format!("FREQ=MONTHLY;BYDAY={days}")),
        list(vec!["2", "4", "10"]).prop_map(|months| format!("FREQ=YEARLY;BYMONTH={months};BYMONTHDAY=1,-1")),
        Just("FREQ=YEARLY".to_owned()),
    ];
    (parts, interval, ends).prop_map(|(parts, interval, ends)| format!("{parts}{interval}{ends}"))
}

fn off_day() -> impl Strategy<Value = OffDay> {
    prop_oneof![Just(OffDay::Stay), Just(OffDay::Next), Just(OffDay::Previous)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn occurrences_are_sorted_unique_within_range_and_on_working_days(
        rule in rule(), off_day in off_day(), start in 0_i64..400, from in -100_i64..900, long in 0_i64..500,
    ) {
        let calendar = Calendar::shipped();
        let at = |days| day("2025-01-01") + TimeDelta::days(days);
        let (start, from, to) = (at(start), at(from), at(from + long));
        let schedule = Schedule { rule: rule.parse().expect("a rule"), start, off_day };
        let found = schedule.occurrences(from, to, &calendar);
        prop_assert!(found.windows(2).all(|two| two[0].date < two[1].date && two[0].due_on < two[1].due_on));
        for one in &found {
            prop_assert!((from..=to).contains(&one.due_on) && one.due_on >= start && one.date >= start);
            match off_day {
                OffDay::Stay => prop_assert_eq!(one.date, one.due_on),
                OffDay::Next => prop_assert!(one.due_on >= one.date && calendar.is_workday(one.due_on)),
                OffDay::Previous => {
                    prop_assert!(one.due_on <= one.date);
                    // Only before the first working day at all an occurrence stays where it is.
                    let stays = calendar.workday_on_or_before(one.date).is_none_or(|day| day.date < start);
                    prop_assert!(calendar.is_workday(one.due_on) || stays);
                }
            }
        }
    }

    /// A window cut in two gives what the whole gives: nothing is lost or doubled at the seam, so the jobs that make
    /// tasks may ask for any stretch they like.
    #[test]
    fn a_window_is_the_sum_of_its_parts(
        rule in rule(), off_day in off_day(), start in 0_i64..400, from in -100_i64..900,
        first in 0_i64..200, second in 1_i64..200,
    ) {
        let calendar = Calendar::shipped();
        let at = |days| day("2025-01-01") + TimeDelta::days(days);
        let schedule = Schedule { rule: rule.parse().expect("a rule"), start: at(start), off_day };
        let of = |from, to| schedule.occurrences(at(from), at(to), &calendar);
        let mut parts = of(from, from + first);
        parts.extend(of(from + first + 1, from + first + second));
        prop_assert_eq!(parts, of(from, from + first + second));
    }

    #[test]
    fn a_rule_is_read_back_as_it_is_written(rule in rule()) {
        let rule: Rule = rule.parse().expect("a rule");
        prop_assert_eq!(rule.to_string().parse(), Ok(rule.clone()));
        let json = serde_json::to_string(&rule).expect("json");
        prop_assert_eq!(serde_json::from_str::<Rule>(&json).expect("a rule"), rule);
    }

    #[test]
    fn no_text_makes_the_reader_of_rules_panic(text in ".{0,80}", parts in "(FREQ|BYDAY|UNTIL|COUNT)=[A-Z0-9,+T-]{0,12}") {
        let _ = text.parse::<Rule>();
        let _ = parts.parse::<Rule>();
    }
}

fn recurring(recurrence: Recurrence) -> Duty {
    Duty {
        campaign: CampaignId(Uuid::from_u128(1)),
        id: DutyId(Uuid::from_u128(2)),
        import: None,
        ordinal: 0,
        number: None,
        path: Vec::new(),
        part: None,
        title: "检查农贸市场".into(),
        text: String::new(),
        leads: Vec::new(),
        units: Vec::new(),
        start: None,
        due: None,
        due_on: None,
        recurrence: Some(recurrence),
        phase: None,
        initiative: None,
        targets: Vec::new(),
        span: None,
        state: DutyState::Assigned,
        created_at: DateTime::UNIX_EPOCH,
        version: 1,
    }
}

#[test]
fn dates_are_made_one_ahead_and_none_is_skipped_that_passed_meanwhile() {
    let calendar = Calendar::shipped();
    let weekly =
        Schedule::of(&recurring(Recurrence::Weekly), 2026, day("2026-03-02"), None).expect("a schedule");
    let fridays = |date: &str| Occurrence { date: day(date), due_on: day(date) };
    let make = |made: Option<&str>, today: &str| -> Vec<String> {
        let dates = weekly.to_make(made.map(fridays), day(today), &calendar);
        dates.iter().map(|date| date.date.to_string()).collect()
    };
    assert_eq!(make(None, "2026-03-04"), ["2026-03-06"], "the next one, and no earlier");
    assert_eq!(make(Some("2026-03-06"), "2026-03-06"), Vec::<String>::new(), "its day has not passed");
    assert_eq!(make(Some("2026-03-06"), "2026-03-07"), ["2026-03-13"]);
    assert_eq!(make(Some("2026-03-06"), "2026-03-24"), ["2026-03-13", "2026-03-20", "2026-03-27"]);
    assert_eq!(make(None, "2026-02-01"), ["2026-03-06"], "nothing before its start");
}

/// National Day of 2027 as nobody has announced it: a week, and Saturday the 9th to make up for it.
fn with_2027() -> Calendar {
    let file = r#"{"year": 2027, "source": "试行", "holidays": [
        {"name": "国庆节", "from": "2027-10-01", "to": "2027-10-07", "working": ["2027-10-09"]}]}"#;
    Calendar::shipped().with(HolidayYear::read(file).expect("a year"))
}

#[test]
fn other_holidays_move_dates_put_them_together_and_take_them_apart() {
    let cases: [(&str, &[&str]); 3] = [
        ("FREQ=WEEKLY;BYDAY=FR", &["2027-10-01 > -"]),
        ("FREQ=MONTHLY;BYMONTHDAY=9", &["2027-10-11 > 2027-10-09"]),
        (
            "FREQ=DAILY",
            &[
                "2027-10-01 > -",
                "2027-10-04 > -",
                "2027-10-05 > -",
                "2027-10-06 > -",
                "2027-10-07 > -",
                "- > 2027-10-09",
            ],
        ),
    ];
    let text = |day: Option<NaiveDate>| day.map_or("-".to_owned(), |day| day.to_string());
    for (rule, expected) in cases {
        let schedule = schedule(rule, "2027-01-01", OffDay::Next);
        let of = |calendar| schedule.occurrences(day("2027-09-20"), day("2027-10-20"), calendar);
        let found = moves(&of(&Calendar::shipped()), &of(&with_2027()));
        let told: Vec<String> =
            found.iter().map(|one| format!("{} > {}", text(one.before), text(one.after))).collect();
        assert_eq!(told, expected, "{rule}");
    }
}

#[test]
fn a_date_that_moved_onto_later_ones_after_it_was_made_stands_for_them() {
    let daily = schedule("FREQ=DAILY", "2027-01-01", OffDay::Next);
    let calendar = with_2027();
    let friday = day("2027-10-01");
    assert_eq!(daily.due_on(friday, &Calendar::shipped()), friday, "made while nobody knew");
    let moved = Occurrence { date: friday, due_on: daily.due_on(friday, &calendar) };
    assert_eq!(moved.due_on, day("2027-10-08"));
    assert_eq!(texts(&daily.to_make(Some(moved), day("2027-10-09"), &calendar)), ["2027-10-09"]);
}

#[test]
fn dates_end_with_the_duty_or_the_campaign_and_begin_with_the_duty() {
    let calendar = Calendar::shipped();
    let mut duty = recurring(Recurrence::Monthly);
    duty.start = "2026-04".parse().ok();
    duty.due_on = Some(day("2026-06-15"));
    let schedule = Schedule::of(&duty, 2026, day("2026-01-05"), Some(day("2026-12-31"))).expect("a schedule");
    let all = schedule.occurrences(day("2026-01-01"), day("2027-01-01"), &calendar);
    let all: Vec<String> = all.iter().map(|date| date.date.to_string()).collect();
    assert_eq!(all, ["2026-04-30", "2026-05-31"]);
    let all_made = Some(Occurrence { date: day("2026-05-31"), due_on: day("2026-06-01") });
    assert_eq!(schedule.to_make(all_made, day("2026-07-01"), &calendar), Vec::new());
    duty.recurrence = None;
    assert_eq!(Schedule::of(&duty, 2026, day("2026-01-05"), None), None, "owed once");
}
