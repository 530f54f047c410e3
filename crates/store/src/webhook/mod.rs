//! Where programs are told what happens, how far the ledger was looked through for each, and what is on its way.

mod messages;

use std::collections::BTreeSet;

use chengjing_domain::{
    id::{CampaignId, WebhookId},
    ledger::{Subject, SubjectKind},
    webhook::{EventKind, Webhook, WebhookState},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder, Statement,
};
use uuid::Uuid;

pub use messages::{
    Answered, Claimed, Message, MessageState, add_messages, claim, drop_open, due, list_messages,
    lookup_message, remove_messages_before, send_again, settle,
};

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::webhook,
    error::StoreError,
    ledger::{note_removed, note_stored},
    row::{cut, from_json, inconsistent, insert, json, one_changed},
};

/// A campaign's webhooks, the oldest first; there are few.
pub async fn list(q: &impl Queries, campaign: CampaignId) -> Result<Vec<Webhook>, StoreError> {
    let rows = webhook::Entity::find()
        .filter(webhook::Column::CampaignId.eq(campaign.0))
        .order_by_asc(webhook::Column::CreatedAt)
        .order_by_asc(webhook::Column::Id)
        .fetch_all(q.access())
        .await?;
    rows.iter().map(from_webhook).collect()
}

pub async fn lookup(
    q: &impl Queries,
    campaign: CampaignId,
    id: WebhookId,
) -> Result<Option<Webhook>, StoreError> {
    let row = webhook::Entity::find_by_id((campaign.0, id.0)).fetch_one(q.access()).await?;
    row.as_ref().map(from_webhook).transpose()
}

