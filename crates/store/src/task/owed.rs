//! Tasks follow their duty: whoever owes has one.
//!
//! As long as nobody has done anything to a task it says nothing that its duty does not say. Such a task comes, goes and
//! moves with its duty in the same write, without an entry of its own in the ledger.

use std::collections::{HashMap, HashSet};

use chengjing_domain::{
    duty::{
        Duty,
        task::{Owed, StateKind, Task, TaskState, owe_dates, owed_by, settle},
    },
    id::{CampaignId, DutyId, InitiativeId, TaskId, UnitId},
    ledger::{Subject, SubjectKind},
};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Statement,
    sea_query::{CaseStatement, Expr, ExprTrait},
};
use uuid::Uuid;

use super::{StoredTask, count::Tally, cut_task, list_of_duty, rows::NO_HISTORY, rows::to_task};
use crate::{
    door::{Execute, Fetch, Queries, Returning, Tx},
    duty::NO_DAY,
    entity::{duty, task},
    error::StoreError,
    row::{inconsistent, insert_all, json, word},
};

/// The name of the conflict where a duty is stored so that somebody who has begun no longer owes, or owes again: that
/// takes a deed, which a use case does first.
const BEGUN: &str = "task_begun";

/// Gives the units of new duties of one campaign their tasks.
pub(crate) async fn assign(tx: &Tx, duties: &[Duty]) -> Result<(), StoreError> {
    let Some(campaign) = duties.first().map(|duty| duty.campaign) else { return Ok(()) };
    let owed = |duty: &Duty| -> Vec<Task> {
        owed_by(duty).into_iter().map(|owed| Task::new(owed.task_id(0), owed, duty.created_at)).collect()
    };
    let tasks: Vec<Task> = duties.iter().flat_map(owed).collect();
    put_in(tx, campaign, &tasks).await
}

/// The same tasks in the initiatives that their duties stand in now: whoever made them may have read that before.
pub(super) async fn in_their_initiatives(
    tx: &Tx,
    campaign: CampaignId,
    tasks: &[Task],
) -> Result<Vec<Task>, StoreError> {
    use duty::Column as C;
    let mut duties: Vec<Uuid> = tasks.iter().map(|task| task.owed.duty.0).collect();
    duties.sort_unstable();
    duties.dedup();
    let mut initiatives: HashMap<Uuid, Option<InitiativeId>> = HashMap::with_capacity(duties.len());
    for some in duties.chunks(500) {
        let rows: Vec<(Uuid, Option<Uuid>)> = duty::Entity::find()
            .filter(C::CampaignId.eq(campaign.0))
            .filter(C::Id.is_in(some.iter().copied()))
            .select_only()
            .columns([C::Id, C::InitiativeId])
            .fetch_tuples(tx.access())
            .await?;
        initiatives.extend(rows.into_iter().map(|(id, initiative)| (id, initiative.map(InitiativeId))));
    }
    let placed = |task: &Task| {
        let initiative = initiatives.get(&task.owed.duty.0).copied().flatten();
        Task { owed: Owed { initiative, ..task.owed }, ..task.clone() }
    };
    Ok(tasks.iter().map(placed).collect())
}

/// Puts in tasks that nobody has touched.
pub(super) async fn put_in(tx: &Tx, campaign: CampaignId, tasks: &[Task]) -> Result<(), StoreError> {
    let mut tally = Tally::default();
    let stored = tasks.iter().map(|task| StoredTask { task: cut_task(task), history: NO_HISTORY });
    let stored: Vec<StoredTask> = stored.collect();
    stored.iter().for_each(|one| tally.add(&one.task));
    insert_all::<task::Entity>(tx, stored.iter().map(to_task).collect()).await?;
    tally.keep(tx, campaign).await
}

/// Lets the tasks of a duty follow what became of it. `at`: when.
///
/// # Errors
/// [`StoreError::Conflict`] `task_begun` where a deed would be needed: see [`BEGUN`].
pub(crate) async fn follow(tx: &Tx, old: &Duty, new: &Duty, at: DateTime<Utc>) -> Result<(), StoreError> {
    if old.initiative != new.initiative {
        move_over(tx, new, old.initiative).await?;
    }
    let before: Vec<Owed> =
        owed_by(old).into_iter().map(|owed| Owed { initiative: new.initiative, ..owed }).collect();
    let now = owed_by(new);
    let same_dates = owe_dates(old) == owe_dates(new);
    if before == now && same_dates {
        return Ok(());
    }
    let only_moved = same_dates
        && before.len() == now.len()
        && before.iter().zip(&now).all(|(old, new)| Owed { due_on: new.due_on, ..*old } == *new);
    if only_moved { move_day(tx, new, old.due_on).await } else { settled(tx, new, &before, &now, at).await }
}

