//! How many targets of a campaign are reached, kept in the transaction of each write that may change it.
//!
//! Each target keeps what is said of it, so that a write knows what it was counted as; where it keeps nothing, it is not
//! counted: its duty is withdrawn. A write that changes what is said of a duty's targets (its units, its tasks, their
//! figures) only says so; what became of them is looked at once, at the write's end, when all of it is stored.

use std::collections::{BTreeMap, HashMap};

use chengjing_domain::{
    duty::{
        Duty, DutyState,
        figure::{Figure, Reached, of_units, of_whole},
        task::{StateKind, Task},
    },
    id::{CampaignId, DutyId, TaskId, UnitId},
};
use chrono::NaiveDate;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use crate::{
    door::{Execute, Fetch, Queries, Store, Texts, Tx},
    entity::{duty, figure, target, target_count},
    error::StoreError,
    figure::from_figure,
    recount::{Miscount, compare, compare_each},
    row::{count_up, inconsistent},
    task,
};

/// How many targets are reached, not reached, and not known to be either.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReachedCounts {
    pub yes: u64,
    pub no: u64,
    pub unknown: u64,
}

/// How the targets of a campaign stand, from the counters.
pub async fn reached_counts(q: &impl Queries, campaign: CampaignId) -> Result<ReachedCounts, StoreError> {
    use target_count::Column as C;
    let rows: Vec<(String, i64)> = target_count::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .select_only()
        .column(C::Reached)
        // PostgreSQL sums bigints to a numeric.
        .column_as(Expr::cust("CAST(sum(n) AS bigint)"), "n")
        .group_by(C::Reached)
        .fetch_tuples(q.access())
        .await?;
    let mut counts = ReachedCounts::default();
    for (code, n) in rows {
        let reached = Reached::from_code(&code);
        let reached = reached.ok_or_else(|| inconsistent("target_count", "reached", campaign))?;
        let n = u64::try_from(n).map_err(|_| inconsistent("target_count", "n", campaign))?;
        match reached {
            Reached::Yes => counts.yes = n,
            Reached::No => counts.no = n,
            Reached::Unknown => counts.unknown = n,
        }
    }
    Ok(counts)
}

/// What a write does to the counters of one campaign, by the code of what is counted.
type Moves = BTreeMap<String, i64>;

/// Targets that go are counted no longer.
pub(super) async fn uncount(tx: &Tx, campaign: CampaignId, duty: DutyId) -> Result<(), StoreError> {
    let before = before(tx, campaign, &[duty.0]).await?;
    let mut moves = Moves::new();
    for code in before.into_values().flatten() {
        *moves.entry(code).or_default() -= 1;
    }
    keep(tx, campaign, moves).await
}

/// Looks at the targets of which this write may have changed what is said, and counts them as they stand.
pub(crate) async fn settle(tx: &Tx) -> Result<(), StoreError> {
    let mut by_campaign: BTreeMap<CampaignId, Vec<DutyId>> = BTreeMap::new();
    for (campaign, duty) in tx.access().take_touched() {
        by_campaign.entry(campaign).or_default().push(duty);
    }
    for (campaign, duties) in by_campaign {
        look_at(tx, campaign, &duties).await?;
    }
    Ok(())
}

async fn look_at(tx: &Tx, campaign: CampaignId, duties: &[DutyId]) -> Result<(), StoreError> {
    for some in duties.chunks(200) {
        let ids: Vec<Uuid> = some.iter().map(|duty| duty.0).collect();
        // Whoever else looks at one of them at this moment gives way and looks again: two figures that come at once and do
        // not know of each other might both find it not reached.
        let there = target::Entity::update_many()
            .col_expr(target::Column::Reached, Expr::col(target::Column::Reached))
            .filter(target::Column::CampaignId.eq(campaign.0))
            .filter(target::Column::DutyId.is_in(ids.iter().copied()))
            .execute(tx.access())
            .await?;
        if there == 0 {
            continue;
        }
        let before = before(tx, campaign, &ids).await?;
        let mut moves = Moves::new();
        for (id, now) in judged_of(tx, campaign, some).await? {
            let before = before.get(&id).cloned().flatten();
            if before == now {
                continue;
            }
            for (code, n) in [(before, -1), (now.clone(), 1)] {
                if let Some(code) = code {
                    *moves.entry(code).or_default() += n;
                }
            }
            target::Entity::update_many()
                .col_expr(target::Column::Reached, Expr::value(now))
                .filter(target::Column::CampaignId.eq(campaign.0))
                .filter(target::Column::Id.eq(id))
                .execute(tx.access())
                .await?;
        }
        keep(tx, campaign, moves).await?;
    }
    Ok(())
}

/// What is to be kept of each target of these duties.
async fn judged_of(
    q: &impl Queries,
    campaign: CampaignId,
    duties: &[DutyId],
) -> Result<Vec<(Uuid, Option<String>)>, StoreError> {
    let ids: Vec<Uuid> = duties.iter().map(|duty| duty.0).collect();
    let mut owners: HashMap<DutyId, HashMap<TaskId, UnitId>> = HashMap::new();
    for Task { id, owed, state, .. } in task::list_of_duties(q, campaign, duties).await? {
        if state.kind() != StateKind::Withdrawn {
            owners.entry(owed.duty).or_default().insert(id, owed.unit);
        }
    }
    let mut all = Vec::new();
    for duty in super::load(q, campaign, &ids).await? {
        let owners = owners.remove(&duty.id).unwrap_or_default();
        let judged = judged(q, &duty, &owners).await?;
        all.extend(judged.into_iter().map(|(id, now)| (id, now.map(|reached| reached.code().to_owned()))));
    }
    Ok(all)
}

