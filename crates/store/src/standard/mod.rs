//! Assessment standards that are kept here: what their editions have in common.

pub mod assessed;
pub mod catalogue;
pub mod edition;
pub mod owner;

use chengjing_domain::{
    id::{CampaignId, StandardId},
    ledger::{Subject, SubjectKind},
    people::policy::Where,
    standard::edition::{Kept, Level},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::standard,
    error::StoreError,
    ledger::{note_removed, note_stored},
    page::{Cursor, Page, Paging, part},
    row::{cut, inconsistent, insert, one_changed},
};

pub async fn lookup(q: &impl Queries, id: StandardId) -> Result<Option<Kept>, StoreError> {
    let row = standard::Entity::find_by_id(id.0).fetch_one(q.access()).await?;
    row.as_ref().map(from_standard).transpose()
}

/// The owner's standard with that code.
pub async fn lookup_coded(
    q: &impl Queries,
    owner: Option<CampaignId>,
    code: &str,
) -> Result<Option<Kept>, StoreError> {
    let row = standard::Entity::find()
        .filter(owned_by(standard::Column::OwnerId, owner))
        .filter(standard::Column::Code.eq(code))
        .fetch_one(q.access())
        .await?;
    row.as_ref().map(from_standard).transpose()
}

/// The standards of the installation and those of these campaigns, the newest first.
pub async fn list(q: &impl Queries, of: &Where, paging: &Paging) -> Result<Page<Kept>, StoreError> {
    use standard::Column as C;
    let mut query = standard::Entity::find();
    if let Where::In(campaigns) = of {
        let own = C::OwnerId.is_in(campaigns.iter().map(|campaign| campaign.0));
        query = query.filter(Condition::any().add(C::OwnerId.is_null()).add(own));
    }
    if let Some(cursor) = &paging.after {
        let [id] = cursor.parts()?;
        query = query.filter(C::Id.lt(part::<Uuid>(id)?));
    }
    let rows = query.order_by_desc(C::Id).limit(paging.size() + 1).fetch_all(q.access()).await?;
    Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.id])).try_map(|row| from_standard(&row))
}

/// # Errors
/// [`StoreError::Conflict`] `standard_own` or `standard_shared` where its owner has one with that code.
pub async fn add(tx: &Tx, new: &Kept) -> Result<Kept, StoreError> {
    let stored = Kept { created_at: cut(new.created_at), ..new.clone() };
    insert::<standard::Entity>(tx, to_standard(&stored)).await?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Stores what was changed of a standard under the next version, which it returns.
///
/// # Errors
/// [`StoreError::Stale`] where it is not what is stored any more.
pub async fn save(tx: &Tx, changed: &Kept) -> Result<Kept, StoreError> {
    let stored =
        Kept { created_at: cut(changed.created_at), version: changed.version + 1, ..changed.clone() };
    let mut row = to_standard(&stored).into_active_model().reset_all();
    (row.id, row.owner_id, row.code, row.created_at) = (NotSet, NotSet, NotSet, NotSet);
    let rows = standard::Entity::update_many()
        .set(row)
        .filter(standard::Column::Id.eq(changed.id.0))
        .filter(standard::Column::Version.eq(changed.version))
        .execute(tx.access())
        .await?;
    one_changed(rows)?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Removes a standard that has no edition any more.
///
/// # Errors
/// As [`save`].
pub async fn remove(tx: &Tx, gone: &Kept) -> Result<(), StoreError> {
    let removed = standard::Entity::delete_many()
        .filter(standard::Column::Id.eq(gone.id.0))
        .filter(standard::Column::Version.eq(gone.version))
        .execute(tx.access())
        .await?;
    one_changed(removed)?;
    note_removed(tx, Subject { kind: SubjectKind::Standard, campaign: gone.owner, id: gone.id.0 });
    Ok(())
}

/// The rows of a campaign's own, or of the installation's; written out as the partial indexes are.
fn owned_by<C: ColumnTrait>(column: C, owner: Option<CampaignId>) -> Condition {
    let own = Condition::all();
    match owner {
        Some(owner) => own.add(column.eq(owner.0)).add(column.is_not_null()),
        None => own.add(column.is_null()),
    }
}

fn to_standard(stored: &Kept) -> standard::Model {
    standard::Model {
        id: stored.id.0,
        owner_id: stored.owner.map(|owner| owner.0),
        code: stored.code.clone(),
        name: stored.name.clone(),
        kind: stored.kind.clone(),
        level: stored.level.code().to_owned(),
        created_at: stored.created_at,
        version: stored.version,
    }
}

pub(crate) fn from_standard(row: &standard::Model) -> Result<Kept, StoreError> {
    Ok(Kept {
        id: StandardId(row.id),
        owner: row.owner_id.map(CampaignId),
        code: row.code.clone(),
        name: row.name.clone(),
        kind: row.kind.clone(),
        level: Level::from_code(&row.level).ok_or_else(|| inconsistent("standard", "level", row.id))?,
        created_at: row.created_at,
        version: row.version,
    })
}
