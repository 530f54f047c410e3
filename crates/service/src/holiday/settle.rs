use chengjing_domain::{
    campaign::Campaign,
    clock::day_of,
    duty::{Duty, task::Task, workdays::Calendar},
    id::{CampaignId, DutyId},
};
use chengjing_store::{
    Cursor, Paging, Queries, campaign as campaigns, duty,
    task::{self as store, TaskFilter},
};
use chrono::NaiveDate;
use std::collections::HashMap;

use super::calendar;
use crate::{App, Refusal, task::dates::schedule_of};

/// How many tasks one look or write is about: others write meanwhile.
const AT_A_TIME: u64 = 100;

/// Where a coming date belongs by that calendar, if it stands elsewhere. What is past stays where it was, and nothing
/// moves into the past: nobody could keep such a day.
fn day_of_task(
    campaign: &Campaign,
    duty: &Duty,
    task: &Task,
    calendar: &Calendar,
    today: NaiveDate,
) -> Option<NaiveDate> {
    let (date, due_on) = task.owed.occurrence.zip(task.owed.due_on)?;
    let day = schedule_of(campaign, duty)?.due_on(date, calendar);
    (due_on >= today && day >= today && day != due_on).then_some(day)
}

/// Of one page of a campaign's coming dates, which the unit still has to report: those that belong elsewhere by that
/// calendar, with their days, and where the next page begins.
pub(super) async fn moved(
    q: &impl Queries,
    campaign: &Campaign,
    calendar: &Calendar,
    today: NaiveDate,
    paging: &Paging,
) -> Result<(Vec<(Task, NaiveDate)>, Option<Cursor>), Refusal> {
    let filter = TaskFilter { unit_turn: true, dated: true, due_from: Some(today), ..TaskFilter::default() };
    let page = store::list(q, campaign.id, &filter, paging).await?;
    let mut ids: Vec<DutyId> = page.items.iter().map(|task| task.owed.duty).collect();
    ids.sort_unstable();
    ids.dedup();
    let duties = duty::lookup_many(q, campaign.id, &ids).await?;
    let duties: HashMap<DutyId, Duty> = duties.into_iter().map(|duty| (duty.id, duty)).collect();
    let elsewhere = |task: Task| {
        let day = day_of_task(campaign, duties.get(&task.owed.duty)?, &task, calendar, today)?;
        Some((task, day))
    };
    Ok((page.items.into_iter().filter_map(elsewhere).collect(), page.next))
}

/// Moves the coming dates of a campaign to where they belong by the holidays as they are known now; says how many.
pub(crate) async fn settle(app: &App, campaign: CampaignId) -> Result<usize, Refusal> {
    let today = day_of(app.now());
    let known = app.store.read(|q| async move {
        Ok::<_, Refusal>((campaigns::lookup(&q, campaign).await?, calendar(&q).await?))
    });
    let (Some(own), calendar) = known.await? else { return Ok(0) };
    // All of them are found before any is moved: a list by the day would meet what was moved again, or miss it.
    let (mut moves, mut after) = (Vec::new(), None);
    loop {
        let paging = Paging { after, limit: AT_A_TIME };
        let (own, calendar) = (&own, &calendar);
        let (found, next) =
            app.store.read(|q| async move { moved(&q, own, calendar, today, &paging).await }).await?;
        moves.extend(found);
        after = next;
        if after.is_none() {
            break;
        }
    }
    let mut count = 0;
    for some in moves.chunks(usize::try_from(AT_A_TIME).unwrap_or(1)) {
        let some = some.to_vec();
        count += app
            .store
            .write_unrecorded("dates follow the holidays", move |tx| {
                let some = some.clone();
                async move { store::move_dates(&tx, campaign, &some).await }
            })
            .await?;
    }
    Ok(count)
}
