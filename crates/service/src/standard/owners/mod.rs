//! Which units answer for which indicator 责任分解: taken from the duties that fit, or said by hand or by a sheet.

pub mod export_sheet;
pub mod import_sheet;
pub mod list;
pub mod set;
pub mod suggest;

use std::{collections::HashMap, sync::Arc};

use chengjing_domain::{
    id::{CampaignId, DutyId, StandardId, UnitId},
    plan::UnitRole,
    standard::owner::LeafOwners,
};
use chengjing_store::{
    Queries, Tx,
    standard::{assessed, edition, owner as store},
};

use super::Opened;
use crate::{App, Refusal, unit::UnitName};

/// A leaf with the units that answer for it.
#[derive(Debug, Clone)]
pub struct LeafSeen {
    /// Its number in the standard.
    pub leaf: usize,
    pub owners: Vec<OwnerSeen>,
    /// 0: nobody said yet who answers for it.
    pub version: i64,
}

#[derive(Debug, Clone)]
pub struct OwnerSeen {
    pub unit: UnitName,
    pub role: UnitRole,
    /// The duty that it was taken from, with what it is called, for whoever sees all duties.
    pub duty: Option<(DutyId, String)>,
}

/// The leaves of a standard in the order of its tree.
#[derive(Debug, Clone)]
pub struct OwnersSeen {
    pub opened: Arc<Opened>,
    pub leaves: Vec<LeafSeen>,
    /// Whether the caller may say who answers.
    pub editable: bool,
}

/// A standard that the campaign is assessed by, opened, with who answers for its leaves, by their codes.
async fn load(
    app: &App,
    q: &impl Queries,
    campaign: CampaignId,
    standard: StandardId,
) -> Result<(Arc<Opened>, HashMap<String, LeafOwners>), Refusal> {
    let row = assessed::lookup(q, campaign, standard).await?.ok_or(Refusal::NotFound)?;
    let summary = edition::lookup_summary(q, row.edition).await?.ok_or(Refusal::NotFound)?;
    let opened = app.standards.open(q, &summary).await?;
    let stored = store::list(q, campaign, Some(standard)).await?;
    Ok((opened, stored.into_iter().map(|one| (one.leaf.clone(), one)).collect()))
}

/// Two entries were one unit: what the one answered for the other does. Inside the write that merges them; its entry takes up
/// the changes.
pub(crate) async fn merge_units(
    tx: &Tx,
    campaign: CampaignId,
    from: UnitId,
    into: UnitId,
) -> Result<(), Refusal> {
    for mut one in store::list(tx, campaign, None).await? {
        if one.merge_units(from, into) {
            store::save(tx, &one).await?;
        }
    }
    Ok(())
}
