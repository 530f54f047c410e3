//! When a recurring duty is due: a rule in the words of RFC 5545 (RRULE), over plain days.
//!
//! Its own evaluator, not the crate `rrule`: that one knows only moments in time zones and brings their database,
//! regular expressions and a clock. Here a rule is a question that is put to one day after the other, which is linear in
//! days, sorted and free of doubles by construction.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::{
    Duty,
    rule::{Frequency, Nth, Rule},
    workdays::Calendar,
};
use crate::plan::Recurrence;

/// The most occurrences that one question answers; ask again from the day after the last one.
pub const MOST_OCCURRENCES: usize = 1000;

/// How far one question looks, in days: a century. A rule that fits no day in it fits none.
const HORIZON: usize = 36_525;

/// What becomes of an occurrence on a day on which nobody works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OffDay {
    /// It stays: streets are swept on holidays too.
    Stay,
    /// The first working day after it.
    #[default]
    Next,
    /// The last working day before it.
    Previous,
}

/// When a recurring duty is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    pub rule: Rule,
    /// The first day on which it can be due; intervals and counts begin here.
    pub start: NaiveDate,
    #[serde(default)]
    pub off_day: OffDay,
}

/// One date of a recurring duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Occurrence {
    /// The rule's own day, by which its task is known: it stays the same when the office corrects the holidays.
    pub date: NaiveDate,
    /// The day on which it is due, moved off days without work.
    pub due_on: NaiveDate,
}

/// The rule of a recurrence that the plan only names: due at the end of each period of the calendar.
///
/// Weekly duties are due on Fridays. A semester's are due on 10 January and 10 July, shortly before the holidays begin.
pub fn default_rule(recurrence: Recurrence) -> &'static str {
    match recurrence {
        Recurrence::Daily => "FREQ=DAILY",
        Recurrence::Weekly => "FREQ=WEEKLY;BYDAY=FR",
        Recurrence::Semimonthly => "FREQ=MONTHLY;BYMONTHDAY=15,-1",
        Recurrence::Monthly => "FREQ=MONTHLY;BYMONTHDAY=-1",
        Recurrence::Quarterly => "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1",
        Recurrence::Semiannual => "FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=-1",
        Recurrence::Semester => "FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=10",
        Recurrence::Annual => "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-1",
    }
}

/// How far ahead the next date is looked for: the rarest duty comes back once a year.
const A_YEAR: Days = Days::new(400);

impl Schedule {
    /// When a recurring duty is due: by the rule of its recurrence, from `first` on or from its own start where that is
    /// later, until its deadline or `last`, the campaign's end. None: it is owed once. `year`: of dates that name none.
    pub fn of(duty: &Duty, year: i32, first: NaiveDate, last: Option<NaiveDate>) -> Option<Self> {
        let mut rule: Rule = default_rule(duty.recurrence?).parse().ok()?;
        rule.until = duty.due_on.into_iter().chain(last).min();
        let start = duty.start.and_then(|start| start.in_year(year).first_day());
        Some(Self { rule, start: start.map_or(first, |start| start.max(first)), off_day: OffDay::default() })
    }

    /// The dates for which tasks are to be made: those that have come since the last one that was made, none skipped, and
    /// the next one. So that a unit never sees more than one date ahead, and a day on which nobody looked loses nothing.
    ///
    /// `made`: the last date that has its tasks. A duty without any begins today, not in the past.
    pub fn to_make(
        &self,
        made: Option<Occurrence>,
        today: NaiveDate,
        calendar: &Calendar,
    ) -> Vec<Occurrence> {
        if made.is_some_and(|made| made.due_on >= today) {
            return Vec::new();
        }
        let from = made.and_then(|made| made.date.succ_opt()).unwrap_or(today);
        let mut dates = self.occurrences(from, today.max(from) + A_YEAR, calendar);
        // A date that was moved onto the day of later ones since it was made stands for them.
        dates.retain(|date| made.is_none_or(|made| date.date > made.date && date.due_on > made.due_on));
        let ahead = dates.iter().position(|date| date.due_on >= today);
        dates.truncate(ahead.map_or(dates.len(), |next| next + 1));
        dates
    }

    /// The day on which that date of it is due.
    pub fn due_on(&self, date: NaiveDate, calendar: &Calendar) -> NaiveDate {
        due_on(date, self.start, self.off_day, calendar)
    }

    /// The occurrences that are due from `from` to `to`, both included, in order; at most [`MOST_OCCURRENCES`], the
    /// earliest.
    ///
    /// Where several fall on one due day (Saturday's, Sunday's and Monday's of a daily duty), one of them stands for
    /// all: that of the day itself, or else the first.
    pub fn occurrences(&self, from: NaiveDate, to: NaiveDate, calendar: &Calendar) -> Vec<Occurrence> {
        occurrences(&self.rule, self.start, self.off_day, (from, to), calendar)
    }
}

