//! What the calendar says: due soon, overdue, told to those above.

use chengjing_domain::{
    clock::day_of,
    duty::remind,
    id::{CampaignId, JobId},
};
use chengjing_store::{
    Paging, Tx,
    job::{self, JobFailure, JobRun},
    notice as store,
    task::{self as tasks, TaskFilter},
};
use chrono::{DateTime, Days, Utc};
use serde_json::{Value, json};

use super::plan::{News, Planner, keep};
use crate::{App, Refusal, daily};

/// The kind of job that looks at a campaign's calendar.
pub const KIND: &str = "remind.calendar";

/// Orders a look at the calendar, in the write that changed how a campaign reminds.
pub(super) async fn order(
    tx: &Tx,
    app: &App,
    campaign: CampaignId,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    job::order(tx, &daily::new_job(KIND, JobId(app.ids.uuid(now)), campaign, now)).await?;
    Ok(())
}

/// Orders a look at the calendar of every campaign: a new day has come.
pub async fn order_all(app: &App) -> Result<(), Refusal> {
    daily::order_all(app, KIND, "a look at the calendar is ordered").await
}

/// Does such a job.
pub(crate) async fn work(app: App, run: JobRun) -> Result<Value, JobFailure> {
    let campaign = daily::campaign_of(&run)?;
    let told = look(&app, campaign).await.map_err(|refusal| JobFailure::Passing(refusal.to_string()))?;
    Ok(json!({ "told": told }))
}

/// Tells what the calendar says today and was not told yet; says how many notices that made.
///
/// A clock that ran ahead by days and was set right has told what was not so: that is taken back first, so that it is
/// told when it is so. A day's difference is none: around midnight clocks are a little before or behind each other.
pub async fn look(app: &App, campaign: CampaignId) -> Result<usize, Refusal> {
    let now = app.now();
    let today = day_of(now);
    if let Some(tomorrow) = today.checked_add_days(Days::new(1)) {
        let untimely = app.store.read(|q| async move { store::has_untimely(&q, campaign, tomorrow).await });
        if untimely.await? {
            let back = move |tx| async move { store::remove_untimely(&tx, campaign, tomorrow).await };
            app.store.write_unrecorded("what a wrong clock told is taken back", back).await?;
        }
    }
    let planner = app.store.read(|q| async move { Planner::load(&q, campaign).await }).await?;
    let ahead = planner.settings.before.iter().copied().max().unwrap_or(0);
    let filter = TaskFilter {
        unit_turn: true,
        due_to: today.checked_add_days(Days::new(ahead.into())),
        ..TaskFilter::default()
    };
    let (mut made, mut after) = (0, None);
    loop {
        let (wanted, paging) = (filter.clone(), Paging { after, limit: 200 });
        let (app_here, planner) = (app.clone(), &planner);
        let (told, next) = app
            .store
            .read(|q| async move {
                let page = tasks::list(&q, campaign, &wanted, &paging).await?;
                let due = |task| remind::due(task, &planner.settings, today);
                let news = page.items.iter().flat_map(due).map(News::from).collect();
                Ok::<_, Refusal>((planner.lay_out(&q, &app_here, news, now).await?, page.next))
            })
            .await?;
        made += keep(app, told).await?;
        after = next;
        if after.is_none() {
            return Ok(made);
        }
    }
}
