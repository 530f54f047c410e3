//! Tokens for programs.

use chengjing_domain::{
    id::{CampaignId, TokenId, UserId},
    people::{Actor, ApiToken, TokenLimits, policy},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder, Set,
};

use super::lookup_actor;
use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::token,
    error::StoreError,
    ledger::note_stored,
    row::{cut, inconsistent, insert, one_changed},
};

/// The token for programs and who is behind it, as far as the token reaches; None also for a disabled user.
pub async fn lookup_token(
    q: &impl Queries,
    token_hash: &[u8; 32],
) -> Result<Option<(ApiToken, Actor)>, StoreError> {
    let row = token::Entity::find()
        .filter(token::Column::TokenHash.eq(token_hash.to_vec()))
        .fetch_one(q.access())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let token = from_token(row)?;
    let actor = lookup_actor(q, token.user).await?;
    Ok(actor.map(|actor| (token.clone(), policy::through(token.limits, actor))))
}

pub async fn lookup_token_by_id(q: &impl Queries, id: TokenId) -> Result<Option<ApiToken>, StoreError> {
    token::Entity::find_by_id(id.0).fetch_one(q.access()).await?.map(from_token).transpose()
}

/// The tokens of one user, newest first.
pub async fn list_tokens(q: &impl Queries, user: UserId) -> Result<Vec<ApiToken>, StoreError> {
    let rows = token::Entity::find()
        .filter(token::Column::UserId.eq(user.0))
        .order_by_desc(token::Column::Id)
        .fetch_all(q.access())
        .await?;
    rows.into_iter().map(from_token).collect()
}

pub async fn add_token(tx: &Tx, token: &ApiToken) -> Result<ApiToken, StoreError> {
    let stored = cut_token(token);
    insert::<token::Entity>(tx, to_token(&stored)).await?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Stores a changed token (its secret, its end).
///
/// # Errors
/// [`StoreError::Stale`] where it is gone.
pub async fn save_token(tx: &Tx, token: &ApiToken) -> Result<ApiToken, StoreError> {
    let stored = cut_token(token);
    let mut row = to_token(&stored).into_active_model().reset_all();
    row.id = NotSet;
    // Only `touch_token` writes it: what was read a moment ago must not take back a newer one.
    row.used_at = NotSet;
    let changed = token::Entity::update_many()
        .set(row)
        .filter(token::Column::Id.eq(token.id.0))
        .execute(tx.access())
        .await?;
    one_changed(changed)?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// The token was used.
pub async fn touch_token(tx: &Tx, id: TokenId, used_at: DateTime<Utc>) -> Result<(), StoreError> {
    let row = token::ActiveModel { used_at: Set(Some(cut(used_at))), ..Default::default() };
    token::Entity::update_many().set(row).filter(token::Column::Id.eq(id.0)).execute(tx.access()).await?;
    Ok(())
}

fn cut_token(token: &ApiToken) -> ApiToken {
    ApiToken {
        created_at: cut(token.created_at),
        expires_at: token.expires_at.map(cut),
        revoked_at: token.revoked_at.map(cut),
        used_at: token.used_at.map(cut),
        ..token.clone()
    }
}

fn to_token(token: &ApiToken) -> token::Model {
    token::Model {
        id: token.id.0,
        user_id: token.user.0,
        name: token.name.clone(),
        token_hash: token.token_hash.to_vec(),
        created_at: token.created_at,
        expires_at: token.expires_at,
        revoked_at: token.revoked_at,
        read_only: token.limits.read_only,
        scope_campaign_id: token.limits.campaign.map(|id| id.0),
        calendar: token.limits.calendar,
        used_at: token.used_at,
    }
}

pub(crate) fn from_token(row: token::Model) -> Result<ApiToken, StoreError> {
    let token_hash = row.token_hash.try_into().map_err(|_| inconsistent("token", "token_hash", row.id))?;
    Ok(ApiToken {
        id: TokenId(row.id),
        user: UserId(row.user_id),
        name: row.name,
        token_hash,
        created_at: row.created_at,
        expires_at: row.expires_at,
        revoked_at: row.revoked_at,
        limits: TokenLimits {
            read_only: row.read_only,
            campaign: row.scope_campaign_id.map(CampaignId),
            calendar: row.calendar,
        },
        used_at: row.used_at,
    })
}
