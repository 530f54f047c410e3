//! Calendars (RFC 5545) that phones and mail programs subscribe to.

use chrono::{DateTime, NaiveDate, Utc};
use icalendar::{Calendar, Component, Event, EventLike, Property};

/// Something that is due on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueDay {
    /// The same for the same thing on the same day at every fetch, so that a calendar shows it once.
    pub id: String,
    pub title: String,
    pub text: String,
    pub day: NaiveDate,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
}

/// The file of a calendar with that name. Programs ask for it again after some hours.
#[must_use]
pub fn calendar(name: &str, days: &[DueDay]) -> String {
    let mut calendar = Calendar::new();
    calendar.name(name);
    // How often to ask again: the standard's word and the one that older programs know.
    calendar
        .append_property(Property::new("REFRESH-INTERVAL", "PT4H").add_parameter("VALUE", "DURATION").done());
    calendar.append_property(Property::new("X-PUBLISHED-TTL", "PT4H"));
    for due in days {
        let mut event = Event::new();
        event
            .uid(&due.id)
            .summary(&due.title)
            .description(&due.text)
            .all_day(due.day)
            .timestamp(due.changed_at)
            .last_modified(due.changed_at);
        // A day that something is due on keeps nobody from meeting on it.
        event.add_property("TRANSP", "TRANSPARENT");
        calendar.push(event.done());
    }
    calendar.done().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calendar_holds_whole_days_with_words_of_any_length_and_any_sign() {
        let text = calendar("清水县 任务", &[due()]);
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"), "{text}");
        assert!(text.contains("DTSTART;VALUE=DATE:20260630\r\n"), "{text}");
        assert!(
            text.contains("X-WR-CALNAME:清水县 任务\r\n") || text.contains("NAME:清水县 任务\r\n"),
            "{text}"
        );
        // Lines of at most 75 octets, broken between characters; put together again they say what was said.
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        let whole = text.replace("\r\n ", "");
        assert!(whole.contains(&format!("SUMMARY:整治小巷\\;清理\\,垃圾{}\r\n", "长".repeat(60))), "{whole}");
        assert!(whole.contains("DESCRIPTION:第一行\\n第二行\\\\\r\n"), "{whole}");
        assert_eq!(text, calendar("清水县 任务", &[due()]), "the same at every fetch");
    }

    fn due() -> DueDay {
        DueDay {
            id: "019b-2026@chengjing".into(),
            title: format!("整治小巷;清理,垃圾{}", "长".repeat(60)),
            text: "第一行\n第二行\\".into(),
            day: NaiveDate::from_ymd_opt(2026, 6, 30).expect("a day"),
            changed_at: DateTime::from_timestamp(1_780_000_000, 0).expect("a moment"),
        }
    }
}
