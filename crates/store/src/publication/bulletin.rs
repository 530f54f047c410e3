//! Bulletins as they were frozen.

use chengjing_domain::{
    id::{BulletinId, CampaignId, UserId},
    publication::{Week, bulletin::Bulletin},
};
use chrono::NaiveDate;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder, QuerySelect,
};

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::bulletin,
    error::StoreError,
    ledger::note_stored,
    page::{Cursor, Page, Paging, part},
    row::{cut, from_json, inconsistent, insert, json, one_changed},
};

pub async fn lookup(
    q: &impl Queries,
    campaign: CampaignId,
    id: BulletinId,
) -> Result<Option<Bulletin>, StoreError> {
    let row = bulletin::Entity::find_by_id((campaign.0, id.0)).fetch_one(q.access()).await?;
    row.as_ref().map(from_bulletin).transpose()
}

pub async fn lookup_of_week(
    q: &impl Queries,
    campaign: CampaignId,
    week: Week,
) -> Result<Option<Bulletin>, StoreError> {
    let row = bulletin::Entity::find()
        .filter(bulletin::Column::CampaignId.eq(campaign.0))
        .filter(bulletin::Column::WeekOn.eq(week.monday()))
        .fetch_one(q.access())
        .await?;
    row.as_ref().map(from_bulletin).transpose()
}

/// The bulletins of a campaign, the latest week first.
pub async fn list(
    q: &impl Queries,
    campaign: CampaignId,
    paging: &Paging,
) -> Result<Page<Bulletin>, StoreError> {
    use bulletin::Column as C;
    let mut query = bulletin::Entity::find().filter(C::CampaignId.eq(campaign.0));
    if let Some(cursor) = &paging.after {
        let [week] = cursor.parts()?;
        query = query.filter(C::WeekOn.lt(part::<NaiveDate>(week)?));
    }
    let rows = query.order_by_desc(C::WeekOn).limit(paging.size() + 1).fetch_all(q.access()).await?;
    Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.week_on])).try_map(|row| from_bulletin(&row))
}

/// The highest number that a bulletin of the campaign has; 0 where there is none.
pub async fn last_number(q: &impl Queries, campaign: CampaignId) -> Result<i32, StoreError> {
    let last: Option<i32> = bulletin::Entity::find()
        .filter(bulletin::Column::CampaignId.eq(campaign.0))
        .order_by_desc(bulletin::Column::Number)
        .limit(1)
        .select_only()
        .column(bulletin::Column::Number)
        .fetch_tuple(q.access())
        .await?;
    Ok(last.unwrap_or(0))
}

pub async fn add(tx: &Tx, new: &Bulletin) -> Result<Bulletin, StoreError> {
    let stored = Bulletin { made_at: cut(new.made_at), ..new.clone() };
    insert::<bulletin::Entity>(tx, to_bulletin(&stored)).await?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Stores a bulletin that was put together anew under the next version, which it returns.
///
/// # Errors
/// [`StoreError::Stale`] where it is not what is stored any more.
pub async fn save(tx: &Tx, changed: &Bulletin) -> Result<Bulletin, StoreError> {
    let stored = Bulletin { made_at: cut(changed.made_at), version: changed.version + 1, ..changed.clone() };
    let mut row = to_bulletin(&stored).into_active_model().reset_all();
    (row.campaign_id, row.id) = (NotSet, NotSet);
    let rows = bulletin::Entity::update_many()
        .set(row)
        .filter(bulletin::Column::CampaignId.eq(changed.campaign.0))
        .filter(bulletin::Column::Id.eq(changed.id.0))
        .filter(bulletin::Column::Version.eq(changed.version))
        .execute(tx.access())
        .await?;
    one_changed(rows)?;
    note_stored(tx, &stored);
    Ok(stored)
}

fn to_bulletin(stored: &Bulletin) -> bulletin::Model {
    bulletin::Model {
        campaign_id: stored.campaign.0,
        id: stored.id.0,
        week_on: stored.week.monday(),
        number: stored.number,
        as_of: stored.as_of,
        made_by: stored.made_by.0,
        made_at: stored.made_at,
        content: json(&stored.content),
        version: stored.version,
    }
}

pub(crate) fn from_bulletin(row: &bulletin::Model) -> Result<Bulletin, StoreError> {
    let week = Week::beginning(row.week_on).ok_or_else(|| inconsistent("bulletin", "week_on", row.id))?;
    Ok(Bulletin {
        campaign: CampaignId(row.campaign_id),
        id: BulletinId(row.id),
        week,
        number: row.number,
        as_of: row.as_of,
        made_by: UserId(row.made_by),
        made_at: row.made_at,
        content: from_json(&row.content, "bulletin", "content", row.id)?,
        version: row.version,
    })
}
