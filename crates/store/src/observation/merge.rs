use std::collections::BTreeSet;

use chengjing_domain::{
    id::{CampaignId, UnitId},
    observation::{Cell, KeptObservation},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use super::{from_observation, stand::settle_cells};
use crate::{
    door::{Execute, Fetch, Tx},
    entity::observation,
    error::StoreError,
    ledger::note_stored,
};

/// Observations moved in one go.
const SOME: u64 = 200;

/// Two entries were one unit: what was observed of `from` is of `into`. That is no edit of what was observed; where both had
/// figures of their own for a period, the newest stands.
pub async fn merge_units(
    tx: &Tx,
    campaign: CampaignId,
    from: UnitId,
    into: UnitId,
) -> Result<(), StoreError> {
    use observation::Column as C;
    let mut cells: BTreeSet<Cell> = BTreeSet::new();
    loop {
        let rows = observation::Entity::find()
            .filter(C::CampaignId.eq(campaign.0))
            .filter(C::UnitId.eq(from.0))
            .order_by_asc(C::Id)
            .limit(SOME)
            .fetch_all(tx.access())
            .await?;
        if rows.is_empty() {
            break;
        }
        observation::Entity::update_many()
            .col_expr(C::UnitId, Expr::value(into.0))
            .filter(C::CampaignId.eq(campaign.0))
            .filter(C::Id.is_in(rows.iter().map(|row| row.id)))
            .execute(tx.access())
            .await?;
        for row in rows {
            let before = from_observation(row)?;
            let after = KeptObservation { unit: Some(into), ..before.clone() };
            if before.cell() != after.cell() {
                cells.extend(before.cell().into_iter().chain(after.cell()));
            }
            note_stored(tx, &after);
        }
    }
    settle_cells(tx, campaign, &cells).await
}
