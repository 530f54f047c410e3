//! Messages on their way. Whoever sends one claims it for a while; one whose sender died is claimed again, and sent again
//! under the same id: its receiver knows by that id that it has it already.

use chengjing_domain::{
    id::{CampaignId, WebhookId, WebhookMessageId},
    webhook::{EventKind, Failure, LONGEST_PAUSE},
};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Statement, sea_query::Expr};
use uuid::Uuid;

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::webhook_message,
    error::StoreError,
    page::{Cursor, Page, Paging, newest_first},
    row::{cut, inconsistent, insert_all},
};

/// Where a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MessageState {
    /// To be sent, or to be tried again.
    Waiting,
    Sending,
    Delivered,
    /// Given up.
    Failed,
}

impl MessageState {
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Sending, Self::Delivered, Self::Failed];

    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// A message, as the office sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub campaign: CampaignId,
    /// The header `webhook-id` of each of its attempts.
    pub id: WebhookMessageId,
    pub webhook: WebhookId,
    pub kind: EventKind,
    pub body: String,
    pub state: MessageState,
    pub attempts: u32,
    pub next_at: DateTime<Utc>,
    pub made_at: DateTime<Utc>,
    pub tried_at: Option<DateTime<Utc>>,
    /// The HTTP status that the receiver answered the last attempt with.
    pub status: Option<u16>,
    pub failure: Option<Failure>,
}

impl Message {
    /// The header `webhook-id`.
    pub fn header_id(&self) -> String {
        header_id(self.id)
    }
}

fn header_id(id: WebhookMessageId) -> String {
    format!("msg_{}", id.0.simple())
}

/// A message in its sender's hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    pub campaign: CampaignId,
    pub id: WebhookMessageId,
    pub webhook: WebhookId,
    pub body: String,
    /// How often it was tried, this time too.
    pub attempts: u32,
    worker: Uuid,
}

impl Claimed {
    /// The header `webhook-id`.
    pub fn header_id(&self) -> String {
        header_id(self.id)
    }
}

/// How an attempt went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    pub state: MessageState,
    pub status: Option<u16>,
    pub failure: Option<Failure>,
    /// When it is tried again, where it is.
    pub again: Option<DateTime<Utc>>,
}

/// Adds messages that wait to be sent.
pub async fn add_messages(tx: &Tx, all: &[Message]) -> Result<(), StoreError> {
    let row = |new: &Message| webhook_message::Model {
        campaign_id: new.campaign.0,
        id: new.id.0,
        webhook_id: new.webhook.0,
        kind: new.kind.code().to_owned(),
        body: new.body.clone(),
        state: MessageState::Waiting.code().to_owned(),
        attempts: 0,
        next_at: cut(new.next_at),
        lease_until: None,
        worker: None,
        made_at: cut(new.made_at),
        tried_at: None,
        status: None,
        reason: None,
        ended_at: None,
    };
    insert_all::<webhook_message::Entity>(tx, all.iter().map(row).collect()).await
}

/// What makes a message due: its time has come, or its sender was not heard of. A lease or a pause that ends too far in
/// the future was given by a clock that ran ahead.
const DUE: &str = "m.ended_at IS NULL AND ((m.state = 'waiting' AND (m.next_at <= $1 OR m.next_at > $2)) \
     OR (m.state = 'sending' AND (m.lease_until <= $1 OR m.lease_until > $3)))";

fn moments(now: DateTime<Utc>, lease: TimeDelta) -> Vec<sea_orm::Value> {
    vec![now.into(), (now + LONGEST_PAUSE).into(), (now + lease + lease).into()]
}

/// The webhooks for which something is due.
pub async fn due(
    q: &impl Queries,
    now: DateTime<Utc>,
    lease: TimeDelta,
) -> Result<Vec<(CampaignId, WebhookId)>, StoreError> {
    let db = q.access();
    let sql = format!(
        "SELECT w.campaign_id, w.id FROM webhook w WHERE w.state = 'enabled' AND EXISTS (SELECT 1 FROM webhook_message m \
         WHERE m.campaign_id = w.campaign_id AND m.webhook_id = w.id AND {DUE})"
    );
    let statement = Statement::from_sql_and_values(db.backend(), sql, moments(cut(now), lease));
    let rows: Vec<(Uuid, Uuid)> = db.tuples(statement).await?;
    Ok(rows.into_iter().map(|(campaign, id)| (CampaignId(campaign), WebhookId(id))).collect())
}

/// Takes a webhook's next message that is due.
pub async fn claim(
    tx: &Tx,
    campaign: CampaignId,
    webhook: WebhookId,
    worker: Uuid,
    now: DateTime<Utc>,
    lease: TimeDelta,
) -> Result<Option<Claimed>, StoreError> {
    let db = tx.access();
    let now = cut(now);
    let lock = if db.is_sqlite() { "" } else { "FOR UPDATE SKIP LOCKED" };
    let sql = format!(
        "UPDATE webhook_message SET state = 'sending', attempts = attempts + 1, worker = $4, lease_until = $5 \
         WHERE campaign_id = $6 AND id = (SELECT m.id FROM webhook_message m \
         WHERE m.campaign_id = $6 AND m.webhook_id = $7 AND {DUE} ORDER BY m.next_at, m.id LIMIT 1 {lock}) \
         RETURNING id, body, attempts"
    );
    let mut values = moments(now, lease);
    values.extend([worker.into(), (now + lease).into(), campaign.0.into(), webhook.0.into()]);
    let row: Option<(Uuid, String, i32)> =
        db.tuple(Statement::from_sql_and_values(db.backend(), sql, values)).await?;
    Ok(row.map(|(id, body, attempts)| Claimed {
        campaign,
        id: WebhookMessageId(id),
        webhook,
        body,
        attempts: attempts.unsigned_abs(),
        worker,
    }))
}

