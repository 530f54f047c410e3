use chengjing_domain::{
    evidence::{Evidence, review::StateKind},
    id::{CampaignId, UnitId},
    ledger::SubjectKind,
    standard::FilingKind,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, SimpleExpr},
};

use super::{link::Of, with_versions};
use crate::{
    door::{Access, Fetch, Queries},
    entity::{evidence, evidence_link},
    error::StoreError,
    page::{Cursor, Page, Paging, newest_first},
    search::Needle,
};

/// Which materials are wanted; all that is given must hold.
#[derive(Debug, Clone, Default)]
pub struct EvidenceFilter {
    pub unit: Option<UnitId>,
    /// Of any of these units: the scope of the asker. None: no limit; empty: nothing.
    pub any_unit: Option<Vec<UnitId>>,
    pub kind: Option<FilingKind>,
    /// Filed for this requirement.
    pub of: Option<Of>,
    /// The review of one of its links stands so; with a requirement, of that one.
    pub state: Option<StateKind>,
    /// Only what is filed for nothing.
    pub unlinked: bool,
    pub text: Option<String>,
}

/// The units whose rows are read one by one; one None: all rows of the campaign.
pub(super) fn scope(unit: Option<UnitId>, any_unit: Option<&[UnitId]>) -> Vec<Option<UnitId>> {
    match (unit, any_unit) {
        (None, None) => vec![None],
        (Some(unit), Some(scope)) if !scope.contains(&unit) => Vec::new(),
        (Some(unit), _) => vec![Some(unit)],
        (None, Some(scope)) => scope.iter().copied().map(Some).collect(),
    }
}

/// The materials that a filter lets through, what was filed last first.
pub async fn list(
    q: &impl Queries,
    campaign: CampaignId,
    filter: &EvidenceFilter,
    paging: &Paging,
) -> Result<Page<Evidence>, StoreError> {
    use evidence::Column as C;
    use evidence_link::Column as L;
    let mut condition = Condition::all().add(C::CampaignId.eq(campaign.0));
    if let Some(kind) = filter.kind {
        condition = condition.add(C::Kind.eq(kind.code()));
    }
    let mut links = evidence_link::Entity::find().filter(L::CampaignId.eq(campaign.0));
    if let Some(of) = &filter.of {
        links = links.filter(L::StandardId.eq(of.standard.0)).filter(L::Requirement.eq(&of.requirement));
    }
    if let Some(state) = filter.state {
        links = links.filter(L::State.eq(state.code()));
    }
    let links = links.select_only().column(L::EvidenceId).into_query();
    if filter.unlinked {
        condition = condition.add(C::Id.not_in_subquery(links));
    } else if filter.of.is_some() || filter.state.is_some() {
        condition = condition.add(C::Id.in_subquery(links));
    }
    if let Some(text) = filter.text.as_deref().filter(|text| !text.trim().is_empty()) {
        // Something was asked for that no text can hold: nothing is found.
        let Some(needle) = Needle::new(text) else { return Ok(Page { items: Vec::new(), next: None }) };
        condition = condition.add(holds(q.access(), &needle));
    }
    // Each unit gives its first rows from the index that is sorted within it; only these are merged.
    let mut rows = Vec::new();
    for unit in scope(filter.unit, filter.any_unit.as_deref()) {
        let mut one = condition.clone();
        if let Some(unit) = unit {
            one = one.add(C::UnitId.eq(unit.0));
        }
        let query = evidence::Entity::find().filter(one);
        rows.extend(newest_first(query, (C::FiledAt, C::Id), paging)?.fetch_all(q.access()).await?);
    }
    rows.sort_unstable_by_key(|row| std::cmp::Reverse((row.filed_at, row.id)));
    rows.truncate(usize::try_from(paging.size() + 1).unwrap_or(usize::MAX));
    let Page { items, next } =
        Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.filed_at.to_rfc3339(), &row.id]));
    Ok(Page { items: with_versions(q, campaign, items).await?, next })
}

/// The condition that a material's texts in the index hold all words.
fn holds(db: &Access, needle: &Needle) -> SimpleExpr {
    let own = format!(
        "SELECT 1 FROM search_text s WHERE s.campaign_id = evidence.campaign_id AND s.kind = '{}' \
         AND s.subject_id = evidence.id",
        SubjectKind::Evidence.code()
    );
    if db.is_sqlite() {
        let grams = needle.held_by_grams();
        let each = " AND instr(s.grams, ?) > 0".repeat(grams.len());
        Expr::cust_with_values(format!("EXISTS ({own}{each})"), grams)
    } else {
        let matches = "s.grams @@ CAST($1 AS tsquery)";
        Expr::cust_with_values(format!("EXISTS ({own} AND {matches})"), [needle.for_postgres()])
    }
}
