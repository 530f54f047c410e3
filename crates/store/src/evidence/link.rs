//! For which requirements materials are filed, and how the review of each stands.

use chengjing_domain::{
    evidence::{
        EvidenceLink,
        limit::Already,
        review::{Acceptance, CountedAs, Review, StateKind},
    },
    id::{CampaignId, EvidenceId, EvidenceLinkId, StandardId, UnitId},
    ledger::{Subject, SubjectKind},
    standard::FilingKind,
};
use chrono::NaiveDate;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, ExprTrait, IntoActiveModel, IntoSimpleExpr,
    NotSet, QueryFilter, QueryOrder, QuerySelect, QueryTrait, sea_query::Expr,
};
use uuid::Uuid;

use super::count::Moves;
use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::{evidence, evidence_link},
    error::StoreError,
    ledger::{note_removed, note_stored},
    page::{Cursor, Page, Paging, part},
    row::{cut, from_json, inconsistent, insert, json, one_changed},
};

/// A requirement, in whichever edition the campaign is assessed by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Of {
    pub standard: StandardId,
    pub requirement: String,
}

/// Which links are wanted; all that is given must hold.
#[derive(Debug, Clone, Default)]
pub struct LinkFilter {
    pub unit: Option<UnitId>,
    /// Of any of these units: the scope of the asker. None: no limit; empty: nothing.
    pub any_unit: Option<Vec<UnitId>>,
    pub state: Option<StateKind>,
    pub of: Option<Of>,
    pub kind: Option<FilingKind>,
}

pub async fn lookup(
    q: &impl Queries,
    campaign: CampaignId,
    id: EvidenceLinkId,
) -> Result<Option<EvidenceLink>, StoreError> {
    Ok(load(q, campaign, &[id.0]).await?.pop())
}

/// For what these materials are filed, in the order in which they were.
pub async fn list_of(
    q: &impl Queries,
    campaign: CampaignId,
    materials: &[EvidenceId],
) -> Result<Vec<EvidenceLink>, StoreError> {
    use evidence_link::Column as C;
    let mut all = Vec::new();
    for some in materials.chunks(200) {
        let rows = evidence_link::Entity::find()
            .filter(C::CampaignId.eq(campaign.0))
            .filter(C::EvidenceId.is_in(some.iter().map(|id| id.0)))
            .order_by_asc(C::Id)
            .fetch_all(q.access())
            .await?;
        for row in &rows {
            all.push(from_link(row)?);
        }
    }
    Ok(all)
}

/// The links that a filter lets through, what stands so for the longest first: a queue.
pub async fn list(
    q: &impl Queries,
    campaign: CampaignId,
    filter: &LinkFilter,
    paging: &Paging,
) -> Result<Page<EvidenceLink>, StoreError> {
    use evidence_link::Column as C;
    let units = super::list::scope(filter.unit, filter.any_unit.as_deref());
    let mut condition = Condition::all().add(C::CampaignId.eq(campaign.0));
    if let Some(state) = filter.state {
        condition = condition.add(C::State.eq(state.code()));
    }
    if let Some(of) = &filter.of {
        condition = condition.add(C::StandardId.eq(of.standard.0)).add(C::Requirement.eq(&of.requirement));
    }
    if let Some(kind) = filter.kind {
        condition = condition.add(C::Kind.eq(kind.code()));
    }
    if let Some(cursor) = &paging.after {
        let [at, id] = cursor.parts()?;
        let key = Expr::tuple([C::ChangedAt.into_simple_expr(), C::Id.into_simple_expr()]);
        let after = Expr::tuple([
            Expr::val(part::<chrono::DateTime<chrono::Utc>>(at)?),
            Expr::val(part::<Uuid>(id)?),
        ]);
        condition = condition.add(key.gt(after));
    }
    let limit = paging.size() + 1;
    // Each unit gives its first rows from the index that is sorted within it; only these are merged.
    let mut rows = Vec::new();
    for unit in units {
        let mut one = condition.clone();
        if let Some(unit) = unit {
            one = one.add(C::UnitId.eq(unit.0));
        }
        let some = evidence_link::Entity::find()
            .filter(one)
            .order_by_asc(C::ChangedAt)
            .order_by_asc(C::Id)
            .limit(limit)
            .fetch_all(q.access())
            .await?;
        rows.extend(some);
    }
    rows.sort_unstable_by_key(|row| (row.changed_at, row.id));
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.changed_at.to_rfc3339(), &row.id]))
        .try_map(|row| from_link(&row))
}

