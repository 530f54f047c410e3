//! Tasks: what each unit owes under a duty, and the steps of its life.

mod list;
mod rows;

use chengjing_domain::{
    duty::task::{Done, Step, Task},
    id::{CampaignId, DutyId, TaskId},
    ledger::{Hash, Subject, SubjectKind, hash_of},
};
pub use list::{TaskFilter, list};
pub(crate) use rows::load;
use rows::{NO_HISTORY, from_step, from_task, to_step, to_task};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder};

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::{task, task_step},
    error::StoreError,
    ledger::{note_removed, note_stored},
    row::{cut, insert, insert_all, one_changed},
};

/// A task as it stands in its row, with the seal of its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTask {
    pub task: Task,
    pub(crate) history: Hash,
}

pub async fn lookup(
    q: &impl Queries,
    campaign: CampaignId,
    id: TaskId,
) -> Result<Option<StoredTask>, StoreError> {
    let row = task::Entity::find_by_id((campaign.0, id.0)).fetch_one(q.access()).await?;
    row.as_ref().map(from_task).transpose()
}

/// The tasks of a duty, those of one date beside each other.
pub async fn list_of_duty(
    q: &impl Queries,
    campaign: CampaignId,
    duty: DutyId,
) -> Result<Vec<StoredTask>, StoreError> {
    let rows = task::Entity::find()
        .filter(task::Column::CampaignId.eq(campaign.0))
        .filter(task::Column::DutyId.eq(duty.0))
        .order_by_asc(task::Column::Occurrence)
        .order_by_asc(task::Column::Id)
        .fetch_all(q.access())
        .await?;
    rows.iter().map(from_task).collect()
}

/// The steps of a task, the first one first.
pub async fn list_steps(
    q: &impl Queries,
    campaign: CampaignId,
    task: TaskId,
) -> Result<Vec<Step>, StoreError> {
    let rows = task_step::Entity::find()
        .filter(task_step::Column::CampaignId.eq(campaign.0))
        .filter(task_step::Column::TaskId.eq(task.0))
        .order_by_asc(task_step::Column::Version)
        .fetch_all(q.access())
        .await?;
    rows.into_iter().map(from_step).collect()
}

/// Adds tasks that have no history yet.
///
/// # Errors
/// [`StoreError::Conflict`] `task_owed` where a unit owes the same already.
pub async fn add_many(tx: &Tx, tasks: &[Task]) -> Result<(), StoreError> {
    let stored = tasks.iter().map(|task| StoredTask { task: cut_task(task), history: NO_HISTORY });
    let stored: Vec<StoredTask> = stored.collect();
    insert_all::<task::Entity>(tx, stored.iter().map(to_task).collect()).await?;
    for one in &stored {
        note_stored(tx, one);
    }
    Ok(())
}

/// Stores what a deed did to a task, and the step that it left. `before` is the task as this same write read it.
///
/// # Errors
/// [`StoreError::Stale`] where it is not what is stored any more.
pub async fn save(tx: &Tx, before: &StoredTask, done: &Done) -> Result<StoredTask, StoreError> {
    let step = Step { at: cut(done.step.at), ..done.step.clone() };
    let stored = StoredTask { task: cut_task(&done.task), history: folded(before.history, &step) };
    let mut row = to_task(&stored).into_active_model().reset_all();
    (row.campaign_id, row.id, row.duty_id, row.created_at) = (NotSet, NotSet, NotSet, NotSet);
    let changed = task::Entity::update_many()
        .set(row)
        .filter(task::Column::CampaignId.eq(stored.task.owed.campaign.0))
        .filter(task::Column::Id.eq(stored.task.id.0))
        .filter(task::Column::Version.eq(before.task.version))
        .execute(tx.access())
        .await?;
    one_changed(changed)?;
    insert::<task_step::Entity>(tx, to_step(&step)).await?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Removes the tasks of a duty with their steps: it is as if it had never been assigned.
pub async fn remove_of_duty(tx: &Tx, campaign: CampaignId, duty: DutyId) -> Result<(), StoreError> {
    let tasks = list_of_duty(tx, campaign, duty).await?;
    if tasks.is_empty() {
        return Ok(());
    }
    task::Entity::delete_many()
        .filter(task::Column::CampaignId.eq(campaign.0))
        .filter(task::Column::DutyId.eq(duty.0))
        .execute(tx.access())
        .await?;
    for one in tasks {
        note_removed(tx, Subject::of(campaign, SubjectKind::Task, one.task.id.0));
    }
    Ok(())
}

/// The seal of a history that goes on with this step.
fn folded(history: Hash, step: &Step) -> Hash {
    let mut both = history.0.to_vec();
    both.extend_from_slice(&hash_of(step).0);
    Hash::of(&both)
}

fn cut_task(task: &Task) -> Task {
    Task { created_at: cut(task.created_at), changed_at: cut(task.changed_at), ..task.clone() }
}
