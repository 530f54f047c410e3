//! Tasks 任务办理: what each unit owes under a duty, and what it and the office do about it.

pub mod act;
pub mod calendar;
pub mod dates;
pub mod days;
pub mod figures;
pub mod list;
pub mod look_up;
pub mod of_duty;
pub mod overview;
pub(crate) mod settle;
pub mod targets;
mod words;

use std::{collections::HashMap, sync::Arc};

use chengjing_domain::{
    clock::day_of,
    duty::{
        Duty, DutyUnit,
        task::{Circle, Deed, DeedKind, Party, Standing, Task, possible},
    },
    id::{CampaignId, DutyId, InitiativeId, TaskId, UnitId},
    people::{
        Actor,
        policy::{self, Action, Decision, Resource},
    },
};
use chengjing_store::{
    Queries, campaign as campaigns, duty,
    duty::DutyBrief,
    initiative as initiatives,
    task::{self as store, StoredTask},
};
use chrono::NaiveDate;

use crate::{Caller, Refusal, duty::Names, refusal};

/// A task as its readers see it on a day.
#[derive(Debug, Clone)]
pub struct TaskView {
    pub task: Task,
    pub duty: DutyBrief,
    pub standing: Standing,
    /// What the reader could do to it now.
    pub possible: Vec<DeedKind>,
}

/// What is the same for all tasks that one request looks at.
pub(crate) struct Reader {
    actor: Arc<Actor>,
    parents: HashMap<UnitId, UnitId>,
    /// Who leads which initiative.
    leaders: HashMap<InitiativeId, UnitId>,
    today: NaiveDate,
}

impl Reader {
    pub(crate) async fn load(
        q: &impl Queries,
        caller: &Caller,
        campaign: CampaignId,
    ) -> Result<Self, Refusal> {
        let parents = campaigns::unit_parents(q, campaign).await?;
        let leaders = initiatives::leaders(q, campaign).await?;
        Ok(Self { actor: Arc::clone(&caller.actor), parents, leaders, today: day_of(caller.now) })
    }

    fn circle(&self, task: &Task, units: &[DutyUnit]) -> Circle {
        let leader = task.owed.initiative.and_then(|initiative| self.leaders.get(&initiative).copied());
        Circle::of(task, units, &self.parents).led_by(leader, &self.parents)
    }

    pub(crate) fn sees(&self, task: &Task, units: &[DutyUnit]) -> bool {
        self.circle(task, units).decide(Some(&self.actor), Action::SeeTasks) == Decision::Allowed
    }

    pub(crate) fn party(&self, task: &Task, units: &[DutyUnit], deed: &Deed) -> Option<Party> {
        self.circle(task, units).party(&self.actor, task, deed.kind())
    }

    fn parties(&self, task: &Task, units: &[DutyUnit]) -> Vec<Party> {
        self.circle(task, units).parties(&self.actor)
    }

    pub(crate) fn view(&self, task: Task, duty: DutyBrief) -> TaskView {
        let parties = self.parties(&task, &duty.units);
        let mut deeds: Vec<DeedKind> =
            parties.iter().flat_map(|party| possible(&task, *party, self.today)).collect();
        deeds.sort_unstable();
        deeds.dedup();
        TaskView { standing: task.standing(self.today), possible: deeds, duty, task }
    }
}

/// Tasks with the duties and names that a page of them needs.
pub(crate) async fn views(
    q: &impl Queries,
    reader: &Reader,
    campaign: CampaignId,
    tasks: Vec<Task>,
) -> Result<Vec<TaskView>, Refusal> {
    let mut ids: Vec<DutyId> = tasks.iter().map(|task| task.owed.duty).collect();
    ids.sort_unstable();
    ids.dedup();
    let briefs = duty::briefs(q, campaign, &ids).await?;
    let known = |task: Task| Some((briefs.get(&task.owed.duty).cloned()?, task));
    Ok(tasks.into_iter().filter_map(known).map(|(duty, task)| reader.view(task, duty)).collect())
}

/// One task that the caller may do `action` to, with its duty.
pub(crate) async fn must(
    q: &impl Queries,
    caller: &Caller,
    reader: &Reader,
    action: Action,
    (campaign, id): (CampaignId, TaskId),
) -> Result<(StoredTask, Duty), Refusal> {
    let found = match store::lookup(q, campaign, id).await? {
        Some(stored) => duty::lookup(q, campaign, stored.task.owed.duty).await?.map(|duty| (stored, duty)),
        None => None,
    };
    let Some((stored, duty)) = found else {
        // Nobody learns whether a task is missing or not theirs; who is not in the campaign learns nothing at all.
        caller.may(action, Resource::Units(campaign, &[]))?;
        return Err(Refusal::NotFound);
    };
    refusal::obey(reader.circle(&stored.task, &duty.units).decide(Some(&caller.actor), action))?;
    Ok((stored, duty))
}

pub(crate) fn brief(duty: &Duty) -> DutyBrief {
    DutyBrief {
        number: duty.number.clone(),
        title: duty.title.clone(),
        units: duty.units.clone(),
        initiative: duty.initiative,
    }
}

/// Whether somebody sees all tasks of a campaign, or only some, or must not know that there are any.
pub(crate) fn scope(caller: &Caller, campaign: CampaignId) -> Result<Option<Vec<UnitId>>, Refusal> {
    match policy::visible(&caller.actor, Action::SeeTasks, campaign) {
        policy::Visible::All => Ok(None),
        policy::Visible::OfUnits(units) => Ok(Some(units)),
        policy::Visible::Nothing => {
            // Whoever belongs to the campaign may know that it has tasks.
            let seen = policy::visible(&caller.actor, Action::SeeCampaign, campaign);
            let belongs = seen != policy::Visible::Nothing;
            Err(if belongs { Refusal::Forbidden } else { Refusal::NotFound })
        }
    }
}

/// Something with the names that its readers need.
pub type Named<T> = (T, Names);