/// What the targets of these duties were counted as.
async fn before(
    q: &impl Queries,
    campaign: CampaignId,
    duties: &[Uuid],
) -> Result<HashMap<Uuid, Option<String>>, StoreError> {
    let rows: Vec<(Uuid, Option<String>)> = target::Entity::find()
        .filter(target::Column::CampaignId.eq(campaign.0))
        .filter(target::Column::DutyId.is_in(duties.iter().copied()))
        .select_only()
        .columns([target::Column::Id, target::Column::Reached])
        .fetch_tuples(q.access())
        .await?;
    Ok(rows.into_iter().collect())
}

/// What is said of each target of a duty; None where it is withdrawn.
async fn judged(
    q: &impl Queries,
    duty: &Duty,
    owners: &HashMap<TaskId, UnitId>,
) -> Result<Vec<(Uuid, Option<Reached>)>, StoreError> {
    let mut all = Vec::with_capacity(duty.targets.len());
    for target in &duty.targets {
        if duty.state == DutyState::Withdrawn {
            all.push((target.id.0, None));
            continue;
        }
        let rows = figure::Entity::find()
            .filter(figure::Column::CampaignId.eq(duty.campaign.0))
            .filter(figure::Column::TargetId.eq(target.id.0))
            .filter(figure::Column::SupersededBy.is_null())
            .fetch_all(q.access())
            .await?;
        let figures = rows.into_iter().map(from_figure).collect::<Result<Vec<Figure>, _>>()?;
        // A figure tells of no day after the one on which it was filed: none of them is of a day to come.
        let units = of_units(&target.target, &duty.units, owners, &figures, NaiveDate::MAX);
        let judgements: Vec<_> = units.into_iter().map(|(_, role, judgement)| (role, judgement)).collect();
        all.push((target.id.0, Some(of_whole(&judgements))));
    }
    Ok(all)
}

/// Adds it to the counters, in order, so that two writes can't wait for each other in a ring.
async fn keep(tx: &Tx, campaign: CampaignId, moves: Moves) -> Result<(), StoreError> {
    static TEXTS: Texts = Texts::new();
    let rows = rows(moves, campaign, tx.access().shard);
    count_up::<target_count::Entity>(tx, &TEXTS, target_count::Column::N, rows).await
}

fn rows(moves: Moves, campaign: CampaignId, shard: u8) -> impl Iterator<Item = target_count::Model> {
    let moved = moves.into_iter().filter(|(_, n)| *n != 0);
    let (campaign_id, shard) = (campaign.0, shard.into());
    moved.map(move |(reached, n)| target_count::Model { campaign_id, reached, shard, n })
}

/// What is kept of targets, and the counters of it, where they are not what the rows give.
pub(super) async fn miscounts(q: &impl Queries, campaign: CampaignId) -> Result<Vec<Miscount>, StoreError> {
    let mut moves = Moves::new();
    let mut wrong = Vec::new();
    for some in with_targets(q, campaign).await?.chunks(200) {
        let ids: Vec<Uuid> = some.iter().map(|duty| duty.0).collect();
        let said = |all: Vec<(Uuid, Option<String>)>| -> BTreeMap<Vec<String>, String> {
            all.into_iter().filter_map(|(id, said)| Some((vec![id.to_string()], said?))).collect()
        };
        let right = said(judged_of(q, campaign, some).await?);
        for code in right.values() {
            *moves.entry(code.clone()).or_default() += 1;
        }
        let kept = said(before(q, campaign, &ids).await?.into_iter().collect());
        wrong.extend(compare_each("target.reached", kept, right));
    }
    wrong.extend(
        compare::<target_count::Entity>(
            q,
            (target_count::Column::CampaignId, campaign),
            rows(moves, campaign, 0),
        )
        .await?,
    );
    Ok(wrong)
}

/// The duties of a campaign that have targets.
async fn with_targets(q: &impl Queries, campaign: CampaignId) -> Result<Vec<DutyId>, StoreError> {
    let ids: Vec<Uuid> = duty::Entity::find()
        .filter(duty::Column::CampaignId.eq(campaign.0))
        .filter(Expr::cust("has_target"))
        .order_by_asc(duty::Column::Id)
        .select_only()
        .column(duty::Column::Id)
        .fetch_tuples(q.access())
        .await?;
    Ok(ids.into_iter().map(DutyId).collect())
}

/// Judges and counts a campaign's targets anew.
pub(super) async fn rebuild(tx: &Tx, campaign: CampaignId) -> Result<(), StoreError> {
    target_count::Entity::delete_many()
        .filter(target_count::Column::CampaignId.eq(campaign.0))
        .execute(tx.access())
        .await?;
    target::Entity::update_many()
        .col_expr(target::Column::Reached, Expr::value(None::<String>))
        .filter(target::Column::CampaignId.eq(campaign.0))
        .execute(tx.access())
        .await?;
    look_at(tx, campaign, &with_targets(tx, campaign).await?).await
}

/// Judges the targets of campaigns in which some never were: they come from before it was kept.
pub(crate) async fn judge_what_never_was(store: &Store) -> Result<(), StoreError> {
    let campaigns: Vec<Uuid> = store
        .read(|r| async move {
            let sql = "SELECT DISTINCT t.campaign_id FROM target t JOIN duty d ON d.campaign_id = t.campaign_id \
                 AND d.id = t.duty_id WHERE t.reached IS NULL AND d.state = 'assigned'";
            let db = r.access();
            db.tuples(sea_orm::Statement::from_string(db.backend(), sql)).await
        })
        .await?;
    for campaign in campaigns {
        let anew = move |tx| async move { rebuild(&tx, CampaignId(campaign)).await };
        store.write_unrecorded("targets from before they were judged", anew).await?;
    }
    Ok(())
}
