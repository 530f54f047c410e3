//! What was said of a material, and done to it. Never changed.

use chengjing_domain::{
    evidence::{Remark, review::DeedKind},
    id::{CampaignId, EvidenceId, EvidenceLinkId, RemarkId, UserId},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::{
    burden::Moves,
    door::{Fetch, Queries, Tx},
    entity::remark,
    error::StoreError,
    ledger::note_stored,
    page::{Cursor, Page, Paging, newest_first},
    row::{cut, inconsistent, insert},
};

pub async fn lookup(
    q: &impl Queries,
    campaign: CampaignId,
    id: RemarkId,
) -> Result<Option<Remark>, StoreError> {
    Ok(load(q, campaign, &[id.0]).await?.pop())
}

/// What was said of a material, the last first.
pub async fn list(
    q: &impl Queries,
    campaign: CampaignId,
    of: EvidenceId,
    paging: &Paging,
) -> Result<Page<Remark>, StoreError> {
    use remark::Column as C;
    let query = remark::Entity::find().filter(C::CampaignId.eq(campaign.0)).filter(C::EvidenceId.eq(of.0));
    let rows = newest_first(query, (C::At, C::Id), paging)?.fetch_all(q.access()).await?;
    Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.at.to_rfc3339(), &row.id]))
        .try_map(|row| from_remark(&row))
}

pub async fn add(tx: &Tx, new: &Remark) -> Result<Remark, StoreError> {
    let stored = Remark { at: cut(new.at), ..new.clone() };
    let row = remark::Model {
        campaign_id: stored.campaign.0,
        id: stored.id.0,
        evidence_id: stored.evidence.0,
        link_id: stored.link.map(|link| link.0),
        deed: stored.deed.map(|deed| deed.code().to_owned()),
        text: stored.text.clone(),
        user_id: stored.by.0,
        at: stored.at,
    };
    // Who only says something burdens nobody.
    let counts = stored.deed.is_some();
    let mut deeds = if counts { deeds_of(tx, stored.campaign, stored.evidence).await? } else { Vec::new() };
    insert::<remark::Entity>(tx, row).await?;
    note_stored(tx, &stored);
    if counts && let Some(evidence) = super::lookup(tx, stored.campaign, stored.evidence).await? {
        let mut moves = Moves::default();
        moves.deeds(&evidence, &deeds, -1);
        deeds.push(stored.clone());
        moves.deeds(&evidence, &deeds, 1);
        moves.keep(tx, stored.campaign).await?;
    }
    Ok(stored)
}

/// All that tell of deeds that were done to a material.
pub(crate) async fn deeds_of(
    q: &impl Queries,
    campaign: CampaignId,
    of: EvidenceId,
) -> Result<Vec<Remark>, StoreError> {
    use remark::Column as C;
    let rows = remark::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::EvidenceId.eq(of.0))
        .filter(C::Deed.is_not_null())
        .order_by_asc(C::At)
        .order_by_asc(C::Id)
        .fetch_all(q.access())
        .await?;
    rows.iter().map(from_remark).collect()
}

pub(crate) async fn load(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[Uuid],
) -> Result<Vec<Remark>, StoreError> {
    let rows = remark::Entity::find()
        .filter(remark::Column::CampaignId.eq(campaign.0))
        .filter(remark::Column::Id.is_in(ids.iter().copied()))
        .fetch_all(q.access())
        .await?;
    rows.iter().map(from_remark).collect()
}

fn from_remark(row: &remark::Model) -> Result<Remark, StoreError> {
    let deed = row
        .deed
        .as_deref()
        .map(|deed| DeedKind::from_code(deed).ok_or_else(|| inconsistent("remark", "deed", row.id)));
    Ok(Remark {
        campaign: CampaignId(row.campaign_id),
        id: RemarkId(row.id),
        evidence: EvidenceId(row.evidence_id),
        link: row.link_id.map(EvidenceLinkId),
        deed: deed.transpose()?,
        text: row.text.clone(),
        by: UserId(row.user_id),
        at: row.at,
    })
}
