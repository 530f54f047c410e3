use chengjing_domain::{
    burden::Load,
    id::{CampaignId, UnitId},
    people::policy::Action,
    publication::Week,
};
use chengjing_store::burden as store;
use chrono::NaiveDate;

use super::{Burdened, InWeek, called, sort, week_of, weeks_up_to};
use crate::{App, Caller, Refusal, duty::Names, evidence::scope_of};

/// What a campaign asked in a week.
#[derive(Debug, Clone)]
pub struct BurdenSeen {
    pub week: Week,
    /// Of all units that the caller sees.
    pub total: Load,
    /// This week and those before it, the earliest first.
    pub weeks: Vec<InWeek>,
    /// Units that had anything in the week, who was asked most first.
    pub units: Vec<Burdened<UnitId>>,
}

/// How much was asked of the units that the caller sees, in the week of a day; None: in this one.
pub async fn list(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    day: Option<NaiveDate>,
) -> Result<BurdenSeen, Refusal> {
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            let scope = scope_of(&q, &caller, Action::SeeBurden, campaign).await?;
            let week = day.map_or_else(|| week_of(caller.now), Week::of);
            let names = Names::load(&q, campaign).await?;
            let found = store::of_units(&q, campaign, week, scope.as_deref()).await?;
            let mut units: Vec<Burdened<UnitId>> =
                found.into_iter().map(|(of, load)| Burdened { of, name: called(&names, of), load }).collect();
            sort(&mut units);
            let weeks = weeks_up_to(week);
            let mut by_week = store::of_weeks(&q, campaign, &weeks, scope.as_deref()).await?;
            let weeks: Vec<InWeek> =
                weeks.into_iter().map(|week| (week, by_week.remove(&week).unwrap_or_default())).collect();
            let total = weeks.last().map(|(_, load)| *load).unwrap_or_default();
            Ok(BurdenSeen { week, total, weeks, units })
        })
        .await
}
