//! Counters over tasks, kept in the transaction of each write, so that no page counts rows.
//!
//! How many tasks of a unit stand in a state and are due on a day: whether one is late is a question of the day that it
//! is asked on, so the day stays in the key. And how often something was done to a unit's tasks on a day. Both are spread
//! over shards as the counters of duties are.

use std::collections::BTreeMap;

use chengjing_domain::{
    clock::day_of,
    duty::task::{DeedKind, StateKind, Step, Task},
    id::{CampaignId, InitiativeId, UnitId},
};
use chrono::NaiveDate;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use super::rows::from_step;
use crate::{
    burden::Moves,
    door::{Execute, Fetch, Queries, Texts, Tx},
    duty::NO_DAY,
    entity::{deed_count, initiative_count, task, task_count, task_step},
    error::StoreError,
    recount::{Miscount, compare},
    row::{count_up, inconsistent},
};

/// What a task is counted as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    In(StateKind),
    /// Beside its state: it asks for more time, and nothing else of it lies with the office.
    AsksTime,
}

/// How the counter of [`Counted::AsksTime`] is stored, where others have their state.
const ASKS_TIME: &str = "asks_time";

/// So many tasks of a unit count as that and are due on that day; None: without a day, or the day says nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskCount {
    pub unit: UnitId,
    pub counted: Counted,
    pub due_on: Option<NaiveDate>,
    pub n: u64,
}

/// What a deed is counted as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    Deed(DeedKind),
    /// Beside the report itself: it came after the task's last day.
    LateReport,
}

/// How the counter of [`Did::LateReport`] is stored, where others have their deed.
const LATE_REPORT: &str = "late_report";

/// So often was that done to tasks of a unit on that day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeedCount {
    pub day: NaiveDate,
    pub unit: UnitId,
    pub did: Did,
    pub n: u64,
}

/// The counters of a campaign's tasks, or of one unit's. Withdrawn ones are not counted.
pub async fn counts(
    q: &impl Queries,
    campaign: CampaignId,
    unit: Option<UnitId>,
) -> Result<Vec<TaskCount>, StoreError> {
    use task_count::Column as C;
    let mut query = task_count::Entity::find().filter(C::CampaignId.eq(campaign.0));
    if let Some(unit) = unit {
        query = query.filter(C::UnitId.eq(unit.0));
    }
    let rows: Vec<(Uuid, String, NaiveDate, i64)> = query
        .select_only()
        .columns([C::UnitId, C::State, C::DueOn])
        // PostgreSQL sums bigints to a numeric.
        .column_as(Expr::cust("CAST(sum(n) AS bigint)"), "n")
        .group_by(C::UnitId)
        .group_by(C::State)
        .group_by(C::DueOn)
        .order_by_asc(C::UnitId)
        .order_by_asc(C::State)
        .order_by_asc(C::DueOn)
        .fetch_tuples(q.access())
        .await?;
    let count = |(unit, state, day, n): (Uuid, String, NaiveDate, i64)| {
        counted("task_count", campaign, unit, &state, day, n)
    };
    let counts: Result<Vec<TaskCount>, StoreError> = rows.into_iter().map(count).collect();
    Ok(counts?.into_iter().filter(|count| count.n > 0).collect())
}

/// The counters of the tasks that stand in these initiatives.
pub async fn counts_of_initiatives(
    q: &impl Queries,
    campaign: CampaignId,
    initiatives: &[InitiativeId],
) -> Result<Vec<(InitiativeId, TaskCount)>, StoreError> {
    use initiative_count::Column as C;
    if initiatives.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Uuid, Uuid, String, NaiveDate, i64)> = initiative_count::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::InitiativeId.is_in(initiatives.iter().map(|initiative| initiative.0)))
        .select_only()
        .columns([C::InitiativeId, C::UnitId, C::State, C::DueOn])
        .column_as(Expr::cust("CAST(sum(n) AS bigint)"), "n")
        .group_by(C::InitiativeId)
        .group_by(C::UnitId)
        .group_by(C::State)
        .group_by(C::DueOn)
        .order_by_asc(C::InitiativeId)
        .order_by_asc(C::UnitId)
        .order_by_asc(C::State)
        .order_by_asc(C::DueOn)
        .fetch_tuples(q.access())
        .await?;
    let mut all = Vec::with_capacity(rows.len());
    for (initiative, unit, state, day, n) in rows {
        let count = counted("initiative_count", campaign, unit, &state, day, n)?;
        if count.n > 0 {
            all.push((InitiativeId(initiative), count));
        }
    }
    Ok(all)
}

fn counted(
    table: &'static str,
    campaign: CampaignId,
    unit: Uuid,
    state: &str,
    day: NaiveDate,
    n: i64,
) -> Result<TaskCount, StoreError> {
    let counted = match state {
        ASKS_TIME => Counted::AsksTime,
        state => StateKind::from_code(state)
            .map(Counted::In)
            .ok_or_else(|| inconsistent(table, "state", campaign))?,
    };
    let n = u64::try_from(n).unwrap_or(0);
    Ok(TaskCount { unit: UnitId(unit), counted, due_on: Some(day).filter(|day| *day < NO_DAY), n })
}

