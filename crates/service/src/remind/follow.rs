//! Follows the ledger, and tells people what was done that is theirs to know.
//!
//! No write knows of it: the entry that it leaves anyway says that something happened, and this looks what. The block up
//! to which that was done is kept; what is told is kept under a key. So it goes on after a crash where it was, and two
//! servers on one database tell nobody twice.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chengjing_domain::{
    duty::{
        remind::{assigned, handed_over, returned},
        task::Task,
    },
    id::{CampaignId, DutyId, EvidenceId, HandoverRequestId, TaskId},
    ledger::{Author, SubjectKind},
};
use chengjing_store::{
    Paging, Queries, evidence,
    notice::{self as store, Done},
    task as tasks,
};
use chrono::{DateTime, Utc};

use super::plan::{News, Planned, Planner, keep};
use crate::{App, Refusal, people::handover_request};

/// Blocks looked through in one go.
const BLOCKS: u64 = 20;

/// Tells what the ledger's sealed blocks say that was not told yet; says how many notices that made.
pub async fn catch_up(app: &App) -> Result<usize, Refusal> {
    let mut made = 0;
    loop {
        let next = app
            .store
            .read(|q| async move {
                let from = store::height_told(&q).await?;
                Ok::<_, Refusal>((from, store::next_blocks(&q, from, BLOCKS).await?))
            })
            .await?;
        let (from, Some((to, acts))) = next else { return Ok(made) };
        let letters = letters_of(app, &acts).await?;
        let all = news_of(app, acts).await?;
        made += keep(app, all).await?;
        made += handover_request::tell::keep(app, letters).await?;
        let moved = app.store.write_unrecorded("what a block says was told", move |tx| async move {
            store::advance(&tx, from, to).await
        });
        if !moved.await? {
            // Another server does it.
            return Ok(made);
        }
    }
}

/// Tells nothing of what was done until now: a county that was made up has a history that is nobody's news.
pub async fn begin_here(app: &App) -> Result<(), Refusal> {
    chengjing_store::ledger::seal(&app.store).await?;
    let here = |tx| async move { store::tell_from_here(&tx).await };
    Ok(app.store.write_unrecorded("what was done before is no news", here).await?)
}

/// Whom to write to of the requests for a hand-over that these acts made or decided.
async fn letters_of(app: &App, acts: &[Done]) -> Result<Vec<handover_request::tell::Planned>, Refusal> {
    let requests: BTreeSet<_> = acts
        .iter()
        .filter(|act| act.subject.kind == SubjectKind::HandoverRequest)
        .filter_map(|act| Some((act.subject.campaign?, HandoverRequestId(act.subject.id))))
        .collect();
    let mut all = Vec::new();
    for (campaign, id) in requests.into_iter().filter(|_| app.post_office.is_some()) {
        let app_here = app.clone();
        let planned = app
            .store
            .read(|q| async move { handover_request::tell::plan(&q, &app_here, campaign, id).await });
        all.extend(planned.await?);
    }
    Ok(all)
}

/// What was touched in a campaign, when, and by whom.
#[derive(Default)]
struct Touched {
    tasks: HashMap<(TaskId, DateTime<Utc>), Author>,
    duties: HashMap<(DutyId, DateTime<Utc>), Author>,
    materials: HashMap<(EvidenceId, DateTime<Utc>), Author>,
}

async fn news_of(app: &App, acts: Vec<Done>) -> Result<Vec<Planned>, Refusal> {
    let mut by_campaign: BTreeMap<CampaignId, Touched> = BTreeMap::new();
    for act in acts {
        let Some(campaign) = act.subject.campaign else { continue };
        let touched = by_campaign.entry(campaign).or_default();
        match act.subject.kind {
            SubjectKind::Task => {
                touched.tasks.insert((TaskId(act.subject.id), act.at), act.author);
            }
            SubjectKind::Duty => {
                touched.duties.insert((DutyId(act.subject.id), act.at), act.author);
            }
            SubjectKind::Evidence => {
                touched.materials.insert((EvidenceId(act.subject.id), act.at), act.author);
            }
            _ => {}
        }
    }
    let now = app.now();
    let mut all = Vec::new();
    for (campaign, touched) in by_campaign {
        if touched.tasks.is_empty() && touched.duties.is_empty() && touched.materials.is_empty() {
            continue;
        }
        let app_here = app.clone();
        let told = app.store.read(|q| async move {
            let planner = Planner::load(&q, campaign).await?;
            let news = look(&q, campaign, touched).await?;
            planner.lay_out(&q, &app_here, news, now).await
        });
        all.extend(told.await?);
    }
    Ok(all)
}

/// What happened, as the tasks and their steps tell it.
async fn look(q: &impl Queries, campaign: CampaignId, touched: Touched) -> Result<Vec<News>, Refusal> {
    let Touched { tasks: acted_on, mut duties, materials } = touched;
    let mut news = came_back(q, campaign, materials).await?;
    for ((id, at), author) in acted_on {
        let Some(stored) = tasks::lookup(q, campaign, id).await? else { continue };
        let steps = tasks::list_steps(q, campaign, id).await?;
        for step in steps.into_iter().filter(|step| step.at == at && step.by == author) {
            let notices = handed_over(&stored.task, &step);
            news.extend(notices.into_iter().map(|notice| News { notice, by: user(author) }));
        }
        // Who was given a task has no entry of its own: a task follows its duty until somebody does something to it.
        duties.insert((stored.task.owed.duty, at), author);
    }
    let ids: BTreeSet<DutyId> = duties.keys().map(|(duty, _)| *duty).collect();
    let ids: Vec<DutyId> = ids.into_iter().collect();
    for task in tasks::list_of_duties(q, campaign, &ids).await? {
        let made = duties.get(&(task.owed.duty, task.created_at));
        if let Some(author) = made.filter(|_| is_news(&task)) {
            news.push(News { notice: assigned(&task), by: user(*author) });
        }
    }
    Ok(news)
}

/// Materials that were returned or taken back, as the remarks tell it that were made with the act.
async fn came_back(
    q: &impl Queries,
    campaign: CampaignId,
    materials: HashMap<(EvidenceId, DateTime<Utc>), Author>,
) -> Result<Vec<News>, Refusal> {
    let mut news = Vec::new();
    for ((id, at), author) in materials {
        let Some(stored) = evidence::lookup(q, campaign, id).await? else { continue };
        // One act decides about as many links as a material has, and the newest remarks come first.
        let said = evidence::remark::list(q, campaign, id, &Paging::first(200)).await?;
        for remark in said.items.iter().filter(|one| one.at == at && Author::User(one.by) == author) {
            let notices = returned(&stored, remark);
            news.extend(notices.into_iter().map(|notice| News { notice, by: user(author) }));
        }
    }
    Ok(news)
}

/// Whether its unit hears of it: what was reported or taken away since needs no more to be begun.
fn is_news(task: &Task) -> bool {
    task.state.kind().is_the_units_turn()
}

fn user(author: Author) -> Option<chengjing_domain::id::UserId> {
    match author {
        Author::User(user) => Some(user),
        Author::System => None,
    }
}
