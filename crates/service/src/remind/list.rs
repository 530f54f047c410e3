use std::collections::{BTreeMap, BTreeSet, HashMap};

use chengjing_domain::{
    duty::task::{Task, day_of},
    id::{CampaignId, DutyId, NoticeId, TaskId},
    people::policy::{Action, Resource},
};
use chengjing_store::{
    Page, Paging, Queries, campaign as campaigns, duty,
    notice::{self as store, NoticeFilter, Told, Which},
    task as tasks,
};

use super::count::only;
use crate::{
    App, Caller, Refusal,
    duty::Names,
    task::{Reader, TaskView, views},
    unit::UnitName,
};

/// What somebody was told, with the task as it stands now.
#[derive(Debug, Clone)]
pub struct NoticeView {
    pub told: Told,
    pub campaign: String,
    pub task: TaskView,
    pub unit: UnitName,
    pub names: Names,
}

/// What waits for the caller, the newest first. What tells of a task that is gone, or that they may see no longer, is
/// not among it, so that a page may be shorter than asked for; it counts as read from then on.
pub async fn list(
    app: &App,
    caller: &Caller,
    unread: bool,
    paging: Paging,
) -> Result<Page<NoticeView>, Refusal> {
    caller.may(Action::SeeNotices, Resource::System)?;
    let (user, filter) = (caller.actor.user, NoticeFilter { campaign: only(caller), unread });
    let reader = caller.clone();
    let (page, gone) = app
        .store
        .read(|q| async move {
            let page = store::list(&q, user, filter, &paging).await?;
            let mut seen: HashMap<NoticeId, NoticeView> = views_of(&q, &reader, &page.items)
                .await?
                .into_iter()
                .map(|view| (view.told.id, view))
                .collect();
            let gone: Vec<NoticeId> = page
                .items
                .iter()
                .filter(|told| !seen.contains_key(&told.id) && told.read_at.is_none())
                .map(|told| told.id)
                .collect();
            let items = page.items.iter().filter_map(|told| seen.remove(&told.id)).collect();
            Ok::<_, Refusal>((Page { items, next: page.next }, gone))
        })
        .await?;
    if !gone.is_empty() {
        let (which, now) = (Which::These(gone), caller.now);
        let mark = move |tx| {
            let which = which.clone();
            async move { store::mark_read(&tx, user, &which, None, now).await }
        };
        app.store.write_unrecorded("what tells of nothing any more counts as read", mark).await?;
    }
    Ok(page)
}

/// What somebody may see of what they were told, with the tasks as they stand.
pub(crate) async fn views_of(
    q: &impl Queries,
    reader: &Caller,
    all: &[Told],
) -> Result<Vec<NoticeView>, Refusal> {
    let mut by_campaign: BTreeMap<CampaignId, Vec<&Told>> = BTreeMap::new();
    for told in all {
        by_campaign.entry(told.campaign).or_default().push(told);
    }
    let mut seen = Vec::with_capacity(all.len());
    for (campaign, told) in by_campaign {
        seen.extend(of_campaign(q, reader, campaign, &told).await?);
    }
    Ok(seen.into_iter().map(|(_, view)| view).collect())
}

async fn of_campaign(
    q: &impl Queries,
    caller: &Caller,
    campaign: CampaignId,
    told: &[&Told],
) -> Result<Vec<(NoticeId, NoticeView)>, Refusal> {
    let Some(name) = campaigns::lookup(q, campaign).await?.map(|campaign| campaign.name) else {
        return Ok(Vec::new());
    };
    let reader = Reader::load(q, caller, campaign).await?;
    let ids: BTreeSet<TaskId> = told.iter().map(|told| told.task).collect();
    let ids: Vec<TaskId> = ids.into_iter().collect();
    let found: Vec<Task> = tasks::lookup_many(q, campaign, &ids).await?;
    let duties: BTreeSet<DutyId> = found.iter().map(|task| task.owed.duty).collect();
    let duties: Vec<DutyId> = duties.into_iter().collect();
    let briefs = duty::briefs(q, campaign, &duties).await?;
    let seen = |task: &Task| briefs.get(&task.owed.duty).is_some_and(|duty| reader.sees(task, &duty.units));
    let found: Vec<Task> = found.into_iter().filter(seen).collect();
    let tasks: HashMap<TaskId, TaskView> =
        views(q, &reader, campaign, found).await?.into_iter().map(|view| (view.task.id, view)).collect();
    let names = Names::load(q, campaign).await?;
    let view = |told: &&Told| {
        let task = tasks.get(&told.task)?.clone();
        let unit = names.unit(told.unit);
        Some((
            told.id,
            NoticeView { told: (*told).clone(), campaign: name.clone(), task, unit, names: names.clone() },
        ))
    };
    Ok(told.iter().filter_map(view).collect())
}

/// How many days are left until the day that a notice names; negative after it.
pub fn days_left(view: &NoticeView, now: chrono::DateTime<chrono::Utc>) -> Option<i64> {
    Some((view.told.due_on? - day_of(now)).num_days())
}
