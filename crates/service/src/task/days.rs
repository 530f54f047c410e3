use std::collections::BTreeMap;

use chengjing_domain::{
    clock::day_of,
    duty::{task::StateKind, workdays::Calendar},
    id::{CampaignId, UnitId},
};
use chengjing_store::{
    campaign as campaigns,
    task::{self as store, Counted},
};
use chrono::{NaiveDate, TimeDelta};

use super::scope;
use crate::{App, Caller, Refusal, holiday};

/// The most days of one request: a month with the weeks that it begins and ends in.
pub const MOST_DAYS: i64 = 62;

/// What is due on one day, and what day it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueDay {
    pub day: NaiveDate,
    pub kind: KindOfDay,
    /// Tasks that are the unit's turn.
    pub open: u64,
    /// Tasks that wait for the office.
    pub waiting: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KindOfDay {
    Workday,
    Weekend,
    /// With its name.
    Holiday(String),
    /// A weekend day on which one works for the holiday of that name.
    MakeUp(String),
}

/// Some days in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueDays {
    pub today: NaiveDate,
    pub days: Vec<DueDay>,
    /// Whether the holidays of all these days are known; otherwise Monday to Friday were taken for working days.
    pub certain: bool,
}

/// How many tasks that the caller may see are due on each of these days, from counters. What ended is due no more.
pub async fn days(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    (from, to): (NaiveDate, NaiveDate),
    unit: Option<UnitId>,
) -> Result<DueDays, Refusal> {
    let visible = scope(caller, campaign)?;
    if to < from || to - from >= TimeDelta::days(MOST_DAYS) {
        return Err(Refusal::invalid(
            "to",
            format!("应不早于开始日期，最多{MOST_DAYS}天"),
            format!("must not be before the first day; at most {MOST_DAYS} days"),
        ));
    }
    let today = day_of(caller.now);
    let calendar = app.store.read(|q| async move { holiday::calendar(&q).await }).await?;
    let mut days: BTreeMap<NaiveDate, DueDay> = from
        .iter_days()
        .take_while(|day| *day <= to)
        .map(|day| (day, DueDay { day, kind: kind(&calendar, day), open: 0, waiting: 0 }))
        .collect();
    let certain = days.keys().all(|day| calendar.knows(chrono::Datelike::year(day)));
    let counts = app.store.read(|q| async move {
        campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
        let below = match visible {
            Some(units) => Some(campaigns::list_units_below(&q, campaign, &units).await?),
            None => None,
        };
        let wanted = match (unit, below) {
            (None, None) => return Ok(store::counts(&q, campaign, None).await?),
            (Some(unit), None) => vec![unit],
            (None, Some(below)) => below,
            (Some(unit), Some(below)) => below.into_iter().filter(|own| *own == unit).collect(),
        };
        let mut all = Vec::new();
        for unit in wanted {
            all.extend(store::counts(&q, campaign, Some(unit)).await?);
        }
        Ok::<_, Refusal>(all)
    });
    for count in counts.await? {
        let (Counted::In(state), Some(day)) = (count.counted, count.due_on) else { continue };
        let Some(day) = days.get_mut(&day) else { continue };
        match state {
            StateKind::Reported | StateKind::Returned => day.waiting += count.n,
            state if state.is_the_units_turn() => day.open += count.n,
            _ => {}
        }
    }
    Ok(DueDays { today, days: days.into_values().collect(), certain })
}

fn kind(calendar: &Calendar, day: NaiveDate) -> KindOfDay {
    use chengjing_domain::duty::workdays::DayKind;
    match calendar.day(day) {
        DayKind::Workday => KindOfDay::Workday,
        DayKind::Weekend => KindOfDay::Weekend,
        DayKind::Holiday(name) => KindOfDay::Holiday(name.to_owned()),
        DayKind::MakeUp(name) => KindOfDay::MakeUp(name.to_owned()),
    }
}
