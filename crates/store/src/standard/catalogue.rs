//! Catalogues that standards share.

use chengjing_domain::{
    id::{CampaignId, CatalogueId, UserId},
    people::policy::Where,
    standard::edition::KeptCatalogue,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::owned_by;
use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::catalogue,
    error::StoreError,
    ledger::note_stored,
    page::{Cursor, Page, Paging, part},
    row::{cut, from_json, insert, json, one_changed},
};

/// The owner's catalogue with that code in that edition.
pub async fn lookup_coded(
    q: &impl Queries,
    owner: Option<CampaignId>,
    code: &str,
    edition: &str,
) -> Result<Option<KeptCatalogue>, StoreError> {
    use catalogue::Column as C;
    let row = catalogue::Entity::find()
        .filter(owned_by(C::OwnerId, owner))
        .filter(C::Code.eq(code))
        .filter(C::Edition.eq(edition))
        .fetch_one(q.access())
        .await?;
    row.as_ref().map(from_catalogue).transpose()
}

/// Those with these codes that the owner's standards take: the owner's own, then the installation's.
pub async fn list_coded(
    q: &impl Queries,
    owner: Option<CampaignId>,
    codes: &[String],
) -> Result<Vec<KeptCatalogue>, StoreError> {
    use catalogue::Column as C;
    let mut all = Vec::new();
    for owner in [owner, None].iter().skip(usize::from(owner.is_none())) {
        let rows = catalogue::Entity::find()
            .filter(owned_by(C::OwnerId, *owner))
            .filter(C::Code.is_in(codes.iter().cloned()))
            .order_by_asc(C::Code)
            .order_by_desc(C::Edition)
            .fetch_all(q.access())
            .await?;
        for row in &rows {
            all.push(from_catalogue(row)?);
        }
    }
    Ok(all)
}

/// The catalogues of the installation and those of these campaigns, the newest first.
pub async fn list(q: &impl Queries, of: &Where, paging: &Paging) -> Result<Page<KeptCatalogue>, StoreError> {
    use catalogue::Column as C;
    let mut query = catalogue::Entity::find();
    if let Where::In(campaigns) = of {
        let own = C::OwnerId.is_in(campaigns.iter().map(|campaign| campaign.0));
        query = query.filter(Condition::any().add(C::OwnerId.is_null()).add(own));
    }
    if let Some(cursor) = &paging.after {
        let [id] = cursor.parts()?;
        query = query.filter(C::Id.lt(part::<Uuid>(id)?));
    }
    let rows = query.order_by_desc(C::Id).limit(paging.size() + 1).fetch_all(q.access()).await?;
    Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.id])).try_map(|row| from_catalogue(&row))
}

/// # Errors
/// [`StoreError::Conflict`] `catalogue_own` or `catalogue_shared` where its owner has that edition of it.
pub async fn add(tx: &Tx, new: &KeptCatalogue) -> Result<KeptCatalogue, StoreError> {
    let stored = KeptCatalogue { changed_at: cut(new.changed_at), ..new.clone() };
    insert::<catalogue::Entity>(tx, to_catalogue(&stored)).await?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Stores another content of a catalogue under the next version, which it returns.
///
/// # Errors
/// [`StoreError::Stale`] where it is not what is stored any more.
pub async fn save(tx: &Tx, changed: &KeptCatalogue) -> Result<KeptCatalogue, StoreError> {
    let stored = KeptCatalogue {
        changed_at: cut(changed.changed_at),
        version: changed.version + 1,
        ..changed.clone()
    };
    let mut row = to_catalogue(&stored).into_active_model().reset_all();
    (row.id, row.owner_id, row.code, row.edition) = (NotSet, NotSet, NotSet, NotSet);
    let rows = catalogue::Entity::update_many()
        .set(row)
        .filter(catalogue::Column::Id.eq(changed.id.0))
        .filter(catalogue::Column::Version.eq(changed.version))
        .execute(tx.access())
        .await?;
    one_changed(rows)?;
    note_stored(tx, &stored);
    Ok(stored)
}

fn to_catalogue(stored: &KeptCatalogue) -> catalogue::Model {
    catalogue::Model {
        id: stored.id.0,
        owner_id: stored.owner.map(|owner| owner.0),
        code: stored.content.id.clone(),
        edition: stored.content.edition.clone(),
        content: json(&stored.content),
        source: stored.source.clone(),
        changed_at: stored.changed_at,
        changed_by: stored.changed_by.0,
        version: stored.version,
    }
}

pub(crate) fn from_catalogue(row: &catalogue::Model) -> Result<KeptCatalogue, StoreError> {
    Ok(KeptCatalogue {
        id: CatalogueId(row.id),
        owner: row.owner_id.map(CampaignId),
        content: from_json(&row.content, "catalogue", "content", row.id)?,
        source: row.source.clone(),
        changed_at: row.changed_at,
        changed_by: UserId(row.changed_by),
        version: row.version,
    })
}
