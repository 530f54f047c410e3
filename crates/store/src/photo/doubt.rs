//! What there is to be looked at about photographs, and what the reviewers made of it.

use std::collections::HashMap;

use chengjing_domain::{
    id::{AttachmentId, CampaignId, DoubtId, EvidenceId},
    ledger::{Subject, SubjectKind},
    photo::{Doubt, DoubtKind, DoubtState, Found},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, ExprTrait, IntoActiveModel, IntoSimpleExpr,
    NotSet, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::doubt,
    error::StoreError,
    ledger::{note_removed, note_stored},
    page::{Cursor, Page, Paging, part},
    row::{cut, from_json, inconsistent, insert, json, one_changed},
};

pub async fn lookup(
    q: &impl Queries,
    campaign: CampaignId,
    id: DoubtId,
) -> Result<Option<Doubt>, StoreError> {
    Ok(load(q, campaign, &[id.0]).await?.pop())
}

/// The doubts about the photographs of a material, and about others whose twins are among these, as they were found.
pub async fn list_of_evidence(
    q: &impl Queries,
    campaign: CampaignId,
    evidence: EvidenceId,
    paging: &Paging,
) -> Result<Page<Doubt>, StoreError> {
    use doubt::Column as C;
    let mut condition = Condition::all().add(C::CampaignId.eq(campaign.0));
    if let Some(cursor) = &paging.after {
        let [at, id] = cursor.parts()?;
        let key = Expr::tuple([C::FoundAt.into_simple_expr(), C::Id.into_simple_expr()]);
        let after = Expr::tuple([Expr::val(part::<DateTime<Utc>>(at)?), Expr::val(part::<Uuid>(id)?)]);
        condition = condition.add(key.gt(after));
    }
    // Each side gives its first rows from an index of its own; only these are merged.
    let mut rows = Vec::new();
    for side in [C::EvidenceId, C::TwinEvidenceId] {
        let some = doubt::Entity::find()
            .filter(condition.clone())
            .filter(side.eq(evidence.0))
            .order_by_asc(C::FoundAt)
            .order_by_asc(C::Id)
            .limit(paging.size() + 1)
            .fetch_all(q.access())
            .await?;
        rows.extend(some);
    }
    rows.sort_unstable_by_key(|row| (row.found_at, row.id));
    rows.dedup_by_key(|row| row.id);
    rows.truncate(usize::try_from(paging.size() + 1).unwrap_or(usize::MAX));
    Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.found_at.to_rfc3339(), &row.id]))
        .try_map(|row| from_doubt(&row))
}

/// Of which kinds there are open doubts about materials, on either side: each kind once, in the order of the kinds.
pub async fn open_kinds(
    q: &impl Queries,
    campaign: CampaignId,
    materials: &[EvidenceId],
) -> Result<HashMap<EvidenceId, Vec<DoubtKind>>, StoreError> {
    use doubt::Column as C;
    let mut of: HashMap<EvidenceId, Vec<DoubtKind>> = HashMap::new();
    for some in materials.chunks(200) {
        for side in [C::EvidenceId, C::TwinEvidenceId] {
            let rows: Vec<(Uuid, String)> = doubt::Entity::find()
                .filter(C::CampaignId.eq(campaign.0))
                .filter(side.is_in(some.iter().map(|id| id.0)))
                .filter(C::State.eq(DoubtState::Open.code()))
                .select_only()
                .column(side)
                .column(C::Kind)
                .distinct()
                .fetch_tuples(q.access())
                .await?;
            for (evidence, kind) in rows {
                let kind =
                    DoubtKind::from_code(&kind).ok_or_else(|| inconsistent("doubt", "kind", evidence))?;
                of.entry(EvidenceId(evidence)).or_default().push(kind);
            }
        }
    }
    for kinds in of.values_mut() {
        kinds.sort_unstable();
        kinds.dedup();
    }
    Ok(of)
}

/// The doubts about one photograph, those about its twins too where it is the one that was looked at later.
pub async fn list_of_photo(
    q: &impl Queries,
    campaign: CampaignId,
    photo: AttachmentId,
) -> Result<Vec<Doubt>, StoreError> {
    let rows = doubt::Entity::find()
        .filter(doubt::Column::CampaignId.eq(campaign.0))
        .filter(doubt::Column::PhotoId.eq(photo.0))
        .order_by_asc(doubt::Column::Id)
        .fetch_all(q.access())
        .await?;
    rows.iter().map(from_doubt).collect()
}

