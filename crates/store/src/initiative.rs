//! Special actions and working groups of a campaign. They are closed, never removed.

use std::collections::HashMap;

use chengjing_domain::{
    campaign::initiative::{Initiative, InitiativeKind, InitiativeState},
    id::{CampaignId, InitiativeId, UnitId, UserId},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::{initiative, initiative_member},
    error::StoreError,
    ledger::note_stored,
    page::{Cursor, Page, Paging, part},
    row::{cut, inconsistent, insert, insert_all, one_changed},
};

pub async fn lookup(
    q: &impl Queries,
    campaign: CampaignId,
    id: InitiativeId,
) -> Result<Option<Initiative>, StoreError> {
    Ok(load(q, campaign, &[id.0]).await?.pop())
}

/// The initiatives of a campaign, the newest first; `open`: only those that are, or only those that are not.
pub async fn list(
    q: &impl Queries,
    campaign: CampaignId,
    open: Option<bool>,
    paging: &Paging,
) -> Result<Page<Initiative>, StoreError> {
    use initiative::Column as C;
    let mut query = initiative::Entity::find().filter(C::CampaignId.eq(campaign.0));
    if let Some(open) = open {
        query = query.filter(if open { C::ClosedAt.is_null() } else { C::ClosedAt.is_not_null() });
    }
    if let Some(cursor) = &paging.after {
        let [id] = cursor.parts()?;
        query = query.filter(C::Id.lt(part::<Uuid>(id)?));
    }
    let rows = query.order_by_desc(C::Id).limit(paging.size() + 1).fetch_all(q.access()).await?;
    let page = Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.id]));
    let ids: Vec<Uuid> = page.items.iter().map(|row| row.id).collect();
    let mut members = load_members(q, campaign, &ids).await?;
    page.try_map(|row| {
        let members = members.remove(&row.id).unwrap_or_default();
        from_row(row, members)
    })
}

/// Which units lead the initiatives of a campaign; a handful.
pub async fn leaders(
    q: &impl Queries,
    campaign: CampaignId,
) -> Result<HashMap<InitiativeId, UnitId>, StoreError> {
    use initiative::Column as C;
    let rows: Vec<(Uuid, Uuid)> = initiative::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .select_only()
        .columns([C::Id, C::LeaderId])
        .fetch_tuples(q.access())
        .await?;
    Ok(rows.into_iter().map(|(id, leader)| (InitiativeId(id), UnitId(leader))).collect())
}

/// The initiatives that a unit leads or is a member of.
pub async fn list_of_unit(
    q: &impl Queries,
    campaign: CampaignId,
    unit: UnitId,
) -> Result<Vec<Initiative>, StoreError> {
    use initiative_member::Column as M;
    let mut ids: Vec<Uuid> = initiative::Entity::find()
        .filter(initiative::Column::CampaignId.eq(campaign.0))
        .filter(initiative::Column::LeaderId.eq(unit.0))
        .select_only()
        .column(initiative::Column::Id)
        .fetch_tuples(q.access())
        .await?;
    let as_member: Vec<Uuid> = initiative_member::Entity::find()
        .filter(M::CampaignId.eq(campaign.0))
        .filter(M::UnitId.eq(unit.0))
        .select_only()
        .column(M::InitiativeId)
        .fetch_tuples(q.access())
        .await?;
    ids.extend(as_member);
    load(q, campaign, &ids).await
}

/// The names of a campaign's initiatives.
pub(crate) async fn names(
    q: &impl Queries,
    campaign: CampaignId,
) -> Result<Vec<(InitiativeId, String)>, StoreError> {
    use initiative::Column as C;
    let rows: Vec<(Uuid, String)> = initiative::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .select_only()
        .columns([C::Id, C::Name])
        .fetch_tuples(q.access())
        .await?;
    Ok(rows.into_iter().map(|(id, name)| (InitiativeId(id), name)).collect())
}

