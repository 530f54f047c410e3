//! Saved views of the list of duties, and which one somebody's list begins with.

use chengjing_domain::{
    duty::view::View,
    id::{CampaignId, UserId, ViewId},
    ledger::{Subject, SubjectKind},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder,
    sea_query::OnConflict,
};

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::{first_view, saved_view},
    error::StoreError,
    ledger::{note_removed, note_stored},
    row::{cut, from_json, insert, json, one_changed},
};

pub async fn lookup(q: &impl Queries, campaign: CampaignId, id: ViewId) -> Result<Option<View>, StoreError> {
    let row = saved_view::Entity::find_by_id((campaign.0, id.0)).fetch_one(q.access()).await?;
    row.as_ref().map(from_view).transpose()
}

/// The views that somebody has, by name: those that are shared first, then their own. There are at most
/// [`chengjing_domain::duty::view::MOST_VIEWS`] of each.
pub async fn list(q: &impl Queries, campaign: CampaignId, user: UserId) -> Result<Vec<View>, StoreError> {
    use saved_view::Column as C;
    let mut all = Vec::new();
    for of in [C::OwnerId.is_null(), C::OwnerId.eq(user.0)] {
        let rows = saved_view::Entity::find()
            .filter(Condition::all().add(C::CampaignId.eq(campaign.0)).add(of))
            .order_by_asc(C::Name)
            .fetch_all(q.access())
            .await?;
        for row in &rows {
            all.push(from_view(row)?);
        }
    }
    Ok(all)
}

pub async fn add(tx: &Tx, new: &View) -> Result<View, StoreError> {
    let stored = View { changed_at: cut(new.changed_at), ..new.clone() };
    insert::<saved_view::Entity>(tx, to_view(&stored)).await?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Stores a changed view under the next version, which it returns.
///
/// # Errors
/// [`StoreError::Stale`] where it is not what is stored any more.
pub async fn save(tx: &Tx, changed: &View) -> Result<View, StoreError> {
    let stored =
        View { changed_at: cut(changed.changed_at), version: changed.version + 1, ..changed.clone() };
    let mut row = to_view(&stored).into_active_model().reset_all();
    (row.campaign_id, row.id, row.owner_id) = (NotSet, NotSet, NotSet);
    let rows = saved_view::Entity::update_many()
        .set(row)
        .filter(saved_view::Column::CampaignId.eq(changed.campaign.0))
        .filter(saved_view::Column::Id.eq(changed.id.0))
        .filter(saved_view::Column::Version.eq(changed.version))
        .execute(tx.access())
        .await?;
    one_changed(rows)?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Removes a view; whose list began with it begins with all duties again.
///
/// # Errors
/// As [`save`].
pub async fn remove(tx: &Tx, view: &View) -> Result<(), StoreError> {
    first_view::Entity::delete_many()
        .filter(first_view::Column::CampaignId.eq(view.campaign.0))
        .filter(first_view::Column::ViewId.eq(view.id.0))
        .execute(tx.access())
        .await?;
    let removed = saved_view::Entity::delete_many()
        .filter(saved_view::Column::CampaignId.eq(view.campaign.0))
        .filter(saved_view::Column::Id.eq(view.id.0))
        .filter(saved_view::Column::Version.eq(view.version))
        .execute(tx.access())
        .await?;
    one_changed(removed)?;
    note_removed(tx, Subject::of(view.campaign, SubjectKind::View, view.id.0));
    Ok(())
}

/// The view that somebody's list begins with; None: with all duties.
pub async fn first(
    q: &impl Queries,
    campaign: CampaignId,
    user: UserId,
) -> Result<Option<ViewId>, StoreError> {
    let row = first_view::Entity::find_by_id((campaign.0, user.0)).fetch_one(q.access()).await?;
    Ok(row.map(|row| ViewId(row.view_id)))
}

/// Has somebody's list begin with that view from now on; None: with all duties.
pub async fn set_first(
    tx: &Tx,
    campaign: CampaignId,
    user: UserId,
    view: Option<ViewId>,
) -> Result<(), StoreError> {
    use first_view::Column as C;
    let Some(view) = view else {
        first_view::Entity::delete_many()
            .filter(C::CampaignId.eq(campaign.0))
            .filter(C::UserId.eq(user.0))
            .execute(tx.access())
            .await?;
        return Ok(());
    };
    let row = first_view::Model { campaign_id: campaign.0, user_id: user.0, view_id: view.0 };
    first_view::Entity::insert_many([row.into_active_model()])
        .on_conflict(OnConflict::columns([C::CampaignId, C::UserId]).update_column(C::ViewId).to_owned())
        .execute(tx.access())
        .await?;
    Ok(())
}

fn to_view(stored: &View) -> saved_view::Model {
    saved_view::Model {
        campaign_id: stored.campaign.0,
        id: stored.id.0,
        owner_id: stored.owner.map(|owner| owner.0),
        name: stored.name.clone(),
        shape: json(&stored.shape),
        changed_by: stored.changed_by.0,
        changed_at: stored.changed_at,
        version: stored.version,
    }
}

pub(crate) fn from_view(row: &saved_view::Model) -> Result<View, StoreError> {
    Ok(View {
        campaign: CampaignId(row.campaign_id),
        id: ViewId(row.id),
        owner: row.owner_id.map(UserId),
        name: row.name.clone(),
        shape: from_json(&row.shape, "saved_view", "shape", row.id)?,
        changed_by: UserId(row.changed_by),
        changed_at: row.changed_at,
        version: row.version,
    })
}