/// The duty moved to its initiative from that one: all of its tasks go along, also those that have ended.
async fn move_over(tx: &Tx, duty: &Duty, from: Option<InitiativeId>) -> Result<(), StoreError> {
    task::Entity::update_many()
        .col_expr(task::Column::InitiativeId, Expr::value(duty.initiative.map(|id| id.0)))
        .filter(task::Column::CampaignId.eq(duty.campaign.0))
        .filter(task::Column::DutyId.eq(duty.id.0))
        .execute(tx.access())
        .await?;
    let mut tally = Tally::default();
    for StoredTask { task, .. } in list_of_duty(tx, duty.campaign, duty.id).await? {
        tally.take(&Task { owed: Owed { initiative: from, ..task.owed }, ..task.clone() });
        tally.add(&task);
    }
    tally.keep(tx, duty.campaign).await
}

/// The duty's day moved from that one, and nothing else that its tasks have of it.
async fn move_day(tx: &Tx, duty: &Duty, from: Option<NaiveDate>) -> Result<(), StoreError> {
    use task::Column as C;
    let (from, day) = (from.unwrap_or(NO_DAY), duty.due_on.unwrap_or(NO_DAY));
    let moved: Vec<(Uuid, String, Option<NaiveDate>)> = task::Entity::update_many()
        .col_expr(C::OwedOn, Expr::value(day))
        .col_expr(C::DueOn, later_of(day))
        .filter(C::CampaignId.eq(duty.campaign.0))
        .filter(C::DutyId.eq(duty.id.0))
        .filter(C::Occurrence.eq(NO_DAY))
        .execute_returning([C::UnitId, C::State, C::ExtendedTo], tx.access())
        .await?;
    let mut tally = Tally::default();
    for (unit, state, extended_to) in moved {
        let state = StateKind::from_code(&state).ok_or_else(|| inconsistent("task", "state", duty.id))?;
        let later = |day: NaiveDate| extended_to.map_or(day, |until| Ord::max(day, until));
        tally.moved(duty.initiative, unit, state, (later(from), later(day)));
    }
    tally.keep(tx, duty.campaign).await
}

/// The days of these dates of recurring duties moved with the holidays, each from the day that its task has. Where it was
/// moved or ended meanwhile nothing is done. Says how many moved.
pub(super) async fn move_dates(
    tx: &Tx,
    campaign: CampaignId,
    moves: &[(Task, NaiveDate)],
) -> Result<usize, StoreError> {
    use task::Column as C;
    let (mut tally, mut count) = (Tally::default(), 0);
    for (task, day) in moves {
        let Some(from) = task.owed.due_on else { continue };
        let moved: Vec<(Uuid, String, Option<NaiveDate>, Option<Uuid>)> = task::Entity::update_many()
            .col_expr(C::OwedOn, Expr::value(*day))
            .col_expr(C::DueOn, later_of(*day))
            .filter(C::CampaignId.eq(campaign.0))
            .filter(C::Id.eq(task.id.0))
            .filter(C::OwedOn.eq(from))
            .filter(C::Occurrence.lt(NO_DAY))
            .filter(C::State.is_in(
                StateKind::ALL.into_iter().filter(|state| state.is_the_units_turn()).map(StateKind::code),
            ))
            .execute_returning([C::UnitId, C::State, C::ExtendedTo, C::InitiativeId], tx.access())
            .await?;
        for (unit, state, extended_to, initiative) in moved {
            let state = StateKind::from_code(&state).ok_or_else(|| inconsistent("task", "state", task.id))?;
            let later = |day: NaiveDate| extended_to.map_or(day, |until| Ord::max(day, until));
            tally.moved(initiative.map(InitiativeId), unit, state, (later(from), later(*day)));
            count += 1;
        }
    }
    tally.keep(tx, campaign).await?;
    Ok(count)
}

/// The later one of a duty's day and what an extension granted. A duty without a day takes none from an extension.
fn later_of(day: NaiveDate) -> Expr {
    use task::Column as C;
    let longer = Expr::col(C::ExtendedTo).gt(Expr::val(day));
    CaseStatement::new().case(longer, Expr::col(C::ExtendedTo)).finally(Expr::val(day)).into()
}