/// What was done from one day to another, both included, by day, unit and deed.
pub async fn deed_counts(
    q: &impl Queries,
    campaign: CampaignId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<DeedCount>, StoreError> {
    use deed_count::Column as C;
    counted_deeds(q, campaign, Condition::all().add(C::Day.gte(from)).add(C::Day.lte(to))).await
}

/// What was done by one unit from one day to another. Each day is named, so that the counters of the other units, which
/// stand between them in the key, are passed over.
pub async fn deed_counts_of_unit(
    q: &impl Queries,
    campaign: CampaignId,
    unit: UnitId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<DeedCount>, StoreError> {
    use deed_count::Column as C;
    let days = from.iter_days().take_while(|day| *day <= to);
    counted_deeds(q, campaign, Condition::all().add(C::Day.is_in(days)).add(C::UnitId.eq(unit.0))).await
}

async fn counted_deeds(
    q: &impl Queries,
    campaign: CampaignId,
    wanted: Condition,
) -> Result<Vec<DeedCount>, StoreError> {
    use deed_count::Column as C;
    let rows: Vec<(NaiveDate, Uuid, String, i64)> = deed_count::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(wanted)
        .select_only()
        .columns([C::Day, C::UnitId, C::Deed])
        .column_as(Expr::cust("CAST(sum(n) AS bigint)"), "n")
        .group_by(C::Day)
        .group_by(C::UnitId)
        .group_by(C::Deed)
        .order_by_asc(C::Day)
        .order_by_asc(C::UnitId)
        .order_by_asc(C::Deed)
        .fetch_tuples(q.access())
        .await?;
    let count = |(day, unit, deed, n): (NaiveDate, Uuid, String, i64)| {
        let did = match deed.as_str() {
            LATE_REPORT => Did::LateReport,
            deed => DeedKind::from_code(deed)
                .map(Did::Deed)
                .ok_or_else(|| inconsistent("deed_count", "deed", campaign))?,
        };
        Ok(DeedCount { day, unit: UnitId(unit), did, n: u64::try_from(n).unwrap_or(0) })
    };
    rows.into_iter().map(count).collect()
}

/// What a write does to the counters.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    tasks: BTreeMap<(Uuid, &'static str, NaiveDate), i64>,
    in_initiatives: BTreeMap<(Uuid, Uuid, &'static str, NaiveDate), i64>,
    deeds: BTreeMap<(NaiveDate, Uuid, &'static str), i64>,
    burden: Moves,
}

impl Tally {
    pub(crate) fn add(&mut self, task: &Task) {
        self.count(task, 1);
    }

    pub(crate) fn take(&mut self, task: &Task) {
        self.count(task, -1);
    }

    fn count(&mut self, task: &Task, n: i64) {
        self.burden.task(task, n);
        let state = task.state.kind();
        if state != StateKind::Withdrawn {
            let day = task.last_day().filter(|_| !state.is_ended()).unwrap_or(NO_DAY);
            self.put(task.owed.initiative, task.owed.unit.0, state.code(), day, n);
        }
        if task.extension.is_some() && state.is_the_units_turn() {
            self.put(task.owed.initiative, task.owed.unit.0, ASKS_TIME, NO_DAY, n);
        }
    }

    fn put(
        &mut self,
        initiative: Option<InitiativeId>,
        unit: Uuid,
        state: &'static str,
        day: NaiveDate,
        n: i64,
    ) {
        *self.tasks.entry((unit, state, day)).or_default() += n;
        if let Some(initiative) = initiative {
            *self.in_initiatives.entry((initiative.0, unit, state, day)).or_default() += n;
        }
    }

    /// The day of a unit's task moved and nothing else of it. The days are as [`Task::last_day`] has them, or [`NO_DAY`].
    pub(super) fn moved(
        &mut self,
        initiative: Option<InitiativeId>,
        unit: Uuid,
        state: StateKind,
        (from, to): (NaiveDate, NaiveDate),
    ) {
        if state != StateKind::Withdrawn && !state.is_ended() {
            self.put(initiative, unit, state.code(), from, -1);
            self.put(initiative, unit, state.code(), to, 1);
        }
    }

    pub(super) fn done(&mut self, step: &Step) {
        self.deed(step, 1);
    }

    pub(super) fn undone(&mut self, step: &Step) {
        self.deed(step, -1);
    }

    fn deed(&mut self, step: &Step, n: i64) {
        let mut count = |code| *self.deeds.entry((day_of(step.at), step.unit.0, code)).or_default() += n;
        count(step.deed.code());
        if step.late {
            count(LATE_REPORT);
        }
    }

    /// Adds it to the counters. Keys go in order, so that two writes can't wait for each other in a ring.
    pub(crate) async fn keep(self, tx: &Tx, campaign: CampaignId) -> Result<(), StoreError> {
        static TASKS: Texts = Texts::new();
        static IN_INITIATIVES: Texts = Texts::new();
        static DEEDS: Texts = Texts::new();
        let Rows { tasks, in_initiatives, deeds, burden } = self.rows(campaign, tx.access().shard);
        count_up::<task_count::Entity>(tx, &TASKS, task_count::Column::N, tasks).await?;
        let n = initiative_count::Column::N;
        count_up::<initiative_count::Entity>(tx, &IN_INITIATIVES, n, in_initiatives).await?;
        count_up::<deed_count::Entity>(tx, &DEEDS, deed_count::Column::N, deeds).await?;
        burden.keep(tx, campaign).await
    }

    fn rows(self, campaign: CampaignId, shard: u8) -> Rows {
        let (campaign_id, shard) = (campaign.0, shard.into());
        let tasks = self.tasks.into_iter().filter(|(_, n)| *n != 0).map(|((unit_id, state, due_on), n)| {
            task_count::Model { campaign_id, unit_id, state: state.to_owned(), due_on, shard, n }
        });
        let in_initiatives = self.in_initiatives.into_iter().filter(|(_, n)| *n != 0).map(
            |((initiative_id, unit_id, state, due_on), n)| {
                let state = state.to_owned();
                initiative_count::Model { campaign_id, initiative_id, unit_id, state, due_on, shard, n }
            },
        );
        let deeds = self.deeds.into_iter().filter(|(_, n)| *n != 0).map(|((day, unit_id, deed), n)| {
            deed_count::Model { campaign_id, day, unit_id, deed: deed.to_owned(), shard, n }
        });
        Rows {
            tasks: tasks.collect(),
            in_initiatives: in_initiatives.collect(),
            deeds: deeds.collect(),
            burden: self.burden,
        }
    }

    /// The same without what is asked of units, which has a look through all of it of its own.
    async fn keep_tasks(self, tx: &Tx, campaign: CampaignId) -> Result<(), StoreError> {
        Self { burden: Moves::default(), ..self }.keep(tx, campaign).await
    }
}

/// A tally as rows of its tables, in the order of their keys.
struct Rows {
    tasks: Vec<task_count::Model>,
    in_initiatives: Vec<initiative_count::Model>,
    deeds: Vec<deed_count::Model>,
    burden: Moves,
}

/// The counters of tasks and of what was done to them that are not what the rows give.
pub(crate) async fn miscounts(q: &impl Queries, campaign: CampaignId) -> Result<Vec<Miscount>, StoreError> {
    let Rows { tasks, in_initiatives, deeds, .. } = recount(q, campaign).await?.rows(campaign, 0);
    let mut wrong =
        compare::<task_count::Entity>(q, (task_count::Column::CampaignId, campaign), tasks).await?;
    wrong.extend(
        compare::<initiative_count::Entity>(
            q,
            (initiative_count::Column::CampaignId, campaign),
            in_initiatives,
        )
        .await?,
    );
    wrong.extend(compare::<deed_count::Entity>(q, (deed_count::Column::CampaignId, campaign), deeds).await?);
    Ok(wrong)
}

/// Counts a campaign's tasks and what was done to them anew, for `chengjing doctor`: the counters must come out the same.
pub async fn rebuild_counts(tx: &Tx, campaign: CampaignId) -> Result<(), StoreError> {
    task_count::Entity::delete_many()
        .filter(task_count::Column::CampaignId.eq(campaign.0))
        .execute(tx.access())
        .await?;
    deed_count::Entity::delete_many()
        .filter(deed_count::Column::CampaignId.eq(campaign.0))
        .execute(tx.access())
        .await?;
    initiative_count::Entity::delete_many()
        .filter(initiative_count::Column::CampaignId.eq(campaign.0))
        .execute(tx.access())
        .await?;
    recount(tx, campaign).await?.keep_tasks(tx, campaign).await
}

async fn recount(q: &impl Queries, campaign: CampaignId) -> Result<Tally, StoreError> {
    use task::Column as T;
    use task_step::Column as S;
    const ROWS: u64 = 500;
    let mut tally = Tally::default();
    let mut after: Option<Uuid> = None;
    loop {
        let mut query = task::Entity::find().filter(T::CampaignId.eq(campaign.0));
        if let Some(after) = after {
            query = query.filter(T::Id.gt(after));
        }
        let rows = query.order_by_asc(T::Id).limit(ROWS).fetch_all(q.access()).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.id);
        for row in &rows {
            tally.add(&super::rows::from_task(row)?.task);
        }
    }
    let mut after: Option<Uuid> = None;
    loop {
        let mut query = task_step::Entity::find().filter(S::CampaignId.eq(campaign.0));
        if let Some(after) = after {
            query = query.filter(S::Id.gt(after));
        }
        let rows = query.order_by_asc(S::Id).limit(ROWS).fetch_all(q.access()).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.id);
        for row in rows {
            tally.done(&from_step(row)?);
        }
    }
    Ok(tally)
}
