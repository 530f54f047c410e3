use std::collections::BTreeSet;

use chengjing_domain::{
    id::CampaignId,
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
    webhook::{EventKind, MOST_WEBHOOKS, Secret, Webhook, WebhookState},
};
use chengjing_store::{campaign as campaigns, ledger, webhook as store};
use serde_json::json;

use super::{MOST_NAME, check_kinds, check_url, rotate::nonce};
use crate::{App, Caller, Refusal, refusal::Faults};

/// Where to tell what.
#[derive(Debug, Clone)]
pub struct NewWebhook {
    pub name: String,
    pub url: String,
    pub kinds: BTreeSet<EventKind>,
}

/// Adds a webhook, which is told of what is done from now on; with the secret that its receiver checks signatures with. A
/// repeated request gets the same webhook.
pub async fn add(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    new: NewWebhook,
) -> Result<(Webhook, Secret), Refusal> {
    caller.may(Action::EditWebhooks, Resource::Campaign(campaign))?;
    let mut faults = Faults::default();
    let name = faults.text("name", &new.name, MOST_NAME);
    let url = check_url(&mut faults, &app.reach, &new.url);
    check_kinds(&mut faults, &new.kinds);
    faults.end()?;
    let webhook = Webhook {
        campaign,
        id: caller.id("webhook"),
        name,
        url,
        kinds: new.kinds,
        state: WebhookState::Enabled,
        nonce: nonce(caller),
        old: None,
        created_at: caller.now,
        version: 1,
    };
    let key = app.store.key_or(app.ids.secret()).await?;
    // The URL may hold a secret of its receiver's: the ledger is told that there is one, not which.
    let details = json!({ "name": webhook.name, "kinds": webhook.kinds });
    let subject = Subject::of(campaign, SubjectKind::Webhook, webhook.id.0);
    let act = caller.act_named("webhook.add", subject, details);
    let added = app.store.write(move |tx| {
        let (webhook, act) = (webhook.clone(), act.clone());
        async move {
            campaigns::lookup(&tx, campaign).await?.ok_or(Refusal::NotFound)?;
            let there = store::list(&tx, campaign).await?;
            if let Some(there) = there.iter().find(|there| there.id == webhook.id) {
                return Ok(there.clone());
            }
            if there.len() >= MOST_WEBHOOKS {
                return Err(Refusal::conflict(
                    format!("最多{MOST_WEBHOOKS}个，请先删掉不用的"),
                    format!("At most {MOST_WEBHOOKS}; remove one that is not needed"),
                ));
            }
            let stored = store::add(&tx, &webhook).await?;
            store::tell_from_here(&tx, campaign, stored.id).await?;
            ledger::record(&tx, act).await?;
            Ok::<_, Refusal>(stored)
        }
    });
    let webhook = added.await?;
    let secret = webhook.secret(&key);
    Ok((webhook, secret))
}
