use chengjing_domain::{
    id::{CampaignId, WebhookId},
    people::policy::{Action, Resource},
    webhook::Webhook,
};
use chengjing_store::{campaign as campaigns, webhook as store};

use super::must;
use crate::{App, Caller, Refusal};

/// A campaign's webhooks, the oldest first.
pub async fn list(app: &App, caller: &Caller, campaign: CampaignId) -> Result<Vec<Webhook>, Refusal> {
    caller.may(Action::SeeWebhooks, Resource::Campaign(campaign))?;
    app.store
        .read(|q| async move {
            campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            Ok(store::list(&q, campaign).await?)
        })
        .await
}

/// One of them.
pub async fn look_up(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: WebhookId,
) -> Result<Webhook, Refusal> {
    caller.may(Action::SeeWebhooks, Resource::Campaign(campaign))?;
    app.store.read(|q| async move { must(&q, campaign, id).await }).await
}
