//! Second factors of users.

use chengjing_domain::{
    id::UserId,
    ledger::{Hash, Subject, SubjectKind},
    people::SecondFactor,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, Iterable, QueryFilter, Set,
    sea_query::OnConflict,
};

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::second_factor,
    error::StoreError,
    ledger::{note_removed, note_stored},
    row::{cut, from_json, inconsistent, json},
};

/// The second factor of a user, confirmed or not.
pub async fn lookup_second_factor(
    q: &impl Queries,
    user: UserId,
) -> Result<Option<SecondFactor>, StoreError> {
    let row = second_factor::Entity::find_by_id(user.0).fetch_one(q.access()).await?;
    row.map(from_second_factor).transpose()
}

/// Stores a user's second factor in place of the one that was there.
pub async fn save_second_factor(tx: &Tx, factor: &SecondFactor) -> Result<SecondFactor, StoreError> {
    use second_factor::Column as C;
    let stored = SecondFactor {
        made_at: cut(factor.made_at),
        confirmed_at: factor.confirmed_at.map(cut),
        ..factor.clone()
    };
    let hashes: Vec<String> = stored.recovery.iter().map(|hash| Hash(*hash).to_string()).collect();
    let row = second_factor::Model {
        id: stored.user.0,
        nonce: stored.nonce.to_vec(),
        recovery: json(&hashes),
        made_at: stored.made_at,
        confirmed_at: stored.confirmed_at,
        last_step: stored.last_step,
    };
    second_factor::Entity::insert(row.into_active_model().reset_all())
        .on_conflict(
            OnConflict::column(C::Id)
                .update_columns(C::iter().filter(|column| !matches!(column, C::Id)))
                .to_owned(),
        )
        .execute(tx.access())
        .await?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// The code of that step was taken; false where it or a later one was taken already.
pub async fn take_step(tx: &Tx, user: UserId, step: i64) -> Result<bool, StoreError> {
    let row = second_factor::ActiveModel { last_step: Set(step), ..Default::default() };
    let changed = second_factor::Entity::update_many()
        .set(row)
        .filter(second_factor::Column::Id.eq(user.0))
        .filter(second_factor::Column::LastStep.lt(step))
        .execute(tx.access())
        .await?;
    Ok(changed == 1)
}

/// Takes it away, and says whether it was there.
pub async fn remove_second_factor(tx: &Tx, user: UserId) -> Result<bool, StoreError> {
    let removed = second_factor::Entity::delete_by_id(user.0).execute(tx.access()).await? == 1;
    if removed {
        note_removed(tx, Subject::installed(SubjectKind::SecondFactor, user.0));
    }
    Ok(removed)
}

pub(crate) fn from_second_factor(row: second_factor::Model) -> Result<SecondFactor, StoreError> {
    const TABLE: &str = "second_factor";
    let recovery: Vec<Hash> = from_json(&row.recovery, TABLE, "recovery", row.id)?;
    Ok(SecondFactor {
        user: UserId(row.id),
        nonce: row.nonce.try_into().map_err(|_| inconsistent(TABLE, "nonce", row.id))?,
        recovery: recovery.into_iter().map(|hash| hash.0).collect(),
        made_at: row.made_at,
        confirmed_at: row.confirmed_at,
        last_step: row.last_step,
    })
}
