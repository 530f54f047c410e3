//! Public holidays 放假安排: the days of each year, as they came with the program or as an administrator put them in.
//!
//! They are the same for all campaigns. Nothing of them is kept in memory: whoever needs them asks the store, so that all
//! servers on one database count alike from the moment that a year was saved.

pub mod edit;
pub mod list;
pub mod look_up;
pub mod preview;
pub(crate) mod settle;

use chengjing_domain::{
    duty::workdays::{Calendar, HolidayFault, HolidayProblem, HolidayYear},
    id::UserId,
};
use chengjing_store::{Queries, people, setting};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Refusal, refusal::Faults};

/// What the names of their settings begin with; the year follows.
const UNDER: &str = "holidays/";

fn key(year: i32) -> String {
    format!("{UNDER}{year}")
}

/// A year as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Stored {
    /// In the format that `docs/HOLIDAYS.md` describes; None: the administrator went back to what came with the program.
    file: Option<String>,
    changed_by: UserId,
    changed_at: DateTime<Utc>,
}

impl Stored {
    fn parse(text: &str) -> Result<Self, Refusal> {
        serde_json::from_str(text).map_err(|_| Refusal::Internal("stored holidays can't be read"))
    }

    fn year(&self) -> Result<Option<HolidayYear>, Refusal> {
        let read = self.file.as_deref().map(HolidayYear::read).transpose();
        read.map_err(|_| Refusal::Internal("a stored year of holidays can't be read"))
    }
}

/// Where a year's holidays come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// They came with the program.
    Shipped,
    /// Somebody put them in.
    Own { changed_by: Option<String>, changed_at: DateTime<Utc> },
    /// They are not known: Monday to Friday are taken for working days.
    Unknown,
}

/// What is known of a year's holidays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearSeen {
    pub year: i32,
    pub origin: Origin,
    /// None: unknown.
    pub holidays: Option<HolidayYear>,
    /// Whether the program brought days of that year, to which one can go back.
    pub comes_with: bool,
    pub version: i64,
}

/// The working days as all servers count them.
pub(crate) async fn calendar(q: &impl Queries) -> Result<Calendar, Refusal> {
    let mut calendar = Calendar::shipped();
    for (_, value, _) in setting::list_under(q, UNDER).await? {
        if let Some(year) = Stored::parse(&value)?.year()? {
            calendar = calendar.with(year);
        }
    }
    Ok(calendar)
}

async fn seen(q: &impl Queries, year: i32) -> Result<YearSeen, Refusal> {
    let (value, version) = setting::lookup_versioned(q, &key(year)).await?;
    of_stored(q, year, value.as_deref(), version).await
}

async fn of_stored(
    q: &impl Queries,
    year: i32,
    value: Option<&str>,
    version: i64,
) -> Result<YearSeen, Refusal> {
    let shipped = Calendar::shipped().years().find(|shipped| shipped.year == year).cloned();
    let comes_with = shipped.is_some();
    let stored = value.map(Stored::parse).transpose()?;
    let own = match &stored {
        Some(stored) => stored.year()?.map(|own| (stored, own)),
        None => None,
    };
    let (origin, holidays) = match (own, shipped) {
        (Some((stored, own)), _) => {
            let by = stored.changed_by;
            let changed_by = people::display_names(q, &[by]).await?.remove(&by);
            (Origin::Own { changed_by, changed_at: stored.changed_at }, Some(own))
        }
        (None, Some(shipped)) => (Origin::Shipped, Some(shipped)),
        (None, None) => (Origin::Unknown, None),
    };
    Ok(YearSeen { year, origin, holidays, comes_with, version })
}

/// The year that a file says, all faults at once; it must be that year's.
fn read(year: i32, file: &str) -> Result<HolidayYear, Refusal> {
    let mut faults = Faults::default();
    let told = match HolidayYear::read(file) {
        Ok(told) => Some(told),
        Err(found) => {
            found.iter().for_each(|fault| tell(&mut faults, fault));
            None
        }
    };
    if let Some(other) = told.as_ref().map(|told| told.year).filter(|other| *other != year) {
        faults.add(
            "year",
            format!("这是{other}年的安排，应为{year}年"),
            format!("these are days of {other}; expected {year}"),
        );
    }
    faults.end()?;
    told.ok_or(Refusal::Internal("a file of holidays has neither days nor faults"))
}

fn tell(faults: &mut Faults, HolidayFault { place, line, problem }: &HolidayFault) {
    use HolidayProblem as P;
    let zh = match problem {
        P::Unreadable(_) => "格式不对，请对照说明检查".to_owned(),
        P::Year(year) => format!("{year}不是1949至2999之间的年份"),
        P::Empty => "请填写".to_owned(),
        P::Wordy => "最多100个字".to_owned(),
        P::NoDay(text) => format!("“{text}”不是日期，应写成2026-10-01这样"),
        P::OtherYear(day) => format!("{day}不在这一年，也不在前后一个月内"),
        P::EndsBefore { to } => format!("结束日{to}早于开始日"),
        P::TooLong { days } => format!("共{days}天，太长了，一次放假最多15天"),
        P::Overlaps(day) => format!("{day}已在前面的假期里"),
        P::NoWeekend(day) => format!("{day}不是周末，本来就上班"),
        P::OnHoliday(day) => format!("{day}在假期里"),
        P::Twice(day) => format!("{day}写了两次"),
    };
    faults.add(place.clone(), format!("第{line}行：{zh}"), format!("line {line}: {problem}"));
}
