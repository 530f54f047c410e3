//! What was observed. Nothing is ever changed but, once each, when it was accepted and released, and what supersedes it; and the
//! unit, where two entries turn out to be one.
//!
//! Which observation stands, and how many places stand how, is kept beside it in the same write; see [`counters`].

mod count;
mod list;
mod merge;
mod stand;

use chengjing_domain::{
    id::{CampaignId, ObservationId, StandardId, UnitId},
    ledger::canonical,
    observation::KeptObservation,
    score::Fact,
};
pub use count::{answers_in, counters, latest_round_at, singles, standing_in};
pub use list::{
    FiguresOf, ObservationFilter, cursor_after, list, list_after, list_all_at, list_beside, list_counting,
    list_figures, list_of_things,
};
pub use merge::merge_units;
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter,
    sea_query::{Expr, SimpleExpr},
};
pub(crate) use stand::miscounts;
pub use stand::rebuild_counts;
pub(crate) use stand::{settle_all, settle_site, settle_what_never_was};
use uuid::Uuid;

use self::stand::Touched;
use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::observation,
    error::StoreError,
    ledger::note_stored,
    row::{cut, from_json, insert_all, json, one_changed},
};

pub async fn lookup(
    q: &impl Queries,
    campaign: CampaignId,
    id: ObservationId,
) -> Result<Option<KeptObservation>, StoreError> {
    Ok(load(q, campaign, &[id.0]).await?.pop())
}

/// Those of these observations that there are, in no particular order.
pub async fn list_of(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[ObservationId],
) -> Result<Vec<KeptObservation>, StoreError> {
    let mut all = Vec::with_capacity(ids.len());
    for some in ids.chunks(200) {
        let ids: Vec<Uuid> = some.iter().map(|id| id.0).collect();
        all.extend(load(q, campaign, &ids).await?);
    }
    Ok(all)
}

/// Records what was observed, of one campaign.
pub async fn record(tx: &Tx, new: &[KeptObservation]) -> Result<Vec<KeptObservation>, StoreError> {
    let Some(campaign) = new.first().map(|one| one.campaign) else { return Ok(Vec::new()) };
    let stored: Vec<KeptObservation> = new.iter().map(cut_observation).collect();
    let rows = stored.iter().map(to_observation).collect();
    insert_all::<observation::Entity>(tx, rows).await?;
    for one in &stored {
        note_stored(tx, one);
    }
    Touched::new(campaign, stored.clone()).settle(tx).await?;
    Ok(stored)
}

/// Notes when an observation was accepted.
///
/// # Errors
/// [`StoreError::Stale`] where somebody has accepted it meanwhile.
pub async fn save_accepted(tx: &Tx, changed: &KeptObservation) -> Result<KeptObservation, StoreError> {
    use observation::Column as C;
    set_once(tx, changed, C::AcceptedAt, Expr::value(changed.accepted_at.map(cut))).await
}

/// Notes when an observation was released.
///
/// # Errors
/// [`StoreError::Stale`] where somebody has released it meanwhile.
pub async fn save_released(tx: &Tx, changed: &KeptObservation) -> Result<KeptObservation, StoreError> {
    use observation::Column as C;
    set_once(tx, changed, C::ReleasedAt, Expr::value(changed.released_at.map(cut))).await
}

/// Notes what supersedes an observation, which was recorded before.
///
/// # Errors
/// [`StoreError::Stale`] where another one has superseded it meanwhile.
pub async fn save_superseded(tx: &Tx, changed: &KeptObservation) -> Result<KeptObservation, StoreError> {
    use observation::Column as C;
    set_once(tx, changed, C::SupersededBy, Expr::value(changed.superseded_by.map(|by| by.0))).await
}

async fn set_once(
    tx: &Tx,
    changed: &KeptObservation,
    column: observation::Column,
    value: SimpleExpr,
) -> Result<KeptObservation, StoreError> {
    use observation::Column as C;
    let touched = Touched::with_what_it_supersedes(tx, changed).await?;
    let rows = observation::Entity::update_many()
        .col_expr(column, value)
        .filter(C::CampaignId.eq(changed.campaign.0))
        .filter(C::Id.eq(changed.id.0))
        .filter(Expr::col(column).is_null())
        .execute(tx.access())
        .await?;
    one_changed(rows)?;
    let stored = cut_observation(changed);
    note_stored(tx, &stored);
    touched.settle(tx).await?;
    Ok(stored)
}

pub(crate) async fn load(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[Uuid],
) -> Result<Vec<KeptObservation>, StoreError> {
    let rows = observation::Entity::find()
        .filter(observation::Column::CampaignId.eq(campaign.0))
        .filter(observation::Column::Id.is_in(ids.iter().copied()))
        .fetch_all(q.access())
        .await?;
    rows.into_iter().map(from_observation).collect()
}

fn cut_observation(one: &KeptObservation) -> KeptObservation {
    KeptObservation {
        at: cut(one.at),
        accepted_at: one.accepted_at.map(cut),
        released_at: one.released_at.map(cut),
        recorded_at: cut(one.recorded_at),
        ..one.clone()
    }
}

fn to_observation(stored: &KeptObservation) -> observation::Model {
    let fact = serde_json::to_value(&stored.fact).expect("a fact can be written as JSON");
    let site_id = match &stored.fact {
        // What names no site of the campaign is refused by the foreign key as any other that is not there.
        Fact::Visit { site, .. } => Some(site.parse().unwrap_or_default()),
        _ => None,
    };
    observation::Model {
        campaign_id: stored.campaign.0,
        id: stored.id.0,
        at: stored.at,
        covert: stored.covert,
        round: stored.round.clone(),
        kind: stored.fact.kind().code().to_owned(),
        about: stored.fact.about().to_owned(),
        fact: canonical(&fact),
        standard_id: stored.standard.map(|standard| standard.0),
        site_id,
        unit_id: stored.unit.map(|unit| unit.0),
        source: stored.source.clone(),
        period: stored.period.clone(),
        files: json(&stored.files),
        by: json(&stored.by),
        recorded_at: stored.recorded_at,
        accepted_at: stored.accepted_at,
        released_at: stored.released_at,
        superseded_by: stored.superseded_by.map(|by| by.0),
        withdraws: stored.withdraws,
    }
}

pub(crate) fn from_observation(row: observation::Model) -> Result<KeptObservation, StoreError> {
    Ok(KeptObservation {
        campaign: CampaignId(row.campaign_id),
        id: ObservationId(row.id),
        at: row.at,
        accepted_at: row.accepted_at,
        covert: row.covert,
        released_at: row.released_at,
        round: row.round,
        fact: from_json(&row.fact, "observation", "fact", row.id)?,
        standard: row.standard_id.map(StandardId),
        unit: row.unit_id.map(UnitId),
        source: row.source,
        period: row.period,
        files: from_json(&row.files, "observation", "files", row.id)?,
        superseded_by: row.superseded_by.map(ObservationId),
        withdraws: row.withdraws,
        by: from_json(&row.by, "observation", "by", row.id)?,
        recorded_at: row.recorded_at,
    })
}
