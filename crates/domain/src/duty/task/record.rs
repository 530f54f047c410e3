use chrono::{Datelike, Days, NaiveDate};

use super::DeedKind;

/// How many weeks the record of a unit goes back, the running one included: half a year.
pub const RECORD_WEEKS: u64 = 26;

/// What a unit did in half a year, week by week, and what that cost it. Put together from counters by day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    today: NaiveDate,
    /// Each of the last [`RECORD_WEEKS`] weeks, the running one last.
    pub weeks: Vec<WeekRecord>,
    pub burden: Burden,
}

/// What became of a unit's tasks in one week.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WeekRecord {
    pub monday: NaiveDate,
    /// Reports, late ones among them.
    pub reported: u64,
    /// Reports that came after the task's last day.
    pub late: u64,
    /// Dates of recurring tasks that passed without a report.
    pub missed: u64,
    pub confirmed: u64,
    pub sent_back: u64,
}

/// What was asked of a unit in the same time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Burden {
    /// How often it filed something: progress and reports.
    pub filed: u64,
    /// How often what it filed was not enough.
    pub sent_back: u64,
    /// How often it asked for more time or for help.
    pub asked: u64,
    /// How often it said that a task was not its own.
    pub returned: u64,
}

impl Record {
    /// Nothing done yet, as seen on that day.
    pub fn new(today: NaiveDate) -> Self {
        let mondays = (0..RECORD_WEEKS).rev().map(|back| monday(today).checked_sub_days(Days::new(back * 7)));
        let weeks = mondays.flatten().map(|monday| WeekRecord { monday, ..WeekRecord::default() });
        Self { today, weeks: weeks.collect(), burden: Burden::default() }
    }

    /// The first and the last day that it tells of.
    pub fn days(&self) -> (NaiveDate, NaiveDate) {
        (self.weeks.first().map_or(self.today, |week| week.monday), self.today)
    }

    /// Adds what was done so often on a day; what is out of its days is left out.
    pub fn add(&mut self, day: NaiveDate, deed: DeedKind, n: u64) {
        let Some(week) = week_of(&mut self.weeks, self.today, day) else { return };
        let burden = &mut self.burden;
        match deed {
            DeedKind::Report => {
                week.reported += n;
                burden.filed += n;
            }
            DeedKind::Progress => burden.filed += n,
            DeedKind::SendBack | DeedKind::Reopen => {
                week.sent_back += n;
                burden.sent_back += n;
            }
            DeedKind::Confirm => week.confirmed += n,
            DeedKind::Miss => week.missed += n,
            DeedKind::AskExtension | DeedKind::AskHelp => burden.asked += n,
            DeedKind::ReturnAsNotOurs => burden.returned += n,
            _ => {}
        }
    }

    /// Of the reports of a day, so many were late.
    pub fn add_late(&mut self, day: NaiveDate, n: u64) {
        if let Some(week) = week_of(&mut self.weeks, self.today, day) {
            week.late += n;
        }
    }
}

fn week_of(weeks: &mut [WeekRecord], today: NaiveDate, day: NaiveDate) -> Option<&mut WeekRecord> {
    let monday = monday(day);
    weeks.iter_mut().find(|week| day <= today && week.monday == monday)
}

fn monday(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into())).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn deeds_stand_in_their_week_and_what_is_older_or_yet_to_come_in_none() {
        let mut record = Record::new(day("2026-07-08"));
        assert_eq!(record.days(), (day("2026-01-12"), day("2026-07-08")));
        for (on, deed) in [
            ("2026-07-06", DeedKind::Report),
            ("2026-07-08", DeedKind::Progress),
            ("2026-07-05", DeedKind::Confirm),
            ("2026-07-01", DeedKind::Reopen),
            ("2026-06-29", DeedKind::Miss),
            ("2026-01-12", DeedKind::SendBack),
            ("2026-01-11", DeedKind::Report),
            ("2026-07-09", DeedKind::Report),
            ("2026-05-01", DeedKind::AskExtension),
            ("2026-05-02", DeedKind::AskHelp),
            ("2026-05-02", DeedKind::ReturnAsNotOurs),
            ("2026-05-02", DeedKind::Accept),
        ] {
            record.add(day(on), deed, 1);
        }
        record.add_late(day("2026-07-06"), 1);
        let last = |back: usize| record.weeks[record.weeks.len() - 1 - back];
        let week = |monday: &str| WeekRecord { monday: day(monday), ..WeekRecord::default() };
        assert_eq!(last(0), WeekRecord { reported: 1, late: 1, ..week("2026-07-06") });
        assert_eq!(last(1), WeekRecord { confirmed: 1, sent_back: 1, missed: 1, ..week("2026-06-29") });
        assert_eq!(record.weeks[0], WeekRecord { sent_back: 1, ..week("2026-01-12") });
        assert_eq!(record.burden, Burden { filed: 2, sent_back: 2, asked: 2, returned: 1 });
    }

    proptest! {
        #[test]
        fn whatever_the_day_there_are_as_many_weeks_and_each_follows_the_one_before(offset in 0_u64..4_000, back in 0_u64..400) {
            let today = day("2020-01-01").checked_add_days(Days::new(offset)).expect("a day");
            let mut record = Record::new(today);
            prop_assert_eq!(record.weeks.len() as u64, RECORD_WEEKS);
            prop_assert!(record.weeks.windows(2).all(|pair| pair[1].monday - pair[0].monday == chrono::TimeDelta::days(7)));
            let on = today.checked_sub_days(Days::new(back)).expect("a day");
            record.add(on, DeedKind::Report, 1);
            let counted: u64 = record.weeks.iter().map(|week| week.reported).sum();
            prop_assert_eq!(counted == 1, record.days().0 <= on);
        }
    }
}
