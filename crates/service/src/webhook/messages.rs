use chengjing_domain::{
    id::{CampaignId, WebhookId, WebhookMessageId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
    webhook::{EventKind, WebhookState},
};
use chengjing_store::{Tx, ledger, webhook as store};
use serde_json::json;

use super::{
    Message,
    follow::{Event, message},
    must,
};
use crate::{App, Caller, Page, Paging, Refusal};

/// What a webhook was told lately and how that went, the newest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: WebhookId,
    paging: Paging,
) -> Result<Page<Message>, Refusal> {
    caller.may(Action::SeeWebhooks, Resource::Campaign(campaign))?;
    app.store
        .read(|q| {
            let paging = paging.clone();
            async move {
                must(&q, campaign, id).await?;
                Ok(store::list_messages(&q, campaign, id, &paging).await?)
            }
        })
        .await
}

/// Sends a webhook a message that says nothing, to try whether it arrives. A repeated request finds the same one.
pub async fn test(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: WebhookId,
) -> Result<Message, Refusal> {
    caller.may(Action::EditWebhooks, Resource::Campaign(campaign))?;
    let event = Event { kind: EventKind::Test, at: caller.now, data: json!({}), page: None };
    let new = message(app, campaign, id, caller.id::<WebhookMessageId>("webhook test"), caller.now, &event);
    let act = caller.act_named("webhook.test", Subject::of(campaign, SubjectKind::Webhook, id.0), json!({}));
    app.store
        .write(move |tx| {
            let (new, act) = (new.clone(), act.clone());
            async move {
                if let Some(there) = store::lookup_message(&tx, campaign, new.id).await? {
                    return Ok(there);
                }
                must_be_enabled(&tx, campaign, id).await?;
                store::add_messages(&tx, std::slice::from_ref(&new)).await?;
                ledger::record(&tx, act).await?;
                Ok(new)
            }
        })
        .await
}

/// Sends a message once more from the beginning, under the same id: a receiver that has it knows it again.
pub async fn redeliver(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    (id, message): (WebhookId, WebhookMessageId),
) -> Result<Message, Refusal> {
    caller.may(Action::EditWebhooks, Resource::Campaign(campaign))?;
    let subject = Subject::of(campaign, SubjectKind::Webhook, id.0);
    let act = caller.act_named("webhook.redeliver", subject, json!({ "message": message }));
    let now = caller.now;
    app.store
        .write(move |tx| {
            let act = act.clone();
            async move {
                must_be_enabled(&tx, campaign, id).await?;
                let found = store::lookup_message(&tx, campaign, message).await?;
                found.filter(|found| found.webhook == id).ok_or(Refusal::NotFound)?;
                store::send_again(&tx, campaign, message, now).await?;
                ledger::record(&tx, act).await?;
                store::lookup_message(&tx, campaign, message).await?.ok_or(Refusal::NotFound)
            }
        })
        .await
}

async fn must_be_enabled(tx: &Tx, campaign: CampaignId, id: WebhookId) -> Result<(), Refusal> {
    if must(tx, campaign, id).await?.state == WebhookState::Enabled {
        return Ok(());
    }
    Err(Refusal::conflict("这个接收地址已停用，请先启用", "This webhook is disabled; enable it first"))
}
