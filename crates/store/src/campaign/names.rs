//! The names of a campaign's units, phases and initiatives, and its year, remembered between requests: nearly every page shows some
//! of them.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use chengjing_domain::id::{CampaignId, InitiativeId, PhaseId, UnitId};

use super::{list_phases, lookup, unit_names};
use crate::{door::Queries, error::StoreError, initiative};

/// What ids of a campaign are called.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct CampaignNames {
    /// The year of dates that name none; None: there is no such campaign.
    pub year: Option<i32>,
    pub units: HashMap<UnitId, String>,
    pub phases: HashMap<PhaseId, String>,
    pub initiatives: HashMap<InitiativeId, String>,
}

/// Names, the change that they were read after, and the moment.
type Known = (Arc<CampaignNames>, u64, Instant);

/// Names by campaign.
///
/// A write of this process that touches a campaign, a unit, a phase or an initiative makes all of them old at its commit; what another
/// process on the same PostgreSQL changes is seen after [`NamesCache::AGE`].
#[derive(Debug, Default)]
pub(crate) struct NamesCache {
    changes: AtomicU64,
    known: Mutex<HashMap<CampaignId, Known>>,
}

impl NamesCache {
    const AGE: Duration = Duration::from_secs(5);
    const MOST: usize = 256;

    /// To be asked before a read begins: what it reads is as of this change or later.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    /// A write that changed names was committed.
    pub(crate) fn change(&self) {
        self.changes.fetch_add(1, Ordering::Release);
    }

    fn get(&self, campaign: CampaignId) -> Option<Arc<CampaignNames>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (names, change, since) = known.get(&campaign)?;
        (*change == self.changes() && since.elapsed() < Self::AGE).then(|| Arc::clone(names))
    }

    fn put(&self, campaign: CampaignId, change: u64, names: &Arc<CampaignNames>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= Self::MOST {
            known.clear();
        }
        known.insert(campaign, (Arc::clone(names), change, Instant::now()));
    }
}

/// The names of all units, phases and initiatives of a campaign.
pub async fn names(q: &impl Queries, campaign: CampaignId) -> Result<Arc<CampaignNames>, StoreError> {
    let access = q.access();
    // A write that changes names sees its own.
    let cache = (!access.has_changed_names()).then_some(&access.bells().names);
    if let Some(names) = cache.and_then(|cache| cache.get(campaign)) {
        return Ok(names);
    }
    let units = unit_names(q, campaign).await?.into_iter().collect();
    let phases = list_phases(q, campaign).await?.into_iter().map(|phase| (phase.id, phase.title)).collect();
    let year = lookup(q, campaign).await?.map(|campaign| campaign.year);
    let initiatives = initiative::names(q, campaign).await?.into_iter().collect();
    let names = Arc::new(CampaignNames { year, units, phases, initiatives });
    // What was changed in this transaction may never be committed.
    if let Some(cache) = cache.filter(|_| access.sees_committed_names()) {
        cache.put(campaign, access.names_seen(), &names);
    }
    Ok(names)
}
