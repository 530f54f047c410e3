use std::{borrow::Cow, fmt, str::FromStr};

use chrono::{Datelike, Days, NaiveDate};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// The span of time that a figure is of; as a text `2026`, `2026-Q3`, `2026-06`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Period {
    Year(i32),
    /// 1 to 4.
    Quarter(i32, u32),
    /// 1 to 12.
    Month(i32, u32),
}

/// It is neither `2026` nor `2026-Q3` nor `2026-06`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected 2026, 2026-Q3 or 2026-06")]
pub struct NoPeriod;

impl Period {
    /// What its schema calls it.
    pub const FORMAT: &str = "period";

    /// Its last day: what a figure tells of, it tells of as it stood then.
    pub fn last_day(self) -> NaiveDate {
        let (year, after) = match self {
            Self::Year(year) => (year + 1, 1),
            Self::Quarter(year, 4) | Self::Month(year, 12) => (year + 1, 1),
            Self::Quarter(year, quarter) => (year, quarter * 3 + 1),
            Self::Month(year, month) => (year, month + 1),
        };
        let next = NaiveDate::from_ymd_opt(year, after, 1);
        next.and_then(|next| next.checked_sub_days(Days::new(1))).unwrap_or_default()
    }

    /// Its first day: before it there is nothing to tell of it.
    pub fn first_day(self) -> NaiveDate {
        let (year, month) = match self {
            Self::Year(year) => (year, 1),
            Self::Quarter(year, quarter) => (year, quarter * 3 - 2),
            Self::Month(year, month) => (year, month),
        };
        NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default()
    }

    /// By which the newest of several is found: the one that ends last, and of those that end on one day the longest. What is said
    /// of a whole year says more than what is said of its last month.
    pub fn recency(self) -> impl Ord {
        let length = match self {
            Self::Month(..) => 1,
            Self::Quarter(..) => 3,
            Self::Year(_) => 12,
        };
        (self.last_day(), length)
    }

    /// How long it is.
    pub fn step(self) -> Step {
        match self {
            Self::Year(_) => Step::Year,
            Self::Quarter(..) => Step::Quarter,
            Self::Month(..) => Step::Month,
        }
    }

    /// The month that a day is in.
    pub fn month_of(day: NaiveDate) -> Self {
        Self::Month(day.year(), day.month())
    }

    /// As the heading of a column says it: `2026年`, `2026年第3季度`, `2026年6月`.
    pub fn heading(self) -> String {
        match self {
            Self::Year(year) => format!("{year}年"),
            Self::Quarter(year, quarter) => format!("{year}年第{quarter}季度"),
            Self::Month(year, month) => format!("{year}年{month}月"),
        }
    }

    /// From what heads a column, in the program's way of writing or in an office's: also `2026年三季度` and what a
    /// spreadsheet makes of a month, `2026年6月1日`.
    ///
    /// # Errors
    /// It is no period.
    pub fn of_heading(text: &str) -> Result<Self, NoPeriod> {
        let text: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
        if let Ok(plain) = text.parse() {
            return Ok(plain);
        }
        let (year, rest) = text.split_once('年').ok_or(NoPeriod)?;
        let Self::Year(of) = year.parse()? else { return Err(NoPeriod) };
        if rest.is_empty() {
            return Ok(Self::Year(of));
        }
        if let Some(quarter) = rest.strip_suffix("季度").or_else(|| rest.strip_suffix('季')) {
            let quarter = quarter.strip_prefix('第').unwrap_or(quarter);
            let spelled = ["一", "二", "三", "四"].iter().position(|word| *word == quarter);
            let digit = spelled.map_or_else(|| quarter.to_owned(), |n| (n + 1).to_string());
            return format!("{of}-Q{digit}").parse();
        }
        let month = rest.strip_suffix("月1日").or_else(|| rest.strip_suffix('月')).ok_or(NoPeriod)?;
        if month.starts_with('0') && month.len() != 2 {
            return Err(NoPeriod);
        }
        format!("{of}-{month:0>2}").parse()
    }
}

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Month,
    Quarter,
    Year,
}

impl Step {
    /// How many years stand beside each other where each has one figure.
    const YEARS: i32 = 5;

