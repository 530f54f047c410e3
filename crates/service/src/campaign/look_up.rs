use chengjing_domain::{
    campaign::Campaign,
    id::CampaignId,
    people::policy::{Action, Resource},
};
use chengjing_store::campaign as store;

use crate::{App, Caller, Refusal};

/// One campaign.
pub async fn look_up(app: &App, caller: &Caller, id: CampaignId) -> Result<Campaign, Refusal> {
    caller.may(Action::SeeCampaign, Resource::Campaign(id))?;
    app.store.read(|q| async move { store::lookup(&q, id).await?.ok_or(Refusal::NotFound) }).await
}
