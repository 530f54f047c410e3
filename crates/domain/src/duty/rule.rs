//! A rule of recurrence: the part of RFC 5545's RRULE that duties need, read and written.

use std::{fmt, str::FromStr};

use chrono::{NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// The parts that are understood: `FREQ` (`DAILY`, `WEEKLY`, `MONTHLY`, `YEARLY`), `INTERVAL`, `BYDAY`, `BYMONTHDAY`,
/// `BYMONTH`, `COUNT`, `UNTIL`; `WKST=MO`, which says nothing new. Lists are sorted and each value stands once, so that
/// equal rules have equal texts.
///
/// ```
/// # use chengjing_domain::duty::rule::Rule;
/// let rule: Rule = "RRULE:BYMONTHDAY=-1,15;FREQ=MONTHLY".parse()?;
/// assert_eq!(rule.to_string(), "FREQ=MONTHLY;BYMONTHDAY=15,-1");
/// # Ok::<(), chengjing_domain::duty::rule::RuleFaults>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rule {
    pub(super) frequency: Frequency,
    /// 1–999.
    pub(super) interval: u16,
    pub(super) days: Vec<Nth>,
    /// 1–31, or -1 to -31 from the month's end.
    pub(super) month_days: Vec<i8>,
    /// 1–12.
    pub(super) months: Vec<u8>,
    /// 1–9999; never together with `until`.
    pub(super) count: Option<u32>,
    /// The last possible day.
    pub(super) until: Option<NaiveDate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// A weekday, or the nth of a month (-1: the last).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Nth {
    pub(super) nth: Option<i8>,
    pub(super) weekday: Weekday,
}

/// Everything that is wrong with a rule's text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct RuleFaults(pub Vec<RuleFault>);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleFault {
    #[error("the rule is longer than {LONGEST_RULE} characters")]
    TooLong,
    #[error("“{0}” is not NAME=VALUE")]
    NoPart(String),
    #[error(
        "{0} is not understood here; possible are FREQ, INTERVAL, BYDAY, BYMONTHDAY, BYMONTH, COUNT, UNTIL"
    )]
    UnknownPart(String),
    #[error("{0} stands there twice")]
    Twice(String),
    #[error("{part}: “{value}”; expected {expected}")]
    Value { part: &'static str, value: String, expected: &'static str },
    #[error("FREQ is missing")]
    NoFrequency,
    #[error("COUNT and UNTIL exclude each other")]
    CountAndUntil,
    #[error("BYMONTHDAY does not go with FREQ=WEEKLY")]
    MonthDayOfWeek,
    /// The nth Monday of what? Of a month, or of nothing.
    #[error("a numbered BYDAY needs FREQ=MONTHLY, or FREQ=YEARLY with BYMONTH, and no BYMONTHDAY")]
    NthOfNoMonth,
}

/// The longest text of a rule, in bytes: every value once is shorter.
pub const LONGEST_RULE: usize = 500;

const FREQUENCIES: [(&str, Frequency); 4] = [
    ("DAILY", Frequency::Daily),
    ("WEEKLY", Frequency::Weekly),
    ("MONTHLY", Frequency::Monthly),
    ("YEARLY", Frequency::Yearly),
];

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Mon),
    ("TU", Weekday::Tue),
    ("WE", Weekday::Wed),
    ("TH", Weekday::Thu),
    ("FR", Weekday::Fri),
    ("SA", Weekday::Sat),
    ("SU", Weekday::Sun),
];

impl FromStr for Rule {
    type Err = RuleFaults;

    fn from_str(text: &str) -> Result<Self, RuleFaults> {
        if text.len() > LONGEST_RULE {
            return Err(RuleFaults(vec![RuleFault::TooLong]));
        }
        let text = text.trim().to_ascii_uppercase();
        let text = text.strip_prefix("RRULE:").unwrap_or(&text);
        let mut reader = Reader::default();
        for part in text.split(';').filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some((name, value)) => reader.part(name, value),
                None => reader.faults.push(RuleFault::NoPart(part.to_owned())),
            }
        }
        reader.rule()
    }
}

#[derive(Debug, Default)]
struct Reader {
    seen: Vec<String>,
    faults: Vec<RuleFault>,
    frequency: Option<Frequency>,
    interval: Option<u16>,
    days: Vec<Nth>,
    month_days: Vec<i8>,
    months: Vec<u8>,
    count: Option<u32>,
    until: Option<NaiveDate>,
}

