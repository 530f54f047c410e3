//! What was asked of units and their people, week by week: counters kept in the transaction of each write that asks, files or
//! returns, so that no page counts rows. They are spread over shards as the counters of duties are.

use std::collections::{BTreeMap, HashMap};

use chengjing_domain::{
    burden::{Load, Mark, Measure, of_asking, of_deeds, of_task, of_versions},
    duty::task::Task,
    evidence::{Asking, Evidence, Remark},
    id::{CampaignId, EvidenceId, UnitId, UserId},
    publication::Week,
};
use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, TryGetableMany,
    sea_query::Expr,
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::{
    door::{Execute, Fetch, Queries, Store, Texts, Tx},
    entity::{asking, burden_count, task},
    error::StoreError,
    evidence::{asking::from_asking, load_after, remark::deeds_of},
    recount::{Miscount, compare},
    row::{count_up, inconsistent},
};

/// What a write does to the counters of one campaign.
#[derive(Debug, Default)]
pub(crate) struct Moves(BTreeMap<(NaiveDate, Uuid, Uuid, &'static str), i64>);

impl Moves {
    pub(crate) fn task(&mut self, task: &Task, times: i64) {
        if let Some(mark) = of_task(task) {
            self.take(mark, times);
        }
    }

    pub(crate) fn asking(&mut self, asking: &Asking, times: i64) {
        for mark in of_asking(asking) {
            self.take(mark, times);
        }
    }

    pub(crate) fn versions(&mut self, evidence: &Evidence, times: i64) {
        for (mark, n) in of_versions(evidence) {
            self.take(mark, times * long(n));
        }
    }

    pub(crate) fn deeds(&mut self, evidence: &Evidence, remarks: &[Remark], times: i64) {
        for (mark, n) in of_deeds(evidence, remarks) {
            self.take(mark, times * long(n));
        }
    }

    fn take(&mut self, mark: Mark, n: i64) {
        let person = mark.person.map_or(Uuid::nil(), |person| person.0);
        let key = (mark.week.monday(), mark.unit.0, person, mark.measure.code());
        *self.0.entry(key).or_default() += n;
    }

    /// Adds it to the counters, in order, so that two writes can't wait for each other in a ring.
    pub(crate) async fn keep(self, tx: &Tx, campaign: CampaignId) -> Result<(), StoreError> {
        static TEXTS: Texts = Texts::new();
        let rows = self.rows(campaign, tx.access().shard);
        count_up::<burden_count::Entity>(tx, &TEXTS, burden_count::Column::N, rows).await
    }

    fn rows(self, campaign: CampaignId, shard: u8) -> impl Iterator<Item = burden_count::Model> {
        let (campaign_id, shard) = (campaign.0, shard.into());
        let moved = self.0.into_iter().filter(|(_, n)| *n != 0);
        moved.map(move |((week_on, unit_id, user_id, measure), n)| {
            let measure = measure.to_owned();
            burden_count::Model { campaign_id, week_on, unit_id, user_id, measure, shard, n }
        })
    }
}

fn long(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// What there was in a week, unit by unit: of all, or of these.
pub async fn of_units(
    q: &impl Queries,
    campaign: CampaignId,
    week: Week,
    units: Option<&[UnitId]>,
) -> Result<HashMap<UnitId, Load>, StoreError> {
    use burden_count::Column as C;
    let mut condition = Condition::all().add(C::WeekOn.eq(week.monday()));
    if let Some(units) = units {
        condition = condition.add(C::UnitId.is_in(units.iter().map(|unit| unit.0)));
    }
    let rows: Vec<(Uuid, String, i64)> = sums(q, campaign, condition, C::UnitId).await?;
    gathered(campaign, rows, UnitId)
}

/// What there was in a week of one unit, person by person.
pub async fn of_people(
    q: &impl Queries,
    campaign: CampaignId,
    week: Week,
    unit: UnitId,
) -> Result<HashMap<UserId, Load>, StoreError> {
    use burden_count::Column as C;
    let condition = Condition::all()
        .add(C::WeekOn.eq(week.monday()))
        .add(C::UnitId.eq(unit.0))
        .add(C::UserId.ne(Uuid::nil()));
    let rows: Vec<(Uuid, String, i64)> = sums(q, campaign, condition, C::UserId).await?;
    gathered(campaign, rows, UserId)
}

/// What there was in each of these weeks, of all units together or of these. Each week is named, so that what stands between
/// them in the key is passed over.
pub async fn of_weeks(
    q: &impl Queries,
    campaign: CampaignId,
    weeks: &[Week],
    units: Option<&[UnitId]>,
) -> Result<HashMap<Week, Load>, StoreError> {
    use burden_count::Column as C;
    let mut condition = Condition::all().add(C::WeekOn.is_in(weeks.iter().map(|week| week.monday())));
    if let Some(units) = units {
        condition = condition.add(C::UnitId.is_in(units.iter().map(|unit| unit.0)));
    }
    let rows: Vec<(NaiveDate, String, i64)> = sums(q, campaign, condition, C::WeekOn).await?;
    gathered(campaign, rows, Week::of)
}

async fn sums<T>(
    q: &impl Queries,
    campaign: CampaignId,
    condition: Condition,
    by: burden_count::Column,
) -> Result<Vec<(T, String, i64)>, StoreError>
where
    (T, String, i64): DeserializeOwned + TryGetableMany,
{
    use burden_count::Column as C;
    burden_count::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(condition)
        .select_only()
        .column(by)
        .column(C::Measure)
        // PostgreSQL sums bigints to a numeric.
        .column_as(Expr::cust("CAST(sum(n) AS bigint)"), "n")
        .group_by(by)
        .group_by(C::Measure)
        .order_by_asc(by)
        .order_by_asc(C::Measure)
        .fetch_tuples(q.access())
        .await
}

fn gathered<T, K: std::hash::Hash + Eq>(
    campaign: CampaignId,
    rows: Vec<(T, String, i64)>,
    key: fn(T) -> K,
) -> Result<HashMap<K, Load>, StoreError> {
    let mut all: HashMap<K, Load> = HashMap::new();
    for (of, measure, n) in rows {
        let fault = |column| inconsistent("burden_count", column, campaign);
        let measure = Measure::from_code(&measure).ok_or_else(|| fault("measure"))?;
        let n = u64::try_from(n).map_err(|_| fault("n"))?;
        if n > 0 {
            all.entry(key(of)).or_default().add(measure, n);
        }
    }
    Ok(all)
}

/// Counts a campaign's burden anew, for `chengjing doctor`: the counters must come out the same.
pub async fn rebuild_counts(tx: &Tx, campaign: CampaignId) -> Result<(), StoreError> {
    burden_count::Entity::delete_many()
        .filter(burden_count::Column::CampaignId.eq(campaign.0))
        .execute(tx.access())
        .await?;
    recount(tx, campaign).await?.keep(tx, campaign).await
}

/// The counters of the burden that are not what the rows give.
pub(crate) async fn miscounts(q: &impl Queries, campaign: CampaignId) -> Result<Vec<Miscount>, StoreError> {
    let rows = recount(q, campaign).await?.rows(campaign, 0);
    compare::<burden_count::Entity>(q, (burden_count::Column::CampaignId, campaign), rows).await
}

async fn recount(q: &impl Queries, campaign: CampaignId) -> Result<Moves, StoreError> {
    use asking::Column as A;
    use task::Column as T;
    const ROWS: u64 = 200;
    let mut moves = Moves::default();
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
            moves.task(&crate::task::from_task(row)?.task, 1);
        }
    }
    for row in asking::Entity::find().filter(A::CampaignId.eq(campaign.0)).fetch_all(q.access()).await? {
        moves.asking(&from_asking(&row)?, 1);
    }
    let mut after: Option<EvidenceId> = None;
    loop {
        let some = load_after(q, campaign, after, ROWS).await?;
        let Some(last) = some.last() else { return Ok(moves) };
        after = Some(last.id);
        for evidence in &some {
            moves.versions(evidence, 1);
            moves.deeds(evidence, &deeds_of(q, campaign, evidence.id).await?, 1);
        }
    }
}

/// Counts the campaigns that are from before there were these counters: its migration marked them, by a measure of its own.
pub(crate) async fn count_what_never_was(store: &Store) -> Result<(), StoreError> {
    use burden_count::Column as C;
    let campaigns: Vec<Uuid> = store
        .read(|r| async move {
            burden_count::Entity::find()
                // Written out, so that SQLite knows the index again.
                .filter(Expr::cust("measure = 'uncounted'"))
                .select_only()
                .column(C::CampaignId)
                .fetch_tuples(r.access())
                .await
        })
        .await?;
    for campaign in campaigns {
        let anew = move |tx| async move { rebuild_counts(&tx, CampaignId(campaign)).await };
        store.write_unrecorded("burden from before it was counted", anew).await?;
    }
    Ok(())
}