/// All that is filed for a requirement, of whichever units.
pub async fn list_for(
    q: &impl Queries,
    campaign: CampaignId,
    of: &Of,
) -> Result<Vec<EvidenceLink>, StoreError> {
    use evidence_link::Column as C;
    let rows = evidence_link::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::StandardId.eq(of.standard.0))
        .filter(C::Requirement.eq(&of.requirement))
        .order_by_asc(C::Id)
        .fetch_all(q.access())
        .await?;
    rows.iter().map(from_link).collect()
}

/// What was accepted and counts only up to days before that one, as far as `limit`.
pub async fn list_over(
    q: &impl Queries,
    campaign: CampaignId,
    today: NaiveDate,
    limit: u64,
) -> Result<Vec<EvidenceLink>, StoreError> {
    use evidence_link::Column as C;
    let rows = evidence_link::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::Until.is_not_null())
        .filter(C::Until.lt(today))
        .order_by_asc(C::Until)
        .order_by_asc(C::Id)
        .limit(limit)
        .fetch_all(q.access())
        .await?;
    rows.iter().map(from_link).collect()
}

/// What there is of a kind for a requirement, of whichever units, without one material; and of an activity among it.
pub async fn already(
    q: &impl Queries,
    campaign: CampaignId,
    of: &Of,
    (kind, activity): (FilingKind, Option<&str>),
    without: Option<EvidenceId>,
) -> Result<Already, StoreError> {
    use evidence_link::Column as C;
    let there = CountedAs::ALL.into_iter().filter(|counted| counted.is_there()).map(CountedAs::code);
    let mut query = evidence_link::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::StandardId.eq(of.standard.0))
        .filter(C::Requirement.eq(&of.requirement))
        .filter(C::Kind.eq(kind.code()))
        .filter(C::Counted.is_in(there));
    if let Some(without) = without {
        query = query.filter(C::EvidenceId.ne(without.0));
    }
    let sum = Expr::cust("CAST(coalesce(sum(pieces), 0) AS bigint)");
    let pieces: Option<i64> =
        query.clone().select_only().column_as(sum.clone(), "n").fetch_tuple(q.access()).await?;
    let of_activity = match activity {
        None => Some(0),
        Some(activity) => {
            use evidence::Column as E;
            let same = evidence::Entity::find()
                .filter(E::CampaignId.eq(campaign.0))
                .filter(E::Activity.eq(activity))
                .select_only()
                .column(E::Id)
                .into_query();
            let query = query.filter(C::EvidenceId.in_subquery(same));
            query.select_only().column_as(sum, "n").fetch_tuple(q.access()).await?
        }
    };
    let count = |n: Option<i64>| u32::try_from(n.unwrap_or(0)).unwrap_or(u32::MAX);
    Ok(Already { pieces: count(pieces), of_activity: count(of_activity) })
}

/// # Errors
/// [`StoreError::Conflict`] `evidence_link_once` where the material is filed for that requirement already.
pub async fn add(tx: &Tx, new: &EvidenceLink) -> Result<EvidenceLink, StoreError> {
    let stored = cut_link(new);
    insert::<evidence_link::Entity>(tx, to_link(&stored)).await?;
    note_stored(tx, &stored);
    let mut moves = Moves::default();
    moves.take(&stored, 1);
    moves.keep(tx, stored.campaign).await?;
    Ok(stored)
}

/// Stores a changed link under the next version, which it returns.
///
/// # Errors
/// [`StoreError::Stale`] where it is not what is stored any more: another reviewer was faster.
pub async fn save(tx: &Tx, changed: &EvidenceLink) -> Result<EvidenceLink, StoreError> {
    let before = lookup(tx, changed.campaign, changed.id).await?.ok_or(StoreError::Stale)?;
    let stored = EvidenceLink { version: changed.version + 1, ..cut_link(changed) };
    let mut row = to_link(&stored).into_active_model().reset_all();
    (row.campaign_id, row.id, row.evidence_id, row.kind) = (NotSet, NotSet, NotSet, NotSet);
    let saved = evidence_link::Entity::update_many()
        .set(row)
        .filter(evidence_link::Column::CampaignId.eq(changed.campaign.0))
        .filter(evidence_link::Column::Id.eq(changed.id.0))
        .filter(evidence_link::Column::Version.eq(changed.version))
        .execute(tx.access())
        .await?;
    one_changed(saved)?;
    note_stored(tx, &stored);
    let mut moves = Moves::default();
    moves.take(&before, -1);
    moves.take(&stored, 1);
    moves.keep(tx, stored.campaign).await?;
    Ok(stored)
}

