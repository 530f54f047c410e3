use chengjing_domain::{
    campaign::Phase,
    id::{CampaignId, PhaseId},
    ledger::{Subject, SubjectKind},
    plan::PlanDate,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder};

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::phase,
    error::StoreError,
    ledger::{note_removed, note_stored},
    row::{inconsistent, insert, one_changed},
};

pub async fn lookup_phase(
    q: &impl Queries,
    campaign: CampaignId,
    id: PhaseId,
) -> Result<Option<Phase>, StoreError> {
    phase::Entity::find_by_id((campaign.0, id.0)).fetch_one(q.access()).await?.map(from_phase).transpose()
}

/// The phases of a campaign, in order; a handful.
pub async fn list_phases(q: &impl Queries, campaign: CampaignId) -> Result<Vec<Phase>, StoreError> {
    let rows = phase::Entity::find()
        .filter(phase::Column::CampaignId.eq(campaign.0))
        .order_by_asc(phase::Column::Ordinal)
        .order_by_asc(phase::Column::Id)
        .fetch_all(q.access())
        .await?;
    rows.into_iter().map(from_phase).collect()
}

pub async fn add_phase(tx: &Tx, phase: &Phase) -> Result<(), StoreError> {
    insert::<phase::Entity>(tx, to_phase(phase)).await?;
    note_stored(tx, phase);
    Ok(())
}

/// # Errors
/// [`StoreError::Stale`] where it is gone.
pub async fn save_phase(tx: &Tx, phase: &Phase) -> Result<(), StoreError> {
    let mut row = to_phase(phase).into_active_model().reset_all();
    (row.campaign_id, row.id) = (NotSet, NotSet);
    let changed = phase::Entity::update_many()
        .set(row)
        .filter(phase::Column::CampaignId.eq(phase.campaign.0))
        .filter(phase::Column::Id.eq(phase.id.0))
        .execute(tx.access())
        .await?;
    one_changed(changed)?;
    note_stored(tx, phase);
    Ok(())
}

/// # Errors
/// [`StoreError::Conflict`] `foreign_key` where a duty belongs to it.
pub async fn remove_phase(tx: &Tx, campaign: CampaignId, id: PhaseId) -> Result<bool, StoreError> {
    let removed = phase::Entity::delete_by_id((campaign.0, id.0)).execute(tx.access()).await? == 1;
    if removed {
        note_removed(tx, Subject::of(campaign, SubjectKind::Phase, id.0));
    }
    Ok(removed)
}

fn to_phase(phase: &Phase) -> phase::Model {
    phase::Model {
        campaign_id: phase.campaign.0,
        id: phase.id.0,
        title: phase.title.clone(),
        starts: phase.start.map(|date| date.to_string()),
        ends: phase.end.map(|date| date.to_string()),
        ordinal: phase.ordinal,
    }
}

pub(crate) fn from_phase(row: phase::Model) -> Result<Phase, StoreError> {
    let date = |text: Option<String>, column| -> Result<Option<PlanDate>, StoreError> {
        text.map(|text| text.parse().map_err(|_| inconsistent("phase", column, row.id))).transpose()
    };
    Ok(Phase {
        campaign: CampaignId(row.campaign_id),
        id: PhaseId(row.id),
        title: row.title,
        start: date(row.starts, "starts")?,
        end: date(row.ends, "ends")?,
        ordinal: row.ordinal,
    })
}
