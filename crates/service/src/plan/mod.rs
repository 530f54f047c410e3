//! Plan documents: from the uploaded file to adopted duties.

pub mod adopt;
pub mod compare;
pub mod correct;
pub mod discard;
pub mod file;
pub mod import;
pub mod list;
pub mod look_up;
pub mod propose_units;
pub mod read;
pub mod undo_adoption;

use chengjing_domain::{
    id::{CampaignId, ImportId},
    plan::PlanImport,
};
use chengjing_store::{Queries, plan as store};

use crate::Refusal;

/// The plan document; to whom it is not there, it is not found.
pub(crate) async fn must(
    q: &impl Queries,
    campaign: CampaignId,
    id: ImportId,
) -> Result<PlanImport, Refusal> {
    store::lookup(q, campaign, id).await?.ok_or(Refusal::NotFound)
}

/// As [`must`], at the version that the caller saw.
pub(crate) async fn must_at(
    q: &impl Queries,
    campaign: CampaignId,
    id: ImportId,
    seen: i64,
) -> Result<PlanImport, Refusal> {
    let import = must(q, campaign, id).await?;
    if import.version == seen { Ok(import) } else { Err(Refusal::Stale) }
}