    /// The periods of a year, the earliest first; of years, that one and those before it.
    pub fn periods(self, year: i32) -> Vec<Period> {
        match self {
            Self::Month => (1..=12).map(|month| Period::Month(year, month)).collect(),
            Self::Quarter => (1..=4).map(|quarter| Period::Quarter(year, quarter)).collect(),
            Self::Year => (year - Self::YEARS + 1..=year).map(Period::Year).collect(),
        }
    }
}

impl FromStr for Period {
    type Err = NoPeriod;

    fn from_str(text: &str) -> Result<Self, NoPeriod> {
        let number = |digits: &str, length: usize| {
            let plain = digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse::<u32>().ok().filter(|_| plain).ok_or(NoPeriod)
        };
        let year = |digits: &str| {
            let year = number(digits, 4)?;
            if (1900..=2199).contains(&year) {
                i32::try_from(year).map_err(|_| NoPeriod)
            } else {
                Err(NoPeriod)
            }
        };
        match text.split_once('-') {
            None => Ok(Self::Year(year(text)?)),
            Some((of, part)) => match part.strip_prefix('Q') {
                Some(quarter) => {
                    let quarter = number(quarter, 1)?;
                    if (1..=4).contains(&quarter) {
                        Ok(Self::Quarter(year(of)?, quarter))
                    } else {
                        Err(NoPeriod)
                    }
                }
                None => {
                    let month = number(part, 2)?;
                    if (1..=12).contains(&month) { Ok(Self::Month(year(of)?, month)) } else { Err(NoPeriod) }
                }
            },
        }
    }
}

impl TryFrom<String> for Period {
    type Error = NoPeriod;

    fn try_from(text: String) -> Result<Self, NoPeriod> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

impl JsonSchema for Period {
    fn schema_name() -> Cow<'static, str> {
        "Period".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": Self::FORMAT,
            "pattern": "^(19|20|21)[0-9]{2}(-Q[1-4]|-(0[1-9]|1[0-2]))?$",
            "examples": ["2026", "2026-Q3", "2026-06"],
        })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year}"),
            Self::Quarter(year, quarter) => write!(f, "{year}-Q{quarter}"),
            Self::Month(year, month) => write!(f, "{year}-{month:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_read_as_it_is_written_and_nothing_else_is_one() {
        for (text, last) in [
            ("2026", "2026-12-31"),
            ("2026-Q1", "2026-03-31"),
            ("2026-Q4", "2026-12-31"),
            ("2026-02", "2026-02-28"),
            ("2028-02", "2028-02-29"),
            ("2026-12", "2026-12-31"),
        ] {
            let period: Period = text.parse().expect(text);
            assert_eq!((period.to_string().as_str(), period.last_day().to_string().as_str()), (text, last));
        }
        for text in [
            "",
            "26",
            "2026-Q5",
            "2026-Q0",
            "2026-13",
            "2026-00",
            "2026-6",
            "2026-06-01",
            "2026年",
            "+026",
            "0001",
        ] {
            assert_eq!(text.parse::<Period>(), Err(NoPeriod), "{text}");
        }
    }

    #[test]
    fn a_column_may_be_headed_as_an_office_writes_it_and_what_is_no_period_is_none() {
        for (heading, period) in [
            ("2026-06", Period::Month(2026, 6)),
            ("2026年6月", Period::Month(2026, 6)),
            ("2026年06月", Period::Month(2026, 6)),
            ("2026年 12 月", Period::Month(2026, 12)),
            ("2026年6月1日", Period::Month(2026, 6)),
            ("2026年第3季度", Period::Quarter(2026, 3)),
            ("2026年三季度", Period::Quarter(2026, 3)),
            ("2026年", Period::Year(2026)),
            ("2026", Period::Year(2026)),
        ] {
            assert_eq!(Period::of_heading(heading), Ok(period), "{heading}");
        }
        for heading in ["2026年13月", "2026年6月2日", "2026年五季度", "26年6月", "说明", "2026年上半年", ""]
        {
            assert_eq!(Period::of_heading(heading), Err(NoPeriod), "{heading}");
        }
        for step in [Step::Month, Step::Quarter, Step::Year] {
            for period in step.periods(2026) {
                assert_eq!(Period::of_heading(&period.heading()), Ok(period));
                assert!(period.first_day() <= period.last_day());
            }
        }
        assert_eq!(Period::Quarter(2026, 3).first_day().to_string(), "2026-07-01");
        assert_eq!(Step::Year.periods(2026).first(), Some(&Period::Year(2022)));
    }
}
