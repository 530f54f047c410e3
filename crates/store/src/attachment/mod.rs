//! Attachments: what proves something. Their bytes lie in [`crate::file`].

mod rows;
pub mod upload;

use std::collections::HashSet;

use chengjing_domain::{
    attachment::{AttachedTo, Attachment},
    id::{AttachmentId, CampaignId},
    ledger::{Hash, Subject, SubjectKind},
};
use chrono::{DateTime, Utc};
pub(crate) use rows::from_attachment;
use rows::to_attachment;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder, QuerySelect,
};

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::{attachment, photo, plan_import, template},
    error::StoreError,
    ledger::{note_removed, note_stored},
    row::{cut, insert, one_changed},
};

pub async fn lookup(
    q: &impl Queries,
    campaign: CampaignId,
    id: AttachmentId,
) -> Result<Option<Attachment>, StoreError> {
    let row = attachment::Entity::find_by_id((campaign.0, id.0)).fetch_one(q.access()).await?;
    row.as_ref().map(from_attachment).transpose()
}

/// What is attached to something, in the order in which it arrived.
pub async fn list_of(
    q: &impl Queries,
    campaign: CampaignId,
    subject: AttachedTo,
) -> Result<Vec<Attachment>, StoreError> {
    let rows = attachment::Entity::find()
        .filter(attachment::Column::CampaignId.eq(campaign.0))
        .filter(attachment::Column::SubjectKind.eq(subject.code()))
        .filter(attachment::Column::SubjectId.eq(subject.id()))
        .order_by_asc(attachment::Column::Id)
        .fetch_all(q.access())
        .await?;
    rows.iter().map(from_attachment).collect()
}

/// Those of a campaign with these bytes that are attached to a material or a task, in the order in which they arrived, as far
/// as `limit`.
pub async fn list_of_file(
    q: &impl Queries,
    campaign: CampaignId,
    file: Hash,
    limit: u64,
) -> Result<Vec<Attachment>, StoreError> {
    let rows = attachment::Entity::find()
        .filter(attachment::Column::CampaignId.eq(campaign.0))
        .filter(attachment::Column::FileHash.eq(file.0.to_vec()))
        .filter(attachment::Column::SubjectKind.is_in(["evidence", "task"]))
        .order_by_asc(attachment::Column::Id)
        .limit(limit)
        .fetch_all(q.access())
        .await?;
    rows.iter().map(from_attachment).collect()
}

/// Those of these that there are, in the order in which they arrived.
pub async fn list_these(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[AttachmentId],
) -> Result<Vec<Attachment>, StoreError> {
    let mut all = Vec::with_capacity(ids.len());
    for some in ids.chunks(200) {
        let rows = attachment::Entity::find()
            .filter(attachment::Column::CampaignId.eq(campaign.0))
            .filter(attachment::Column::Id.is_in(some.iter().map(|id| id.0)))
            .order_by_asc(attachment::Column::Id)
            .fetch_all(q.access())
            .await?;
        for row in &rows {
            all.push(from_attachment(row)?);
        }
    }
    Ok(all)
}

/// All of a campaign after that one, as far as `limit`: for those who look through all files.
pub async fn list_after(
    q: &impl Queries,
    campaign: CampaignId,
    after: Option<AttachmentId>,
    limit: u64,
) -> Result<Vec<Attachment>, StoreError> {
    let mut query = attachment::Entity::find().filter(attachment::Column::CampaignId.eq(campaign.0));
    if let Some(after) = after {
        query = query.filter(attachment::Column::Id.gt(after.0));
    }
    let rows = query.order_by_asc(attachment::Column::Id).limit(limit).fetch_all(q.access()).await?;
    rows.iter().map(from_attachment).collect()
}

