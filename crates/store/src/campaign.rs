//! Campaigns, their units and phases.

mod names;
mod phases;
mod units;

pub(crate) use names::NamesCache;
pub use names::{CampaignNames, names};
pub(crate) use phases::from_phase;
pub use phases::{add_phase, list_phases, lookup_phase, remove_phase, save_phase};
use units::unit_names;
pub use units::{
    add_units, all_units, closed_units, list_post_holders, list_units, list_units_below, lookup_unit,
    lookup_unit_by_name, lookup_units, remove_unit, save_unit, unit_parents,
};
pub(crate) use units::{index_units, load_units};

use chengjing_domain::{campaign::Campaign, id::CampaignId};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder, QuerySelect,
};

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::campaign,
    error::StoreError,
    ledger::note_stored,
    page::{Cursor, Page, Paging, part},
    row::{cut, insert, one_changed},
};

pub async fn lookup(q: &impl Queries, id: CampaignId) -> Result<Option<Campaign>, StoreError> {
    Ok(campaign::Entity::find_by_id(id.0).fetch_one(q.access()).await?.map(from_campaign))
}

/// All campaigns, newest first; `only`: those of these that exist.
pub async fn list(
    q: &impl Queries,
    only: Option<&[CampaignId]>,
    paging: &Paging,
) -> Result<Page<Campaign>, StoreError> {
    let mut query = campaign::Entity::find();
    if let Some(only) = only {
        query = query.filter(campaign::Column::Id.is_in(only.iter().map(|id| id.0)));
    }
    if let Some(cursor) = &paging.after {
        let [id] = cursor.parts()?;
        query = query.filter(campaign::Column::Id.lt(part::<uuid::Uuid>(id)?));
    }
    let rows =
        query.order_by_desc(campaign::Column::Id).limit(paging.size() + 1).fetch_all(q.access()).await?;
    Ok(Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.id])).map(from_campaign))
}

pub async fn add(tx: &Tx, campaign: &Campaign) -> Result<Campaign, StoreError> {
    let stored = Campaign { created_at: cut(campaign.created_at), ..campaign.clone() };
    insert::<campaign::Entity>(tx, to_campaign(&stored)).await?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Stores the campaign under the next version, which it returns.
///
/// # Errors
/// [`StoreError::Stale`] where `campaign.version` is not the stored one.
pub async fn save(tx: &Tx, campaign: &Campaign) -> Result<Campaign, StoreError> {
    let stored =
        Campaign { created_at: cut(campaign.created_at), version: campaign.version + 1, ..campaign.clone() };
    let mut row = to_campaign(&stored).into_active_model().reset_all();
    row.id = NotSet;
    let changed = campaign::Entity::update_many()
        .set(row)
        .filter(campaign::Column::Id.eq(campaign.id.0))
        .filter(campaign::Column::Version.eq(campaign.version))
        .execute(tx.access())
        .await?;
    one_changed(changed)?;
    note_stored(tx, &stored);
    Ok(stored)
}

fn to_campaign(campaign: &Campaign) -> campaign::Model {
    campaign::Model {
        id: campaign.id.0,
        name: campaign.name.clone(),
        place: campaign.place.clone(),
        kind: campaign.kind.clone(),
        year: campaign.year,
        starts_on: campaign.starts_on,
        ends_on: campaign.ends_on,
        created_at: campaign.created_at,
        version: campaign.version,
    }
}

pub(crate) fn from_campaign(row: campaign::Model) -> Campaign {
    Campaign {
        id: CampaignId(row.id),
        name: row.name,
        place: row.place,
        kind: row.kind,
        year: row.year,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        created_at: row.created_at,
        version: row.version,
    }
}
