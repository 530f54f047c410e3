//! Plan documents, from upload to adoption.

use chengjing_domain::{
    id::{CampaignId, ImportId, UserId},
    ledger::SubjectKind,
    plan::{ImportState, PlanImport},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, FromQueryResult, IntoActiveModel, NotSet, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::plan_import,
    error::StoreError,
    ledger::note_stored,
    page::{Cursor, Page, Paging, part},
    row::{cut, from_json, inconsistent, insert, json, one_changed},
    search,
};

/// A plan document without its text and its draft, which can be large.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportSummary {
    pub campaign: CampaignId,
    pub id: ImportId,
    pub file: String,
    pub name: String,
    pub state: ImportState,
    pub replaces: Option<ImportId>,
    pub created_at: DateTime<Utc>,
    pub created_by: UserId,
    /// How many duties the draft has, and the share of its text that ended in some entry. None until it is read.
    pub duties: Option<u64>,
    pub placed: Option<f64>,
    pub version: i64,
}

pub async fn lookup(
    q: &impl Queries,
    campaign: CampaignId,
    id: ImportId,
) -> Result<Option<PlanImport>, StoreError> {
    plan_import::Entity::find_by_id((campaign.0, id.0))
        .fetch_one(q.access())
        .await?
        .map(from_import)
        .transpose()
}

/// What its file is called, without the rest of it, which can be long.
pub async fn lookup_name(
    q: &impl Queries,
    campaign: CampaignId,
    id: ImportId,
) -> Result<Option<String>, StoreError> {
    let name = plan_import::Entity::find_by_id((campaign.0, id.0))
        .select_only()
        .column(plan_import::Column::Name)
        .fetch_tuple(q.access())
        .await?;
    Ok(name)
}

/// The plan documents of a campaign, newest first.
pub async fn list(
    q: &impl Queries,
    campaign: CampaignId,
    paging: &Paging,
) -> Result<Page<ImportSummary>, StoreError> {
    use plan_import::Column as C;
    let mut query = plan_import::Entity::find().filter(C::CampaignId.eq(campaign.0));
    if let Some(cursor) = &paging.after {
        let [id] = cursor.parts()?;
        query = query.filter(C::Id.lt(part::<Uuid>(id)?));
    }
    let (duties, placed) = if q.access().is_sqlite() {
        (
            "(SELECT sum(json_array_length(e.value, '$.duties')) FROM json_each(reading, '$.plans') e)",
            "CAST(reading ->> '$.placed' AS real)",
        )
    } else {
        (
            "(SELECT CAST(sum(json_array_length(e -> 'duties')) AS bigint) \
             FROM json_array_elements(CAST(reading AS json) -> 'plans') e)",
            "CAST(CAST(reading AS json) ->> 'placed' AS double precision)",
        )
    };
    let rows = query
        .select_only()
        .columns([C::CampaignId, C::Id, C::FileHash, C::Name, C::State, C::ReplacesId, C::AdoptedAt])
        .columns([C::AdoptedBy, C::CreatedAt, C::CreatedBy, C::Version])
        // The engine counts, so that a page does not carry whole drafts.
        .column_as(Expr::cust(duties), "duties")
        .column_as(Expr::cust(placed), "placed")
        .order_by_desc(C::Id)
        .limit(paging.size() + 1)
        .fetch_structs::<SummaryRow>(q.access())
        .await?;
    Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.id])).try_map(SummaryRow::into_summary)
}

/// The names of the plan documents that this user brought and that are neither adopted nor done with, newest first.
pub async fn list_open_names_by(
    q: &impl Queries,
    campaign: CampaignId,
    user: UserId,
) -> Result<Vec<String>, StoreError> {
    use plan_import::Column as C;
    let open = [ImportState::Reading.code(), ImportState::Draft.code()];
    plan_import::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::CreatedBy.eq(user.0))
        .filter(C::State.is_in(open))
        .select_only()
        .column(C::Name)
        .order_by_desc(C::Id)
        .fetch_tuples(q.access())
        .await
}

/// The adopted newer version of a plan document.
pub async fn lookup_heir(
    q: &impl Queries,
    campaign: CampaignId,
    replaced: ImportId,
) -> Result<Option<ImportId>, StoreError> {
    use plan_import::Column as C;
    let heir: Option<Uuid> = plan_import::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::ReplacesId.eq(replaced.0))
        .filter(C::State.eq("adopted"))
        .select_only()
        .column(C::Id)
        .fetch_tuple(q.access())
        .await?;
    Ok(heir.map(ImportId))
}

/// The older version that a plan document replaces.
pub async fn lookup_replaced(
    q: &impl Queries,
    campaign: CampaignId,
    id: ImportId,
) -> Result<Option<ImportId>, StoreError> {
    let replaced: Option<Option<Uuid>> = plan_import::Entity::find_by_id((campaign.0, id.0))
        .select_only()
        .column(plan_import::Column::ReplacesId)
        .fetch_tuple(q.access())
        .await?;
    Ok(replaced.flatten().map(ImportId))
}

/// How many plan documents of a campaign wait for adoption.
pub async fn count_drafts(q: &impl Queries, campaign: CampaignId) -> Result<u64, StoreError> {
    use plan_import::Column as C;
    let drafts: Option<i64> = plan_import::Entity::find()
        .filter(C::CampaignId.eq(campaign.0))
        .filter(C::State.eq(ImportState::Draft.code()))
        .select_only()
        .column_as(C::Id.count(), "n")
        .fetch_tuple(q.access())
        .await?;
    Ok(drafts.unwrap_or(0).unsigned_abs())
}

