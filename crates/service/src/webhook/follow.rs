//! Follows the ledger for each webhook and lays out what it is to be told.

use chengjing_domain::{
    id::{BulletinId, CampaignId, DutyId, EntryId, TaskId, WebhookId, WebhookMessageId},
    ledger::{Subject, SubjectKind},
    webhook::{EventKind, Webhook},
};
use chengjing_store::{
    Queries,
    notice::{self as blocks, Done},
    task as tasks, webhook as store,
};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Message, MessageState};
use crate::{App, Refusal};

/// Blocks looked through in one go.
const BLOCKS: u64 = 20;

/// What happened, as a webhook is told it: kinds and ids, no names and no words that people wrote.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) kind: EventKind,
    pub(super) at: DateTime<Utc>,
    pub(super) data: Value,
    /// Where people see it, below the campaign's pages.
    pub(super) page: Option<String>,
}

/// Lays out for every webhook what the ledger's sealed blocks say that it was not told yet; says how many messages that
/// made.
pub async fn catch_up(app: &App) -> Result<usize, Refusal> {
    let unmarked = app.store.read(|q| async move { store::list_unmarked(&q).await }).await?;
    for (campaign, id) in unmarked {
        // It came out of a backup, and what was done since is not known to have been told or not: from here on.
        let here = move |tx| async move { store::tell_from_here(&tx, campaign, id).await };
        app.store.write_unrecorded("a webhook is told from here on", here).await?;
    }
    let mut made = 0;
    let behind = app.store.read(|q| async move { store::list_behind(&q).await }).await?;
    for (webhook, from) in behind {
        made += catch_up_one(app, &webhook, from).await?;
    }
    Ok(made)
}

async fn catch_up_one(app: &App, webhook: &Webhook, mut from: i64) -> Result<usize, Refusal> {
    let (campaign, id) = (webhook.campaign, webhook.id);
    let mut made = 0;
    loop {
        let (app_here, own) = (app.clone(), webhook.clone());
        let next = app.store.read(|q| async move {
            let Some((to, acts)) = blocks::next_blocks(&q, from, BLOCKS).await? else { return Ok(None) };
            let mut messages = Vec::new();
            for act in acts {
                if let Some((entry, event)) = event_of(&q, &own, act).await? {
                    messages.push(message(&app_here, campaign, id, same(id, entry), app_here.now(), &event));
                }
            }
            Ok::<_, Refusal>(Some((to, messages)))
        });
        let Some((to, messages)) = next.await? else { return Ok(made) };
        let count = messages.len();
        let moved = app.store.write_unrecorded("a webhook's messages are laid out", move |tx| {
            let messages = messages.clone();
            async move {
                let moved = store::advance(&tx, campaign, id, from, to).await?;
                if moved {
                    store::add_messages(&tx, &messages).await?;
                }
                Ok::<_, Refusal>(moved)
            }
        });
        if !moved.await? {
            // Another server does it, or the office has just changed it.
            return Ok(made);
        }
        (from, made) = (to, made + count);
    }
}

/// The id of the message in which a webhook is told of an entry of the ledger: the same, however often it is asked.
fn same(webhook: WebhookId, entry: EntryId) -> WebhookMessageId {
    let hash = Sha256::new().chain_update(webhook.0.as_bytes()).chain_update(entry.0.as_bytes()).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    WebhookMessageId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

async fn event_of(
    q: &impl Queries,
    webhook: &Webhook,
    act: Done,
) -> Result<Option<(EntryId, Event)>, Refusal> {
    let Subject { kind: about, campaign, id } = act.subject;
    let told = EventKind::of(&act.action, about).filter(|kind| webhook.kinds.contains(kind));
    let (Some(kind), true) = (told, campaign == Some(webhook.campaign)) else { return Ok(None) };
    let (data, page) = match about {
        SubjectKind::Task => {
            let Some(stored) = tasks::lookup(q, webhook.campaign, TaskId(id)).await? else { return Ok(None) };
            let owed = stored.task.owed;
            (json!({ "task_id": id, "duty_id": owed.duty, "unit_id": owed.unit }), format!("tasks/{id}"))
        }
        SubjectKind::Duty => (json!({ "duty_id": DutyId(id) }), format!("duties/{id}")),
        SubjectKind::PlanImport => (json!({ "plan_id": id }), format!("plans/{id}")),
        SubjectKind::Bulletin => (json!({ "bulletin_id": BulletinId(id) }), "documents".to_owned()),
        _ => return Ok(None),
    };
    Ok(Some((act.id, Event { kind, at: act.at, data, page: Some(page) })))
}

/// The message that tells of an event: small, the same for whoever reads it, without names of people.
pub(super) fn message(
    app: &App,
    campaign: CampaignId,
    webhook: WebhookId,
    id: WebhookMessageId,
    now: DateTime<Utc>,
    event: &Event,
) -> Message {
    let mut data = event.data.clone();
    data["campaign_id"] = json!(campaign);
    if let Some(page) = &event.page {
        let site = app.post_office.as_ref().map_or("", |office| office.site.as_str());
        data["link"] = format!("{site}/c/{campaign}/{page}").into();
    }
    let body = json!({
        "type": event.kind.code(),
        "timestamp": event.at.to_rfc3339_opts(SecondsFormat::Millis, true),
        "data": data,
    });
    Message {
        campaign,
        id,
        webhook,
        kind: event.kind,
        body: body.to_string(),
        state: MessageState::Waiting,
        attempts: 0,
        // In the order in which it happened; what a clock that ran ahead has dated does not wait for its day.
        next_at: event.at.min(now),
        made_at: event.at.min(now),
        tried_at: None,
        status: None,
        failure: None,
    }
}
