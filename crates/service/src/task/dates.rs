//! The dates of recurring duties: each gets its tasks when its turn comes, and one that nobody reported is missed.

use std::collections::{HashMap, HashSet};

use chengjing_domain::{
    campaign::{Campaign, UnitKind},
    clock::day_of,
    duty::{
        Duty, DutyState,
        schedule::Schedule,
        task::{Act, Deed, Owed, Party, Task, owe_dates, perform},
        workdays::Calendar,
    },
    id::{CampaignId, DutyId, EntryId, JobId, StepId, TaskId, UnitId},
    ledger::{self as deeds, Author, Subject, SubjectKind},
    plan::Recurrence,
};
use chengjing_store::{
    Paging, Tx, campaign as campaigns, duty,
    job::{self, JobFailure, JobRun},
    ledger,
    task::{self as store, StoredTask, TaskFilter},
};
use serde_json::{Value, json};

use crate::{App, Caller, Refusal, daily, holiday, job::Step};

/// The kind of job that makes a campaign's dates.
pub const KIND: &str = "task.dates";

/// Orders the dates of a campaign where that duty has any, in the write that changed it.
pub(crate) async fn order(tx: &Tx, caller: &Caller, duty: &Duty) -> Result<(), Refusal> {
    if !owe_dates(duty).is_empty() {
        job::order(tx, &daily::new_job(KIND, JobId(caller.ids.uuid(caller.now)), duty.campaign, caller.now))
            .await?;
    }
    Ok(())
}

/// Orders the dates of every campaign: a new day has come.
pub async fn order_all(app: &App) -> Result<(), Refusal> {
    daily::order_all(app, KIND, "the dates of a day are ordered").await
}

/// Does such a job.
pub(crate) async fn work(app: App, run: JobRun) -> Result<Value, JobFailure> {
    let campaign = daily::campaign_of(&run)?;
    run.report(Step::Dates.at(0, 2)).await?;
    let passing = |refusal: Refusal| JobFailure::Passing(refusal.to_string());
    let missed = miss(&app, campaign).await.map_err(passing)?;
    run.report(Step::Dates.at(1, 2)).await?;
    let moved = holiday::settle::settle(&app, campaign).await.map_err(passing)?;
    let made = make(&app, campaign).await.map_err(passing)?;
    // What was made or missed now is reminded of today too.
    crate::remind::calendar::look(&app, campaign).await.map_err(passing)?;
    Ok(json!({ "made": made, "missed": missed, "moved": moved }))
}

/// How many tasks one write makes or ends: others write meanwhile.
const AT_A_TIME: u64 = 100;

/// Makes the tasks of the dates that have come and of the next one of each duty; says how many.
pub async fn make(app: &App, campaign: CampaignId) -> Result<usize, Refusal> {
    let own = app.store.read(|q| async move { campaigns::lookup(&q, campaign).await }).await?;
    let Some(own) = own else { return Ok(0) };
    let calendar = app.store.read(|q| async move { holiday::calendar(&q).await }).await?;
    // A group whose members nobody has picked is nobody who could report.
    let groups = app.store.read(|q| async move { campaigns::all_units(&q, campaign).await }).await?;
    let groups: HashSet<UnitId> =
        groups.into_iter().filter(|unit| unit.kind == UnitKind::Group).map(|unit| unit.id).collect();
    let mut made = 0;
    for recurrence in Recurrence::ALL {
        let filter = duty::DutyFilter {
            recurrence: Some(recurrence),
            state: Some(DutyState::Assigned),
            ..duty::DutyFilter::default()
        };
        let mut after = None;
        loop {
            let (filter, paging) = (filter.clone(), Paging { after, limit: AT_A_TIME });
            let page =
                app.store.read(|q| async move { duty::list_whole(&q, campaign, &filter, &paging).await });
            let page = page.await?;
            made += make_of(app, &own, (&calendar, &groups), page.items).await?;
            after = page.next;
            if after.is_none() {
                break;
            }
        }
    }
    Ok(made)
}

/// When a duty of the campaign is due; None: it is owed once. Nobody owes a date before there was the duty, nor before
/// the campaign began.
pub(crate) fn schedule_of(campaign: &Campaign, duty: &Duty) -> Option<Schedule> {
    let first = campaign.starts_on.into_iter().fold(day_of(duty.created_at), Ord::max);
    Schedule::of(duty, campaign.year, first, campaign.ends_on)
}

