//! Editions of standards. What is published is never written again: every change asks for a draft.

use std::collections::HashMap;

use chengjing_domain::{
    id::{CampaignId, EditionId, StandardId, UserId},
    ledger::{Hash, Subject, SubjectKind, canonical},
    standard::edition::{Edition, EditionState, EditionSummary},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, FromQueryResult, IntoActiveModel, NotSet, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::edition,
    error::StoreError,
    ledger::{note_removed, note_stored},
    row::{cut, from_json, inconsistent, insert, json, one_changed},
};

pub async fn lookup(q: &impl Queries, id: EditionId) -> Result<Option<Edition>, StoreError> {
    let row = edition::Entity::find_by_id(id.0).fetch_one(q.access()).await?;
    row.map(from_edition).transpose()
}

/// An edition without its content, which is long.
pub async fn lookup_summary(q: &impl Queries, id: EditionId) -> Result<Option<EditionSummary>, StoreError> {
    let row =
        summaries(edition::Entity::find_by_id(id.0)).fetch_structs::<SummaryRow>(q.access()).await?.pop();
    row.map(SummaryRow::into_summary).transpose()
}

/// The editions of these standards, the newest first. A standard has at most
/// [`chengjing_domain::standard::edition::MOST_EDITIONS`] of them.
pub async fn list(
    q: &impl Queries,
    standards: &[StandardId],
) -> Result<HashMap<StandardId, Vec<EditionSummary>>, StoreError> {
    use edition::Column as C;
    let query = edition::Entity::find()
        .filter(C::StandardId.is_in(standards.iter().map(|standard| standard.0)))
        // A repeatable request names what it makes: ids alone don't tell what came later.
        .order_by_desc(C::CreatedAt)
        .order_by_desc(C::Id);
    let mut editions: HashMap<StandardId, Vec<EditionSummary>> = HashMap::new();
    for row in summaries(query).fetch_structs::<SummaryRow>(q.access()).await? {
        let summary = row.into_summary()?;
        editions.entry(summary.standard).or_default().push(summary);
    }
    Ok(editions)
}

