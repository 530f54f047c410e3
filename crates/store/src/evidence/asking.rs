//! Which units are asked for a requirement's materials. A campaign has as many as its standards have requirements, at most.

use std::collections::BTreeMap;

use chengjing_domain::{
    evidence::Asking,
    id::{AskingId, CampaignId, StandardId},
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::link::Of;
use crate::{
    burden::Moves,
    door::{Execute, Fetch, Queries, Tx},
    entity::asking,
    error::StoreError,
    ledger::note_stored,
    row::{cut, from_json, insert, json, one_changed},
};

/// All of a campaign, by standard and requirement.
pub async fn list(q: &impl Queries, campaign: CampaignId) -> Result<Vec<Asking>, StoreError> {
    use asking::Column as C;
    let rows = asking::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .order_by_asc(C::StandardId)
        .order_by_asc(C::Requirement)
        .fetch_all(q.access())
        .await?;
    rows.iter().map(from_asking).collect()
}

pub async fn lookup(q: &impl Queries, campaign: CampaignId, of: &Of) -> Result<Option<Asking>, StoreError> {
    use asking::Column as C;
    let row = asking::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::StandardId.eq(of.standard.0))
        .filter(C::Requirement.eq(&of.requirement))
        .fetch_one(q.access())
        .await?;
    row.as_ref().map(from_asking).transpose()
}

/// # Errors
/// [`StoreError::Conflict`] `asking_once` where it is said already who is asked.
pub async fn add(tx: &Tx, new: &Asking) -> Result<Asking, StoreError> {
    let stored = cut_asking(new, new.version);
    insert::<asking::Entity>(tx, to_asking(&stored)).await?;
    note_stored(tx, &stored);
    let mut moves = Moves::default();
    moves.asking(&stored, 1);
    moves.keep(tx, stored.campaign).await?;
    Ok(stored)
}

/// Stores who is asked instead, under the next version, which it returns.
///
/// # Errors
/// [`StoreError::Stale`] where it is not what is stored any more.
pub async fn save(tx: &Tx, changed: &Asking) -> Result<Asking, StoreError> {
    let stored = cut_asking(changed, changed.version + 1);
    let before = load(tx, changed.campaign, &[changed.id.0]).await?.pop().ok_or(StoreError::Stale)?;
    let mut row = to_asking(&stored).into_active_model().reset_all();
    (row.campaign_id, row.id, row.standard_id, row.requirement) = (NotSet, NotSet, NotSet, NotSet);
    let saved = asking::Entity::update_many()
        .set(row)
        .filter(asking::Column::CampaignId.eq(changed.campaign.0))
        .filter(asking::Column::Id.eq(changed.id.0))
        .filter(asking::Column::Version.eq(changed.version))
        .execute(tx.access())
        .await?;
    one_changed(saved)?;
    note_stored(tx, &stored);
    let mut moves = Moves::default();
    moves.asking(&before, -1);
    moves.asking(&stored, 1);
    moves.keep(tx, stored.campaign).await?;
    Ok(stored)
}

pub(crate) async fn load(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[Uuid],
) -> Result<Vec<Asking>, StoreError> {
    let rows = asking::Entity::find()
        .filter(asking::Column::CampaignId.eq(campaign.0))
        .filter(asking::Column::Id.is_in(ids.iter().copied()))
        .fetch_all(q.access())
        .await?;
    rows.iter().map(from_asking).collect()
}

fn cut_asking(one: &Asking, version: i64) -> Asking {
    let since = one.since.iter().map(|(unit, at)| (*unit, cut(*at))).collect();
    Asking { since, version, ..one.clone() }
}

fn to_asking(stored: &Asking) -> asking::Model {
    asking::Model {
        campaign_id: stored.campaign.0,
        id: stored.id.0,
        standard_id: stored.standard.0,
        requirement: stored.requirement.clone(),
        units: json(&stored.units),
        since: (!stored.since.is_empty()).then(|| json(&stored.since)),
        version: stored.version,
    }
}

pub(crate) fn from_asking(row: &asking::Model) -> Result<Asking, StoreError> {
    Ok(Asking {
        campaign: CampaignId(row.campaign_id),
        id: AskingId(row.id),
        standard: StandardId(row.standard_id),
        requirement: row.requirement.clone(),
        units: from_json(&row.units, "asking", "units", row.id)?,
        since: match &row.since {
            Some(since) => from_json(since, "asking", "since", row.id)?,
            None => BTreeMap::new(),
        },
        version: row.version,
    })
}
