//! What the photographs of a campaign look like. Each is compared once with those that were there before it, and gets a number then:
//! who keeps an album of them in memory asks for those after the last one that it has. What is found stands in [`doubt`].

pub mod doubt;

use std::collections::HashSet;

use chengjing_domain::{
    id::{AttachmentId, CampaignId},
    photo::{Fingerprint, Traces},
};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::photo,
    error::StoreError,
    row::{from_json, inconsistent, insert, json, one_changed},
};

/// Written out as the partial index is, so that SQLite knows it again.
const IS_DUE: &str = "due > 0";

/// An image that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    pub campaign: CampaignId,
    /// The attachment's.
    pub id: AttachmentId,
    /// None: it could not be decoded.
    pub look: Option<Fingerprint>,
    pub traces: Traces,
    /// Its place in the campaign's album, from 1 on; None: it was not compared yet.
    pub number: Option<i64>,
    /// How often it was asked to be looked into since it was.
    pub due: i64,
}

pub async fn lookup(
    q: &impl Queries,
    campaign: CampaignId,
    id: AttachmentId,
) -> Result<Option<Photo>, StoreError> {
    let row = photo::Entity::find_by_id((campaign.0, id.0)).fetch_one(q.access()).await?;
    row.as_ref().map(from_photo).transpose()
}

/// Which of these images were looked at.
pub async fn looked_at(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[AttachmentId],
) -> Result<HashSet<AttachmentId>, StoreError> {
    let mut all = HashSet::with_capacity(ids.len());
    for some in ids.chunks(500) {
        let there: Vec<Uuid> = photo::Entity::find()
            .filter(photo::Column::CampaignId.eq(campaign.0))
            .filter(photo::Column::Id.is_in(some.iter().map(|id| id.0)))
            .select_only()
            .column(photo::Column::Id)
            .fetch_tuples(q.access())
            .await?;
        all.extend(there.into_iter().map(AttachmentId));
    }
    Ok(all)
}

/// Which of these were compared with those that were there before them.
pub async fn compared(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[AttachmentId],
) -> Result<HashSet<AttachmentId>, StoreError> {
    let rows: Vec<Uuid> = photo::Entity::find()
        .filter(photo::Column::CampaignId.eq(campaign.0))
        .filter(photo::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .filter(photo::Column::Number.is_not_null())
        .select_only()
        .column(photo::Column::Id)
        .fetch_tuples(q.access())
        .await?;
    Ok(rows.into_iter().map(AttachmentId).collect())
}

/// The first of those that are to be looked into.
pub async fn next_due(q: &impl Queries, campaign: CampaignId) -> Result<Option<Photo>, StoreError> {
    let row = photo::Entity::find()
        .filter(photo::Column::CampaignId.eq(campaign.0))
        .filter(Expr::cust(IS_DUE))
        .order_by_asc(photo::Column::Id)
        .fetch_one(q.access())
        .await?;
    row.as_ref().map(from_photo).transpose()
}

/// Those that were compared, after a number and in the order of their numbers, as far as `limit`.
pub async fn list_compared(
    q: &impl Queries,
    campaign: CampaignId,
    after: i64,
    limit: u64,
) -> Result<Vec<Photo>, StoreError> {
    let rows = photo::Entity::find()
        .filter(photo::Column::CampaignId.eq(campaign.0))
        .filter(photo::Column::Number.gt(after))
        .order_by_asc(photo::Column::Number)
        .limit(limit)
        .fetch_all(q.access())
        .await?;
    rows.iter().map(from_photo).collect()
}

/// Keeps what an image looks like.
///
/// # Errors
/// [`StoreError::Conflict`] `photo_pkey` where it was looked at before.
pub async fn add(tx: &Tx, new: &Photo) -> Result<(), StoreError> {
    let row = photo::Model {
        campaign_id: new.campaign.0,
        id: new.id.0,
        look: new.look.as_ref().map(Fingerprint::to_bytes),
        traces: json(&new.traces),
        number: new.number,
        due: new.due,
    };
    insert::<photo::Entity>(tx, row).await
}

/// Asks to have these looked into, those of them that were looked at; says how many are.
pub async fn ask(tx: &Tx, campaign: CampaignId, ids: &[AttachmentId]) -> Result<u64, StoreError> {
    let mut asked = 0;
    for some in ids.chunks(200) {
        asked += photo::Entity::update_many()
            .col_expr(photo::Column::Due, Expr::col(photo::Column::Due).add(1))
            .filter(photo::Column::CampaignId.eq(campaign.0))
            .filter(photo::Column::Id.is_in(some.iter().map(|id| id.0)))
            .execute(tx.access())
            .await?;
    }
    Ok(asked)
}

/// Notes that a photograph was looked into, as it was then: what was asked since is asked still. Where it was compared for the
/// first time it gets the next number, which is told.
///
/// # Errors
/// [`StoreError::Stale`] where it is gone, or another was faster.
pub async fn note_judged(tx: &Tx, judged: &Photo) -> Result<i64, StoreError> {
    use photo::Column as C;
    let number = match judged.number {
        Some(number) => number,
        None => {
            let last: Option<i64> = photo::Entity::find()
                .filter(C::CampaignId.eq(judged.campaign.0))
                .filter(C::Number.is_not_null())
                .order_by_desc(C::Number)
                .select_only()
                .column(C::Number)
                .fetch_tuple(tx.access())
                .await?;
            last.unwrap_or(0) + 1
        }
    };
    let same_number = match judged.number {
        Some(number) => C::Number.eq(number),
        None => C::Number.is_null(),
    };
    let changed = photo::Entity::update_many()
        .col_expr(C::Number, Expr::value(number))
        .col_expr(C::Due, Expr::col(C::Due).sub(judged.due))
        .filter(C::CampaignId.eq(judged.campaign.0))
        .filter(C::Id.eq(judged.id.0))
        .filter(C::Due.gte(judged.due))
        .filter(same_number)
        .execute(tx.access())
        .await?;
    one_changed(changed)?;
    Ok(number)
}

fn from_photo(row: &photo::Model) -> Result<Photo, StoreError> {
    let look = row
        .look
        .as_deref()
        .map(|bytes| Fingerprint::from_bytes(bytes).ok_or_else(|| inconsistent("photo", "look", row.id)));
    Ok(Photo {
        campaign: CampaignId(row.campaign_id),
        id: AttachmentId(row.id),
        look: look.transpose()?,
        traces: from_json(&row.traces, "photo", "traces", row.id)?,
        number: row.number,
        due: row.due,
    })
}
