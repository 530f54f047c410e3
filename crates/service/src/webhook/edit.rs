use std::collections::BTreeSet;

use chengjing_domain::{
    id::{CampaignId, WebhookId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
    webhook::{EventKind, Failure, Webhook, WebhookState},
};
use chengjing_store::{ledger, webhook as store};
use serde_json::json;

use super::{MOST_NAME, check_kinds, check_url, must};
use crate::{App, Caller, Refusal, difference::Difference, refusal::Faults};

/// What is changed of a webhook; what is None stays.
#[derive(Debug, Clone, Default)]
pub struct WebhookChange {
    pub name: Option<String>,
    pub url: Option<String>,
    pub kinds: Option<BTreeSet<EventKind>>,
    pub enabled: Option<bool>,
}

/// Changes a webhook; `seen`: the version that the caller saw. Disabled, it gives up what waits for it and is not told of
/// what happens meanwhile; enabled again, it is told from then on.
pub async fn edit(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: WebhookId,
    seen: i64,
    change: WebhookChange,
) -> Result<Webhook, Refusal> {
    caller.may(Action::EditWebhooks, Resource::Campaign(campaign))?;
    let mut faults = Faults::default();
    let name = change.name.map(|name| faults.text("name", &name, MOST_NAME));
    let url = change.url.map(|url| check_url(&mut faults, &app.reach, &url));
    if let Some(kinds) = &change.kinds {
        check_kinds(&mut faults, kinds);
    }
    faults.end()?;
    let (caller, kinds, enabled) = (caller.clone(), change.kinds, change.enabled);
    app.store
        .write(move |tx| {
            let (caller, name, url, kinds) = (caller.clone(), name.clone(), url.clone(), kinds.clone());
            async move {
                let before = must(&tx, campaign, id).await?;
                if before.version != seen {
                    return Err(Refusal::Stale);
                }
                let state = match (enabled, before.state) {
                    (None, state) | (Some(false), state @ WebhookState::GivenUp { .. }) => state,
                    (Some(true), _) => WebhookState::Enabled,
                    (Some(false), _) => WebhookState::Disabled,
                };
                let after = Webhook {
                    name: name.unwrap_or_else(|| before.name.clone()),
                    url: url.unwrap_or_else(|| before.url.clone()),
                    kinds: kinds.unwrap_or_else(|| before.kinds.clone()),
                    state,
                    ..before.clone()
                };
                let difference = difference(&before, &after);
                if difference.is_empty() {
                    return Ok(before);
                }
                let stored = store::save(&tx, &after).await?;
                if before.state != state && state == WebhookState::Enabled {
                    store::tell_from_here(&tx, campaign, id).await?;
                } else if before.state != state {
                    store::drop_open(&tx, campaign, id, Failure::Disabled, caller.now).await?;
                }
                let subject = Subject::of(campaign, SubjectKind::Webhook, id.0);
                ledger::record(&tx, caller.act_named("webhook.edit", subject, difference.details())).await?;
                Ok(stored)
            }
        })
        .await
}

fn difference(before: &Webhook, after: &Webhook) -> Difference {
    let mut difference = Difference::default();
    difference.of("name", &before.name, &after.name, |name| json!(name));
    if before.url != after.url {
        // It may hold a secret of its receiver's.
        difference.secretly("url");
    }
    difference.of("kinds", &before.kinds, &after.kinds, |kinds| json!(kinds));
    difference.of("enabled", &before.state, &after.state, |state| json!(*state == WebhookState::Enabled));
    difference
}
