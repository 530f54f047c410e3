//! Where a material was taken from, and where it was carried over to, as far as the caller sees that.

use chengjing_domain::{
    campaign::Campaign,
    evidence::Evidence,
    id::{CampaignId, EvidenceId},
    people::policy::Action,
};
use chengjing_store::{Queries, campaign as campaigns, evidence as store};

use super::{Standing, must};
use crate::{Caller, Refusal, duty::Names, unit::UnitName};

/// Other campaigns' materials that are looked at for one at most.
pub(super) const MOST: u64 = 200;

/// The other end of a carrying.
#[derive(Debug, Clone)]
pub struct OtherEnd {
    pub campaign: Campaign,
    pub evidence: EvidenceId,
    pub unit: UnitName,
    pub title: String,
    /// The number of the source's version that was taken last.
    pub taken: u32,
    /// The number of the source's version that stands.
    pub stands: u32,
}

/// Another campaign's material that the caller sees; of any other they are not told whether it is there.
pub(super) async fn must_see(
    q: &impl Queries,
    caller: &Caller,
    (campaign, id): (CampaignId, EvidenceId),
) -> Result<(Evidence, Standing), Refusal> {
    match must(q, caller, Action::SeeEvidence, campaign, id).await {
        Err(Refusal::Forbidden) => Err(Refusal::NotFound),
        other => other,
    }
}

/// Where a material was taken from.
pub(super) async fn source_of(
    q: &impl Queries,
    caller: &Caller,
    of: &Evidence,
) -> Result<Option<OtherEnd>, Refusal> {
    let Some(origin) = of.origin() else { return Ok(None) };
    let Some(source) = seen_there(q, caller, (origin.campaign, origin.evidence)).await? else {
        return Ok(None);
    };
    let stands = source.latest().number;
    other_end(q, &source, (origin.number, stands)).await
}

/// Where a material was carried over to.
pub(super) async fn uses_of(
    q: &impl Queries,
    caller: &Caller,
    of: &Evidence,
) -> Result<Vec<OtherEnd>, Refusal> {
    let mut uses = Vec::new();
    for key in store::list_carried(q, (of.campaign, of.id), None, MOST).await? {
        let Some(one) = seen_there(q, caller, key).await? else { continue };
        let Some(origin) = one.origin() else { continue };
        uses.extend(other_end(q, &one, (origin.number, of.latest().number)).await?);
    }
    Ok(uses)
}

async fn seen_there(
    q: &impl Queries,
    caller: &Caller,
    key: (CampaignId, EvidenceId),
) -> Result<Option<Evidence>, Refusal> {
    match must_see(q, caller, key).await {
        Ok((found, _)) => Ok(Some(found)),
        Err(Refusal::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

async fn other_end(
    q: &impl Queries,
    one: &Evidence,
    (taken, stands): (u32, u32),
) -> Result<Option<OtherEnd>, Refusal> {
    let Some(campaign) = campaigns::lookup(q, one.campaign).await? else { return Ok(None) };
    Ok(Some(OtherEnd {
        campaign,
        evidence: one.id,
        unit: Names::load(q, one.campaign).await?.unit(one.unit),
        title: one.latest().content.title.clone(),
        taken,
        stands,
    }))
}