async fn settled(
    tx: &Tx,
    duty: &Duty,
    before: &[Owed],
    now: &[Owed],
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let stored = list_of_duty(tx, duty.campaign, duty.id).await?;
    let tasks: Vec<Task> = stored.into_iter().map(|one| one.task).collect();
    let settlement = settle(&tasks, before, now, &owe_dates(duty));
    if !settlement.withdraw.is_empty() || !settlement.restore.is_empty() {
        return Err(StoreError::Conflict { constraint: BEGUN.into() });
    }
    let find = |id: &TaskId| tasks.iter().find(|task| task.id == *id);
    let mut tally = Tally::default();
    settlement.remove.iter().filter_map(find).for_each(|task| tally.take(task));
    task::Entity::delete_many()
        .filter(task::Column::CampaignId.eq(duty.campaign.0))
        .filter(task::Column::Id.is_in(settlement.remove.iter().map(|id| id.0)))
        .execute(tx.access())
        .await?;
    for (id, owed) in &settlement.adjust {
        let Some(task) = find(id) else { continue };
        tally.take(task);
        tally.add(&Task { owed: *owed, ..task.clone() });
        let day = owed.due_on.unwrap_or(NO_DAY);
        task::Entity::update_many()
            .col_expr(task::Column::Role, Expr::value(word(&owed.role)))
            .col_expr(task::Column::OwedOn, Expr::value(day))
            .col_expr(task::Column::DueOn, later_of(day))
            .filter(task::Column::CampaignId.eq(duty.campaign.0))
            .filter(task::Column::Id.eq(id.0))
            .execute(tx.access())
            .await?;
    }
    tally.keep(tx, duty.campaign).await?;
    let had = |unit: UnitId| {
        let same = |task: &&Task| task.owed.unit == unit && task.owed.occurrence.is_none();
        tasks.iter().filter(same).count()
    };
    let added = settlement.add.iter().map(|owed| Task::new(owed.task_id(had(owed.unit)), *owed, at));
    put_in(tx, duty.campaign, &added.collect::<Vec<_>>()).await
}

/// A unit that stands in a duty and never had a task, or a task that differs from what its duty says: what somebody changed
/// behind the program's back where the ledger's hashes don't reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Astray {
    Missing { campaign: CampaignId, duty: DutyId, unit: UnitId },
    Differs { campaign: CampaignId, task: TaskId },
}

/// Those of these tasks that nobody has touched.
pub(crate) async fn untouched(q: &impl Queries, ids: &[Uuid]) -> Result<HashSet<Subject>, StoreError> {
    let rows: Vec<(Uuid, Uuid)> = task::Entity::find()
        .filter(task::Column::Id.is_in(ids.iter().copied()))
        .filter(task::Column::Version.eq(1))
        .select_only()
        .columns([task::Column::CampaignId, task::Column::Id])
        .fetch_tuples(q.access())
        .await?;
    let subject = |(campaign, id)| Subject::of(CampaignId(campaign), SubjectKind::Task, id);
    Ok(rows.into_iter().map(subject).collect())
}

/// All that is astray, over all campaigns. A unit whose task the office took back still stands in its duty.
pub(crate) async fn astray(q: &impl Queries) -> Result<Vec<Astray>, StoreError> {
    let db = q.access();
    let no_day = if db.is_sqlite() { "'9999-12-31'" } else { "DATE '9999-12-31'" };
    let missing = format!(
        "SELECT DISTINCT u.campaign_id, u.duty_id, u.unit_id FROM duty_unit u \
         JOIN duty d ON d.campaign_id = u.campaign_id AND d.id = u.duty_id \
         WHERE d.state = 'assigned' AND d.recurrence IS NULL AND NOT EXISTS (\
         SELECT 1 FROM task t WHERE t.campaign_id = u.campaign_id AND t.duty_id = u.duty_id \
         AND t.unit_id = u.unit_id AND t.occurrence = {no_day})"
    );
    let fresh = json(&TaskState::Assigned { upheld: None });
    let differs = format!(
        "SELECT t.campaign_id, t.id FROM task t JOIN duty d ON d.campaign_id = t.campaign_id AND d.id = t.duty_id \
         WHERE (t.version = 1 AND (t.body <> '{fresh}' OR t.percent <> 0 OR t.extended_to IS NOT NULL \
         OR t.extension IS NOT NULL OR t.help IS NOT NULL)) \
         OR t.initiative_id IS DISTINCT FROM d.initiative_id \
         OR (t.occurrence = {no_day} AND t.state NOT IN ('withdrawn', 'confirmed', 'missed') AND (\
         d.state <> 'assigned' OR d.recurrence IS NOT NULL OR t.owed_on <> d.due_on OR NOT EXISTS (\
         SELECT 1 FROM duty_unit u WHERE u.campaign_id = t.campaign_id AND u.duty_id = t.duty_id \
         AND u.unit_id = t.unit_id AND u.role = t.role)))"
    );
    let missing: Vec<(Uuid, Uuid, Uuid)> = db.tuples(Statement::from_string(db.backend(), missing)).await?;
    let differs: Vec<(Uuid, Uuid)> = db.tuples(Statement::from_string(db.backend(), differs)).await?;
    let missing = missing.into_iter().map(|(campaign, duty, unit)| Astray::Missing {
        campaign: CampaignId(campaign),
        duty: DutyId(duty),
        unit: UnitId(unit),
    });
    let differs = differs
        .into_iter()
        .map(|(campaign, task)| Astray::Differs { campaign: CampaignId(campaign), task: TaskId(task) });
    Ok(missing.chain(differs).collect())
}
