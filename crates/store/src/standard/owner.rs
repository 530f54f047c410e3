//! Which units answer for which leaf. A campaign has as many rows as its standards have leaves, at most.

use chengjing_domain::{
    id::{CampaignId, LeafOwnersId, StandardId},
    standard::owner::LeafOwners,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::leaf_owners,
    error::StoreError,
    ledger::note_stored,
    row::{from_json, insert, json, one_changed},
};

/// All of a standard, by the codes of its leaves; of all standards where none is named.
pub async fn list(
    q: &impl Queries,
    campaign: CampaignId,
    standard: Option<StandardId>,
) -> Result<Vec<LeafOwners>, StoreError> {
    use leaf_owners::Column as C;
    let mut select = leaf_owners::Entity::find().filter(C::CampaignId.eq(campaign.0));
    if let Some(standard) = standard {
        select = select.filter(C::StandardId.eq(standard.0));
    }
    let rows = select.order_by_asc(C::StandardId).order_by_asc(C::Leaf).fetch_all(q.access()).await?;
    rows.iter().map(from_row).collect()
}

pub async fn lookup(
    q: &impl Queries,
    campaign: CampaignId,
    standard: StandardId,
    leaf: &str,
) -> Result<Option<LeafOwners>, StoreError> {
    use leaf_owners::Column as C;
    let row = leaf_owners::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::StandardId.eq(standard.0))
        .filter(C::Leaf.eq(leaf))
        .fetch_one(q.access())
        .await?;
    row.as_ref().map(from_row).transpose()
}

/// # Errors
/// [`StoreError::Conflict`] `leaf_owners_once` where it is said already who answers for the leaf.
pub async fn add(tx: &Tx, new: &LeafOwners) -> Result<LeafOwners, StoreError> {
    insert::<leaf_owners::Entity>(tx, to_row(new)).await?;
    note_stored(tx, new);
    Ok(new.clone())
}

/// Stores who answers for it instead, under the next version, which it returns.
///
/// # Errors
/// [`StoreError::Stale`] where it is not what is stored any more.
pub async fn save(tx: &Tx, changed: &LeafOwners) -> Result<LeafOwners, StoreError> {
    let stored = LeafOwners { version: changed.version + 1, ..changed.clone() };
    let mut row = to_row(&stored).into_active_model().reset_all();
    (row.campaign_id, row.id, row.standard_id, row.leaf) = (NotSet, NotSet, NotSet, NotSet);
    let saved = leaf_owners::Entity::update_many()
        .set(row)
        .filter(leaf_owners::Column::CampaignId.eq(changed.campaign.0))
        .filter(leaf_owners::Column::Id.eq(changed.id.0))
        .filter(leaf_owners::Column::Version.eq(changed.version))
        .execute(tx.access())
        .await?;
    one_changed(saved)?;
    note_stored(tx, &stored);
    Ok(stored)
}

pub(crate) async fn load(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[Uuid],
) -> Result<Vec<LeafOwners>, StoreError> {
    let rows = leaf_owners::Entity::find()
        .filter(leaf_owners::Column::CampaignId.eq(campaign.0))
        .filter(leaf_owners::Column::Id.is_in(ids.iter().copied()))
        .fetch_all(q.access())
        .await?;
    rows.iter().map(from_row).collect()
}

fn to_row(stored: &LeafOwners) -> leaf_owners::Model {
    leaf_owners::Model {
        campaign_id: stored.campaign.0,
        id: stored.id.0,
        standard_id: stored.standard.0,
        leaf: stored.leaf.clone(),
        owners: json(&stored.owners),
        earlier: json(&stored.earlier),
        version: stored.version,
    }
}

fn from_row(row: &leaf_owners::Model) -> Result<LeafOwners, StoreError> {
    Ok(LeafOwners {
        campaign: CampaignId(row.campaign_id),
        id: LeafOwnersId(row.id),
        standard: StandardId(row.standard_id),
        leaf: row.leaf.clone(),
        owners: from_json(&row.owners, "leaf_owners", "owners", row.id)?,
        earlier: from_json(&row.earlier, "leaf_owners", "earlier", row.id)?,
        version: row.version,
    })
}
