//! Sites: places that are visited.

use std::collections::HashSet;

use chengjing_domain::{
    id::{CampaignId, SiteId, UnitId},
    observation::{Datum, Earlier, Position, Site},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, IntoSimpleExpr, NotSet,
    QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::site,
    error::StoreError,
    ledger::note_stored,
    observation,
    page::{Cursor, Page, Paging, part},
    row::{cut, from_json, inconsistent, insert_all, json, one_changed},
};

pub async fn lookup(q: &impl Queries, campaign: CampaignId, id: SiteId) -> Result<Option<Site>, StoreError> {
    Ok(load(q, campaign, &[id.0]).await?.pop())
}

/// Those of these sites that there are, in no particular order.
pub async fn list_of(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[SiteId],
) -> Result<Vec<Site>, StoreError> {
    let mut all = Vec::with_capacity(ids.len());
    for some in ids.chunks(200) {
        let ids: Vec<Uuid> = some.iter().map(|id| id.0).collect();
        all.extend(load(q, campaign, &ids).await?);
    }
    Ok(all)
}

/// Which sites are wanted; none of it: all that are not closed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteFilter {
    pub site_type: Option<String>,
    pub unit: Option<UnitId>,
    /// Also those that are closed.
    pub closed: bool,
}

/// The sites of a campaign by name.
pub async fn list(
    q: &impl Queries,
    campaign: CampaignId,
    filter: &SiteFilter,
    paging: &Paging,
) -> Result<Page<Site>, StoreError> {
    use site::Column as C;
    let mut query = site::Entity::find().filter(C::CampaignId.eq(campaign.0));
    if let Some(site_type) = &filter.site_type {
        query = query.filter(C::SiteType.eq(site_type));
    }
    if let Some(unit) = filter.unit {
        query = query.filter(C::UnitId.eq(unit.0));
    }
    if !filter.closed {
        query = query.filter(C::ClosedAt.is_null());
    }
    if let Some(cursor) = &paging.after {
        let [id, name] = cursor.parts()?;
        let key = Expr::tuple([C::Name.into_simple_expr(), C::Id.into_simple_expr()]);
        query = query.filter(key.gt(Expr::tuple([Expr::val(name), Expr::val(part::<Uuid>(id)?)])));
    }
    let rows = query
        .order_by_asc(C::Name)
        .order_by_asc(C::Id)
        .limit(paging.size() + 1)
        .fetch_all(q.access())
        .await?;
    Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.id, &row.name])).try_map(from_site)
}

/// The site that is called so and is not closed.
pub async fn lookup_named(
    q: &impl Queries,
    campaign: CampaignId,
    name: &str,
) -> Result<Option<Site>, StoreError> {
    let row = site::Entity::find()
        .filter(site::Column::CampaignId.eq(campaign.0))
        .filter(site::Column::Name.eq(name))
        .filter(site::Column::ClosedAt.is_null())
        .fetch_one(q.access())
        .await?;
    row.map(from_site).transpose()
}

/// Which of these names sites have that are not closed.
pub async fn names_taken(
    q: &impl Queries,
    campaign: CampaignId,
    names: &HashSet<String>,
) -> Result<Vec<String>, StoreError> {
    use site::Column as C;
    let names: Vec<&String> = names.iter().collect();
    let mut taken = Vec::new();
    for some in names.chunks(200) {
        let there: Vec<String> = site::Entity::find()
            .filter(C::CampaignId.eq(campaign.0))
            .filter(C::Name.is_in(some.iter().copied()))
            .filter(C::ClosedAt.is_null())
            .select_only()
            .column(C::Name)
            .fetch_tuples(q.access())
            .await?;
        taken.extend(there);
    }
    Ok(taken)
}

/// All sites of a campaign, closed ones too, in the order of their ids.
pub async fn list_all(q: &impl Queries, campaign: CampaignId) -> Result<Vec<Site>, StoreError> {
    let rows = site::Entity::find()
        .filter(site::Column::CampaignId.eq(campaign.0))
        .order_by_asc(site::Column::Id)
        .fetch_all(q.access())
        .await?;
    rows.into_iter().map(from_site).collect()
}

