use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// A week from Monday to Sunday (ISO 8601), told by its Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Week(NaiveDate);

impl Week {
    /// The week that begins on that day; None where it is no Monday.
    pub fn beginning(monday: NaiveDate) -> Option<Self> {
        (monday.weekday() == Weekday::Mon).then_some(Self(monday))
    }

    /// The week of a day.
    pub fn of(day: NaiveDate) -> Self {
        let since_monday = u64::from(day.weekday().num_days_from_monday());
        Self(day.checked_sub_days(Days::new(since_monday)).unwrap_or(day))
    }

    pub fn monday(self) -> NaiveDate {
        self.0
    }

    pub fn sunday(self) -> NaiveDate {
        self.0.checked_add_days(Days::new(6)).unwrap_or(self.0)
    }

    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.checked_add_days(Days::new(7)).unwrap_or(self.0))
    }

    /// Which week of which year: the first one has the year's first Thursday.
    pub fn number(self) -> (i32, u32) {
        let week = self.0.iso_week();
        (week.year(), week.week())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_belongs_to_the_year_of_its_thursday() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let cases = [
            ("2026-07-08", "2026-07-06", "2026-07-12", (2026, 28)),
            ("2026-07-06", "2026-07-06", "2026-07-12", (2026, 28)),
            ("2026-07-12", "2026-07-06", "2026-07-12", (2026, 28)),
            ("2026-12-31", "2026-12-28", "2027-01-03", (2026, 53)),
            ("2027-01-03", "2026-12-28", "2027-01-03", (2026, 53)),
            ("2024-12-30", "2024-12-30", "2025-01-05", (2025, 1)),
        ];
        for (any, monday, sunday, number) in cases {
            let week = Week::of(day(any));
            assert_eq!((week.monday(), week.sunday(), week.number()), (day(monday), day(sunday), number));
            assert_eq!(Week::beginning(day(monday)), Some(week));
            assert_eq!(week.next().monday(), day(sunday).succ_opt().expect("a day"));
        }
        assert_eq!(Week::beginning(day("2026-07-08")), None);
    }
}
