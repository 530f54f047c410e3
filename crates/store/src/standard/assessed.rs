//! By which editions campaigns are assessed. A campaign has a handful.

use chengjing_domain::{
    id::{CampaignId, EditionId, StandardId, UserId},
    ledger::{Subject, SubjectKind},
    standard::assessed::Assessed,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, IntoSimpleExpr, NotSet, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Func,
};
use uuid::Uuid;

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::assessed,
    error::StoreError,
    ledger::{note_removed, note_stored},
    row::{cut, from_json, insert, json, one_changed},
};

pub async fn lookup(
    q: &impl Queries,
    campaign: CampaignId,
    standard: StandardId,
) -> Result<Option<Assessed>, StoreError> {
    let row = assessed::Entity::find_by_id((campaign.0, standard.0)).fetch_one(q.access()).await?;
    row.as_ref().map(from_assessed).transpose()
}

/// The standards of a campaign, in the order in which they were added; one that has moved to another edition stays where it was.
pub async fn list(q: &impl Queries, campaign: CampaignId) -> Result<Vec<Assessed>, StoreError> {
    use assessed::Column as C;
    let rows = assessed::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .order_by_asc(Func::coalesce([C::First.into_simple_expr(), C::Since.into_simple_expr()]))
        .order_by_asc(C::Id)
        .fetch_all(q.access())
        .await?;
    rows.iter().map(from_assessed).collect()
}

/// The campaigns that are assessed by an edition.
pub async fn campaigns_of(q: &impl Queries, edition: EditionId) -> Result<Vec<CampaignId>, StoreError> {
    let rows: Vec<Uuid> = assessed::Entity::find()
        .filter(assessed::Column::EditionId.eq(edition.0))
        .select_only()
        .column(assessed::Column::CampaignId)
        .fetch_tuples(q.access())
        .await?;
    Ok(rows.into_iter().map(CampaignId).collect())
}

pub async fn add(tx: &Tx, new: &Assessed) -> Result<Assessed, StoreError> {
    let stored = cut_assessed(new);
    insert::<assessed::Entity>(tx, to_assessed(&stored)).await?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Stores that a campaign is assessed by another edition, under the next version, which it returns.
///
/// # Errors
/// [`StoreError::Stale`] where it is not what is stored any more.
pub async fn save(tx: &Tx, changed: &Assessed) -> Result<Assessed, StoreError> {
    let stored = Assessed { version: changed.version + 1, ..cut_assessed(changed) };
    let mut row = to_assessed(&stored).into_active_model().reset_all();
    (row.campaign_id, row.id) = (NotSet, NotSet);
    let rows = assessed::Entity::update_many()
        .set(row)
        .filter(assessed::Column::CampaignId.eq(changed.campaign.0))
        .filter(assessed::Column::Id.eq(changed.id.0))
        .filter(assessed::Column::Version.eq(changed.version))
        .execute(tx.access())
        .await?;
    one_changed(rows)?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// # Errors
/// As [`save`].
pub async fn remove(tx: &Tx, gone: &Assessed) -> Result<(), StoreError> {
    let removed = assessed::Entity::delete_many()
        .filter(assessed::Column::CampaignId.eq(gone.campaign.0))
        .filter(assessed::Column::Id.eq(gone.id.0))
        .filter(assessed::Column::Version.eq(gone.version))
        .execute(tx.access())
        .await?;
    one_changed(removed)?;
    note_removed(tx, Subject::of(gone.campaign, SubjectKind::Assessed, gone.id.0));
    Ok(())
}

fn cut_assessed(one: &Assessed) -> Assessed {
    let mut stored = Assessed { since: cut(one.since), first: one.first.map(cut), ..one.clone() };
    stored.earlier.iter_mut().for_each(|earlier| earlier.until = cut(earlier.until));
    stored
}

fn to_assessed(stored: &Assessed) -> assessed::Model {
    assessed::Model {
        campaign_id: stored.campaign.0,
        id: stored.id.0,
        edition_id: stored.edition.0,
        since: stored.since,
        first: stored.first,
        earlier: json(&stored.earlier),
        changed_by: stored.changed_by.0,
        version: stored.version,
    }
}

pub(crate) fn from_assessed(row: &assessed::Model) -> Result<Assessed, StoreError> {
    Ok(Assessed {
        campaign: CampaignId(row.campaign_id),
        id: StandardId(row.id),
        edition: EditionId(row.edition_id),
        since: row.since,
        first: row.first,
        earlier: from_json(&row.earlier, "assessed", "earlier", row.id)?,
        changed_by: UserId(row.changed_by),
        version: row.version,
    })
}