/// Takes a material off a requirement.
///
/// # Errors
/// As [`save`].
pub async fn remove(tx: &Tx, gone: &EvidenceLink) -> Result<(), StoreError> {
    let removed = evidence_link::Entity::delete_many()
        .filter(evidence_link::Column::CampaignId.eq(gone.campaign.0))
        .filter(evidence_link::Column::Id.eq(gone.id.0))
        .filter(evidence_link::Column::Version.eq(gone.version))
        .execute(tx.access())
        .await?;
    one_changed(removed)?;
    note_removed(tx, Subject::of(gone.campaign, SubjectKind::EvidenceLink, gone.id.0));
    let mut moves = Moves::default();
    moves.take(gone, -1);
    moves.keep(tx, gone.campaign).await
}

pub(crate) async fn load(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[Uuid],
) -> Result<Vec<EvidenceLink>, StoreError> {
    let rows = evidence_link::Entity::find()
        .filter(evidence_link::Column::CampaignId.eq(campaign.0))
        .filter(evidence_link::Column::Id.is_in(ids.iter().copied()))
        .fetch_all(q.access())
        .await?;
    rows.iter().map(from_link).collect()
}

fn cut_link(link: &EvidenceLink) -> EvidenceLink {
    let accepted = |one: Acceptance| Acceptance { at: cut(one.at), ..one };
    let review = match link.review.clone() {
        Review::Submitted { shown, by, at, stands, lapsed } => {
            Review::Submitted { shown, by, at: cut(at), stands: stands.map(accepted), lapsed }
        }
        Review::Accepted { acceptance } => Review::Accepted { acceptance: accepted(acceptance) },
        Review::Returned { shown, by, at, reason, stands, lapsed } => {
            Review::Returned { shown, by, at: cut(at), reason, stands: stands.map(accepted), lapsed }
        }
        Review::Expired { acceptance, at } => {
            Review::Expired { acceptance: accepted(acceptance), at: cut(at) }
        }
    };
    EvidenceLink { review, changed_at: cut(link.changed_at), ..link.clone() }
}

fn to_link(stored: &EvidenceLink) -> evidence_link::Model {
    let counted = stored.review.counted();
    evidence_link::Model {
        campaign_id: stored.campaign.0,
        id: stored.id.0,
        evidence_id: stored.evidence.0,
        unit_id: stored.unit.0,
        kind: stored.kind.code().to_owned(),
        standard_id: stored.standard.0,
        requirement: stored.requirement.clone(),
        state: stored.review.kind().code().to_owned(),
        review: json(&stored.review),
        counted: counted.what.code().to_owned(),
        pieces: i32::try_from(counted.pieces).unwrap_or(i32::MAX),
        until: stored.review.acceptance().and_then(|accepted| accepted.until),
        changed_at: stored.changed_at,
        version: stored.version,
    }
}

pub(super) fn from_link(row: &evidence_link::Model) -> Result<EvidenceLink, StoreError> {
    let fault = |column| inconsistent("evidence_link", column, row.id);
    let review: Review = from_json(&row.review, "evidence_link", "review", row.id)?;
    if review.kind().code() != row.state {
        return Err(fault("state"));
    }
    Ok(EvidenceLink {
        campaign: CampaignId(row.campaign_id),
        id: EvidenceLinkId(row.id),
        evidence: EvidenceId(row.evidence_id),
        unit: UnitId(row.unit_id),
        kind: FilingKind::from_code(&row.kind).ok_or_else(|| fault("kind"))?,
        standard: StandardId(row.standard_id),
        requirement: row.requirement.clone(),
        review,
        changed_at: row.changed_at,
        version: row.version,
    })
}
