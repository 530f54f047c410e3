//! The numbers of letters.

use std::collections::HashMap;

use chengjing_domain::id::{CampaignId, UnitId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::{
    door::{Fetch, Tx},
    entity::letter_number,
    error::StoreError,
    row::insert_all,
};

/// The numbers of these units' letters, in their order; units that had none get the next ones.
///
/// # Errors
/// [`StoreError::Conflict`] where another write gave the same number at the same moment.
pub async fn number(
    tx: &Tx,
    campaign: CampaignId,
    units: &[UnitId],
) -> Result<HashMap<UnitId, i32>, StoreError> {
    use letter_number::Column as C;
    let mut numbers = HashMap::new();
    for some in units.chunks(500) {
        let rows: Vec<(Uuid, i32)> = letter_number::Entity::find()
            .filter(C::CampaignId.eq(campaign.0))
            .filter(C::UnitId.is_in(some.iter().map(|unit| unit.0)))
            .select_only()
            .columns([C::UnitId, C::Number])
            .fetch_tuples(tx.access())
            .await?;
        numbers.extend(rows.into_iter().map(|(unit, number)| (UnitId(unit), number)));
    }
    let last: Option<i32> = letter_number::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .order_by_desc(C::Number)
        .limit(1)
        .select_only()
        .column(C::Number)
        .fetch_tuple(tx.access())
        .await?;
    let mut next = last.unwrap_or(0);
    let mut rows = Vec::new();
    for unit in units {
        if let std::collections::hash_map::Entry::Vacant(place) = numbers.entry(*unit) {
            next += 1;
            place.insert(next);
            rows.push(letter_number::Model { campaign_id: campaign.0, unit_id: unit.0, number: next });
        }
    }
    insert_all::<letter_number::Entity>(tx, rows).await?;
    Ok(numbers)
}