/// Of which of these types there are sites that are not closed.
pub async fn types_there(
    q: &impl Queries,
    campaign: CampaignId,
    site_types: &[&str],
) -> Result<Vec<String>, StoreError> {
    use site::Column as C;
    let mut there = Vec::new();
    for site_type in site_types {
        let found = site::Entity::find()
            .filter(C::CampaignId.eq(campaign.0))
            .filter(C::SiteType.eq(*site_type))
            .filter(C::ClosedAt.is_null())
            .fetch_one(q.access())
            .await?;
        there.extend(found.map(|row| row.site_type));
    }
    Ok(there)
}

/// # Errors
/// [`StoreError::Conflict`] `site_name` where one of that name is there that is not closed.
pub async fn add_many(tx: &Tx, new: &[Site]) -> Result<Vec<Site>, StoreError> {
    let stored: Vec<Site> = new.iter().map(cut_site).collect();
    insert_all::<site::Entity>(tx, stored.iter().map(to_site).collect()).await?;
    for site in &stored {
        note_stored(tx, site);
    }
    Ok(stored)
}

/// Stores a changed site under the next version, which it returns. What was seen at one that is closed counts no more.
///
/// # Errors
/// [`StoreError::Stale`] where it is not what is stored any more.
pub async fn save(tx: &Tx, changed: &Site) -> Result<Site, StoreError> {
    let stored = Site { version: changed.version + 1, ..cut_site(changed) };
    let mut row = to_site(&stored).into_active_model().reset_all();
    (row.campaign_id, row.id, row.site_type, row.added_at) = (NotSet, NotSet, NotSet, NotSet);
    let saved = site::Entity::update_many()
        .set(row)
        .filter(site::Column::CampaignId.eq(changed.campaign.0))
        .filter(site::Column::Id.eq(changed.id.0))
        .filter(site::Column::Version.eq(changed.version))
        .execute(tx.access())
        .await?;
    one_changed(saved)?;
    note_stored(tx, &stored);
    if stored.closed_at.is_some() {
        observation::settle_site(tx, stored.campaign, stored.id).await?;
    }
    Ok(stored)
}

pub(crate) async fn load(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[Uuid],
) -> Result<Vec<Site>, StoreError> {
    let rows = site::Entity::find()
        .filter(site::Column::CampaignId.eq(campaign.0))
        .filter(site::Column::Id.is_in(ids.iter().copied()))
        .fetch_all(q.access())
        .await?;
    rows.into_iter().map(from_site).collect()
}

fn cut_site(site: &Site) -> Site {
    let earlier = site.earlier.iter().map(|one| Earlier { until: cut(one.until), ..*one }).collect();
    Site { added_at: cut(site.added_at), closed_at: site.closed_at.map(cut), earlier, ..site.clone() }
}

fn to_site(stored: &Site) -> site::Model {
    site::Model {
        campaign_id: stored.campaign.0,
        id: stored.id.0,
        name: stored.name.clone(),
        site_type: stored.site_type.clone(),
        unit_id: stored.unit.map(|unit| unit.0),
        earlier_units: json(&stored.earlier),
        longitude: stored.position.map(|position| position.longitude.to_string()),
        latitude: stored.position.map(|position| position.latitude.to_string()),
        datum: stored.position.map(|position| position.datum.code().to_owned()),
        added_at: stored.added_at,
        closed_at: stored.closed_at,
        version: stored.version,
    }
}

fn from_site(row: site::Model) -> Result<Site, StoreError> {
    let degrees = |text: &str, column| text.parse().map_err(|_| inconsistent("site", column, row.id));
    let position = match (&row.longitude, &row.latitude, &row.datum) {
        (None, None, None) => None,
        (Some(longitude), Some(latitude), Some(datum)) => Some(Position {
            longitude: degrees(longitude, "longitude")?,
            latitude: degrees(latitude, "latitude")?,
            datum: Datum::from_code(datum).ok_or_else(|| inconsistent("site", "datum", row.id))?,
        }),
        _ => return Err(inconsistent("site", "datum", row.id)),
    };
    Ok(Site {
        campaign: CampaignId(row.campaign_id),
        id: SiteId(row.id),
        name: row.name,
        site_type: row.site_type,
        unit: row.unit_id.map(UnitId),
        earlier: from_json(&row.earlier_units, "site", "earlier_units", row.id)?,
        position,
        added_at: row.added_at,
        closed_at: row.closed_at,
        version: row.version,
    })
}