/// # Errors
/// [`StoreError::Conflict`] `edition_label` where its standard has an edition of that name.
pub async fn add(tx: &Tx, new: &Edition) -> Result<Edition, StoreError> {
    let stored = cut_edition(new);
    insert::<edition::Entity>(tx, to_edition(&stored)).await?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Stores a draft that was changed or has been published under the next version, which it returns.
///
/// # Errors
/// [`StoreError::Stale`] where what is stored is another version, or is published.
pub async fn save(tx: &Tx, changed: &Edition) -> Result<Edition, StoreError> {
    let stored = Edition { version: changed.version + 1, ..cut_edition(changed) };
    let mut row = to_edition(&stored).into_active_model().reset_all();
    (row.id, row.standard_id, row.owner_id) = (NotSet, NotSet, NotSet);
    (row.copy_of_id, row.created_at, row.created_by) = (NotSet, NotSet, NotSet);
    let rows = edition::Entity::update_many()
        .set(row)
        .filter(edition::Column::Id.eq(changed.id.0))
        .filter(edition::Column::Version.eq(changed.version))
        .filter(edition::Column::State.eq(EditionState::Draft.code()))
        .execute(tx.access())
        .await?;
    one_changed(rows)?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Removes a draft.
///
/// # Errors
/// As [`save`].
pub async fn remove(tx: &Tx, gone: &EditionSummary) -> Result<(), StoreError> {
    let removed = edition::Entity::delete_many()
        .filter(edition::Column::Id.eq(gone.id.0))
        .filter(edition::Column::Version.eq(gone.version))
        .filter(edition::Column::State.eq(EditionState::Draft.code()))
        .execute(tx.access())
        .await?;
    one_changed(removed)?;
    note_removed(tx, Subject { kind: SubjectKind::Edition, campaign: gone.owner, id: gone.id.0 });
    Ok(())
}

fn cut_edition(edition: &Edition) -> Edition {
    let state = match edition.state {
        EditionState::Draft => EditionState::Draft,
        EditionState::Published { at, by } => EditionState::Published { at: cut(at), by },
    };
    Edition {
        state,
        created_at: cut(edition.created_at),
        changed_at: cut(edition.changed_at),
        ..edition.clone()
    }
}

fn to_edition(stored: &Edition) -> edition::Model {
    let (published_at, published_by) = match stored.state {
        EditionState::Draft => (None, None),
        EditionState::Published { at, by } => (Some(at), Some(by.0)),
    };
    let content = serde_json::to_value(&stored.content).expect("a standard can be written as JSON");
    edition::Model {
        id: stored.id.0,
        standard_id: stored.standard.0,
        owner_id: stored.owner.map(|owner| owner.0),
        label: stored.content.edition.clone(),
        title: stored.content.title.clone(),
        content: canonical(&content),
        catalogues: json(&stored.catalogues),
        content_hash: stored.content_hash().0.to_vec(),
        source: stored.source.clone(),
        state: stored.state.code().to_owned(),
        published_at,
        published_by,
        copy_of_id: stored.copy_of.map(|of| of.0),
        created_at: stored.created_at,
        created_by: stored.created_by.0,
        changed_at: stored.changed_at,
        version: stored.version,
    }
}

pub(crate) fn from_edition(row: edition::Model) -> Result<Edition, StoreError> {
    Ok(Edition {
        id: EditionId(row.id),
        standard: StandardId(row.standard_id),
        owner: row.owner_id.map(CampaignId),
        content: from_json(&row.content, "edition", "content", row.id)?,
        catalogues: from_json(&row.catalogues, "edition", "catalogues", row.id)?,
        source: row.source,
        state: from_state(&row.state, row.published_at, row.published_by, row.id)?,
        copy_of: row.copy_of_id.map(EditionId),
        created_at: row.created_at,
        created_by: UserId(row.created_by),
        changed_at: row.changed_at,
        version: row.version,
    })
}

fn from_state(
    code: &str,
    at: Option<DateTime<Utc>>,
    by: Option<Uuid>,
    row: Uuid,
) -> Result<EditionState, StoreError> {
    Ok(match (code, at, by) {
        ("draft", None, None) => EditionState::Draft,
        ("published", Some(at), Some(by)) => EditionState::Published { at, by: UserId(by) },
        _ => return Err(inconsistent("edition", "state", row)),
    })
}

fn summaries(query: sea_orm::Select<edition::Entity>) -> sea_orm::Select<edition::Entity> {
    use edition::Column as C;
    query
        .select_only()
        .columns([C::Id, C::StandardId, C::OwnerId, C::Label, C::Title, C::ContentHash, C::State])
        .columns([C::PublishedAt, C::PublishedBy, C::CopyOfId, C::CreatedAt, C::ChangedAt, C::Version])
}

/// In the order of the columns that are asked for.
#[derive(Deserialize, FromQueryResult)]
struct SummaryRow {
    id: Uuid,
    standard_id: Uuid,
    owner_id: Option<Uuid>,
    label: String,
    title: String,
    content_hash: Vec<u8>,
    state: String,
    published_at: Option<DateTime<Utc>>,
    published_by: Option<Uuid>,
    copy_of_id: Option<Uuid>,
    created_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
    version: i64,
}

impl SummaryRow {
    fn into_summary(self) -> Result<EditionSummary, StoreError> {
        let hash = Hash::from_slice(&self.content_hash);
        Ok(EditionSummary {
            id: EditionId(self.id),
            standard: StandardId(self.standard_id),
            owner: self.owner_id.map(CampaignId),
            label: self.label,
            title: self.title,
            state: from_state(&self.state, self.published_at, self.published_by, self.id)?,
            copy_of: self.copy_of_id.map(EditionId),
            hash: hash.ok_or_else(|| inconsistent("edition", "content_hash", self.id))?,
            created_at: self.created_at,
            changed_at: self.changed_at,
            version: self.version,
        })
    }
}
