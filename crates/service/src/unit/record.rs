use chengjing_domain::{
    clock::day_of,
    duty::task::{Record, UnitTally},
    id::{CampaignId, UnitId},
    people::policy::{Action, Resource},
};
use chengjing_store::{
    campaign as campaigns,
    task::{self as tasks, Counted, Did},
};
use chrono::NaiveDate;

use crate::{App, Caller, Refusal};

/// How a unit stands with what it owes, and how it came there.
#[derive(Debug, Clone)]
pub struct UnitRecord {
    pub today: NaiveDate,
    pub tally: UnitTally,
    pub record: Record,
}

/// How a unit stands today and what it did in half a year, all from counters. Who may not see its tasks learns nothing.
pub async fn record(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: UnitId,
) -> Result<UnitRecord, Refusal> {
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            let parents = campaigns::unit_parents(&q, campaign).await?;
            let above = std::iter::successors(Some(id), |unit| parents.get(unit).copied());
            // A chain longer than the campaign has units would be a ring.
            let above: Vec<UnitId> = above.take(parents.len() + 1).collect();
            caller.may(Action::SeeTasks, Resource::Units(campaign, &above))?;
            campaigns::lookup_unit(&q, campaign, id).await?.ok_or(Refusal::NotFound)?;
            let today = day_of(caller.now);
            let (mut tally, mut record) = (UnitTally::default(), Record::new(today));
            for count in tasks::counts(&q, campaign, Some(id)).await? {
                match count.counted {
                    Counted::In(state) => tally.add(state, count.due_on, count.n, today),
                    Counted::AsksTime => tally.asks_time += count.n,
                }
            }
            for count in tasks::deed_counts_of_unit(&q, campaign, id, record.days()).await? {
                match count.did {
                    Did::Deed(deed) => record.add(count.day, deed, count.n),
                    Did::LateReport => record.add_late(count.day, count.n),
                }
            }
            Ok(UnitRecord { today, tally, record })
        })
        .await
}
