//! What official and mock assessments found. Nothing is ever changed but, once, what supersedes it.

use std::collections::HashMap;

use chengjing_domain::{
    id::{CampaignId, EditionId, ResultId, StandardId},
    result::{AssessmentResult, SiteVerdict, WholeResult},
};
use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, IntoSimpleExpr, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::{assessment_result, result_verdicts},
    error::StoreError,
    ledger::note_stored,
    page::{Cursor, Page, Paging, part},
    row::{cut, from_json, from_word, inconsistent, insert, json, one_changed, word},
};

pub async fn lookup(
    q: &impl Queries,
    campaign: CampaignId,
    id: ResultId,
) -> Result<Option<WholeResult>, StoreError> {
    Ok(load(q, campaign, &[id.0]).await?.pop())
}

/// Which results are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResultFilter {
    pub standard: Option<StandardId>,
    /// Also those that are superseded.
    pub superseded: bool,
}

/// The results of a campaign, the last day first.
pub async fn list(
    q: &impl Queries,
    campaign: CampaignId,
    filter: &ResultFilter,
    paging: &Paging,
) -> Result<Page<AssessmentResult>, StoreError> {
    use assessment_result::Column as C;
    let mut query = assessment_result::Entity::find().filter(C::CampaignId.eq(campaign.0));
    if let Some(standard) = filter.standard {
        query = query.filter(C::StandardId.eq(standard.0));
    }
    if !filter.superseded {
        query = query.filter(C::SupersededBy.is_null());
    }
    if let Some(cursor) = &paging.after {
        let [day, id] = cursor.parts()?;
        let key = Expr::tuple([C::OnDay.into_simple_expr(), C::Id.into_simple_expr()]);
        let after = Expr::tuple([Expr::val(part::<NaiveDate>(day)?), Expr::val(part::<Uuid>(id)?)]);
        query = query.filter(key.lt(after));
    }
    let rows = query
        .order_by_desc(C::OnDay)
        .order_by_desc(C::Id)
        .limit(paging.size() + 1)
        .fetch_all(q.access())
        .await?;
    Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.on_day, &row.id])).try_map(|row| from_result(&row))
}

/// Records what an assessment found.
pub async fn record(tx: &Tx, new: &WholeResult) -> Result<WholeResult, StoreError> {
    let result = AssessmentResult { recorded_at: cut(new.result.recorded_at), ..new.result.clone() };
    let stored = WholeResult { result, verdicts: new.verdicts.clone() };
    insert::<assessment_result::Entity>(tx, to_result(&stored.result)).await?;
    let verdicts = result_verdicts::Model {
        campaign_id: stored.result.campaign.0,
        result_id: stored.result.id.0,
        verdicts: json(&stored.verdicts),
    };
    insert::<result_verdicts::Entity>(tx, verdicts).await?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Notes what supersedes a result, which was recorded before.
///
/// # Errors
/// [`StoreError::Stale`] where another one has superseded it meanwhile.
pub async fn save_superseded(tx: &Tx, changed: &WholeResult) -> Result<(), StoreError> {
    use assessment_result::Column as C;
    let AssessmentResult { campaign, id, superseded_by, .. } = changed.result;
    let rows = assessment_result::Entity::update_many()
        .col_expr(C::SupersededBy, Expr::value(superseded_by.map(|by| by.0)))
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::Id.eq(id.0))
        .filter(C::SupersededBy.is_null())
        .execute(tx.access())
        .await?;
    one_changed(rows)?;
    note_stored(tx, changed);
    Ok(())
}

pub(crate) async fn load(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[Uuid],
) -> Result<Vec<WholeResult>, StoreError> {
    let beside = result_verdicts::Entity::find()
        .filter(result_verdicts::Column::CampaignId.eq(campaign.0))
        .filter(result_verdicts::Column::ResultId.is_in(ids.iter().copied()))
        .fetch_all(q.access())
        .await?;
    let mut verdicts: HashMap<Uuid, String> =
        beside.into_iter().map(|row| (row.result_id, row.verdicts)).collect();
    let rows = assessment_result::Entity::find()
        .filter(assessment_result::Column::CampaignId.eq(campaign.0))
        .filter(assessment_result::Column::Id.is_in(ids.iter().copied()))
        .fetch_all(q.access())
        .await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let text = verdicts.remove(&row.id).unwrap_or_default();
        let verdicts: Vec<SiteVerdict> = from_json(&text, "result_verdicts", "verdicts", row.id)?;
        all.push(WholeResult { result: from_result(&row)?, verdicts });
    }
    Ok(all)
}

fn to_result(stored: &AssessmentResult) -> assessment_result::Model {
    assessment_result::Model {
        campaign_id: stored.campaign.0,
        id: stored.id.0,
        standard_id: stored.standard.0,
        edition_id: stored.edition.0,
        on_day: stored.on,
        kind: word(&stored.kind),
        covert: stored.covert,
        team: stored.team.clone(),
        total: stored.total.to_string(),
        leaves: json(&stored.leaves),
        judged: i32::try_from(stored.judged).unwrap_or(i32::MAX),
        source: stored.source.clone(),
        superseded_by: stored.superseded_by.map(|by| by.0),
        by: json(&stored.by),
        recorded_at: stored.recorded_at,
    }
}

fn from_result(row: &assessment_result::Model) -> Result<AssessmentResult, StoreError> {
    let wrong = |column| inconsistent("assessment_result", column, row.id);
    Ok(AssessmentResult {
        campaign: CampaignId(row.campaign_id),
        id: ResultId(row.id),
        standard: StandardId(row.standard_id),
        edition: EditionId(row.edition_id),
        on: row.on_day,
        kind: from_word(&row.kind).ok_or_else(|| wrong("kind"))?,
        covert: row.covert,
        team: row.team.clone(),
        total: row.total.parse().map_err(|_| wrong("total"))?,
        leaves: from_json(&row.leaves, "assessment_result", "leaves", row.id)?,
        judged: u32::try_from(row.judged).map_err(|_| wrong("judged"))?,
        source: row.source.clone(),
        superseded_by: row.superseded_by.map(ResultId),
        by: from_json(&row.by, "assessment_result", "by", row.id)?,
        recorded_at: row.recorded_at,
    })
}
