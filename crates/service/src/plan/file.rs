use chengjing_domain::{
    id::{CampaignId, ImportId},
    ledger::Hash,
    people::policy::{Action, Resource},
};

use super::must;
use crate::{App, Caller, Refusal};

/// The document as it was uploaded: its name and its bytes.
pub async fn file(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: ImportId,
) -> Result<(String, Vec<u8>), Refusal> {
    caller.may(Action::SeePlans, Resource::Campaign(campaign))?;
    let import = app.store.read(|q| async move { must(&q, campaign, id).await }).await?;
    let hash: Hash = import.file.parse().map_err(|_| Refusal::Internal("a plan document names no file"))?;
    let bytes = app.store.files().read(hash).await?.ok_or(Refusal::Internal("a stored file is missing"))?;
    Ok((import.name, bytes.to_vec()))
}
