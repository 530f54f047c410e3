use std::{fmt, str::FromStr};

use chrono::{Datelike, Days, NaiveDate};

/// The span of time that a figure is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

    /// The month that a day is in.
    pub fn month_of(day: NaiveDate) -> Self {
        Self::Month(day.year(), day.month())
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
}
