//! Public holidays 放假安排, the same for all campaigns.

pub(crate) mod edit;
pub(crate) mod list;
pub(crate) mod look_up;
pub(crate) mod preview;
pub(crate) mod reset;

use chengjing_domain::duty::workdays::{Holiday, HolidayYear};
use chengjing_service::holiday::{Origin, YearSeen};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a year's holidays come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum HolidayOrigin {
    /// They came with the program.
    Shipped,
    /// An administrator put them in.
    Own,
    /// Monday to Friday are taken for working days.
    Unknown,
}

/// Some days in a row on which nobody works.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct HolidayBody {
    #[schema(example = "国庆节")]
    name: String,
    from: NaiveDate,
    /// Included.
    to: NaiveDate,
    /// Weekend days on which one works for it.
    #[schema(max_items = 62)]
    working: Vec<NaiveDate>,
}

impl From<Holiday> for HolidayBody {
    fn from(Holiday { name, from, to, working }: Holiday) -> Self {
        Self { name, from, to, working }
    }
}

/// What is known of a year's holidays.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct HolidayYearBody {
    year: i32,
    origin: HolidayOrigin,
    /// The notice that they were taken from; null where they are unknown.
    #[schema(example = "国务院办公厅关于2026年部分节假日安排的通知")]
    source: Option<String>,
    #[schema(max_items = 100)]
    holidays: Vec<HolidayBody>,
    days_off: usize,
    /// Weekend days on which one works.
    make_up_days: usize,
    /// The same as a file, in the format of docs/HOLIDAYS.md; null where they are unknown.
    file: Option<String>,
    /// Whether the program brought days of that year, to which one can go back.
    comes_with: bool,
    /// Who put them in; null where they came with the program.
    changed_by: Option<String>,
    changed_at: Option<DateTime<Utc>>,
    version: i64,
}

impl From<YearSeen> for HolidayYearBody {
    fn from(YearSeen { year, origin, holidays, comes_with, version }: YearSeen) -> Self {
        let (origin, changed_by, changed_at) = match origin {
            Origin::Shipped => (HolidayOrigin::Shipped, None, None),
            Origin::Unknown => (HolidayOrigin::Unknown, None, None),
            Origin::Own { changed_by, changed_at } => (HolidayOrigin::Own, changed_by, Some(changed_at)),
        };
        let (days_off, make_up_days) = holidays.as_ref().map_or((0, 0), HolidayYear::lengths);
        let file = holidays.as_ref().map(HolidayYear::file);
        let (source, holidays) =
            holidays.map_or((None, Vec::new()), |year| (Some(year.source), year.holidays));
        let holidays = holidays.into_iter().map(HolidayBody::from).collect();
        Self {
            year,
            origin,
            source,
            holidays,
            days_off,
            make_up_days,
            file,
            comes_with,
            changed_by,
            changed_at,
            version,
        }
    }
}

/// A year's file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HolidayFile {
    /// JSON as docs/HOLIDAYS.md describes it. Faults name the place in it, and its line.
    #[schema(
        max_length = 100_000,
        example = "{ \"year\": 2027, \"source\": \"国务院办公厅关于2027年部分节假日安排的通知\", \"holidays\": [] }"
    )]
    file: String,
}
