//! Two entries were one unit: its materials are the other's, and who was asked under the one name is asked under the other.

use chengjing_domain::{
    evidence::EvidenceLink,
    id::{CampaignId, UnitId},
};
use chengjing_store::{
    Tx,
    evidence::{self as store, asking, link as links},
};

use crate::Refusal;

/// Moves all that is `from`'s to `into`, inside the write that merges the units; its entry takes up the changes.
pub(crate) async fn merge_units(
    tx: &Tx,
    campaign: CampaignId,
    from: UnitId,
    into: UnitId,
) -> Result<(), Refusal> {
    for evidence in store::list_of_unit(tx, campaign, from).await? {
        for link in links::list_of(tx, campaign, &[evidence.id]).await? {
            links::save(tx, &EvidenceLink { unit: into, ..link }).await?;
        }
        store::save(tx, &evidence.of_unit(into)).await?;
    }
    for one in asking::list(tx, campaign).await? {
        if !one.units.contains(&from) {
            continue;
        }
        asking::save(tx, &one.merged(from, into)).await?;
    }
    Ok(())
}