impl Reader {
    fn part(&mut self, name: &str, value: &str) {
        if self.seen.iter().any(|seen| seen == name) {
            self.faults.push(RuleFault::Twice(name.to_owned()));
            return;
        }
        self.seen.push(name.to_owned());
        match name {
            "FREQ" => {
                self.frequency = self.one("FREQ", value, "DAILY, WEEKLY, MONTHLY or YEARLY", |value| {
                    FREQUENCIES.iter().find(|(name, _)| *name == value).map(|(_, frequency)| *frequency)
                });
            }
            "INTERVAL" => {
                self.interval = self.one("INTERVAL", value, "1 to 999", |value| within(value, 1, 999));
            }
            "COUNT" => self.count = self.one("COUNT", value, "1 to 9999", |value| within(value, 1, 9999)),
            "UNTIL" => self.until = self.one("UNTIL", value, "20261231", day),
            "BYMONTH" => self.months = self.list("BYMONTH", value, "1 to 12", |value| within(value, 1, 12)),
            "BYMONTHDAY" => {
                self.month_days = self.list("BYMONTHDAY", value, "1 to 31 or -31 to -1", |value| {
                    within(value, 1, 31).or_else(|| within(value, -31, -1))
                });
            }
            "BYDAY" => self.days = self.list("BYDAY", value, "MO to SU, or 1MO to 5SU, -1MO to -5SU", nth),
            "WKST" => {
                self.one("WKST", value, "MO", |value| (value == "MO").then_some(()));
            }
            other => self.faults.push(RuleFault::UnknownPart(other.to_owned())),
        }
    }

    fn one<T>(
        &mut self,
        part: &'static str,
        value: &str,
        expected: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let found = read(value);
        if found.is_none() {
            self.faults.push(RuleFault::Value { part, value: value.to_owned(), expected });
        }
        found
    }

    fn list<T>(
        &mut self,
        part: &'static str,
        values: &str,
        expected: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        values.split(',').filter_map(|value| self.one(part, value, expected, &read)).collect()
    }

    fn rule(mut self) -> Result<Rule, RuleFaults> {
        if !self.seen.iter().any(|name| name == "FREQ") {
            self.faults.push(RuleFault::NoFrequency);
        }
        if self.count.is_some() && self.until.is_some() {
            self.faults.push(RuleFault::CountAndUntil);
        }
        let frequency = self.frequency;
        if frequency == Some(Frequency::Weekly) && !self.month_days.is_empty() {
            self.faults.push(RuleFault::MonthDayOfWeek);
        }
        let of_a_month = match frequency {
            Some(Frequency::Monthly) | None => true,
            Some(Frequency::Yearly) => !self.months.is_empty(),
            Some(Frequency::Daily | Frequency::Weekly) => false,
        };
        if self.days.iter().any(|day| day.nth.is_some()) && (!of_a_month || !self.month_days.is_empty()) {
            self.faults.push(RuleFault::NthOfNoMonth);
        }
        let (Some(frequency), true) = (frequency, self.faults.is_empty()) else {
            return Err(RuleFaults(self.faults));
        };
        self.days.sort_unstable_by_key(|day| (day.nth, day.weekday.num_days_from_monday()));
        self.days.dedup();
        // From the month's end after those from its beginning: 15, then -1.
        self.month_days.sort_unstable_by_key(|day| (*day < 0, *day));
        self.month_days.dedup();
        self.months.sort_unstable();
        self.months.dedup();
        Ok(Rule {
            frequency,
            interval: self.interval.unwrap_or(1),
            days: self.days,
            month_days: self.month_days,
            months: self.months,
            count: self.count,
            until: self.until,
        })
    }
}

fn within<T: FromStr + PartialOrd + Copy>(value: &str, least: T, most: T) -> Option<T> {
    let number = value.parse().ok()?;
    (least <= number && number <= most).then_some(number)
}

/// `20261231`; of a moment (`20261231T160000Z`) its day as written, for this program knows no hours here.
fn day(value: &str) -> Option<NaiveDate> {
    let (day, time) = value.split_once('T').unwrap_or((value, "000000Z"));
    let time = time.strip_suffix('Z').unwrap_or(time);
    let digits = |text: &str, long| text.len() == long && text.bytes().all(|byte| byte.is_ascii_digit());
    (digits(day, 8) && digits(time, 6)).then(|| NaiveDate::parse_from_str(day, "%Y%m%d").ok()).flatten()
}

fn nth(value: &str) -> Option<Nth> {
    let (number, name) = value.split_at_checked(value.len().checked_sub(2)?)?;
    let weekday = WEEKDAYS.iter().find(|(code, _)| *code == name).map(|(_, weekday)| *weekday)?;
    let nth = match number {
        "" => None,
        number => Some(within(number, 1, 5).or_else(|| within(number, -5, -1))?),
    };
    Some(Nth { nth, weekday })
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let frequency =
            FREQUENCIES.iter().find(|(_, own)| *own == self.frequency).map_or("", |(name, _)| name);
        write!(f, "FREQ={frequency}")?;
        if self.interval != 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        let list = |f: &mut fmt::Formatter<'_>, name: &str, values: Vec<String>| match values.is_empty() {
            true => Ok(()),
            false => write!(f, ";{name}={}", values.join(",")),
        };
        list(f, "BYMONTH", self.months.iter().map(ToString::to_string).collect())?;
        list(f, "BYMONTHDAY", self.month_days.iter().map(ToString::to_string).collect())?;
        list(f, "BYDAY", self.days.iter().map(ToString::to_string).collect())?;
        if let Some(count) = self.count {
            write!(f, ";COUNT={count}")?;
        }
        if let Some(until) = self.until {
            write!(f, ";UNTIL={}", until.format("%Y%m%d"))?;
        }
        Ok(())
    }
}

