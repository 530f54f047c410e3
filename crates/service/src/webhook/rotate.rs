use chengjing_domain::{
    id::{CampaignId, WebhookId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
    webhook::{Secret, Webhook},
};
use chengjing_store::{ledger, webhook as store};
use serde_json::json;
use uuid::Uuid;

use super::must;
use crate::{App, Caller, Refusal};

/// What a new secret follows from; of a repeated request the same. Nobody can tell the secret from it without the
/// installation's key.
pub(super) fn nonce(caller: &Caller) -> [u8; 16] {
    caller.id::<Uuid>("webhook secret").into_bytes()
}

/// Gives a webhook a new secret. The one that it had signs beside it for a day, in which its receiver takes the new one
/// over. A repeated request gets the same secret.
pub async fn rotate(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: WebhookId,
) -> Result<(Webhook, Secret), Refusal> {
    caller.may(Action::EditWebhooks, Resource::Campaign(campaign))?;
    let key = app.store.key_or(app.ids.secret()).await?;
    let fresh = nonce(caller);
    let subject = Subject::of(campaign, SubjectKind::Webhook, id.0);
    let act = caller.act_named("webhook.rotate", subject, json!({}));
    let now = caller.now;
    let rotated = app.store.write(move |tx| {
        let act = act.clone();
        async move {
            let webhook = must(&tx, campaign, id).await?;
            if webhook.nonce == fresh {
                return Ok(webhook);
            }
            let stored = store::save(&tx, &webhook.rotated(fresh, now)).await?;
            ledger::record(&tx, act).await?;
            Ok::<_, Refusal>(stored)
        }
    });
    let webhook = rotated.await?;
    let secret = webhook.secret(&key);
    Ok((webhook, secret))
}
