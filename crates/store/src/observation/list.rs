use std::collections::{BTreeMap, BTreeSet};

use chengjing_domain::{
    id::{CampaignId, ObservationId, SiteId, UnitId, UserId},
    ledger::Author,
    observation::{KeptObservation, Period},
    score::{Fact, FactKind},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, IntoSimpleExpr, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use uuid::Uuid;

use super::{from_observation, stand::with_successors};
use crate::{
    door::{Fetch, Queries},
    entity::observation,
    error::StoreError,
    page::{Cursor, Page, Paging, newest_first},
    row::json,
};

/// Which observations are wanted; none of it: all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ObservationFilter {
    pub kind: Option<FactKind>,
    /// With a kind.
    pub about: Option<String>,
    pub site: Option<SiteId>,
    pub unit: Option<UnitId>,
    /// Figures of exactly this span.
    pub period: Option<String>,
    pub by: Option<UserId>,
    /// Made in this span of time: from, and before.
    pub from: Option<DateTime<Utc>>,
    pub before: Option<DateTime<Utc>>,
    /// Only those that are not accepted, and not superseded either.
    pub waiting: bool,
    /// Also what was seen covertly and is not released.
    pub hidden: bool,
}

/// The observations of a campaign, those that were made last first.
pub async fn list(
    q: &impl Queries,
    campaign: CampaignId,
    filter: &ObservationFilter,
    paging: &Paging,
) -> Result<Page<KeptObservation>, StoreError> {
    use observation::Column as C;
    let mut query = observation::Entity::find().filter(C::CampaignId.eq(campaign.0));
    if let Some(kind) = filter.kind {
        query = query.filter(C::Kind.eq(kind.code()));
    }
    if let Some(about) = &filter.about {
        query = query.filter(C::About.eq(about));
    }
    if let Some(site) = filter.site {
        query = query.filter(C::SiteId.eq(site.0));
    }
    if let Some(unit) = filter.unit {
        query = query.filter(C::UnitId.eq(unit.0));
    }
    if let Some(period) = &filter.period {
        query = query.filter(C::Period.eq(period));
    }
    if let Some(user) = filter.by {
        query = query.filter(C::By.eq(json(&Author::User(user))));
    }
    if let Some(from) = filter.from {
        query = query.filter(C::At.gte(from));
    }
    if let Some(before) = filter.before {
        query = query.filter(C::At.lt(before));
    }
    if filter.waiting {
        query = query.filter(C::AcceptedAt.is_null()).filter(C::SupersededBy.is_null());
    }
    if !filter.hidden {
        let open = Condition::any().add(C::Covert.eq(false)).add(C::ReleasedAt.is_not_null());
        query = query.filter(open);
    }
    let rows = newest_first(query, (C::At, C::Id), paging)?.fetch_all(q.access()).await?;
    Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.at.to_rfc3339(), &row.id]))
        .try_map(from_observation)
}

/// Some observations of a campaign after one, in the order of their ids: for whoever looks at all of them.
pub async fn list_after(
    q: &impl Queries,
    campaign: CampaignId,
    after: Option<ObservationId>,
    limit: u64,
) -> Result<Vec<KeptObservation>, StoreError> {
    use observation::Column as C;
    let mut query = observation::Entity::find().filter(C::CampaignId.eq(campaign.0));
    if let Some(after) = after {
        query = query.filter(C::Id.gt(after.0));
    }
    let rows = query.order_by_asc(C::Id).limit(limit).fetch_all(q.access()).await?;
    rows.into_iter().map(from_observation).collect()
}

/// All observations that were made and accepted up to a moment, the oldest first, and behind them what superseded them: what a
/// score of the past is made of.
pub async fn list_all_at(
    q: &impl Queries,
    campaign: CampaignId,
    moment: DateTime<Utc>,
) -> Result<Vec<KeptObservation>, StoreError> {
    use observation::Column as C;
    // In pieces, since one statement holds up others on SQLite.
    const PIECE: u64 = 5_000;
    let mut all: Vec<KeptObservation> = Vec::new();
    loop {
        let mut query = observation::Entity::find()
            .filter(C::CampaignId.eq(campaign.0))
            .filter(C::At.lte(moment))
            .filter(C::AcceptedAt.lte(moment));
        if let Some(last) = all.last() {
            let key = Expr::tuple([C::At.into_simple_expr(), C::Id.into_simple_expr()]);
            query = query.filter(key.gt(Expr::tuple([Expr::val(last.at), Expr::val(last.id.0)])));
        }
        let rows = query.order_by_asc(C::At).order_by_asc(C::Id).limit(PIECE).fetch_all(q.access()).await?;
        let full = rows.len() as u64 == PIECE;
        for row in rows {
            all.push(from_observation(row)?);
        }
        if !full {
            break;
        }
    }
    // Also what does not count itself may lead to what does.
    with_successors(q, campaign, all).await
}