/// Makes what these duties need, in one write; on most days that is nothing, and then there is none.
async fn make_of(
    app: &App,
    campaign: &Campaign,
    (calendar, groups): (&Calendar, &HashSet<UnitId>),
    duties: Vec<Duty>,
) -> Result<usize, Refusal> {
    let now = app.now();
    let today = day_of(now);
    let (id, all): (CampaignId, Vec<DutyId>) = (campaign.id, duties.iter().map(|duty| duty.id).collect());
    let last = app
        .store
        .read(|q| async move {
            let mut last = HashMap::with_capacity(all.len());
            for duty in all {
                last.insert(duty, store::last_date(&q, id, duty).await?);
            }
            Ok::<_, Refusal>(last)
        })
        .await?;
    let mut tasks = Vec::new();
    for duty in duties {
        let Some(schedule) = schedule_of(campaign, &duty) else { continue };
        let mut units = owe_dates(&duty);
        units.retain(|(unit, _)| !groups.contains(unit));
        for date in schedule.to_make(last.get(&duty.id).copied().flatten(), today, calendar) {
            tasks.extend(units.iter().map(|(unit, role)| {
                let owed = Owed {
                    campaign: duty.campaign,
                    duty: duty.id,
                    unit: *unit,
                    role: *role,
                    occurrence: Some(date.date),
                    due_on: Some(date.due_on),
                    initiative: duty.initiative,
                };
                Task::new(TaskId(app.ids.uuid(now)), owed, now)
            }));
        }
    }
    if tasks.is_empty() {
        return Ok(0);
    }
    let count = tasks.len();
    let result = app.store.write_unrecorded("the dates of recurring duties", move |tx| {
        let tasks = tasks.clone();
        async move { store::add_many(&tx, &tasks).await }
    });
    match result.await {
        Ok(()) => Ok(count),
        // Another server was faster; what it left, the next look finds.
        Err(error) if error.constraint() == Some("task_owed") => Ok(0),
        Err(error) => Err(error.into()),
    }
}

/// Ends the dates that are over and that nobody reported; says how many.
pub async fn miss(app: &App, campaign: CampaignId) -> Result<usize, Refusal> {
    let Some(yesterday) = day_of(app.now()).pred_opt() else { return Ok(0) };
    let filter =
        TaskFilter { unit_turn: true, dated: true, due_to: Some(yesterday), ..TaskFilter::default() };
    let (mut missed, mut after) = (0, None);
    loop {
        let (wanted, paging) = (filter.clone(), Paging { after, limit: AT_A_TIME });
        let page = app.store.read(|q| async move { store::list(&q, campaign, &wanted, &paging).await });
        let page = page.await?;
        let ids: Vec<TaskId> = page.items.iter().map(|task| task.id).collect();
        missed += miss_these(app, campaign, ids).await?;
        after = page.next;
        if after.is_none() {
            return Ok(missed);
        }
    }
}

async fn miss_these(app: &App, campaign: CampaignId, ids: Vec<TaskId>) -> Result<usize, Refusal> {
    if ids.is_empty() {
        return Ok(0);
    }
    let app = app.clone();
    let store = app.store.clone();
    store
        .write(move |tx| {
            let (app, ids) = (app.clone(), ids.clone());
            async move {
                let mut missed = 0;
                for id in ids {
                    let Some(stored) = store::lookup(&tx, campaign, id).await? else { continue };
                    missed += usize::from(miss_one(&tx, &app, &stored).await?);
                }
                if missed == 0 {
                    // Nothing to record is no write.
                    return Err(Refusal::NotFound);
                }
                Ok(missed)
            }
        })
        .await
        .or_else(|refusal| if matches!(refusal, Refusal::NotFound) { Ok(0) } else { Err(refusal) })
}

/// False where the task does not let itself be missed: sent back, more time asked for, reported meanwhile.
async fn miss_one(tx: &Tx, app: &App, stored: &StoredTask) -> Result<bool, Refusal> {
    let now = app.now();
    let act = Act {
        step: StepId(app.ids.uuid(now)),
        by: Author::System,
        party: Party::System,
        at: now,
        today: day_of(now),
    };
    let Ok(done) = perform(stored.task.clone(), Deed::Miss, &act) else { return Ok(false) };
    store::save(tx, stored, &done).await?;
    let act = deeds::Act {
        id: EntryId(app.ids.uuid(now)),
        at: now,
        author: Author::System,
        action: "task.miss".to_owned(),
        subject: Subject::of(stored.task.owed.campaign, SubjectKind::Task, stored.task.id.0),
        details: json!({}),
    };
    ledger::record(tx, act).await?;
    Ok(true)
}
