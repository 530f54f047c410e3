//! Tasks: what each unit owes under a duty, and the steps of its life.

mod count;
mod list;
mod owed;
mod rows;

use chengjing_domain::{
    duty::{
        schedule::Occurrence,
        task::{Done, StateKind, Step, Task},
    },
    id::{CampaignId, DutyId, TaskId, UnitId},
    ledger::{Hash, Subject, SubjectKind, hash_of},
};
use chrono::NaiveDate;
use count::Tally;
pub(crate) use count::miscounts;
pub use count::{
    Counted, DeedCount, Did, TaskCount, counts, counts_of_initiatives, deed_counts, deed_counts_of_unit,
    rebuild_counts,
};
pub use list::{AsksHelp, TaskFilter, list};
pub(crate) use owed::{Astray, assign, astray, follow, untouched};
pub(crate) use rows::from_task;
pub(crate) use rows::load;
use rows::{from_step, to_step, to_task};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    duty::NO_DAY,
    entity::{task, task_step},
    error::StoreError,
    figure,
    ledger::{note_removed, note_stored},
    row::{changes, cut, insert, one_changed},
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

/// The tasks of these duties, in no particular order.
pub async fn list_of_duties(
    q: &impl Queries,
    campaign: CampaignId,
    duties: &[DutyId],
) -> Result<Vec<Task>, StoreError> {
    let mut all = Vec::new();
    for some in duties.chunks(500) {
        let rows = task::Entity::find()
            .filter(task::Column::CampaignId.eq(campaign.0))
            .filter(task::Column::DutyId.is_in(some.iter().map(|duty| duty.0)))
            .fetch_all(q.access())
            .await?;
        for row in &rows {
            all.push(from_task(row)?.task);
        }
    }
    Ok(all)
}

/// Those of these tasks that there are, in no particular order.
pub async fn lookup_many(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[TaskId],
) -> Result<Vec<Task>, StoreError> {
    let mut all = Vec::with_capacity(ids.len());
    for some in ids.chunks(500) {
        let rows = task::Entity::find()
            .filter(task::Column::CampaignId.eq(campaign.0))
            .filter(task::Column::Id.is_in(some.iter().map(|id| id.0)))
            .fetch_all(q.access())
            .await?;
        for row in &rows {
            all.push(from_task(row)?.task);
        }
    }
    Ok(all)
}

/// The last date of a recurring duty that has its tasks.
pub async fn last_date(
    q: &impl Queries,
    campaign: CampaignId,
    duty: DutyId,
) -> Result<Option<Occurrence>, StoreError> {
    let found: Option<(NaiveDate, NaiveDate)> = task::Entity::find()
        .filter(task::Column::CampaignId.eq(campaign.0))
        .filter(task::Column::DutyId.eq(duty.0))
        .filter(task::Column::Occurrence.lt(NO_DAY))
        .order_by_desc(task::Column::Occurrence)
        .limit(1)
        .select_only()
        .columns([task::Column::Occurrence, task::Column::OwedOn])
        .fetch_tuple(q.access())
        .await?;
    Ok(found.map(|(date, due_on)| Occurrence { date, due_on }))
}

/// The ids of all tasks of these duties.
pub async fn ids_of_duties(
    q: &impl Queries,
    campaign: CampaignId,
    duties: &[DutyId],
) -> Result<Vec<TaskId>, StoreError> {
    let mut all = Vec::new();
    for some in duties.chunks(500) {
        let ids: Vec<Uuid> = task::Entity::find()
            .filter(task::Column::CampaignId.eq(campaign.0))
            .filter(task::Column::DutyId.is_in(some.iter().map(|duty| duty.0)))
            .select_only()
            .column(task::Column::Id)
            .fetch_tuples(q.access())
            .await?;
        all.extend(ids.into_iter().map(TaskId));
    }
    Ok(all)
}

