//! Materials: what units file, in versions. For what each is filed, and how that is reviewed, stands in [`link`]; what was said of
//! it in [`remark`]; who is asked for what in [`asking`]. How much there is of what is asked is counted in the write ([`count`]).

pub mod asking;
pub mod count;
pub mod link;
mod list;
pub mod remark;

use std::collections::HashMap;

use chengjing_domain::{
    evidence::{Evidence, Version, carrying::Origin},
    id::{CampaignId, EvidenceId, UnitId, UserId},
    ledger::SubjectKind,
    standard::FilingKind,
};
use chrono::{DateTime, Utc};
pub(crate) use count::miscounts;
pub use count::rebuild_counts;
pub use list::{EvidenceFilter, list};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::{
    burden::Moves,
    door::{Execute, Fetch, Queries, Tx},
    entity::{evidence, evidence_version},
    error::StoreError,
    ledger::note_stored,
    row::{cut, from_json, inconsistent, insert, insert_all, json, one_changed},
    search,
};

pub async fn lookup(
    q: &impl Queries,
    campaign: CampaignId,
    id: EvidenceId,
) -> Result<Option<Evidence>, StoreError> {
    Ok(load(q, campaign, &[id.0]).await?.pop())
}

/// Those of these materials that there are.
pub async fn list_of(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[EvidenceId],
) -> Result<HashMap<EvidenceId, Evidence>, StoreError> {
    let mut all = HashMap::with_capacity(ids.len());
    for some in ids.chunks(200) {
        let ids: Vec<Uuid> = some.iter().map(|id| id.0).collect();
        all.extend(load(q, campaign, &ids).await?.into_iter().map(|one| (one.id, one)));
    }
    Ok(all)
}

/// The materials of one other campaign, or of any, that were taken from that one, as far as `limit`.
pub async fn list_carried(
    q: &impl Queries,
    (campaign, id): (CampaignId, EvidenceId),
    to: Option<CampaignId>,
    limit: u64,
) -> Result<Vec<(CampaignId, EvidenceId)>, StoreError> {
    use evidence_version::Column as V;
    let mut query = evidence_version::Entity::find();
    if let Some(to) = to {
        query = query.filter(V::CampaignId.eq(to.0));
    }
    let rows: Vec<(Uuid, Uuid)> = query
        .filter(V::FromCampaignId.eq(campaign.0))
        // Said in these words, so that SQLite knows the index again.
        .filter(V::FromEvidenceId.is_not_null())
        .filter(V::FromEvidenceId.eq(id.0))
        .select_only()
        .column(V::CampaignId)
        .column(V::EvidenceId)
        .distinct()
        .order_by_asc(V::CampaignId)
        .order_by_asc(V::EvidenceId)
        .limit(limit)
        .fetch_tuples(q.access())
        .await?;
    Ok(rows.into_iter().map(|(campaign, id)| (CampaignId(campaign), EvidenceId(id))).collect())
}

/// All materials of a unit, in the order of their ids: for whoever moves them to another one.
pub async fn list_of_unit(
    q: &impl Queries,
    campaign: CampaignId,
    unit: UnitId,
) -> Result<Vec<Evidence>, StoreError> {
    let ids: Vec<Uuid> = evidence::Entity::find()
        .filter(evidence::Column::CampaignId.eq(campaign.0))
        .filter(evidence::Column::UnitId.eq(unit.0))
        .order_by_asc(evidence::Column::Id)
        .select_only()
        .column(evidence::Column::Id)
        .fetch_tuples(q.access())
        .await?;
    let mut all = Vec::with_capacity(ids.len());
    for some in ids.chunks(200) {
        all.extend(load(q, campaign, some).await?);
    }
    Ok(all)
}

pub async fn add(tx: &Tx, new: &Evidence) -> Result<Evidence, StoreError> {
    let stored = cut_evidence(new, new.version)?;
    insert::<evidence::Entity>(tx, to_evidence(&stored)).await?;
    insert_all::<evidence_version::Entity>(
        tx,
        stored.versions().iter().map(|one| to_version(&stored, one)).collect(),
    )
    .await?;
    note_stored(tx, &stored);
    let mut moves = Moves::default();
    moves.versions(&stored, 1);
    moves.keep(tx, stored.campaign).await?;
    index(tx, &stored).await?;
    Ok(stored)
}

/// Stores a changed material with the versions that it has more than before, under the next version of its own, which it returns.
///
/// # Errors
/// [`StoreError::Stale`] where it is not what is stored any more.
pub async fn save(tx: &Tx, changed: &Evidence) -> Result<Evidence, StoreError> {
    let stored = cut_evidence(changed, changed.version + 1)?;
    let before = lookup(tx, changed.campaign, changed.id).await?.ok_or(StoreError::Stale)?;
    let there = small(before.latest().number);
    let mut row = to_evidence(&stored).into_active_model().reset_all();
    (row.campaign_id, row.id, row.kind, row.filed_at) = (NotSet, NotSet, NotSet, NotSet);
    let saved = evidence::Entity::update_many()
        .set(row)
        .filter(evidence::Column::CampaignId.eq(changed.campaign.0))
        .filter(evidence::Column::Id.eq(changed.id.0))
        .filter(evidence::Column::Version.eq(changed.version))
        .execute(tx.access())
        .await?;
    one_changed(saved)?;
    let new = stored.versions().iter().filter(|one| small(one.number) > there);
    let new: Vec<_> = new.map(|one| to_version(&stored, one)).collect();
    insert_all::<evidence_version::Entity>(tx, new).await?;
    note_stored(tx, &stored);
    let mut moves = Moves::default();
    moves.versions(&before, -1);
    moves.versions(&stored, 1);
    // What was done to it goes along to another unit; otherwise it stays what it was.
    if before.unit != stored.unit {
        let deeds = remark::deeds_of(tx, stored.campaign, stored.id).await?;
        moves.deeds(&before, &deeds, -1);
        moves.deeds(&stored, &deeds, 1);
    }
    moves.keep(tx, stored.campaign).await?;
    index(tx, &stored).await?;
    Ok(stored)
}

