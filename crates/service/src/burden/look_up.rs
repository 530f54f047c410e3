use chengjing_domain::{
    burden::Load,
    id::{CampaignId, UnitId, UserId},
    people::{Role, policy::Action},
    publication::Week,
};
use chengjing_store::{burden as store, campaign as campaigns, people};
use chrono::NaiveDate;

use super::{Burdened, InWeek, sort, week_of, weeks_up_to};
use crate::{App, Caller, Refusal, evidence::scope_of};

/// What a unit was asked in a week, and what its people did.
#[derive(Debug, Clone)]
pub struct UnitBurden {
    pub unit: UnitId,
    pub name: String,
    pub week: Week,
    pub load: Load,
    /// This week and those before it, the earliest first.
    pub weeks: Vec<InWeek>,
    /// Who did anything for it in the week, and its liaisons of today: each of them is told of all that it was asked.
    pub people: Vec<Burdened<UserId>>,
}

/// One unit's burden in the week of a day; None: in this one. Of a unit that the caller may not see there is none.
pub async fn look_up(
    app: &App,
    caller: &Caller,
    (campaign, unit): (CampaignId, UnitId),
    day: Option<NaiveDate>,
) -> Result<UnitBurden, Refusal> {
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            let scope = scope_of(&q, &caller, Action::SeeBurden, campaign).await?;
            let own = campaigns::lookup_unit(&q, campaign, unit).await?;
            let own = own.filter(|_| scope.is_none_or(|scope| scope.contains(&unit)));
            let own = own.ok_or(Refusal::NotFound)?;
            let week = day.map_or_else(|| week_of(caller.now), Week::of);
            let mut found = store::of_people(&q, campaign, week, unit).await?;
            let weeks = weeks_up_to(week);
            let mut by_week = store::of_weeks(&q, campaign, &weeks, Some(&[unit])).await?;
            let weeks: Vec<InWeek> =
                weeks.into_iter().map(|week| (week, by_week.remove(&week).unwrap_or_default())).collect();
            let load = weeks.last().map(|(_, load)| *load).unwrap_or_default();
            for grant in people::list_grants_in(&q, campaign).await? {
                if (grant.role, grant.scope.unit()) == (Role::Liaison, Some(unit)) {
                    let own = found.entry(grant.user).or_default();
                    *own = own.told(&load);
                }
            }
            let who: Vec<UserId> = found.keys().copied().collect();
            let names = people::display_names(&q, &who).await?;
            let called = |user: &UserId| names.get(user).cloned().unwrap_or_default();
            let mut people: Vec<Burdened<UserId>> =
                found.into_iter().map(|(of, load)| Burdened { of, name: called(&of), load }).collect();
            sort(&mut people);
            Ok(UnitBurden { unit, name: own.name, week, load, weeks, people })
        })
        .await
}
