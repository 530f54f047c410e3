//! Duties: who owes what, by when, shown by what.

mod count;
mod groups;
mod list;
mod reached;
mod rows;

pub(crate) use count::miscounts;
pub use count::{Dimension, PartCounts, counts, counts_of_units, rebuild_counts};
pub use groups::{GroupCounts, group_counts};
pub use list::{DueFilter, DutyFilter, DutySummary, list, list_whole};
pub use reached::{ReachedCounts, reached_counts};
pub(crate) use reached::{judge_what_never_was, settle};
pub(crate) use rows::{NO_DAY, load, load_after};
use rows::{Rows, to_rows};

use std::collections::HashMap;

use chengjing_domain::{
    duty::{Duty, DutyUnit},
    id::{CampaignId, DutyId, ImportId, InitiativeId, PhaseId},
    ledger::{Subject, SubjectKind},
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use self::count::Tally;
use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::{duty, duty_unit, target},
    error::StoreError,
    ledger::{note_removed, note_stored},
    row::{changes, cut, insert_all, one_changed},
    search, task,
};

pub async fn lookup(q: &impl Queries, campaign: CampaignId, id: DutyId) -> Result<Option<Duty>, StoreError> {
    Ok(load(q, campaign, &[id.0]).await?.pop())
}

/// The ids of the duties that were adopted from a plan document, in its order.
pub async fn list_ids_of_import(
    q: &impl Queries,
    campaign: CampaignId,
    import: ImportId,
) -> Result<Vec<DutyId>, StoreError> {
    let ids: Vec<Uuid> = duty::Entity::find()
        .filter(duty::Column::CampaignId.eq(campaign.0))
        .filter(duty::Column::ImportId.eq(import.0))
        .order_by_asc(duty::Column::Ordinal)
        .order_by_asc(duty::Column::Id)
        .select_only()
        .column(duty::Column::Id)
        .fetch_tuples(q.access())
        .await?;
    Ok(ids.into_iter().map(DutyId).collect())
}

/// Those of these phases to which a duty belongs.
pub async fn phases_in_use(
    q: &impl Queries,
    campaign: CampaignId,
    phases: &[PhaseId],
) -> Result<Vec<PhaseId>, StoreError> {
    let used: Vec<Option<Uuid>> = duty::Entity::find()
        .filter(duty::Column::CampaignId.eq(campaign.0))
        .filter(duty::Column::PhaseId.is_in(phases.iter().map(|phase| phase.0)))
        .select_only()
        .column(duty::Column::PhaseId)
        .distinct()
        .fetch_tuples(q.access())
        .await?;
    Ok(used.into_iter().flatten().map(PhaseId).collect())
}

/// The duties with these ids, whole, in no particular order.
pub async fn lookup_many(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[DutyId],
) -> Result<Vec<Duty>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    load(q, campaign, &ids).await
}

/// A duty as the lists of other things name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyBrief {
    pub number: Option<String>,
    pub title: String,
    pub units: Vec<DutyUnit>,
    pub initiative: Option<InitiativeId>,
}

/// What these duties are called and whose they are; those that are gone are not in it.
pub async fn briefs(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[DutyId],
) -> Result<HashMap<DutyId, DutyBrief>, StoreError> {
    use duty::Column as C;
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<(Uuid, Option<String>, String, Option<Uuid>)> = duty::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::Id.is_in(ids.iter().copied()))
        .select_only()
        .columns([C::Id, C::Number, C::Title, C::InitiativeId])
        .fetch_tuples(q.access())
        .await?;
    let mut units = rows::load_units(q, campaign, &ids).await?;
    let brief = |(id, number, title, initiative): (Uuid, _, _, Option<Uuid>)| {
        let initiative = initiative.map(InitiativeId);
        (DutyId(id), DutyBrief { number, title, units: units.remove(&id).unwrap_or_default(), initiative })
    };
    Ok(rows.into_iter().map(brief).collect())
}

/// The versions of those of these duties that there are.
pub async fn versions(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[DutyId],
) -> Result<Vec<(DutyId, i64)>, StoreError> {
    use duty::Column as C;
    let mut all = Vec::with_capacity(ids.len());
    for some in ids.chunks(500) {
        let rows: Vec<(Uuid, i64)> = duty::Entity::find()
            .filter(C::CampaignId.eq(campaign.0))
            .filter(C::Id.is_in(some.iter().map(|id| id.0)))
            .select_only()
            .columns([C::Id, C::Version])
            .fetch_tuples(q.access())
            .await?;
        all.extend(rows.into_iter().map(|(id, version)| (DutyId(id), version)));
    }
    Ok(all)
}

pub async fn add(tx: &Tx, duty: &Duty) -> Result<Duty, StoreError> {
    let mut added = add_many(tx, std::slice::from_ref(duty)).await?;
    added.pop().ok_or(StoreError::Stale)
}

/// Adds duties of one campaign, as an adoption does; each of their units gets its task.
pub async fn add_many(tx: &Tx, duties: &[Duty]) -> Result<Vec<Duty>, StoreError> {
    let Some(campaign) = duties.first().map(|duty| duty.campaign) else { return Ok(Vec::new()) };
    debug_assert!(duties.iter().all(|duty| duty.campaign == campaign), "duties of one campaign");
    let stored: Vec<Duty> = duties.iter().map(cut_duty).collect();
    let mut tally = Tally::default();
    let (mut rows, mut units, mut targets) = (Vec::new(), Vec::new(), Vec::new());
    for duty in &stored {
        tally.add(duty);
        touch(tx, duty);
        let one = to_rows(duty);
        rows.push(one.duty);
        units.extend(one.units);
        targets.extend(one.targets);
    }
    insert_all::<duty::Entity>(tx, rows).await?;
    insert_all::<duty_unit::Entity>(tx, units).await?;
    insert_all::<target::Entity>(tx, targets).await?;
    for duty in &stored {
        index(tx, duty).await?;
        note_stored(tx, duty);
    }
    tally.keep(tx, campaign).await?;
    task::assign(tx, &stored).await?;
    Ok(stored)
}

