//! Counters over the links of materials, kept in the transaction of each write, so that no page counts rows: of each requirement
//! how many of a unit's materials of a kind count as what, and for how many pieces.

use std::collections::BTreeMap;

use chengjing_domain::{
    evidence::{EvidenceLink, completeness::Count, review::CountedAs},
    id::{CampaignId, StandardId, UnitId},
    standard::FilingKind,
};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::link::from_link;
use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::{evidence_count, evidence_link},
    error::StoreError,
    recount::{Miscount, compare},
    row::inconsistent,
};

/// So many materials of a unit, of so many pieces, count as that for a requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceCount {
    pub standard: StandardId,
    pub requirement: String,
    pub unit: UnitId,
    pub kind: FilingKind,
    pub counted: CountedAs,
    pub links: u32,
    pub pieces: u32,
}

impl EvidenceCount {
    /// As the domain adds it up.
    pub fn count(&self) -> Count {
        Count { kind: self.kind, counted: self.counted, pieces: self.pieces }
    }
}

/// The counters of a campaign, in order.
pub async fn counts(q: &impl Queries, campaign: CampaignId) -> Result<Vec<EvidenceCount>, StoreError> {
    use evidence_count::Column as C;
    let rows: Vec<(Uuid, String, Uuid, String, String, i64, i64)> = evidence_count::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .select_only()
        .columns([C::StandardId, C::Requirement, C::UnitId, C::Kind, C::Counted])
        // PostgreSQL sums bigints to a numeric.
        .column_as(Expr::cust("CAST(sum(links) AS bigint)"), "links")
        .column_as(Expr::cust("CAST(sum(pieces) AS bigint)"), "pieces")
        .group_by(C::StandardId)
        .group_by(C::Requirement)
        .group_by(C::UnitId)
        .group_by(C::Kind)
        .group_by(C::Counted)
        .order_by_asc(C::StandardId)
        .order_by_asc(C::Requirement)
        .order_by_asc(C::UnitId)
        .order_by_asc(C::Kind)
        .order_by_asc(C::Counted)
        .fetch_tuples(q.access())
        .await?;
    let mut counts = Vec::with_capacity(rows.len());
    for (standard, requirement, unit, kind, counted, links, pieces) in rows {
        let fault = |column| inconsistent("evidence_count", column, campaign);
        let count = EvidenceCount {
            standard: StandardId(standard),
            requirement,
            unit: UnitId(unit),
            kind: FilingKind::from_code(&kind).ok_or_else(|| fault("kind"))?,
            counted: CountedAs::from_code(&counted).ok_or_else(|| fault("counted"))?,
            links: u32::try_from(links).map_err(|_| fault("links"))?,
            pieces: u32::try_from(pieces).map_err(|_| fault("pieces"))?,
        };
        if count.links > 0 {
            counts.push(count);
        }
    }
    Ok(counts)
}

type Key = (Uuid, String, Uuid, &'static str, &'static str);

/// What a write does to the counters of one campaign.
#[derive(Default)]
pub(super) struct Moves(BTreeMap<Key, (i64, i64)>);

impl Moves {
    pub(super) fn take(&mut self, link: &EvidenceLink, times: i64) {
        let counted = link.review.counted();
        let key =
            (link.standard.0, link.requirement.clone(), link.unit.0, link.kind.code(), counted.what.code());
        let (links, pieces) = self.0.entry(key).or_default();
        *links += times;
        *pieces += times * i64::from(counted.pieces);
    }

    /// Adds it to the counters, in order, so that two writes can't wait for each other in a ring.
    pub(super) async fn keep(self, tx: &Tx, campaign: CampaignId) -> Result<(), StoreError> {
        use evidence_count::Column as C;
        let rows: Vec<_> =
            self.rows(campaign, tx.access().shard).map(IntoActiveModel::into_active_model).collect();
        let key = [C::CampaignId, C::StandardId, C::Requirement, C::UnitId, C::Kind, C::Counted, C::Shard];
        let sum = |column: C, excluded: &'static str| {
            Expr::col((evidence_count::Entity, column)).add(Expr::cust(excluded))
        };
        for some in rows.chunks(200) {
            let added = OnConflict::columns(key)
                .value(C::Links, sum(C::Links, "excluded.links"))
                .value(C::Pieces, sum(C::Pieces, "excluded.pieces"))
                .to_owned();
            evidence_count::Entity::insert_many(some.to_vec())
                .on_conflict(added)
                .execute(tx.access())
                .await?;
        }
        Ok(())
    }

    fn rows(self, campaign: CampaignId, shard: u8) -> impl Iterator<Item = evidence_count::Model> {
        let moved = self.0.into_iter().filter(|(_, moved)| *moved != (0, 0));
        moved.map(move |((standard_id, requirement, unit_id, kind, counted), (links, pieces))| {
            evidence_count::Model {
                campaign_id: campaign.0,
                standard_id,
                requirement,
                unit_id,
                kind: kind.to_owned(),
                counted: counted.to_owned(),
                shard: shard.into(),
                links,
                pieces,
            }
        })
    }
}

/// Counts a campaign's links anew, for `chengjing doctor`: the counters must come out the same.
pub async fn rebuild_counts(tx: &Tx, campaign: CampaignId) -> Result<(), StoreError> {
    evidence_count::Entity::delete_many()
        .filter(evidence_count::Column::CampaignId.eq(campaign.0))
        .execute(tx.access())
        .await?;
    recount(tx, campaign).await?.keep(tx, campaign).await
}

/// The counters of links that are not what the rows give.
pub(crate) async fn miscounts(q: &impl Queries, campaign: CampaignId) -> Result<Vec<Miscount>, StoreError> {
    let rows = recount(q, campaign).await?.rows(campaign, 0);
    compare::<evidence_count::Entity>(q, (evidence_count::Column::CampaignId, campaign), rows).await
}

async fn recount(q: &impl Queries, campaign: CampaignId) -> Result<Moves, StoreError> {
    use evidence_link::Column as L;
    const ROWS: u64 = 500;
    let mut moves = Moves::default();
    let mut after: Option<Uuid> = None;
    loop {
        let mut query = evidence_link::Entity::find().filter(L::CampaignId.eq(campaign.0));
        if let Some(after) = after {
            query = query.filter(L::Id.gt(after));
        }
        let rows = query.order_by_asc(L::Id).limit(ROWS).fetch_all(q.access()).await?;
        let Some(last) = rows.last() else { return Ok(moves) };
        after = Some(last.id);
        for row in &rows {
            moves.take(&from_link(row)?, 1);
        }
    }
}