pub(crate) async fn load(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[Uuid],
) -> Result<Vec<Evidence>, StoreError> {
    use evidence::Column as C;
    let rows = evidence::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::Id.is_in(ids.iter().copied()))
        .order_by_asc(C::Id)
        .fetch_all(q.access())
        .await?;
    with_versions(q, campaign, rows).await
}

/// Some materials of a campaign after one, in the order of their ids: for whoever looks at all of them.
pub(crate) async fn load_after(
    q: &impl Queries,
    campaign: CampaignId,
    after: Option<EvidenceId>,
    limit: u64,
) -> Result<Vec<Evidence>, StoreError> {
    use evidence::Column as C;
    let mut query = evidence::Entity::find().filter(C::CampaignId.eq(campaign.0));
    if let Some(after) = after {
        query = query.filter(C::Id.gt(after.0));
    }
    let rows = query.order_by_asc(C::Id).limit(limit).fetch_all(q.access()).await?;
    with_versions(q, campaign, rows).await
}

/// Rows as materials, in their order.
async fn with_versions(
    q: &impl Queries,
    campaign: CampaignId,
    rows: Vec<evidence::Model>,
) -> Result<Vec<Evidence>, StoreError> {
    use evidence_version::Column as V;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let versions = evidence_version::Entity::find()
        .filter(V::CampaignId.eq(campaign.0))
        .filter(V::EvidenceId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(V::EvidenceId)
        .order_by_asc(V::Number)
        .fetch_all(q.access())
        .await?;
    let mut of: HashMap<Uuid, Vec<Version>> = HashMap::new();
    for row in versions {
        of.entry(row.evidence_id).or_default().push(from_version(&row)?);
    }
    let one = |row: evidence::Model| {
        let versions = of.remove(&row.id).unwrap_or_default();
        from_evidence(&row, versions)
    };
    rows.into_iter().map(one).collect()
}

fn cut_evidence(one: &Evidence, version: i64) -> Result<Evidence, StoreError> {
    let cut_version = |version: &Version| Version { at: cut(version.at), ..version.clone() };
    let versions = one.versions().iter().map(cut_version).collect();
    let stored = Evidence::stored((one.campaign, one.id), one.unit, one.kind, versions, version);
    stored.ok_or_else(|| inconsistent("evidence", "latest", one.id))
}

fn small(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

fn to_evidence(stored: &Evidence) -> evidence::Model {
    let latest = stored.latest();
    evidence::Model {
        campaign_id: stored.campaign.0,
        id: stored.id.0,
        unit_id: stored.unit.0,
        kind: stored.kind.code().to_owned(),
        title: latest.content.title.clone(),
        activity: latest.content.activity.clone(),
        made_on: latest.content.made_on,
        pieces: small(stored.pieces()),
        latest: small(latest.number),
        filed_at: filed_at(stored),
        version: stored.version,
    }
}

fn filed_at(stored: &Evidence) -> DateTime<Utc> {
    stored.versions().first().map_or(stored.latest().at, |first| first.at)
}

fn from_evidence(row: &evidence::Model, versions: Vec<Version>) -> Result<Evidence, StoreError> {
    let fault = |column| inconsistent("evidence", column, row.id);
    let kind = FilingKind::from_code(&row.kind).ok_or_else(|| fault("kind"))?;
    let key = (CampaignId(row.campaign_id), EvidenceId(row.id));
    let stored = Evidence::stored(key, UnitId(row.unit_id), kind, versions, row.version);
    stored.filter(|one| small(one.latest().number) == row.latest).ok_or_else(|| fault("latest"))
}

fn to_version(of: &Evidence, version: &Version) -> evidence_version::Model {
    evidence_version::Model {
        campaign_id: of.campaign.0,
        evidence_id: of.id.0,
        number: small(version.number),
        content: json(&version.content),
        user_id: version.by.0,
        at: version.at,
        from_campaign_id: version.from.map(|from| from.campaign.0),
        from_evidence_id: version.from.map(|from| from.evidence.0),
        from_number: version.from.map(|from| small(from.number)),
    }
}

fn from_version(row: &evidence_version::Model) -> Result<Version, StoreError> {
    let fault = |column| inconsistent("evidence_version", column, row.evidence_id);
    let number = |number: i32, column| u32::try_from(number).map_err(|_| fault(column));
    let from = match (row.from_campaign_id, row.from_evidence_id, row.from_number) {
        (None, None, None) => None,
        (Some(campaign), Some(evidence), Some(taken)) => Some(Origin {
            campaign: CampaignId(campaign),
            evidence: EvidenceId(evidence),
            number: number(taken, "from_number")?,
        }),
        _ => return Err(fault("from_evidence_id")),
    };
    Ok(Version {
        number: number(row.number, "number")?,
        content: from_json(&row.content, "evidence_version", "content", row.evidence_id)?,
        by: UserId(row.user_id),
        at: row.at,
        from,
    })
}

/// By its titles and what its caption says; its text is for who reads it.
pub(crate) async fn index(tx: &Tx, one: &Evidence) -> Result<(), StoreError> {
    let content = &one.latest().content;
    let mut texts: Vec<&str> = vec![&content.title];
    texts.extend(content.activity.as_deref());
    texts.extend(content.caption.values().map(String::as_str));
    search::index(tx, one.campaign, SubjectKind::Evidence, one.id.0, &texts).await
}
