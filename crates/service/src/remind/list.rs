use std::collections::{BTreeMap, BTreeSet, HashMap};

use chengjing_domain::{
    clock::day_of,
    duty::{remind::About, task::Task},
    id::{CampaignId, DutyId, EvidenceId, NoticeId, RemarkId, TaskId},
    people::policy::{Action, Resource},
};
use chengjing_store::{
    Page, Paging, Queries, campaign as campaigns, duty,
    evidence::{link as links, remark as remarks_of},
    notice::{self as store, NoticeFilter, Told, Which},
    task as tasks,
};

use super::count::only;
use crate::{
    App, Caller, Refusal,
    duty::Names,
    evidence::{self, Demands, Of},
    task::{Reader, TaskView, views},
    unit::UnitName,
};

/// What somebody was told, with what it tells of as that stands now.
#[derive(Debug, Clone)]
pub struct NoticeView {
    pub told: Told,
    pub campaign: String,
    pub of: NoticeOf,
    pub unit: UnitName,
    pub names: Names,
}

/// What a notice tells of.
#[derive(Debug, Clone)]
pub enum NoticeOf {
    Task(Box<TaskView>),
    Material(MaterialBack),
}

/// A material that came back.
#[derive(Debug, Clone)]
pub struct MaterialBack {
    pub id: EvidenceId,
    pub title: String,
    /// For which requirement; None: no standard of the campaign knows it any more.
    pub requirement: Option<String>,
    pub reason: Option<String>,
}

/// What waits for the caller, the newest first. What tells of a task or a material that is gone, or that they may see no longer, is
/// not among it, so that a page may be shorter than asked for; it counts as read from then on.
pub async fn list(
    app: &App,
    caller: &Caller,
    unread: bool,
    paging: Paging,
) -> Result<Page<NoticeView>, Refusal> {
    caller.may(Action::SeeNotices, Resource::System)?;
    let (user, filter) = (caller.actor.user, NoticeFilter { campaign: only(caller), unread });
    let (here, reader) = (app.clone(), caller.clone());
    let (page, gone) = app
        .store
        .read(|q| async move {
            let page = store::list(&q, user, filter, &paging).await?;
            let mut seen: HashMap<NoticeId, NoticeView> = views_of(&here, &q, &reader, &page.items)
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
    app: &App,
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
        seen.extend(of_campaign(app, q, reader, campaign, &told).await?);
    }
    Ok(seen.into_iter().map(|(_, view)| view).collect())
}

async fn of_campaign(
    app: &App,
    q: &impl Queries,
    caller: &Caller,
    campaign: CampaignId,
    told: &[&Told],
) -> Result<Vec<(NoticeId, NoticeView)>, Refusal> {
    let Some(name) = campaigns::lookup(q, campaign).await?.map(|campaign| campaign.name) else {
        return Ok(Vec::new());
    };
    let reader = Reader::load(q, caller, campaign).await?;
    let ids: BTreeSet<TaskId> = told.iter().filter_map(|told| told.about.task()).collect();
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
    let materials = came_back(app, q, caller, campaign, told).await?;
    let view = |told: &&Told| {
        let of = match told.about {
            About::Task { task, .. } => NoticeOf::Task(Box::new(tasks.get(&task)?.clone())),
            About::Material { remark, .. } => NoticeOf::Material(materials.get(&remark)?.clone()),
        };
        let unit = names.unit(told.unit);
        Some((
            told.id,
            NoticeView { told: (*told).clone(), campaign: name.clone(), of, unit, names: names.clone() },
        ))
    };
    Ok(told.iter().filter_map(view).collect())
}

/// The materials that notices tell of and that their reader may see, by the remark with which each came back.
async fn came_back(
    app: &App,
    q: &impl Queries,
    caller: &Caller,
    campaign: CampaignId,
    told: &[&Told],
) -> Result<HashMap<RemarkId, MaterialBack>, Refusal> {
    let mut wanted: BTreeMap<EvidenceId, Vec<RemarkId>> = BTreeMap::new();
    for one in told {
        if let About::Material { evidence, remark } = one.about {
            wanted.entry(evidence).or_default().push(remark);
        }
    }
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let demands = Demands::load(app, q, campaign).await?;
    let mut seen = HashMap::new();
    for (id, remarks) in wanted {
        let found = match evidence::must(q, caller, Action::SeeEvidence, campaign, id).await {
            Ok((found, _)) => found,
            Err(Refusal::NotFound | Refusal::Forbidden) => continue,
            Err(other) => return Err(other),
        };
        let links = links::list_of(q, campaign, &[id]).await?;
        for remark in remarks {
            let Some(said) = remarks_of::lookup(q, campaign, remark).await? else { continue };
            let link = links.iter().find(|link| Some(link.id) == said.link);
            let demand = link.and_then(|link| {
                demands.find(&Of { standard: link.standard, requirement: link.requirement.clone() })
            });
            let back = MaterialBack {
                id,
                title: found.latest().content.title.clone(),
                requirement: demand.map(|demand| demand.requirement().title.clone()),
                reason: said.text,
            };
            seen.insert(remark, back);
        }
    }
    Ok(seen)
}

/// How many days are left until the day that a notice names; negative after it.
pub fn days_left(view: &NoticeView, now: chrono::DateTime<chrono::Utc>) -> Option<i64> {
    Some((view.told.due_on? - day_of(now)).num_days())
}
