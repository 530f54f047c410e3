use std::collections::BTreeMap;

use chengjing_domain::{
    clock::day_of,
    duty::task::{DeedKind, UnitTally},
    id::{CampaignId, UnitId},
    people::policy::{Action, Resource},
};
use chengjing_store::task::{self as store, Counted, Did};
use chrono::{Days, NaiveDate};

use super::Named;
use crate::{App, Caller, Refusal, duty::Names};

/// How many days back the overview tells what was done.
pub const DAYS: u64 = 28;

/// How the tasks of a campaign stand today.
#[derive(Debug, Clone, Default)]
pub struct Overview {
    pub today: NaiveDate,
    /// Each unit that owes something, the one with the most late first.
    pub units: Vec<UnitStanding>,
    /// The last [`DAYS`] days, today last, each of them.
    pub days: Vec<DayDone>,
}

/// How one unit stands, and what it was asked in the last [`DAYS`] days.
#[derive(Debug, Clone, Copy)]
pub struct UnitStanding {
    pub unit: UnitId,
    pub tally: UnitTally,
    /// How often it reported, and how often it was sent back: what the campaign costs it.
    pub reports: u64,
    pub sent_back: u64,
}

/// What was done on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DayDone {
    pub day: NaiveDate,
    pub reported: u64,
    pub confirmed: u64,
    pub sent_back: u64,
}

/// How the tasks of a campaign stand today, unit by unit, and what was done lately.
pub async fn overview(app: &App, caller: &Caller, campaign: CampaignId) -> Result<Named<Overview>, Refusal> {
    caller.may(Action::SeeOverview, Resource::Campaign(campaign))?;
    let today = day_of(caller.now);
    app.store
        .read(|q| async move {
            let first = today.checked_sub_days(Days::new(DAYS - 1)).unwrap_or(today);
            let mut units: BTreeMap<UnitId, UnitStanding> = BTreeMap::new();
            let fresh = |unit| UnitStanding { unit, tally: UnitTally::default(), reports: 0, sent_back: 0 };
            for count in store::counts(&q, campaign, None).await? {
                let standing = units.entry(count.unit).or_insert_with(|| fresh(count.unit));
                match count.counted {
                    Counted::In(state) => standing.tally.add(state, count.due_on, count.n, today),
                    Counted::AsksTime => standing.tally.asks_time += count.n,
                }
            }
            let mut days: BTreeMap<NaiveDate, DayDone> =
                first.iter_days().take_while(|day| *day <= today).map(|day| (day, of_day(day))).collect();
            for count in store::deed_counts(&q, campaign, (first, today)).await? {
                let standing = units.entry(count.unit).or_insert_with(|| fresh(count.unit));
                let day = days.entry(count.day).or_insert_with(|| of_day(count.day));
                match count.did {
                    Did::Deed(DeedKind::Report) => {
                        day.reported += count.n;
                        standing.reports += count.n;
                    }
                    Did::Deed(DeedKind::Confirm) => day.confirmed += count.n,
                    Did::Deed(DeedKind::SendBack | DeedKind::Reopen) => {
                        day.sent_back += count.n;
                        standing.sent_back += count.n;
                    }
                    _ => {}
                }
            }
            let mut units: Vec<UnitStanding> = units.into_values().collect();
            units.sort_by_key(|unit| (std::cmp::Reverse((unit.tally.late, unit.tally.due_soon)), unit.unit));
            let overview = Overview { today, units, days: days.into_values().collect() };
            Ok((overview, Names::load(&q, campaign).await?))
        })
        .await
}

fn of_day(day: NaiveDate) -> DayDone {
    DayDone { day, ..DayDone::default() }
}
