//! Where people get mail, and what is on its way to them.

mod letters;

use chengjing_domain::{
    id::UserId,
    people::{Language, Mailbox},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, Iterable, QueryFilter, sea_query::OnConflict,
};

pub use letters::{
    Claimed, Letter, LetterState, NewDelivery, add_deliveries, claim, gather, give_up_handed_over, hand_over,
    list_letters, notices_of, settle, users_due,
};
pub(crate) use letters::{add_letter, give_up_older_than};

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::mailbox,
    error::StoreError,
    row::{cut, inconsistent},
};

/// Where somebody gets mail; None where they have told no address.
pub async fn lookup_mailbox(q: &impl Queries, user: UserId) -> Result<Option<Mailbox>, StoreError> {
    let row = mailbox::Entity::find_by_id(user.0).fetch_one(q.access()).await?;
    row.map(from_row).transpose()
}

/// Whose address a link proves.
pub async fn lookup_mailbox_by_proof(
    q: &impl Queries,
    proof_hash: &[u8; 32],
) -> Result<Option<Mailbox>, StoreError> {
    let row = mailbox::Entity::find()
        .filter(mailbox::Column::ProofHash.eq(proof_hash.to_vec()))
        .fetch_one(q.access())
        .await?;
    row.map(from_row).transpose()
}

/// The proven addresses of these; who has none is not in it.
pub async fn list_mailboxes(q: &impl Queries, users: &[UserId]) -> Result<Vec<Mailbox>, StoreError> {
    let mut all = Vec::new();
    for some in users.chunks(500) {
        let rows = mailbox::Entity::find()
            .filter(mailbox::Column::UserId.is_in(some.iter().map(|user| user.0)))
            .filter(mailbox::Column::VerifiedAt.is_not_null())
            .fetch_all(q.access())
            .await?;
        for row in rows {
            all.push(from_row(row)?);
        }
    }
    Ok(all)
}

/// Stores somebody's address in place of the one that was there.
pub async fn save_mailbox(tx: &Tx, mailbox: &Mailbox) -> Result<(), StoreError> {
    use mailbox::Column as C;
    let row = mailbox::Model {
        user_id: mailbox.user.0,
        address: mailbox.address.clone(),
        language: mailbox.language.code().to_owned(),
        verified_at: mailbox.verified_at.map(cut),
        proof_hash: mailbox.proof.map(|(hash, _)| hash.to_vec()),
        proof_at: mailbox.proof.map(|(_, at)| cut(at)),
        version: mailbox.version,
    };
    mailbox::Entity::insert(row.into_active_model().reset_all())
        .on_conflict(
            OnConflict::column(C::UserId)
                .update_columns(C::iter().filter(|column| !matches!(column, C::UserId)))
                .to_owned(),
        )
        .execute(tx.access())
        .await
        .map(drop)
}

/// Forgets somebody's address.
pub async fn remove_mailbox(tx: &Tx, user: UserId) -> Result<bool, StoreError> {
    Ok(mailbox::Entity::delete_by_id(user.0).execute(tx.access()).await? == 1)
}

fn from_row(row: mailbox::Model) -> Result<Mailbox, StoreError> {
    let fault = |column| inconsistent("mailbox", column, row.user_id);
    let hash = row.proof_hash.map(<[u8; 32]>::try_from).transpose().map_err(|_| fault("proof_hash"))?;
    let proof: Option<([u8; 32], DateTime<Utc>)> = hash.zip(row.proof_at);
    Ok(Mailbox {
        user: UserId(row.user_id),
        language: Language::from_code(&row.language).ok_or_else(|| fault("language"))?,
        address: row.address,
        verified_at: row.verified_at,
        proof,
        version: row.version,
    })
}
