//! Sends what is due.

use chengjing_domain::{
    id::{CampaignId, EntryId, WebhookId},
    ledger::{Act, Author, Subject, SubjectKind},
    webhook::{Failure, WebhookState, pause_after, sign},
};
use chengjing_store::{
    StoreError, ledger,
    webhook::{self as store, Answered, Claimed, MessageState},
};
use chrono::TimeDelta;
use futures_util::{StreamExt, stream};
use serde_json::json;
use uuid::Uuid;

use super::post::{Parcel, post};
use crate::{App, Refusal};

/// Whoever sends a message has it so long; longer than an attempt can take.
const LEASE: TimeDelta = TimeDelta::minutes(2);
/// Receivers that are told at the same time: one that is slow holds up only itself.
const AT_A_TIME: usize = 8;
/// Messages to one receiver in a round, so that one with many does not hold up the next round.
const IN_A_ROUND: usize = 50;

/// What came of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delivered {
    pub delivered: u64,
    /// To be tried again.
    pub later: u64,
    pub failed: u64,
}

/// Sends what is due to the webhooks that are enabled.
pub async fn deliver(app: &App) -> Result<Delivered, Refusal> {
    // Whoever was first has chosen the same.
    rustls::crypto::ring::default_provider().install_default().ok();
    let now = app.now();
    let due = app.store.read(|q| async move { store::due(&q, now, LEASE).await }).await?;
    let worker = app.ids.uuid(now);
    let rounds = due.into_iter().map(|(campaign, id)| to_one(app, campaign, id, worker));
    let mut done = Delivered::default();
    let mut rounds = stream::iter(rounds).buffer_unordered(AT_A_TIME);
    while let Some(one) = rounds.next().await {
        let one = one?;
        done.delivered += one.delivered;
        done.later += one.later;
        done.failed += one.failed;
    }
    Ok(done)
}

/// One after the other, until one is not taken: the others would fare no better.
async fn to_one(app: &App, campaign: CampaignId, id: WebhookId, worker: Uuid) -> Result<Delivered, Refusal> {
    let mut done = Delivered::default();
    let began = app.now();
    for _ in 0..IN_A_ROUND {
        let now = app.now();
        if now - began > TimeDelta::seconds(20) {
            break;
        }
        let take = move |tx| async move { store::claim(&tx, campaign, id, worker, now, LEASE).await };
        let Some(claimed) = app.store.write_unrecorded("a webhook's message is claimed", take).await? else {
            break;
        };
        match one(app, claimed).await? {
            MessageState::Delivered => done.delivered += 1,
            MessageState::Waiting | MessageState::Sending => {
                done.later += 1;
                break;
            }
            MessageState::Failed => {
                done.failed += 1;
                break;
            }
        }
    }
    Ok(done)
}

async fn one(app: &App, claimed: Claimed) -> Result<MessageState, Refusal> {
    let (campaign, id) = (claimed.campaign, claimed.webhook);
    let webhook = app.store.read(|q| async move { store::lookup(&q, campaign, id).await }).await?;
    let enabled = webhook.filter(|webhook| webhook.state == WebhookState::Enabled);
    let (Some(webhook), key) = (enabled, app.store.key().await?) else {
        let answered = failed(None, Failure::Disabled);
        return settle(app, claimed, answered, false).await;
    };
    let outcome = match key {
        None => Err(Failure::NoKey),
        Some(key) => {
            let (header, now) = (claimed.header_id(), app.now());
            let signature = sign(&webhook.secrets(&key, now), &header, now.timestamp(), &claimed.body);
            let parcel = Parcel {
                url: &webhook.url,
                id: &header,
                timestamp: now.timestamp(),
                signature: &signature,
                body: &claimed.body,
            };
            post(&app.reach, parcel).await
        }
    };
    let (status, failure) = match outcome {
        Ok(status @ 200..=299) => {
            let well =
                Answered { state: MessageState::Delivered, status: Some(status), failure: None, again: None };
            return settle(app, claimed, well, false).await;
        }
        Ok(status @ 300..=399) => (Some(status), Failure::Redirected),
        Ok(status) => (Some(status), Failure::Status),
        Err(failure) => (None, failure),
    };
    const GONE: u16 = 410;
    let chance = app.ids.random()[0];
    let pause = pause_after(claimed.attempts, chance).filter(|_| status != Some(GONE));
    let answered = match pause {
        Some(pause) => Answered {
            state: MessageState::Waiting,
            status,
            failure: Some(failure),
            again: Some(app.now() + pause),
        },
        None => failed(status, failure),
    };
    settle(app, claimed, answered, pause.is_none()).await
}

fn failed(status: Option<u16>, failure: Failure) -> Answered {
    Answered { state: MessageState::Failed, status, failure: Some(failure), again: None }
}

/// Keeps how an attempt went. `give_up`: the receiver had its three days, or says that it is gone; it is told nothing
/// more, and the office is shown so.
async fn settle(
    app: &App,
    claimed: Claimed,
    answered: Answered,
    give_up: bool,
) -> Result<MessageState, Refusal> {
    let (state, now) = (answered.state, app.now());
    if !give_up {
        let keep = move |tx| {
            let (claimed, answered) = (claimed.clone(), answered.clone());
            async move { store::settle(&tx, &claimed, &answered, now).await }
        };
        app.store.write_unrecorded("how a webhook's message went", keep).await?;
        return Ok(state);
    }
    let (campaign, id) = (claimed.campaign, claimed.webhook);
    let act = Act {
        id: EntryId(app.ids.uuid(now)),
        at: now,
        author: Author::System,
        action: "webhook.give_up".to_owned(),
        subject: Subject::of(campaign, SubjectKind::Webhook, id.0),
        details: json!({ "status": answered.status, "failure": answered.failure.map(Failure::code) }),
    };
    let done = app.store.write(move |tx| {
        let (claimed, answered, act) = (claimed.clone(), answered.clone(), act.clone());
        async move {
            store::settle(&tx, &claimed, &answered, now).await?;
            store::drop_open(&tx, campaign, id, Failure::Disabled, now).await?;
            if let Some(webhook) = store::lookup(&tx, campaign, id).await?
                && webhook.state == WebhookState::Enabled
            {
                let state = WebhookState::GivenUp { at: now };
                store::save(&tx, &chengjing_domain::webhook::Webhook { state, ..webhook }).await?;
                ledger::record(&tx, act).await?;
            }
            Ok::<_, Refusal>(())
        }
    });
    match done.await {
        Ok(()) => Ok(state),
        // The office changed it just now; its message is claimed again when its lease ends.
        Err(Refusal::Stale) => Ok(MessageState::Sending),
        Err(error) => Err(error),
    }
}

/// Forgets what webhooks were told a month ago.
pub async fn sweep(app: &App) -> Result<(), StoreError> {
    let before = app.now() - TimeDelta::days(30);
    let away = move |tx| async move { store::remove_messages_before(&tx, before).await };
    app.store.write_unrecorded("old messages of webhooks are removed", away).await.map(drop)
}
