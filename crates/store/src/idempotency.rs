//! Answers already given: a POST that is repeated under the same key gets the same answer and does nothing twice.

use chengjing_domain::{id::UserId, ledger::Hash};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::idempotency,
    error::StoreError,
    row::{cut, inconsistent, insert},
};

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub user: UserId,
    /// As the client gave it.
    pub key: String,
    /// The operation's id; the same key for another one is a fault of the client.
    pub operation: String,
    /// The request's hash; the same key for another request is one too.
    pub fingerprint: Hash,
    /// The HTTP status.
    pub status: u16,
    pub response: String,
    pub created_at: DateTime<Utc>,
}

pub async fn lookup(q: &impl Queries, user: UserId, key: &str) -> Result<Option<Answer>, StoreError> {
    let row = idempotency::Entity::find_by_id((user.0, key.to_owned())).fetch_one(q.access()).await?;
    row.map(|row| {
        let fault = |column| inconsistent("idempotency", column, &row.key);
        Ok(Answer {
            user: UserId(row.user_id),
            key: row.key.clone(),
            operation: row.operation.clone(),
            fingerprint: Hash::from_slice(&row.fingerprint).ok_or_else(|| fault("fingerprint"))?,
            status: u16::try_from(row.status).map_err(|_| fault("status"))?,
            response: row.response.clone(),
            created_at: row.created_at,
        })
    })
    .transpose()
}

/// Keeps an answer, in the transaction of what it answers.
///
/// # Errors
/// [`StoreError::Conflict`] `idempotency_pkey` where the same request is being answered at the same time.
pub async fn add(tx: &Tx, answer: &Answer) -> Result<(), StoreError> {
    let row = idempotency::Model {
        user_id: answer.user.0,
        key: answer.key.clone(),
        operation: answer.operation.clone(),
        fingerprint: answer.fingerprint.0.to_vec(),
        status: answer.status.into(),
        response: answer.response.clone(),
        created_at: cut(answer.created_at),
    };
    insert::<idempotency::Entity>(tx, row).await
}

/// Forgets answers that nobody will ask for again.
pub async fn remove_before(tx: &Tx, moment: DateTime<Utc>) -> Result<u64, StoreError> {
    let removed = idempotency::Entity::delete_many()
        .filter(idempotency::Column::CreatedAt.lt(cut(moment)))
        .execute(tx.access())
        .await?;
    Ok(removed)
}
