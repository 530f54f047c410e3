//! By which account at a provider users come in, and which ways there and back were used.

use chengjing_domain::{
    id::UserId,
    ledger::{Subject, SubjectKind},
    people::{OidcLink, OidcState},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, NotSet, QueryFilter, Set,
    sea_query::OnConflict,
};

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::{oidc_link, oidc_turn},
    error::StoreError,
    ledger::{note_removed, note_stored},
    row::{cut, inconsistent, insert, one_changed},
};

/// By which account a user comes in, or is expected to.
pub async fn lookup_oidc_link(q: &impl Queries, user: UserId) -> Result<Option<OidcLink>, StoreError> {
    oidc_link::Entity::find_by_id(user.0).fetch_one(q.access()).await?.map(from_oidc_link).transpose()
}

/// Whose account that is at that provider.
pub async fn lookup_oidc_link_by_subject(
    q: &impl Queries,
    issuer: &str,
    subject: &str,
) -> Result<Option<OidcLink>, StoreError> {
    let row = oidc_link::Entity::find()
        .filter(oidc_link::Column::Issuer.eq(issuer))
        .filter(oidc_link::Column::Subject.eq(subject))
        .fetch_one(q.access())
        .await?;
    row.map(from_oidc_link).transpose()
}

/// Who is expected under that name of that provider.
pub async fn lookup_oidc_link_expecting(
    q: &impl Queries,
    issuer: &str,
    name: &str,
) -> Result<Option<OidcLink>, StoreError> {
    let row = oidc_link::Entity::find()
        .filter(oidc_link::Column::Issuer.eq(issuer))
        .filter(oidc_link::Column::Expected.eq(name))
        .fetch_one(q.access())
        .await?;
    row.map(from_oidc_link).transpose()
}

/// # Errors
/// [`StoreError::Conflict`] `oidc_link_subject`, `oidc_link_expected` where another user has it, `oidc_link_pkey` where
/// this one has one already.
pub async fn add_oidc_link(tx: &Tx, link: &OidcLink) -> Result<OidcLink, StoreError> {
    let stored = cut_link(link);
    insert::<oidc_link::Entity>(tx, to_oidc_link(&stored)).await?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Stores the link under the next version, which it returns.
///
/// # Errors
/// [`StoreError::Stale`] where `link.version` is not the stored one; otherwise as [`add_oidc_link`].
pub async fn save_oidc_link(tx: &Tx, link: &OidcLink) -> Result<OidcLink, StoreError> {
    let stored = OidcLink { version: link.version + 1, ..cut_link(link) };
    let mut row = to_oidc_link(&stored).into_active_model().reset_all();
    row.id = NotSet;
    let changed = oidc_link::Entity::update_many()
        .set(row)
        .filter(oidc_link::Column::Id.eq(link.user.0))
        .filter(oidc_link::Column::Version.eq(link.version))
        .execute(tx.access())
        .await?;
    one_changed(changed)?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Takes it away, and says whether it was there.
pub async fn remove_oidc_link(tx: &Tx, user: UserId) -> Result<bool, StoreError> {
    let removed = oidc_link::Entity::delete_by_id(user.0).execute(tx.access()).await? == 1;
    if removed {
        note_removed(tx, Subject::installed(SubjectKind::OidcLink, user.0));
    }
    Ok(removed)
}

/// The way with that mark is used now; false where it was used before.
pub async fn spend_turn(tx: &Tx, mark: &[u8; 32], ends_at: DateTime<Utc>) -> Result<bool, StoreError> {
    let row = oidc_turn::Model { id: mark.to_vec(), user_id: None, ends_at: cut(ends_at) };
    let added = oidc_turn::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::column(oidc_turn::Column::Id).do_nothing().to_owned())
        .execute(tx.access())
        .await?;
    Ok(added == 1)
}

/// Who came back by the way with that mark is known; the second factor is still asked for.
pub async fn await_code(tx: &Tx, mark: &[u8; 32], user: UserId) -> Result<(), StoreError> {
    let row = oidc_turn::ActiveModel { user_id: Set(Some(user.0)), ..Default::default() };
    let changed = oidc_turn::Entity::update_many()
        .set(row)
        .filter(oidc_turn::Column::Id.eq(mark.to_vec()))
        .execute(tx.access())
        .await?;
    one_changed(changed)
}

/// Who came back by the way with that mark and is still asked for the code.
pub async fn lookup_awaited(q: &impl Queries, mark: &[u8; 32]) -> Result<Option<UserId>, StoreError> {
    let row = oidc_turn::Entity::find_by_id(mark.to_vec()).fetch_one(q.access()).await?;
    Ok(row.and_then(|row| row.user_id).map(UserId))
}

/// The code was right: the way is good for nothing more. False where another login was faster with it.
pub async fn take_awaited(tx: &Tx, mark: &[u8; 32], user: UserId) -> Result<bool, StoreError> {
    let row = oidc_turn::ActiveModel { user_id: Set(None), ..Default::default() };
    let changed = oidc_turn::Entity::update_many()
        .set(row)
        .filter(oidc_turn::Column::Id.eq(mark.to_vec()))
        .filter(oidc_turn::Column::UserId.eq(user.0))
        .execute(tx.access())
        .await?;
    Ok(changed == 1)
}

/// Forgets ways that would be too old anyway.
pub async fn remove_turns_before(tx: &Tx, moment: DateTime<Utc>) -> Result<u64, StoreError> {
    oidc_turn::Entity::delete_many()
        .filter(oidc_turn::Column::EndsAt.lt(cut(moment)))
        .execute(tx.access())
        .await
}

fn cut_link(link: &OidcLink) -> OidcLink {
    let state = match &link.state {
        OidcState::Linked { subject, at } => OidcState::Linked { subject: subject.clone(), at: cut(*at) },
        expected @ OidcState::Expected { .. } => expected.clone(),
    };
    OidcLink { state, ..link.clone() }
}

fn to_oidc_link(link: &OidcLink) -> oidc_link::Model {
    let (expected, subject, linked_at) = match &link.state {
        OidcState::Expected { name } => (Some(name.clone()), None, None),
        OidcState::Linked { subject, at } => (None, Some(subject.clone()), Some(*at)),
    };
    oidc_link::Model {
        id: link.user.0,
        issuer: link.issuer.clone(),
        expected,
        subject,
        linked_at,
        version: link.version,
    }
}

pub(crate) fn from_oidc_link(row: oidc_link::Model) -> Result<OidcLink, StoreError> {
    let state = match (row.expected, row.subject, row.linked_at) {
        (Some(name), None, None) => OidcState::Expected { name },
        (None, Some(subject), Some(at)) => OidcState::Linked { subject, at },
        _ => return Err(inconsistent("oidc_link", "subject", row.id)),
    };
    Ok(OidcLink { user: UserId(row.id), issuer: row.issuer, state, version: row.version })
}