/// Keeps how an attempt went. False where it is this sender's no longer.
pub async fn settle(
    tx: &Tx,
    claimed: &Claimed,
    answered: &Answered,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    use webhook_message::Column as C;
    let now = cut(now);
    let ended = matches!(answered.state, MessageState::Delivered | MessageState::Failed);
    let mut update = webhook_message::Entity::update_many()
        .col_expr(C::State, Expr::value(answered.state.code()))
        .col_expr(C::LeaseUntil, Expr::value(None::<DateTime<Utc>>))
        .col_expr(C::Worker, Expr::value(None::<Uuid>))
        .col_expr(C::TriedAt, Expr::value(now))
        .col_expr(C::Status, Expr::value(answered.status.map(i32::from)))
        .col_expr(C::Reason, Expr::value(answered.failure.map(Failure::code)))
        .col_expr(C::EndedAt, Expr::value(ended.then_some(now)));
    if let Some(at) = answered.again {
        update = update.col_expr(C::NextAt, Expr::value(cut(at)));
    }
    let changed = update
        .filter(C::CampaignId.eq(claimed.campaign.0))
        .filter(C::Id.eq(claimed.id.0))
        .filter(C::Worker.eq(claimed.worker))
        .filter(C::Attempts.eq(i32::try_from(claimed.attempts).unwrap_or(i32::MAX)))
        .execute(tx.access())
        .await?;
    Ok(changed == 1)
}

/// Gives up all that waits for a webhook.
pub async fn drop_open(
    tx: &Tx,
    campaign: CampaignId,
    webhook: WebhookId,
    failure: Failure,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    use webhook_message::Column as C;
    webhook_message::Entity::update_many()
        .col_expr(C::State, Expr::value(MessageState::Failed.code()))
        .col_expr(C::LeaseUntil, Expr::value(None::<DateTime<Utc>>))
        .col_expr(C::Worker, Expr::value(None::<Uuid>))
        .col_expr(C::Reason, Expr::value(failure.code()))
        .col_expr(C::EndedAt, Expr::value(cut(now)))
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::WebhookId.eq(webhook.0))
        .filter(Expr::cust("ended_at IS NULL"))
        .execute(tx.access())
        .await
        .map(drop)
}

/// Has a message sent again from the beginning, under its id. False where there is none.
pub async fn send_again(
    tx: &Tx,
    campaign: CampaignId,
    id: WebhookMessageId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    use webhook_message::Column as C;
    let changed = webhook_message::Entity::update_many()
        .col_expr(C::State, Expr::value(MessageState::Waiting.code()))
        .col_expr(C::Attempts, Expr::value(0))
        .col_expr(C::NextAt, Expr::value(cut(now)))
        .col_expr(C::LeaseUntil, Expr::value(None::<DateTime<Utc>>))
        .col_expr(C::Worker, Expr::value(None::<Uuid>))
        .col_expr(C::EndedAt, Expr::value(None::<DateTime<Utc>>))
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::Id.eq(id.0))
        .execute(tx.access())
        .await?;
    Ok(changed == 1)
}

pub async fn lookup_message(
    q: &impl Queries,
    campaign: CampaignId,
    id: WebhookMessageId,
) -> Result<Option<Message>, StoreError> {
    let row = webhook_message::Entity::find_by_id((campaign.0, id.0)).fetch_one(q.access()).await?;
    row.map(from_row).transpose()
}

/// A webhook's messages, the newest first.
pub async fn list_messages(
    q: &impl Queries,
    campaign: CampaignId,
    webhook: WebhookId,
    paging: &Paging,
) -> Result<Page<Message>, StoreError> {
    use webhook_message::Column as C;
    let query = webhook_message::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::WebhookId.eq(webhook.0));
    let rows = newest_first(query, (C::MadeAt, C::Id), paging)?.fetch_all(q.access()).await?;
    Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.made_at.to_rfc3339(), &row.id])).try_map(from_row)
}

/// Forgets messages that are over and older than that.
pub async fn remove_messages_before(tx: &Tx, before: DateTime<Utc>) -> Result<u64, StoreError> {
    webhook_message::Entity::delete_many()
        .filter(webhook_message::Column::MadeAt.lt(cut(before)))
        .filter(webhook_message::Column::EndedAt.is_not_null())
        .execute(tx.access())
        .await
}

fn from_row(row: webhook_message::Model) -> Result<Message, StoreError> {
    let fault = |column| inconsistent("webhook_message", column, row.id);
    Ok(Message {
        campaign: CampaignId(row.campaign_id),
        id: WebhookMessageId(row.id),
        webhook: WebhookId(row.webhook_id),
        kind: EventKind::from_code(&row.kind).ok_or_else(|| fault("kind"))?,
        state: MessageState::from_code(&row.state).ok_or_else(|| fault("state"))?,
        attempts: row.attempts.unsigned_abs(),
        next_at: row.next_at,
        made_at: row.made_at,
        tried_at: row.tried_at,
        status: row.status.map(u16::try_from).transpose().map_err(|_| fault("status"))?,
        failure: row
            .reason
            .map(|code| Failure::from_code(&code).ok_or_else(|| fault("reason")))
            .transpose()?,
        body: row.body,
    })
}
