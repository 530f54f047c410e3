//! How campaigns scored, day by day. Derived: a score of the past is worked out from what was observed up to then.

use chengjing_domain::{
    id::{CampaignId, EditionId, StandardId},
    score::{DayScore, Range},
};
use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, sea_query::OnConflict,
};

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::score_day,
    error::StoreError,
    row::inconsistent,
};

/// The days of a standard from one to another, the earliest first; of more than so many, the last ones.
pub async fn list_days(
    q: &impl Queries,
    campaign: CampaignId,
    standard: StandardId,
    (from, to): (NaiveDate, NaiveDate),
    most: u64,
) -> Result<Vec<DayScore>, StoreError> {
    use score_day::Column as C;
    let rows = score_day::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::StandardId.eq(standard.0))
        .filter(C::Day.gte(from))
        .filter(C::Day.lte(to))
        .order_by_desc(C::Day)
        .limit(most)
        .fetch_all(q.access())
        .await?;
    rows.iter().rev().map(from_day).collect()
}

/// Keeps how a campaign scored on days, in place of what was kept of them.
pub async fn save_days(tx: &Tx, days: &[DayScore]) -> Result<(), StoreError> {
    use score_day::Column as C;
    for some in days.chunks(200) {
        let rows = some.iter().map(|day| to_day(day).into_active_model());
        score_day::Entity::insert_many(rows)
            .on_conflict(
                OnConflict::columns([C::CampaignId, C::StandardId, C::Day])
                    .update_columns([C::EditionId, C::Low, C::Value, C::High, C::Marks])
                    .to_owned(),
            )
            .execute(tx.access())
            .await?;
    }
    Ok(())
}

fn to_day(day: &DayScore) -> score_day::Model {
    score_day::Model {
        campaign_id: day.campaign.0,
        standard_id: day.standard.0,
        day: day.day,
        edition_id: day.edition.0,
        low: day.total.low.to_string(),
        value: day.total.value.to_string(),
        high: day.total.high.to_string(),
        marks: day.marks.to_string(),
    }
}

fn from_day(row: &score_day::Model) -> Result<DayScore, StoreError> {
    macro_rules! marks {
        ($column:ident) => {
            row.$column.parse().map_err(|_| inconsistent("score_day", stringify!($column), row.day))?
        };
    }
    Ok(DayScore {
        campaign: CampaignId(row.campaign_id),
        standard: StandardId(row.standard_id),
        edition: EditionId(row.edition_id),
        day: row.day,
        total: Range { low: marks!(low), value: marks!(value), high: marks!(high) },
        marks: marks!(marks),
    })
}
