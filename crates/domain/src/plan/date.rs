use std::{fmt, str::FromStr};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A date as precisely as a plan gives it: `2023`, `2023-05`, `2023-05-26`; `XXXX` for a year that the text
/// masks (`20xx年`) or leaves to be understood.
///
/// ```
/// # use chengjing_domain::plan::PlanDate;
/// let due: PlanDate = "XXXX-06-30".parse()?;
/// assert_eq!(due.to_string(), "XXXX-06-30");
/// assert_eq!(due.in_year(2026).last_day(), chrono::NaiveDate::from_ymd_opt(2026, 6, 30));
/// # Ok::<(), chengjing_domain::plan::DateFault>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PlanDate {
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
}

/// Why a text is no [`PlanDate`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is no date; expected 2023, 2023-05, 2023-05-26 or XXXX in place of the year")]
pub struct DateFault(pub String);

impl PlanDate {
    /// None where such a day cannot exist (month 13, 31 April; 29 February counts while the year is unknown).
    pub fn new(year: Option<i32>, month: Option<u32>, day: Option<u32>) -> Option<Self> {
        let possible = match (month, day) {
            (None, None) => true,
            (None, Some(_)) => false,
            (Some(month), None) => (1..=12).contains(&month),
            (Some(month), Some(day)) => {
                const A_LEAP_YEAR: i32 = 2000;
                NaiveDate::from_ymd_opt(year.unwrap_or(A_LEAP_YEAR), month, day).is_some()
            }
        };
        (possible && year.is_none_or(|year| (1000..=9999).contains(&year))).then_some(Self {
            year,
            month,
            day,
        })
    }

    pub fn year(self) -> Option<i32> {
        self.year
    }

    pub fn month(self) -> Option<u32> {
        self.month
    }

    pub fn day(self) -> Option<u32> {
        self.day
    }

    /// The same date with an unknown year made known; a known year stays.
    #[must_use]
    pub fn in_year(self, year: i32) -> Self {
        Self { year: self.year.or(Some(year)), ..self }
    }

    /// The first day it can mean; None while the year is unknown.
    pub fn first_day(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year?, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }

    /// The last day it can mean, which is what a deadline means; None while the year is unknown.
    pub fn last_day(self) -> Option<NaiveDate> {
        let year = self.year?;
        match (self.month, self.day) {
            (Some(month), Some(day)) => {
                NaiveDate::from_ymd_opt(year, month, day).or_else(|| NaiveDate::from_ymd_opt(year, month, 28))
            }
            (Some(12) | None, _) => NaiveDate::from_ymd_opt(year, 12, 31),
            (Some(month), None) => NaiveDate::from_ymd_opt(year, month + 1, 1)?.pred_opt(),
        }
    }
}

impl fmt::Display for PlanDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            Some(year) => write!(f, "{year:04}")?,
            None => f.write_str("XXXX")?,
        }
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

impl FromStr for PlanDate {
    type Err = DateFault;

    fn from_str(text: &str) -> Result<Self, DateFault> {
        let fault = || DateFault(text.to_owned());
        let digits = |part: &str, len: usize| {
            (part.len() == len && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse::<u32>().ok())
                .flatten()
        };
        let mut parts = text.split('-');
        let year = match parts.next() {
            Some("XXXX" | "xxxx") => None,
            Some(year) => Some(digits(year, 4).ok_or_else(fault)? as i32),
            None => return Err(fault()),
        };
        let month = parts.next().map(|part| digits(part, 2).ok_or_else(fault)).transpose()?;
        let day = parts.next().map(|part| digits(part, 2).ok_or_else(fault)).transpose()?;
        if parts.next().is_some() {
            return Err(fault());
        }
        Self::new(year, month, day).ok_or_else(fault)
    }
}

impl TryFrom<String> for PlanDate {
    type Error = DateFault;

    fn try_from(text: String) -> Result<Self, DateFault> {
        text.parse()
    }
}

impl From<PlanDate> for String {
    fn from(date: PlanDate) -> Self {
        date.to_string()
    }
}
