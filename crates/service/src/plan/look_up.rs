use chengjing_domain::{
    id::{CampaignId, ImportId},
    people::policy::{Action, Resource},
    plan::PlanImport,
};

use super::must;
use crate::{App, Caller, Refusal};

/// One plan document with its draft and its cleaned text.
pub async fn look_up(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: ImportId,
) -> Result<PlanImport, Refusal> {
    caller.may(Action::SeePlans, Resource::Campaign(campaign))?;
    app.store.read(|q| async move { must(&q, campaign, id).await }).await
}