/// # Errors
/// [`StoreError::Conflict`] `initiative_name` where another has that name.
pub async fn add(tx: &Tx, new: &Initiative) -> Result<Initiative, StoreError> {
    let stored = cut_initiative(new);
    insert::<initiative::Entity>(tx, to_row(&stored)).await?;
    add_members(tx, &stored).await?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Stores the initiative under the next version, which it returns.
///
/// # Errors
/// [`StoreError::Stale`] where `changed.version` is not the stored one; [`StoreError::Conflict`] as [`add`].
pub async fn save(tx: &Tx, changed: &Initiative) -> Result<Initiative, StoreError> {
    let stored = Initiative { version: changed.version + 1, ..cut_initiative(changed) };
    let mut row = to_row(&stored).into_active_model().reset_all();
    (row.campaign_id, row.id, row.created_at) = (NotSet, NotSet, NotSet);
    let saved = initiative::Entity::update_many()
        .set(row)
        .filter(initiative::Column::CampaignId.eq(changed.campaign.0))
        .filter(initiative::Column::Id.eq(changed.id.0))
        .filter(initiative::Column::Version.eq(changed.version))
        .execute(tx.access())
        .await?;
    one_changed(saved)?;
    initiative_member::Entity::delete_many()
        .filter(initiative_member::Column::CampaignId.eq(changed.campaign.0))
        .filter(initiative_member::Column::InitiativeId.eq(changed.id.0))
        .execute(tx.access())
        .await?;
    add_members(tx, &stored).await?;
    note_stored(tx, &stored);
    Ok(stored)
}

async fn add_members(tx: &Tx, stored: &Initiative) -> Result<(), StoreError> {
    let rows = stored.members.iter().zip(0..).map(|(unit, ordinal)| initiative_member::Model {
        campaign_id: stored.campaign.0,
        initiative_id: stored.id.0,
        ordinal,
        unit_id: unit.0,
    });
    insert_all::<initiative_member::Entity>(tx, rows.collect()).await
}

/// The initiatives with these ids, whole, by id.
pub(crate) async fn load(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[Uuid],
) -> Result<Vec<Initiative>, StoreError> {
    let rows = initiative::Entity::find()
        .filter(initiative::Column::CampaignId.eq(campaign.0))
        .filter(initiative::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(initiative::Column::Id)
        .fetch_all(q.access())
        .await?;
    let mut members = load_members(q, campaign, ids).await?;
    rows.into_iter()
        .map(|row| {
            let members = members.remove(&row.id).unwrap_or_default();
            from_row(row, members)
        })
        .collect()
}

async fn load_members(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<UnitId>>, StoreError> {
    let rows = initiative_member::Entity::find()
        .filter(initiative_member::Column::CampaignId.eq(campaign.0))
        .filter(initiative_member::Column::InitiativeId.is_in(ids.iter().copied()))
        .order_by_asc(initiative_member::Column::InitiativeId)
        .order_by_asc(initiative_member::Column::Ordinal)
        .fetch_all(q.access())
        .await?;
    let mut members: HashMap<Uuid, Vec<UnitId>> = HashMap::new();
    for row in rows {
        members.entry(row.initiative_id).or_default().push(UnitId(row.unit_id));
    }
    Ok(members)
}

fn to_row(stored: &Initiative) -> initiative::Model {
    let (closed_at, summary) = match &stored.state {
        InitiativeState::Open => (None, None),
        InitiativeState::Closed { at, summary } => (Some(*at), Some(summary.clone())),
    };
    initiative::Model {
        campaign_id: stored.campaign.0,
        id: stored.id.0,
        kind: stored.kind.code().to_owned(),
        name: stored.name.clone(),
        purpose: stored.purpose.clone(),
        leader_id: stored.leader.0,
        head_id: stored.head.map(|head| head.0),
        starts_on: stored.starts_on,
        ends_on: stored.ends_on,
        closed_at,
        summary,
        created_at: stored.created_at,
        version: stored.version,
    }
}

fn from_row(row: initiative::Model, members: Vec<UnitId>) -> Result<Initiative, StoreError> {
    let fault = |column| inconsistent("initiative", column, row.id);
    let state = match (row.closed_at, row.summary) {
        (None, None) => InitiativeState::Open,
        (Some(at), Some(summary)) => InitiativeState::Closed { at, summary },
        _ => return Err(fault("summary")),
    };
    Ok(Initiative {
        campaign: CampaignId(row.campaign_id),
        id: InitiativeId(row.id),
        kind: InitiativeKind::from_code(&row.kind).ok_or_else(|| fault("kind"))?,
        name: row.name,
        purpose: row.purpose,
        leader: UnitId(row.leader_id),
        head: row.head_id.map(UserId),
        members,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        state,
        created_at: row.created_at,
        version: row.version,
    })
}

fn cut_initiative(stored: &Initiative) -> Initiative {
    let state = match &stored.state {
        InitiativeState::Open => InitiativeState::Open,
        InitiativeState::Closed { at, summary } => {
            InitiativeState::Closed { at: cut(*at), summary: summary.clone() }
        }
    };
    Initiative { created_at: cut(stored.created_at), state, ..stored.clone() }
}
