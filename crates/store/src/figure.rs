//! Figures against the targets of duties. Nothing is ever changed but which figure corrects another.

use std::collections::BTreeMap;

use chengjing_domain::{
    duty::figure::Figure,
    id::{CampaignId, DutyId, FigureId, TargetId, TaskId},
    ledger::{Subject, SubjectKind},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::{figure, target},
    error::StoreError,
    ledger::{note_removed, note_stored},
    row::{cut, from_json, inconsistent, insert, json, one_changed},
};

pub async fn lookup(
    q: &impl Queries,
    campaign: CampaignId,
    id: FigureId,
) -> Result<Option<Figure>, StoreError> {
    let row = figure::Entity::find_by_id((campaign.0, id.0)).fetch_one(q.access()).await?;
    row.map(from_figure).transpose()
}

/// The figures of one target, at most so many of the latest days, the earliest first. Corrected ones are in it.
pub async fn list_of_target(
    q: &impl Queries,
    campaign: CampaignId,
    target: TargetId,
    most: u64,
) -> Result<Vec<Figure>, StoreError> {
    let rows = figure::Entity::find()
        .filter(figure::Column::CampaignId.eq(campaign.0))
        .filter(figure::Column::TargetId.eq(target.0))
        .order_by_desc(figure::Column::OnDay)
        .order_by_desc(figure::Column::Id)
        .limit(most)
        .fetch_all(q.access())
        .await?;
    rows.into_iter().rev().map(from_figure).collect()
}

/// The targets for which figures were filed from one moment to before another, each with a task of the last of them.
/// At most so many figures are looked at, the first ones.
pub async fn targets_filed(
    q: &impl Queries,
    campaign: CampaignId,
    (from, before): (DateTime<Utc>, DateTime<Utc>),
    most: u64,
) -> Result<BTreeMap<TargetId, TaskId>, StoreError> {
    let rows: Vec<(Uuid, Uuid)> = figure::Entity::find()
        .filter(figure::Column::CampaignId.eq(campaign.0))
        .filter(figure::Column::At.gte(from))
        .filter(figure::Column::At.lt(before))
        .order_by_asc(figure::Column::At)
        .order_by_asc(figure::Column::Id)
        .limit(most)
        .select_only()
        .columns([figure::Column::TargetId, figure::Column::TaskId])
        .fetch_tuples(q.access())
        .await?;
    Ok(rows.into_iter().map(|(target, task)| (TargetId(target), TaskId(task))).collect())
}

/// The figures that were filed with one task, at most so many, the last ones first.
pub async fn list_of_task(
    q: &impl Queries,
    campaign: CampaignId,
    task: TaskId,
    most: u64,
) -> Result<Vec<Figure>, StoreError> {
    let rows = figure::Entity::find()
        .filter(figure::Column::CampaignId.eq(campaign.0))
        .filter(figure::Column::TaskId.eq(task.0))
        .order_by_desc(figure::Column::Id)
        .limit(most)
        .fetch_all(q.access())
        .await?;
    rows.into_iter().map(from_figure).collect()
}

pub async fn add(tx: &Tx, new: &Figure) -> Result<Figure, StoreError> {
    let stored = Figure { at: cut(new.at), ..new.clone() };
    insert::<figure::Entity>(tx, to_figure(&stored)).await?;
    touch(tx, &stored).await?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Notes on a figure which other corrects it.
///
/// # Errors
/// [`StoreError::Stale`] where another has corrected it meanwhile.
pub async fn save_superseded(tx: &Tx, corrected: &Figure) -> Result<(), StoreError> {
    let changed = figure::Entity::update_many()
        .col_expr(figure::Column::SupersededBy, Expr::value(corrected.superseded_by.map(|by| by.0)))
        .filter(figure::Column::CampaignId.eq(corrected.campaign.0))
        .filter(figure::Column::Id.eq(corrected.id.0))
        .filter(Expr::col(figure::Column::SupersededBy).is_null())
        .execute(tx.access())
        .await?;
    one_changed(changed)?;
    touch(tx, corrected).await?;
    note_stored(tx, corrected);
    Ok(())
}

/// What is said of its target may be another thing after this write.
async fn touch(tx: &Tx, figure: &Figure) -> Result<(), StoreError> {
    let duty: Option<Uuid> = target::Entity::find()
        .filter(target::Column::CampaignId.eq(figure.campaign.0))
        .filter(target::Column::Id.eq(figure.target.0))
        .select_only()
        .column(target::Column::DutyId)
        .fetch_tuple(tx.access())
        .await?;
    if let Some(duty) = duty {
        tx.access().touch(figure.campaign, DutyId(duty));
    }
    Ok(())
}

/// Removes the figures of a task that goes as if it had never been.
pub(crate) async fn remove_of_task(tx: &Tx, campaign: CampaignId, task: TaskId) -> Result<(), StoreError> {
    let ids: Vec<Uuid> = figure::Entity::find()
        .filter(figure::Column::CampaignId.eq(campaign.0))
        .filter(figure::Column::TaskId.eq(task.0))
        .select_only()
        .column(figure::Column::Id)
        .fetch_tuples(tx.access())
        .await?;
    if ids.is_empty() {
        return Ok(());
    }
    figure::Entity::delete_many()
        .filter(figure::Column::CampaignId.eq(campaign.0))
        .filter(figure::Column::TaskId.eq(task.0))
        .execute(tx.access())
        .await?;
    for id in ids {
        note_removed(tx, Subject::of(campaign, SubjectKind::Figure, id));
    }
    Ok(())
}

fn to_figure(stored: &Figure) -> figure::Model {
    figure::Model {
        campaign_id: stored.campaign.0,
        id: stored.id.0,
        target_id: stored.target.0,
        task_id: stored.task.0,
        value: stored.value.to_string(),
        unit: stored.unit.clone(),
        source: stored.source.clone(),
        on_day: stored.on,
        by: json(&stored.by),
        at: stored.at,
        superseded_by: stored.superseded_by.map(|by| by.0),
    }
}

pub(crate) fn from_figure(row: figure::Model) -> Result<Figure, StoreError> {
    Ok(Figure {
        campaign: CampaignId(row.campaign_id),
        id: FigureId(row.id),
        target: TargetId(row.target_id),
        task: TaskId(row.task_id),
        value: row.value.parse().map_err(|_| inconsistent("figure", "value", row.id))?,
        unit: row.unit,
        source: row.source,
        on: row.on_day,
        by: from_json(&row.by, "figure", "by", row.id)?,
        at: row.at,
        superseded_by: row.superseded_by.map(FigureId),
    })
}
