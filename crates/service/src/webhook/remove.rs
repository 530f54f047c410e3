use chengjing_domain::{
    id::{CampaignId, WebhookId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
};
use chengjing_store::{ledger, webhook as store};
use serde_json::json;

use super::must;
use crate::{App, Caller, Refusal};

/// Removes a webhook with what waits for it and the list of what it was told; `seen`: the version that the caller saw.
pub async fn remove(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: WebhookId,
    seen: i64,
) -> Result<(), Refusal> {
    caller.may(Action::EditWebhooks, Resource::Campaign(campaign))?;
    let caller = caller.clone();
    app.store
        .write(move |tx| {
            let caller = caller.clone();
            async move {
                let gone = must(&tx, campaign, id).await?;
                if gone.version != seen {
                    return Err(Refusal::Stale);
                }
                store::remove(&tx, &gone).await?;
                let subject = Subject::of(campaign, SubjectKind::Webhook, id.0);
                let act = caller.act_named("webhook.remove", subject, json!({ "name": gone.name }));
                ledger::record(&tx, act).await?;
                Ok(())
            }
        })
        .await
}