/// As [`save_over`], where the caller does not have the stored duty at hand.
///
/// # Errors
/// As there.
pub async fn save(tx: &Tx, duty: &Duty, at: DateTime<Utc>) -> Result<Duty, StoreError> {
    let old = lookup(tx, duty.campaign, duty.id).await?.ok_or(StoreError::Stale)?;
    save_over(tx, &old, duty, at).await
}

/// Stores the duty with its units and targets under the next version, which it returns. `old` is the duty as this same
/// write read it: only what differs is written.
///
/// # Errors
/// [`StoreError::Stale`] where `duty.version` is not the stored one, or it is gone.
pub async fn save_over(tx: &Tx, old: &Duty, duty: &Duty, at: DateTime<Utc>) -> Result<Duty, StoreError> {
    if old.version != duty.version {
        return Err(StoreError::Stale);
    }
    let stored = Duty { version: duty.version + 1, ..cut_duty(duty) };
    let Rows { duty: row, units, targets } = to_rows(&stored);
    let changed = duty::Entity::update_many()
        .set(changes::<duty::Entity>(to_rows(old).duty, row))
        .filter(duty::Column::CampaignId.eq(duty.campaign.0))
        .filter(duty::Column::Id.eq(duty.id.0))
        .filter(duty::Column::Version.eq(duty.version))
        .execute(tx.access())
        .await?;
    one_changed(changed)?;
    // A unit's row carries the deadline, for the index of the unit's list.
    if old.units != stored.units {
        remove_units(tx, duty.campaign, duty.id).await?;
        insert_all::<duty_unit::Entity>(tx, units).await?;
    } else if old.due_on != stored.due_on {
        duty_unit::Entity::update_many()
            .col_expr(duty_unit::Column::DueOn, Expr::value(stored.due_on.unwrap_or(NO_DAY)))
            .filter(duty_unit::Column::CampaignId.eq(duty.campaign.0))
            .filter(duty_unit::Column::DutyId.eq(duty.id.0))
            .execute(tx.access())
            .await?;
    }
    if old.targets != stored.targets {
        remove_targets(tx, duty.campaign, duty.id).await?;
        insert_all::<target::Entity>(tx, targets).await?;
    }
    if found_by(old) != found_by(&stored) {
        index(tx, &stored).await?;
    }
    let mut tally = Tally::default();
    tally.take(old);
    tally.add(&stored);
    tally.keep(tx, duty.campaign).await?;
    task::follow(tx, old, &stored, at).await?;
    if (&old.targets, &old.units, old.state) != (&stored.targets, &stored.units, stored.state) {
        touch(tx, &stored);
    }
    note_stored(tx, &stored);
    Ok(stored)
}

/// Removes the duty with its units, targets and tasks, and says whether it was there.
pub async fn remove(tx: &Tx, campaign: CampaignId, id: DutyId) -> Result<bool, StoreError> {
    let Some(old) = lookup(tx, campaign, id).await? else { return Ok(false) };
    task::remove_of_duty(tx, campaign, id).await?;
    remove_units(tx, campaign, id).await?;
    remove_targets(tx, campaign, id).await?;
    duty::Entity::delete_by_id((campaign.0, id.0)).execute(tx.access()).await?;
    search::remove(tx, campaign, SubjectKind::Duty, id.0).await?;
    let mut tally = Tally::default();
    tally.take(&old);
    tally.keep(tx, campaign).await?;
    note_removed(tx, Subject::of(campaign, SubjectKind::Duty, id.0));
    Ok(true)
}

async fn remove_units(tx: &Tx, campaign: CampaignId, id: DutyId) -> Result<(), StoreError> {
    duty_unit::Entity::delete_many()
        .filter(duty_unit::Column::CampaignId.eq(campaign.0))
        .filter(duty_unit::Column::DutyId.eq(id.0))
        .execute(tx.access())
        .await?;
    Ok(())
}

/// What is said of its targets may be another thing after this write.
fn touch(tx: &Tx, duty: &Duty) {
    if !duty.targets.is_empty() {
        tx.access().touch(duty.campaign, duty.id);
    }
}

async fn remove_targets(tx: &Tx, campaign: CampaignId, id: DutyId) -> Result<(), StoreError> {
    reached::uncount(tx, campaign, id).await?;
    target::Entity::delete_many()
        .filter(target::Column::CampaignId.eq(campaign.0))
        .filter(target::Column::DutyId.eq(id.0))
        .execute(tx.access())
        .await?;
    Ok(())
}

/// The texts that a search finds a duty by.
fn found_by(duty: &Duty) -> Vec<&str> {
    let leads = duty.leads.iter().map(String::as_str);
    [duty.title.as_str(), duty.text.as_str()].into_iter().chain(leads).chain(duty.number.as_deref()).collect()
}

pub(crate) async fn index(tx: &Tx, duty: &Duty) -> Result<(), StoreError> {
    search::index(tx, duty.campaign, SubjectKind::Duty, duty.id.0, &found_by(duty)).await
}

fn cut_duty(duty: &Duty) -> Duty {
    Duty { created_at: cut(duty.created_at), due_on: duty.due_on.filter(|day| *day < NO_DAY), ..duty.clone() }
}