pub async fn add(tx: &Tx, new: &Webhook) -> Result<Webhook, StoreError> {
    let stored = Webhook { created_at: cut(new.created_at), ..new.clone() };
    insert::<webhook::Entity>(tx, to_webhook(&stored)).await?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Stores a changed webhook under the next version, which it returns.
///
/// # Errors
/// [`StoreError::Stale`] where it is not what is stored any more.
pub async fn save(tx: &Tx, changed: &Webhook) -> Result<Webhook, StoreError> {
    let state = match changed.state {
        WebhookState::GivenUp { at } => WebhookState::GivenUp { at: cut(at) },
        state => state,
    };
    let old = changed.old.map(|(nonce, at)| (nonce, cut(at)));
    let stored = Webhook { state, old, version: changed.version + 1, ..changed.clone() };
    let mut row = to_webhook(&stored).into_active_model().reset_all();
    (row.campaign_id, row.id) = (NotSet, NotSet);
    let rows = webhook::Entity::update_many()
        .set(row)
        .filter(webhook::Column::CampaignId.eq(changed.campaign.0))
        .filter(webhook::Column::Id.eq(changed.id.0))
        .filter(webhook::Column::Version.eq(changed.version))
        .execute(tx.access())
        .await?;
    one_changed(rows)?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Removes a webhook with all its messages.
pub async fn remove(tx: &Tx, gone: &Webhook) -> Result<(), StoreError> {
    let rows = webhook::Entity::delete_many()
        .filter(webhook::Column::CampaignId.eq(gone.campaign.0))
        .filter(webhook::Column::Id.eq(gone.id.0))
        .filter(webhook::Column::Version.eq(gone.version))
        .execute(tx.access())
        .await?;
    one_changed(rows)?;
    note_removed(tx, Subject::of(gone.campaign, SubjectKind::Webhook, gone.id.0));
    Ok(())
}

/// From now on it is told what is done; what was done before is no news to it.
pub async fn tell_from_here(tx: &Tx, campaign: CampaignId, id: WebhookId) -> Result<(), StoreError> {
    let db = tx.access();
    let sql = "INSERT INTO webhook_cursor (campaign_id, webhook_id, height) \
         SELECT $1, $2, COALESCE(max(height), -1) FROM ledger_block WHERE true \
         ON CONFLICT (campaign_id, webhook_id) DO UPDATE SET height = excluded.height";
    let statement = Statement::from_sql_and_values(db.backend(), sql, [campaign.0.into(), id.0.into()]);
    db.execute(statement).await.map(drop)
}

/// Those that are told, with the block up to which that was done, where there are further ones. One without a mark (it
/// came out of a backup) is not among them: see [`list_unmarked`].
pub async fn list_behind(q: &impl Queries) -> Result<Vec<(Webhook, i64)>, StoreError> {
    let db = q.access();
    let sql = "SELECT c.campaign_id, c.webhook_id, c.height FROM webhook_cursor c \
         JOIN webhook w ON w.campaign_id = c.campaign_id AND w.id = c.webhook_id AND w.state = 'enabled' \
         WHERE c.height < (SELECT max(height) FROM ledger_block) ORDER BY c.height";
    let behind: Vec<(Uuid, Uuid, i64)> = db.tuples(Statement::from_string(db.backend(), sql)).await?;
    let mut all = Vec::with_capacity(behind.len());
    for (campaign, id, height) in behind {
        let found = lookup(q, CampaignId(campaign), WebhookId(id)).await?;
        all.extend(found.map(|webhook| (webhook, height)));
    }
    Ok(all)
}

/// Those for which it is not known how far they were told.
pub async fn list_unmarked(q: &impl Queries) -> Result<Vec<(CampaignId, WebhookId)>, StoreError> {
    let db = q.access();
    let sql = "SELECT w.campaign_id, w.id FROM webhook w WHERE w.state = 'enabled' AND NOT EXISTS \
         (SELECT 1 FROM webhook_cursor c WHERE c.campaign_id = w.campaign_id AND c.webhook_id = w.id)";
    let rows: Vec<(Uuid, Uuid)> = db.tuples(Statement::from_string(db.backend(), sql)).await?;
    Ok(rows.into_iter().map(|(campaign, id)| (CampaignId(campaign), WebhookId(id))).collect())
}

/// Says that it was told of the blocks up to `to`; false where somebody else has moved on from `from` meanwhile.
pub async fn advance(
    tx: &Tx,
    campaign: CampaignId,
    id: WebhookId,
    from: i64,
    to: i64,
) -> Result<bool, StoreError> {
    let db = tx.access();
    let sql =
        "UPDATE webhook_cursor SET height = $1 WHERE campaign_id = $2 AND webhook_id = $3 AND height = $4";
    let values: [sea_orm::Value; 4] = [to.into(), campaign.0.into(), id.0.into(), from.into()];
    Ok(db.execute(Statement::from_sql_and_values(db.backend(), sql, values)).await? == 1)
}

fn to_webhook(stored: &Webhook) -> webhook::Model {
    let (state, given_up_at) = match stored.state {
        WebhookState::Enabled => ("enabled", None),
        WebhookState::Disabled => ("disabled", None),
        WebhookState::GivenUp { at } => ("given_up", Some(at)),
    };
    let kinds: Vec<&str> = stored.kinds.iter().map(|kind| kind.code()).collect();
    webhook::Model {
        campaign_id: stored.campaign.0,
        id: stored.id.0,
        name: stored.name.clone(),
        url: stored.url.clone(),
        kinds: json(&kinds),
        state: state.to_owned(),
        given_up_at,
        nonce: stored.nonce.to_vec(),
        old_nonce: stored.old.map(|(nonce, _)| nonce.to_vec()),
        rotated_at: stored.old.map(|(_, at)| at),
        created_at: stored.created_at,
        version: stored.version,
    }
}

pub(crate) fn from_webhook(row: &webhook::Model) -> Result<Webhook, StoreError> {
    let fault = |column| inconsistent("webhook", column, row.id);
    let codes: Vec<String> = from_json(&row.kinds, "webhook", "kinds", row.id)?;
    let kinds: Option<BTreeSet<EventKind>> = codes.iter().map(|code| EventKind::from_code(code)).collect();
    let nonce = |bytes: &[u8]| <[u8; 16]>::try_from(bytes);
    let old = row.old_nonce.as_deref().map(nonce).transpose().map_err(|_| fault("old_nonce"))?;
    Ok(Webhook {
        campaign: CampaignId(row.campaign_id),
        id: WebhookId(row.id),
        name: row.name.clone(),
        url: row.url.clone(),
        kinds: kinds.ok_or_else(|| fault("kinds"))?,
        state: match (row.state.as_str(), row.given_up_at) {
            ("enabled", _) => WebhookState::Enabled,
            ("disabled", _) => WebhookState::Disabled,
            ("given_up", Some(at)) => WebhookState::GivenUp { at },
            _ => return Err(fault("state")),
        },
        nonce: nonce(&row.nonce).map_err(|_| fault("nonce"))?,
        old: old.zip(row.rotated_at),
        created_at: row.created_at,
        version: row.version,
    })
}
