//! Files on their way, as far as they were acknowledged. Their bytes lie in the [`crate::file::Spool`].

use chengjing_domain::{
    attachment::upload::Upload,
    id::{CampaignId, UploadId, UserId},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};

use super::rows::{from_upload, to_upload};
use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::upload,
    error::StoreError,
    row::{cut, insert, one_changed},
};

/// Written out as the partial index is, so that SQLite knows it again.
const IS_OPEN: &str = "state = 'open'";

pub async fn lookup(
    q: &impl Queries,
    campaign: CampaignId,
    id: UploadId,
) -> Result<Option<Upload>, StoreError> {
    let row = upload::Entity::find_by_id((campaign.0, id.0)).fetch_one(q.access()).await?;
    row.as_ref().map(from_upload).transpose()
}

/// How many a person has under way.
pub async fn count_open(q: &impl Queries, campaign: CampaignId, user: UserId) -> Result<u64, StoreError> {
    let open: Option<i64> = upload::Entity::find()
        .filter(upload::Column::CampaignId.eq(campaign.0))
        .filter(upload::Column::UserId.eq(user.0))
        .filter(Expr::cust(IS_OPEN))
        .select_only()
        .column_as(upload::Column::Id.count(), "n")
        .fetch_tuple(q.access())
        .await?;
    Ok(open.unwrap_or(0).unsigned_abs())
}

/// Those whose time is over, of all campaigns.
pub async fn list_expired(
    q: &impl Queries,
    now: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<Upload>, StoreError> {
    let rows = upload::Entity::find()
        .filter(upload::Column::ExpiresAt.lt(now))
        .order_by_asc(upload::Column::ExpiresAt)
        .limit(limit)
        .fetch_all(q.access())
        .await?;
    rows.iter().map(from_upload).collect()
}

pub async fn add(tx: &Tx, new: &Upload) -> Result<Upload, StoreError> {
    let stored = Upload { created_at: cut(new.created_at), expires_at: cut(new.expires_at), ..new.clone() };
    insert::<upload::Entity>(tx, to_upload(&stored)).await?;
    Ok(stored)
}

/// Stores how far it is now. `before` is the upload as it was seen.
///
/// # Errors
/// [`StoreError::Stale`] where it has gone on since.
pub async fn save(tx: &Tx, before: &Upload, after: &Upload) -> Result<Upload, StoreError> {
    let stored = Upload { expires_at: cut(after.expires_at), ..after.clone() };
    let mut row = to_upload(&stored).into_active_model().reset_all();
    (row.campaign_id, row.id, row.created_at) = (NotSet, NotSet, NotSet);
    let seen = to_upload(before);
    let rows = upload::Entity::update_many()
        .set(row)
        .filter(upload::Column::CampaignId.eq(stored.campaign.0))
        .filter(upload::Column::Id.eq(stored.id.0))
        .filter(upload::Column::State.eq(seen.state))
        .filter(upload::Column::Received.eq(seen.received))
        .execute(tx.access())
        .await?;
    one_changed(rows)?;
    Ok(stored)
}

/// Forgets an upload, whatever became of it.
pub async fn remove(tx: &Tx, campaign: CampaignId, id: UploadId) -> Result<(), StoreError> {
    upload::Entity::delete_many()
        .filter(upload::Column::CampaignId.eq(campaign.0))
        .filter(upload::Column::Id.eq(id.0))
        .execute(tx.access())
        .await
        .map(drop)
}