pub async fn add(tx: &Tx, import: &PlanImport) -> Result<PlanImport, StoreError> {
    let stored = cut_import(import);
    insert::<plan_import::Entity>(tx, to_import(&stored)).await?;
    index(tx, &stored).await?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Stores the plan document under the next version, which it returns.
///
/// # Errors
/// [`StoreError::Stale`] where `import.version` is not the stored one.
pub async fn save(tx: &Tx, import: &PlanImport) -> Result<PlanImport, StoreError> {
    use plan_import::Column as C;
    let stored = PlanImport { version: import.version + 1, ..cut_import(import) };
    let mut row = to_import(&stored).into_active_model().reset_all();
    (row.campaign_id, row.id) = (NotSet, NotSet);
    let changed = plan_import::Entity::update_many()
        .set(row)
        .filter(C::CampaignId.eq(import.campaign.0))
        .filter(C::Id.eq(import.id.0))
        .filter(C::Version.eq(import.version))
        .execute(tx.access())
        .await?;
    one_changed(changed)?;
    index(tx, &stored).await?;
    note_stored(tx, &stored);
    Ok(stored)
}

/// Found by its file's name and the titles of the plans in it.
pub(crate) async fn index(tx: &Tx, import: &PlanImport) -> Result<(), StoreError> {
    if import.state == ImportState::Discarded {
        return search::remove(tx, import.campaign, SubjectKind::PlanImport, import.id.0).await;
    }
    let titles = import.reading.iter().flat_map(|reading| &reading.plans).map(|plan| plan.title.as_str());
    let texts: Vec<&str> = std::iter::once(import.name.as_str()).chain(titles).collect();
    search::index(tx, import.campaign, SubjectKind::PlanImport, import.id.0, &texts).await
}

fn cut_import(import: &PlanImport) -> PlanImport {
    let state = match &import.state {
        ImportState::Adopted { at, by } => ImportState::Adopted { at: cut(*at), by: *by },
        other => other.clone(),
    };
    PlanImport { created_at: cut(import.created_at), state, ..import.clone() }
}

fn to_import(import: &PlanImport) -> plan_import::Model {
    let (adopted_at, adopted_by) = match &import.state {
        ImportState::Adopted { at, by } => (Some(*at), Some(by.0)),
        _ => (None, None),
    };
    plan_import::Model {
        campaign_id: import.campaign.0,
        id: import.id.0,
        file_hash: import.file.clone(),
        name: import.name.clone(),
        state: import.state.code().to_owned(),
        reading: import.reading.as_ref().map(json),
        cleaned: import.cleaned.clone(),
        problems: json(&import.problems),
        replaces_id: import.replaces.map(|id| id.0),
        older: import.older.as_ref().map(json),
        adopted_at,
        adopted_by,
        created_at: import.created_at,
        created_by: import.created_by.0,
        version: import.version,
    }
}

pub(crate) fn from_import(row: plan_import::Model) -> Result<PlanImport, StoreError> {
    let parse = |text: Option<String>, column| {
        text.map(|text| from_json(&text, "plan_import", column, row.id)).transpose()
    };
    let (reading, older) = (parse(row.reading, "reading")?, parse(row.older, "older")?);
    Ok(PlanImport {
        campaign: CampaignId(row.campaign_id),
        id: ImportId(row.id),
        file: row.file_hash,
        name: row.name,
        state: from_state(&row.state, row.adopted_at, row.adopted_by, row.id)?,
        reading,
        cleaned: row.cleaned,
        problems: from_json(&row.problems, "plan_import", "problems", row.id)?,
        replaces: row.replaces_id.map(ImportId),
        older,
        created_at: row.created_at,
        created_by: UserId(row.created_by),
        version: row.version,
    })
}

fn from_state(
    code: &str,
    at: Option<DateTime<Utc>>,
    by: Option<Uuid>,
    row: Uuid,
) -> Result<ImportState, StoreError> {
    Ok(match (code, at, by) {
        ("reading", None, None) => ImportState::Reading,
        ("failed", None, None) => ImportState::Failed,
        ("draft", None, None) => ImportState::Draft,
        ("adopted", Some(at), Some(by)) => ImportState::Adopted { at, by: UserId(by) },
        ("discarded", None, None) => ImportState::Discarded,
        _ => return Err(inconsistent("plan_import", "state", row)),
    })
}

/// In the order of the columns that are asked for.
#[derive(Deserialize, FromQueryResult)]
struct SummaryRow {
    campaign_id: Uuid,
    id: Uuid,
    file_hash: String,
    name: String,
    state: String,
    replaces_id: Option<Uuid>,
    adopted_at: Option<DateTime<Utc>>,
    adopted_by: Option<Uuid>,
    created_at: DateTime<Utc>,
    created_by: Uuid,
    version: i64,
    duties: Option<i64>,
    placed: Option<f64>,
}

impl SummaryRow {
    fn into_summary(self) -> Result<ImportSummary, StoreError> {
        Ok(ImportSummary {
            campaign: CampaignId(self.campaign_id),
            id: ImportId(self.id),
            file: self.file_hash,
            name: self.name,
            state: from_state(&self.state, self.adopted_at, self.adopted_by, self.id)?,
            replaces: self.replaces_id.map(ImportId),
            created_at: self.created_at,
            created_by: UserId(self.created_by),
            duties: self.duties.and_then(|duties| u64::try_from(duties).ok()),
            placed: self.placed,
            version: self.version,
        })
    }
}