/// Those of all campaigns that arrived before that and were never attached to anything.
pub async fn list_loose(
    q: &impl Queries,
    before: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<Attachment>, StoreError> {
    let rows = attachment::Entity::find()
        .filter(attachment::Column::SubjectId.is_null())
        .filter(attachment::Column::CreatedAt.lt(before))
        .order_by_asc(attachment::Column::CreatedAt)
        .limit(limit)
        .fetch_all(q.access())
        .await?;
    rows.iter().map(from_attachment).collect()
}

/// Those of these files that a row names: an attachment's, its thumbnail's, a plan's, a template's.
pub async fn named(q: &impl Queries, files: &[Hash]) -> Result<HashSet<Hash>, StoreError> {
    use attachment::Column as A;
    use plan_import::Column as P;
    use template::Column as T;
    let bytes = || files.iter().map(|hash| hash.0.to_vec());
    let own: Vec<Vec<u8>> = attachment::Entity::find()
        .filter(A::FileHash.is_in(bytes()))
        .select_only()
        .column(A::FileHash)
        .fetch_tuples(q.access())
        .await?;
    let small: Vec<Vec<u8>> = attachment::Entity::find()
        .filter(A::ThumbnailHash.is_in(bytes()))
        .select_only()
        .column(A::ThumbnailHash)
        .fetch_tuples(q.access())
        .await?;
    let plans: Vec<String> = plan_import::Entity::find()
        .filter(P::FileHash.is_in(files.iter().map(ToString::to_string)))
        .select_only()
        .column(P::FileHash)
        .fetch_tuples(q.access())
        .await?;
    let templates: Vec<Vec<u8>> = template::Entity::find()
        .filter(T::FileHash.is_in(bytes()))
        .select_only()
        .column(T::FileHash)
        .fetch_tuples(q.access())
        .await?;
    let own = own.iter().chain(&small).chain(&templates).filter_map(|bytes| Hash::from_slice(bytes));
    Ok(own.chain(plans.iter().filter_map(|text| text.parse().ok())).collect())
}

pub async fn add(tx: &Tx, new: &Attachment) -> Result<Attachment, StoreError> {
    let stored = cut_attachment(new);
    insert::<attachment::Entity>(tx, to_attachment(&stored)).await?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Stores a changed attachment, whose version is one more than the stored one's.
///
/// # Errors
/// [`StoreError::Stale`] where it is not.
pub async fn save(tx: &Tx, changed: &Attachment) -> Result<Attachment, StoreError> {
    let stored = cut_attachment(changed);
    let mut row = to_attachment(&stored).into_active_model().reset_all();
    (row.campaign_id, row.id, row.created_at) = (NotSet, NotSet, NotSet);
    let rows = attachment::Entity::update_many()
        .set(row)
        .filter(attachment::Column::CampaignId.eq(stored.campaign.0))
        .filter(attachment::Column::Id.eq(stored.id.0))
        .filter(attachment::Column::Version.eq(stored.version - 1))
        .execute(tx.access())
        .await?;
    one_changed(rows)?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Removes one that is attached to nothing; false where it is, or is gone. Its file stays until nobody names it.
pub async fn remove_loose(tx: &Tx, campaign: CampaignId, id: AttachmentId) -> Result<bool, StoreError> {
    let loose = attachment::Entity::find_by_id((campaign.0, id.0))
        .filter(attachment::Column::SubjectId.is_null())
        .fetch_one(tx.access())
        .await?;
    if loose.is_none() {
        return Ok(false);
    }
    // What it looks like was kept when it was looked at.
    photo::Entity::delete_by_id((campaign.0, id.0)).execute(tx.access()).await?;
    let rows = attachment::Entity::delete_many()
        .filter(attachment::Column::CampaignId.eq(campaign.0))
        .filter(attachment::Column::Id.eq(id.0))
        .filter(attachment::Column::SubjectId.is_null())
        .execute(tx.access())
        .await?;
    if rows > 0 {
        note_removed(tx, Subject::of(campaign, SubjectKind::Attachment, id.0));
    }
    Ok(rows > 0)
}

fn cut_attachment(attachment: &Attachment) -> Attachment {
    use chengjing_domain::attachment::{Facts, Picture};
    let facts = |facts: &Facts| Facts { taken_at: facts.taken_at.map(cut), ..*facts };
    let picture = match &attachment.picture {
        Picture::Seen { facts: seen, thumbnail } => {
            Picture::Seen { facts: facts(seen), thumbnail: *thumbnail }
        }
        Picture::Unseen { facts: seen, why } => Picture::Unseen { facts: facts(seen), why: *why },
        other => other.clone(),
    };
    Attachment { created_at: cut(attachment.created_at), picture, ..attachment.clone() }
}