pub async fn add(tx: &Tx, new: &Doubt) -> Result<Doubt, StoreError> {
    let stored = cut_doubt(new);
    insert::<doubt::Entity>(tx, to_doubt(&stored)).await?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Stores a changed doubt under the next version, which it returns.
///
/// # Errors
/// [`StoreError::Stale`] where it is not what is stored any more: another reviewer was faster.
pub async fn save(tx: &Tx, changed: &Doubt) -> Result<Doubt, StoreError> {
    let stored = Doubt { version: changed.version + 1, ..cut_doubt(changed) };
    let mut row = to_doubt(&stored).into_active_model().reset_all();
    (row.campaign_id, row.id, row.photo_id, row.twin_id) = (NotSet, NotSet, NotSet, NotSet);
    (row.evidence_id, row.twin_evidence_id, row.found_at) = (NotSet, NotSet, NotSet);
    let saved = doubt::Entity::update_many()
        .set(row)
        .filter(doubt::Column::CampaignId.eq(changed.campaign.0))
        .filter(doubt::Column::Id.eq(changed.id.0))
        .filter(doubt::Column::Version.eq(changed.version))
        .execute(tx.access())
        .await?;
    one_changed(saved)?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Removes a doubt that holds no more.
///
/// # Errors
/// As [`save`].
pub async fn remove(tx: &Tx, gone: &Doubt) -> Result<(), StoreError> {
    let removed = doubt::Entity::delete_many()
        .filter(doubt::Column::CampaignId.eq(gone.campaign.0))
        .filter(doubt::Column::Id.eq(gone.id.0))
        .filter(doubt::Column::Version.eq(gone.version))
        .execute(tx.access())
        .await?;
    one_changed(removed)?;
    note_removed(tx, Subject::of(gone.campaign, SubjectKind::Doubt, gone.id.0));
    Ok(())
}

pub(crate) async fn load(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[Uuid],
) -> Result<Vec<Doubt>, StoreError> {
    let rows = doubt::Entity::find()
        .filter(doubt::Column::CampaignId.eq(campaign.0))
        .filter(doubt::Column::Id.is_in(ids.iter().copied()))
        .fetch_all(q.access())
        .await?;
    rows.iter().map(from_doubt).collect()
}

fn cut_doubt(one: &Doubt) -> Doubt {
    use chengjing_domain::photo::Sign;
    let state = match one.state.clone() {
        DoubtState::Open => DoubtState::Open,
        DoubtState::Dismissed { by, at, reason } => DoubtState::Dismissed { by, at: cut(at), reason },
    };
    let found = match one.found.clone() {
        Found::Edited { signs } => {
            let cut_sign = |sign| match sign {
                Sign::Changed { taken_at, changed_at } => {
                    Sign::Changed { taken_at: cut(taken_at), changed_at: cut(changed_at) }
                }
                Sign::NotYet { taken_at, arrived_at } => {
                    Sign::NotYet { taken_at: cut(taken_at), arrived_at: cut(arrived_at) }
                }
                other @ (Sign::Program { .. } | Sign::NoTime { .. }) => other,
            };
            Found::Edited { signs: signs.into_iter().map(cut_sign).collect() }
        }
        other => other,
    };
    Doubt { found, state, found_at: cut(one.found_at), ..one.clone() }
}

fn to_doubt(stored: &Doubt) -> doubt::Model {
    doubt::Model {
        campaign_id: stored.campaign.0,
        id: stored.id.0,
        photo_id: stored.photo.0,
        twin_id: stored.twin.map(|twin| twin.0),
        evidence_id: stored.evidence.map(|evidence| evidence.0),
        twin_evidence_id: stored.twin_evidence.map(|evidence| evidence.0),
        kind: stored.found.kind().code().to_owned(),
        found: json(&stored.found),
        found_at: stored.found_at,
        state: stored.state.code().to_owned(),
        body: json(&stored.state),
        version: stored.version,
    }
}

fn from_doubt(row: &doubt::Model) -> Result<Doubt, StoreError> {
    let fault = |column| inconsistent("doubt", column, row.id);
    let found: Found = from_json(&row.found, "doubt", "found", row.id)?;
    if found.kind().code() != row.kind {
        return Err(fault("kind"));
    }
    let state: DoubtState = from_json(&row.body, "doubt", "body", row.id)?;
    if state.code() != row.state {
        return Err(fault("state"));
    }
    Ok(Doubt {
        campaign: CampaignId(row.campaign_id),
        id: DoubtId(row.id),
        photo: AttachmentId(row.photo_id),
        twin: row.twin_id.map(AttachmentId),
        evidence: row.evidence_id.map(EvidenceId),
        twin_evidence: row.twin_evidence_id.map(EvidenceId),
        found,
        found_at: row.found_at,
        state,
        version: row.version,
    })
}
