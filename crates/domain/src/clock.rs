//! The time where the campaigns are. All of China keeps one, eight hours ahead of UTC all year round: days begin by it, and moments are
//! shown and entered in it, whatever the clock of a machine says.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

const AHEAD: TimeDelta = TimeDelta::hours(8);

/// A moment as clocks there show it.
pub fn local(at: DateTime<Utc>) -> NaiveDateTime {
    at.checked_add_signed(AHEAD).unwrap_or(at).naive_utc()
}

/// The moment at which clocks there show that.
pub fn universal(local: NaiveDateTime) -> DateTime<Utc> {
    local.checked_sub_signed(AHEAD).unwrap_or(local).and_utc()
}

/// The day that a moment belongs to.
pub fn day_of(at: DateTime<Utc>) -> NaiveDate {
    local(at).date()
}

/// The first second of a day.
pub fn begin_of_day(day: NaiveDate) -> DateTime<Utc> {
    universal(day.and_time(NaiveTime::MIN))
}

/// The last second of a day.
pub fn end_of_day(day: NaiveDate) -> DateTime<Utc> {
    let begin = begin_of_day(day);
    begin.checked_add_signed(TimeDelta::days(1) - TimeDelta::seconds(1)).unwrap_or(begin)
}

/// A moment as people write it: `2026-07-08 17:30`.
pub fn written(at: DateTime<Utc>) -> String {
    local(at).format("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    #[test]
    fn a_day_there_begins_at_four_in_the_afternoon_of_utc() {
        for (moment, day, shown) in [
            ("2026-07-08T15:59:59Z", "2026-07-08", "2026-07-08 23:59"),
            ("2026-07-08T16:00:00Z", "2026-07-09", "2026-07-09 00:00"),
            ("2025-12-31T20:30:00Z", "2026-01-01", "2026-01-01 04:30"),
        ] {
            assert_eq!((day_of(at(moment)).to_string().as_str(), written(at(moment)).as_str()), (day, shown));
            assert_eq!(universal(local(at(moment))), at(moment));
        }
        let day = "2026-07-09".parse().expect("a day");
        assert_eq!(begin_of_day(day), at("2026-07-08T16:00:00Z"));
        assert_eq!(end_of_day(day), at("2026-07-09T15:59:59Z"));
    }

    #[test]
    fn the_ends_of_time_are_days_too() {
        assert_eq!(day_of(DateTime::<Utc>::MAX_UTC), DateTime::<Utc>::MAX_UTC.date_naive());
        assert_eq!(begin_of_day(NaiveDate::MIN).date_naive(), NaiveDate::MIN);
        assert_eq!(end_of_day(NaiveDate::MAX).date_naive(), NaiveDate::MAX);
    }
}