/// As [`Schedule::occurrences`].
pub fn occurrences(
    rule: &Rule,
    start: NaiveDate,
    off_day: OffDay,
    (from, to): (NaiveDate, NaiveDate),
    calendar: &Calendar,
) -> Vec<Occurrence> {
    // The rule's own days that may be moved into the window: those since the last working day before it, or until the
    // first one after it.
    let first = match off_day {
        OffDay::Next => {
            calendar.add_workdays(from, -1).and_then(|day| day.date.checked_add_days(Days::new(1)))
        }
        OffDay::Stay | OffDay::Previous => None,
    };
    let last = match off_day {
        OffDay::Previous => {
            calendar.add_workdays(to, 1).and_then(|day| day.date.checked_sub_days(Days::new(1)))
        }
        OffDay::Stay | OffDay::Next => None,
    };
    let mut found: Vec<Occurrence> = Vec::new();
    for date in dates(rule, start, first.unwrap_or(from), last.unwrap_or(to)) {
        let due_on = due_on(date, start, off_day, calendar);
        if due_on < from || to < due_on {
            continue;
        }
        if let Some(last) = found.last_mut().filter(|last| last.due_on == due_on) {
            if due_on == date {
                last.date = date;
            }
        } else if found.len() == MOST_OCCURRENCES {
            break;
        } else {
            found.push(Occurrence { date, due_on });
        }
    }
    found
}

fn due_on(date: NaiveDate, start: NaiveDate, off_day: OffDay, calendar: &Calendar) -> NaiveDate {
    let moved = match off_day {
        OffDay::Stay => None,
        OffDay::Next => calendar.workday_on_or_after(date),
        // Before the first day nobody owes it yet; there it stays rather than being lost.
        OffDay::Previous => calendar.workday_on_or_before(date).filter(|day| day.date >= start),
    };
    moved.map_or(date, |day| day.date)
}

/// What another calendar does to one date of a recurring duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateMove {
    /// When it was due; None: it stood with another date before.
    pub before: Option<NaiveDate>,
    /// When it is due now; None: it stands with another date.
    pub after: Option<NaiveDate>,
}

/// The dates of a rule that are not what they were, in order, where its holidays changed.
pub fn moves(before: &[Occurrence], after: &[Occurrence]) -> Vec<DateMove> {
    let of = |all: &[Occurrence]| -> BTreeMap<NaiveDate, NaiveDate> {
        all.iter().map(|date| (date.date, date.due_on)).collect()
    };
    let (before, after) = (of(before), of(after));
    let dates: BTreeSet<NaiveDate> = before.keys().chain(after.keys()).copied().collect();
    let each = |date| DateMove { before: before.get(&date).copied(), after: after.get(&date).copied() };
    // A due day that is still one has only changed which of its dates it is called by.
    let (old, new): (BTreeSet<_>, BTreeSet<_>) = (before.values().collect(), after.values().collect());
    dates
        .into_iter()
        .map(each)
        .filter(|one| match (one.before, one.after) {
            (Some(before), Some(after)) => before != after,
            (Some(before), None) => !new.contains(&before),
            (None, Some(after)) => !old.contains(&after),
            (None, None) => false,
        })
        .collect()
}

/// The rule's own days in the window.
fn dates(rule: &Rule, start: NaiveDate, from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let to = rule.until.map_or(to, |until| until.min(to));
    // Only a count needs the days before the window.
    let first = if rule.count.is_some() { start } else { start.max(from) };
    let all = usize::try_from(rule.count.unwrap_or(u32::MAX)).unwrap_or(usize::MAX);
    first
        .iter_days()
        .take(HORIZON)
        .take_while(move |day| *day <= to)
        .filter(move |day| falls_on(rule, start, *day))
        .take(all)
        .filter(move |day| *day >= from)
}

/// Whether the rule, begun on `start`, falls on that later day.
fn falls_on(rule: &Rule, start: NaiveDate, day: NaiveDate) -> bool {
    let months = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
    let periods = match rule.frequency {
        Frequency::Daily => (day - start).num_days(),
        // Weeks begin on Monday, as RFC 5545 has it and everybody here.
        Frequency::Weekly => (monday(day) - monday(start)).num_weeks(),
        Frequency::Monthly => months(day) - months(start),
        Frequency::Yearly => i64::from(day.year()) - i64::from(start.year()),
    };
    if periods % i64::from(rule.interval) != 0 {
        return false;
    }
    let names_days = !rule.month_days.is_empty() || !rule.days.is_empty();
    let in_month = if rule.months.is_empty() {
        rule.frequency != Frequency::Yearly || names_days || day.month() == start.month()
    } else {
        rule.months.iter().any(|month| u32::from(*month) == day.month())
    };
    let on_day = if names_days {
        (rule.month_days.is_empty() || rule.month_days.iter().any(|wanted| is_month_day(day, *wanted)))
            && (rule.days.is_empty() || rule.days.iter().any(|wanted| is_weekday(day, *wanted)))
    } else {
        match rule.frequency {
            Frequency::Daily => true,
            Frequency::Weekly => day.weekday() == start.weekday(),
            Frequency::Monthly | Frequency::Yearly => day.day() == start.day(),
        }
    };
    in_month && on_day
}

fn monday(day: NaiveDate) -> NaiveDate {
    day.week(Weekday::Mon).checked_first_day().unwrap_or(day)
}

fn is_month_day(day: NaiveDate, wanted: i8) -> bool {
    i64::from(wanted) == i64::from(day.day()) || i64::from(wanted) == from_the_end(day)
}

/// -1 on the last day of the month.
fn from_the_end(day: NaiveDate) -> i64 {
    i64::from(day.day()) - i64::from(day.num_days_in_month()) - 1
}

fn is_weekday(day: NaiveDate, wanted: Nth) -> bool {
    let nth = match wanted.nth {
        None => return day.weekday() == wanted.weekday,
        Some(nth) if nth > 0 => (i64::from(day.day()) - 1) / 7 + 1 == i64::from(nth),
        Some(nth) => (from_the_end(day) + 1) / 7 - 1 == i64::from(nth),
    };
    nth && day.weekday() == wanted.weekday
}