/// All tasks of a unit, withdrawn ones too.
pub async fn list_of_unit(
    q: &impl Queries,
    campaign: CampaignId,
    unit: UnitId,
) -> Result<Vec<StoredTask>, StoreError> {
    let rows = task::Entity::find()
        .filter(task::Column::CampaignId.eq(campaign.0))
        .filter(task::Column::UnitId.eq(unit.0))
        .order_by_asc(task::Column::DueOn)
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

/// Adds tasks that have no history yet: dates of a recurring duty, or what another unit takes over.
///
/// # Errors
/// [`StoreError::Conflict`] `task_owed` where a unit owes the same already.
pub async fn add_many(tx: &Tx, tasks: &[Task]) -> Result<(), StoreError> {
    let Some(campaign) = tasks.first().map(|task| task.owed.campaign) else { return Ok(()) };
    debug_assert!(tasks.iter().all(|task| task.is_untouched() && task.owed.campaign == campaign));
    tasks.iter().for_each(|task| tx.access().touch(campaign, task.owed.duty));
    owed::put_in(tx, campaign, &owed::in_their_initiatives(tx, campaign, tasks).await?).await
}

/// Moves dates of recurring duties that are still the unit's turn to other days, since the holidays are others than when
/// they were made: their duties' matter, as their coming and going, and no deed. Says how many moved.
pub async fn move_dates(
    tx: &Tx,
    campaign: CampaignId,
    moves: &[(Task, NaiveDate)],
) -> Result<usize, StoreError> {
    owed::move_dates(tx, campaign, moves).await
}

/// Stores what a deed did to a task, and the step that it left. `before` is the task as this same write read it.
///
/// # Errors
/// [`StoreError::Stale`] where it is not what is stored any more.
pub async fn save(tx: &Tx, before: &StoredTask, done: &Done) -> Result<StoredTask, StoreError> {
    let step = Step { at: cut(done.step.at), ..done.step.clone() };
    let stored = StoredTask { task: cut_task(&done.task), history: folded(before.history, &step) };
    let changed = task::Entity::update_many()
        .set(changes::<task::Entity>(to_task(before), to_task(&stored)))
        .filter(task::Column::CampaignId.eq(stored.task.owed.campaign.0))
        .filter(task::Column::Id.eq(stored.task.id.0))
        .filter(task::Column::Version.eq(before.task.version))
        .execute(tx.access())
        .await?;
    one_changed(changed)?;
    insert::<task_step::Entity>(tx, to_step(&step)).await?;
    let mut tally = Tally::default();
    tally.take(&before.task);
    tally.add(&stored.task);
    tally.done(&step);
    tally.keep(tx, stored.task.owed.campaign).await?;
    let withdrawn = |one: &StoredTask| one.task.state.kind() == StateKind::Withdrawn;
    if withdrawn(before) != withdrawn(&stored) {
        tx.access().touch(stored.task.owed.campaign, stored.task.owed.duty);
    }
    note_stored(tx, &stored);
    Ok(stored)
}

/// Gives a task to another entry of the same unit, because two entries were found to be one: no deed, the unit is still
/// the one that owes.
pub async fn rename_unit(tx: &Tx, stored: &StoredTask, unit: UnitId) -> Result<(), StoreError> {
    let mut task = stored.task.clone();
    task.owed.unit = unit;
    let changed = task::Entity::update_many()
        .col_expr(task::Column::UnitId, Expr::value(unit.0))
        .filter(task::Column::CampaignId.eq(task.owed.campaign.0))
        .filter(task::Column::Id.eq(task.id.0))
        .filter(task::Column::Version.eq(task.version))
        .execute(tx.access())
        .await?;
    one_changed(changed)?;
    let mut tally = Tally::default();
    tally.take(&stored.task);
    tally.add(&task);
    tally.keep(tx, task.owed.campaign).await?;
    tx.access().touch(task.owed.campaign, task.owed.duty);
    if !task.is_untouched() {
        note_stored(tx, &StoredTask { task, history: stored.history });
    }
    Ok(())
}

/// Removes a task that nobody has touched.
pub async fn remove_untouched(tx: &Tx, task: &Task) -> Result<(), StoreError> {
    let removed = task::Entity::delete_many()
        .filter(task::Column::CampaignId.eq(task.owed.campaign.0))
        .filter(task::Column::Id.eq(task.id.0))
        .filter(task::Column::Version.eq(1))
        .execute(tx.access())
        .await?;
    one_changed(removed)?;
    let mut tally = Tally::default();
    tally.take(task);
    tx.access().touch(task.owed.campaign, task.owed.duty);
    tally.keep(tx, task.owed.campaign).await
}

/// Removes the tasks of a duty with their steps: it is as if it had never been assigned.
pub(crate) async fn remove_of_duty(tx: &Tx, campaign: CampaignId, duty: DutyId) -> Result<(), StoreError> {
    let tasks = list_of_duty(tx, campaign, duty).await?;
    if tasks.is_empty() {
        return Ok(());
    }
    let mut tally = Tally::default();
    for one in &tasks {
        tally.take(&one.task);
        if !one.task.is_untouched() {
            list_steps(tx, campaign, one.task.id).await?.iter().for_each(|step| tally.undone(step));
        }
    }
    for one in tasks.iter().filter(|one| !one.task.is_untouched()) {
        figure::remove_of_task(tx, campaign, one.task.id).await?;
    }
    task::Entity::delete_many()
        .filter(task::Column::CampaignId.eq(campaign.0))
        .filter(task::Column::DutyId.eq(duty.0))
        .execute(tx.access())
        .await?;
    for one in tasks.iter().filter(|one| !one.task.is_untouched()) {
        note_removed(tx, Subject::of(campaign, SubjectKind::Task, one.task.id.0));
    }
    tally.keep(tx, campaign).await
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