/// All that was observed of these things up to a moment, whether it counts or not, and what superseded it.
pub async fn list_of_things(
    q: &impl Queries,
    campaign: CampaignId,
    things: &[(FactKind, String)],
    moment: DateTime<Utc>,
) -> Result<Vec<KeptObservation>, StoreError> {
    use observation::Column as C;
    let mut all = Vec::new();
    for (kind, about) in things {
        let rows = observation::Entity::find()
            .filter(C::CampaignId.eq(campaign.0))
            .filter(C::Kind.eq(kind.code()))
            .filter(C::About.eq(about))
            .filter(C::At.lte(moment))
            .order_by_asc(C::At)
            .order_by_asc(C::Id)
            .fetch_all(q.access())
            .await?;
        for row in rows {
            all.push(from_observation(row)?);
        }
    }
    with_successors(q, campaign, all).await
}

/// What was made of these things last up to a moment and counts then, superseded or not. Each thing is read from its own end
/// of the index, so that a page costs as much as it holds, however much was observed.
pub async fn list_counting(
    q: &impl Queries,
    campaign: CampaignId,
    things: &[(FactKind, String)],
    moment: DateTime<Utc>,
    paging: &Paging,
) -> Result<Page<KeptObservation>, StoreError> {
    use observation::Column as C;
    let mut rows = Vec::new();
    for (kind, about) in things {
        let open = Condition::any().add(C::Covert.eq(false)).add(C::ReleasedAt.lte(moment));
        let query = observation::Entity::find()
            .filter(C::CampaignId.eq(campaign.0))
            .filter(C::Kind.eq(kind.code()))
            .filter(C::About.eq(about))
            .filter(C::At.lte(moment))
            .filter(C::AcceptedAt.lte(moment))
            .filter(C::Withdraws.eq(false))
            .filter(open);
        rows.extend(newest_first(query, (C::At, C::Id), paging)?.fetch_all(q.access()).await?);
    }
    rows.sort_by_key(|row| std::cmp::Reverse((row.at, row.id)));
    Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.at.to_rfc3339(), &row.id]))
        .try_map(from_observation)
}

/// Where a list of observations goes on after one.
pub fn cursor_after(one: &KeptObservation) -> Cursor {
    Cursor::of(&[&one.at.to_rfc3339(), &one.id.0])
}

/// All that was observed up to a moment where some were: of the same criteria at the same sites, and of the same things where
/// they are no visits. Answers stand for themselves; of them what superseded them.
pub async fn list_beside(
    q: &impl Queries,
    campaign: CampaignId,
    some: &[KeptObservation],
    moment: DateTime<Utc>,
) -> Result<Vec<KeptObservation>, StoreError> {
    use observation::Column as C;
    let mut visited: BTreeMap<&str, BTreeSet<Uuid>> = BTreeMap::new();
    let mut things = BTreeSet::new();
    let mut answers = Vec::new();
    for one in some {
        match &one.fact {
            Fact::Visit { site, criterion, .. } => {
                visited.entry(criterion).or_default().insert(site.parse().unwrap_or_default());
            }
            Fact::Answers { .. } => answers.push(one.clone()),
            fact => {
                things.insert((fact.kind(), fact.about().to_owned()));
            }
        }
    }
    let things: Vec<(FactKind, String)> = things.into_iter().collect();
    let mut all = list_of_things(q, campaign, &things, moment).await?;
    for (criterion, sites) in visited {
        let rows = observation::Entity::find()
            .filter(C::CampaignId.eq(campaign.0))
            .filter(C::SiteId.is_in(sites))
            .filter(C::About.eq(criterion))
            .filter(C::Kind.eq(FactKind::Visit.code()))
            .filter(C::At.lte(moment))
            .fetch_all(q.access())
            .await?;
        for row in rows {
            all.push(from_observation(row)?);
        }
    }
    all.extend(answers);
    with_successors(q, campaign, all).await
}

/// Whose figures are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FiguresOf {
    /// The whole place, and every unit that has some.
    All,
    /// The whole place, where no unit is named, or that unit.
    One(Option<UnitId>),
}

/// The figures of some periods with what superseded them, the oldest first.
pub async fn list_figures(
    q: &impl Queries,
    campaign: CampaignId,
    periods: &[Period],
    of: FiguresOf,
) -> Result<Vec<KeptObservation>, StoreError> {
    use observation::Column as C;
    let mut query = observation::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::Kind.eq(FactKind::Figure.code()))
        .filter(C::Period.is_in(periods.iter().map(Period::to_string)));
    query = match of {
        FiguresOf::All => query,
        FiguresOf::One(None) => query.filter(C::UnitId.is_null()),
        FiguresOf::One(Some(unit)) => query.filter(C::UnitId.eq(unit.0)),
    };
    let rows = query.order_by_asc(C::RecordedAt).order_by_asc(C::Id).fetch_all(q.access()).await?;
    rows.into_iter().map(from_observation).collect()
}
