//! What a score is made of without reading all that was observed.

use std::collections::{BTreeMap, BTreeSet};

use chengjing_domain::{
    id::CampaignId,
    observation::{KeptObservation, superseded},
    score::{CountKey, Counters, FactKind, Scope},
};
use chrono::{DateTime, Months, NaiveDate, Utc};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, sea_query::Expr,
};
use uuid::Uuid;

use super::{
    from_observation, load,
    stand::{counting, with_successors},
};
use crate::{
    door::{Fetch, Queries},
    entity::{observation, observation_count, standing as stands},
    error::StoreError,
    row::{from_json, inconsistent},
};

/// How many places stand how, and how often each question was answered how.
pub async fn counters(q: &impl Queries, campaign: CampaignId) -> Result<Counters, StoreError> {
    use observation_count::Column as C;
    let rows: Vec<(String, String, String, String, i64)> = observation_count::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .select_only()
        .columns([C::About, C::Scope, C::Month, C::Outcome])
        // PostgreSQL sums bigints to a numeric.
        .column_as(Expr::cust("CAST(sum(n) AS bigint)"), "n")
        .group_by(C::About)
        .group_by(C::Scope)
        .group_by(C::Month)
        .group_by(C::Outcome)
        .fetch_tuples(q.access())
        .await?;
    let mut counters = Counters::new();
    for (about, scope, month, outcome, n) in rows.into_iter().filter(|(.., n)| *n != 0) {
        let scope = Scope::from_code(&scope);
        let scope = scope.ok_or_else(|| inconsistent("observation_count", "scope", campaign))?;
        let outcome = from_json(&outcome, "observation_count", "outcome", campaign)?;
        counters.insert(CountKey { about, scope, month, outcome }, n);
    }
    Ok(counters)
}

/// The observations that stand, in all or in a round, of everything that is not counted: all but visits and answers.
pub async fn singles(q: &impl Queries, campaign: CampaignId) -> Result<Vec<KeptObservation>, StoreError> {
    use observation::Column as C;
    let counted = [FactKind::Visit, FactKind::Answers];
    let kinds = FactKind::ALL.into_iter().filter(|kind| !counted.contains(kind)).map(FactKind::code);
    let ids = stands::Entity::find()
        .filter(stands::Column::CampaignId.eq(campaign.0))
        .filter(stands::Column::Kind.is_in(kinds))
        .select_only()
        .column(stands::Column::ObservationId)
        .into_query();
    let rows = observation::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::Id.in_subquery(ids))
        .order_by_asc(C::At)
        .order_by_asc(C::Id)
        .fetch_all(q.access())
        .await?;
    rows.into_iter().map(from_observation).collect()
}

/// The visits of these months that stand, each with the scope in which it does.
pub async fn standing_in(
    q: &impl Queries,
    campaign: CampaignId,
    months: &BTreeSet<String>,
) -> Result<Vec<(Scope, KeptObservation)>, StoreError> {
    use stands::Column as C;
    let rows: Vec<(String, Uuid)> = stands::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::Kind.eq(FactKind::Visit.code()))
        .filter(C::Month.is_in(months.iter().cloned()))
        .select_only()
        .columns([C::Scope, C::ObservationId])
        .fetch_tuples(q.access())
        .await?;
    let mut of: BTreeMap<Uuid, Vec<Scope>> = BTreeMap::new();
    for (scope, id) in rows {
        let scope = Scope::from_code(&scope).ok_or_else(|| inconsistent("standing", "scope", id))?;
        of.entry(id).or_default().push(scope);
    }
    let ids: Vec<Uuid> = of.keys().copied().collect();
    let mut all = Vec::with_capacity(ids.len());
    for some in ids.chunks(200) {
        for one in load(q, campaign, some).await? {
            all.extend(
                of.remove(&one.id.0).unwrap_or_default().into_iter().map(|scope| (scope, one.clone())),
            );
        }
    }
    Ok(all)
}

/// The answers of these months that count.
pub async fn answers_in(
    q: &impl Queries,
    campaign: CampaignId,
    months: &BTreeSet<String>,
) -> Result<Vec<KeptObservation>, StoreError> {
    use observation::Column as C;
    let mut all = Vec::new();
    for month in months {
        let first = NaiveDate::parse_from_str(&format!("{month}-01"), "%Y-%m-%d");
        let first = first.map_err(|_| inconsistent("observation_count", "month", month))?;
        let moment = |day: NaiveDate| DateTime::<Utc>::from_naive_utc_and_offset(day.into(), Utc);
        let rows = observation::Entity::find()
            .filter(C::CampaignId.eq(campaign.0))
            .filter(C::Kind.eq(FactKind::Answers.code()))
            .filter(C::At.gte(moment(first)))
            .filter(C::At.lt(moment(first + Months::new(1))))
            .fetch_all(q.access())
            .await?;
        let own = rows.into_iter().map(from_observation).collect::<Result<Vec<_>, _>>()?;
        all.extend(counting(q, campaign, own).await?);
    }
    Ok(all)
}

/// How many of those that name a round are looked at at once.
const SOME: u64 = 20;

/// The round of which something was observed last among what counted at a moment, and was not superseded by then.
pub async fn latest_round_at(
    q: &impl Queries,
    campaign: CampaignId,
    moment: DateTime<Utc>,
) -> Result<Option<String>, StoreError> {
    use observation::Column as C;
    let mut before: Option<(DateTime<Utc>, Uuid)> = None;
    loop {
        let mut query = observation::Entity::find()
            .filter(C::CampaignId.eq(campaign.0))
            .filter(C::Round.is_not_null())
            .filter(C::Withdraws.eq(false))
            .filter(C::At.lte(before.map_or(moment, |(at, _)| at)))
            .filter(C::AcceptedAt.lte(moment))
            .filter(Condition::any().add(C::Covert.eq(false)).add(C::ReleasedAt.lte(moment)));
        if let Some((at, id)) = before {
            query = query.filter(Condition::any().add(C::At.lt(at)).add(C::Id.lt(id)));
        }
        let rows = query.order_by_desc(C::At).order_by_desc(C::Id).limit(SOME).fetch_all(q.access()).await?;
        let some = rows.into_iter().map(from_observation).collect::<Result<Vec<_>, _>>()?;
        let Some(last) = some.last() else { return Ok(None) };
        before = Some((last.at, last.id.0));
        let gone = {
            let all = with_successors(q, campaign, some.clone()).await?;
            superseded(&all, |one| one.counts_at(moment))
        };
        if let Some(found) = some.into_iter().find(|one| !gone.contains(&one.id)) {
            return Ok(found.round);
        }
    }
}