impl fmt::Display for Nth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(nth) = self.nth {
            write!(f, "{nth}")?;
        }
        f.write_str(WEEKDAYS.iter().find(|(_, own)| *own == self.weekday).map_or("", |(name, _)| name))
    }
}

impl TryFrom<String> for Rule {
    type Error = RuleFaults;

    fn try_from(text: String) -> Result<Self, RuleFaults> {
        text.parse()
    }
}

impl From<Rule> for String {
    fn from(rule: Rule) -> Self {
        rule.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_written_in_one_way_only() {
        let cases = [
            ("freq=daily", "FREQ=DAILY"),
            ("RRULE:FREQ=WEEKLY;WKST=MO;BYDAY=FR,MO,FR;INTERVAL=2", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR"),
            ("FREQ=MONTHLY;BYMONTHDAY=-1,15", "FREQ=MONTHLY;BYMONTHDAY=15,-1"),
            ("FREQ=MONTHLY;BYDAY=-1FR,1MO", "FREQ=MONTHLY;BYDAY=-1FR,1MO"),
            ("FREQ=YEARLY;UNTIL=20271231T160000Z;BYMONTH=12,3", "FREQ=YEARLY;BYMONTH=3,12;UNTIL=20271231"),
            ("FREQ=DAILY;INTERVAL=1;COUNT=10;", "FREQ=DAILY;COUNT=10"),
        ];
        for (text, expected) in cases {
            let rule: Rule = text.parse().expect(text);
            assert_eq!(rule.to_string(), expected);
            assert_eq!(expected.parse(), Ok(rule));
        }
    }

    #[test]
    fn everything_wrong_with_a_rule_is_named_at_once() {
        let cases: &[(&str, &[&str])] = &[
            ("", &["FREQ is missing"]),
            ("FREQ=HOURLY", &["FREQ: “HOURLY”; expected DAILY, WEEKLY, MONTHLY or YEARLY"]),
            ("FREQ=DAILY;FREQ=WEEKLY", &["FREQ stands there twice"]),
            (
                "INTERVAL=0;BYMONTH=13,2;BYMONTHDAY=0,32;COUNT=x",
                &[
                    "INTERVAL: “0”; expected 1 to 999",
                    "BYMONTH: “13”; expected 1 to 12",
                    "BYMONTHDAY: “0”; expected 1 to 31 or -31 to -1",
                    "BYMONTHDAY: “32”; expected 1 to 31 or -31 to -1",
                    "COUNT: “X”; expected 1 to 9999",
                    "FREQ is missing",
                ],
            ),
            ("FREQ=DAILY;COUNT=1;UNTIL=20260101", &["COUNT and UNTIL exclude each other"]),
            ("FREQ=DAILY;UNTIL=20260230", &["UNTIL: “20260230”; expected 20261231"]),
            ("FREQ=WEEKLY;BYMONTHDAY=1", &["BYMONTHDAY does not go with FREQ=WEEKLY"]),
            (
                "FREQ=WEEKLY;BYDAY=1MO,XX,6TU,日",
                &[
                    "BYDAY: “XX”; expected MO to SU, or 1MO to 5SU, -1MO to -5SU",
                    "BYDAY: “6TU”; expected MO to SU, or 1MO to 5SU, -1MO to -5SU",
                    "BYDAY: “日”; expected MO to SU, or 1MO to 5SU, -1MO to -5SU",
                    "a numbered BYDAY needs FREQ=MONTHLY, or FREQ=YEARLY with BYMONTH, and no BYMONTHDAY",
                ],
            ),
            (
                "FREQ=DAILY;BYSETPOS=1;什么",
                &[
                    "BYSETPOS is not understood here; possible are FREQ, INTERVAL, BYDAY, BYMONTHDAY, BYMONTH, COUNT, UNTIL",
                    "“什么” is not NAME=VALUE",
                ],
            ),
        ];
        for (text, expected) in cases {
            let faults: Vec<String> =
                text.parse::<Rule>().expect_err(text).0.iter().map(ToString::to_string).collect();
            assert_eq!(faults, *expected, "{text}");
        }
    }
}
