//! The ledger as people read it.

use std::collections::HashMap;

use chengjing_domain::{
    id::{CampaignId, EntryId},
    ledger::{Author, Entry, Subject, SubjectKind},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Statement, Value};
use uuid::Uuid;

use super::from_row;
use crate::{
    door::{Fetch, Queries},
    entity::ledger_entry,
    error::StoreError,
    page::{Cursor, Page, Paging, part},
    row::inconsistent,
};

/// Which entries are wanted; newest first.
#[derive(Debug, Clone, Default)]
pub struct LedgerFilter {
    pub campaign: Option<CampaignId>,
    pub subject: Option<(SubjectKind, Uuid)>,
    pub author: Option<Author>,
    /// The action's code, or the beginning of one that ends with a dot: `duty.`.
    pub action: Option<String>,
}

/// An entry and the block that it is sealed in; none for the second or so until it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub entry: Entry,
    pub block: Option<u64>,
}

/// The entries that a filter lets through, newest first.
pub async fn list(
    q: &impl Queries,
    filter: &LedgerFilter,
    paging: &Paging,
) -> Result<Page<Recorded>, StoreError> {
    use ledger_entry::Column as C;
    let mut query = ledger_entry::Entity::find();
    if let Some(campaign) = filter.campaign {
        query = query.filter(C::ScopeCampaignId.eq(campaign.0));
    }
    if let Some((kind, id)) = filter.subject {
        query = query.filter(C::SubjectKind.eq(kind.code())).filter(C::SubjectId.eq(id));
    }
    if let Some(author) = filter.author {
        query = query.filter(C::Actor.eq(author.to_string()));
    }
    match &filter.action {
        Some(action) if action.ends_with('.') => query = query.filter(C::Action.starts_with(action)),
        Some(action) => query = query.filter(C::Action.eq(action)),
        None => {}
    }
    if let Some(cursor) = &paging.after {
        let [seq] = cursor.parts()?;
        query = query.filter(C::Seq.lt(part::<i64>(seq)?));
    }
    let rows = query.order_by_desc(C::Seq).limit(paging.size() + 1).fetch_all(q.access()).await?;
    Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.seq])).try_map(|row| {
        let block = row.height.map(u64::try_from).transpose();
        let block = block.map_err(|_| inconsistent("ledger_entry", "height", row.id))?;
        Ok(Recorded { entry: from_row(&row)?, block })
    })
}

pub async fn lookup(q: &impl Queries, id: EntryId) -> Result<Option<Entry>, StoreError> {
    let row =
        ledger_entry::Entity::find().filter(ledger_entry::Column::Id.eq(id.0)).fetch_one(q.access()).await?;
    row.map(|row| from_row(&row)).transpose()
}

/// Whether anybody did anything to one of these things of a kind after that entry, other than by these actions.
pub async fn begun_since(
    q: &impl Queries,
    kind: SubjectKind,
    ids: &[Uuid],
    since: EntryId,
    except: &[&str],
) -> Result<bool, StoreError> {
    use ledger_entry::Column as C;
    let seq: Option<i64> = ledger_entry::Entity::find()
        .filter(C::Id.eq(since.0))
        .select_only()
        .column(C::Seq)
        .fetch_tuple(q.access())
        .await?;
    let Some(seq) = seq else { return Ok(true) };
    for some in ids.chunks(500) {
        let found: Option<i64> = ledger_entry::Entity::find()
            .filter(C::SubjectKind.eq(kind.code()))
            .filter(C::SubjectId.is_in(some.iter().copied()))
            .filter(C::Seq.gt(seq))
            .filter(C::Action.is_not_in(except.iter().copied()))
            .select_only()
            .column(C::Seq)
            .limit(1)
            .fetch_tuple(q.access())
            .await?;
        if found.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What these things are called today; those that are gone, and kinds without a name, are not in it.
pub async fn titles(q: &impl Queries, subjects: &[Subject]) -> Result<HashMap<Subject, String>, StoreError> {
    let db = q.access();
    let mut titles = HashMap::new();
    for kind in SubjectKind::ALL {
        let (table, column) = match kind {
            SubjectKind::Installation | SubjectKind::Setting => continue,
            SubjectKind::User => ("\"user\"", "display_name"),
            // A role is known by whose it is.
            SubjectKind::Grant => (
                "(SELECT g.id AS id, u.display_name AS name FROM \"grant\" g JOIN \"user\" u ON u.id = g.user_id) held",
                "name",
            ),
            SubjectKind::Token => ("token", "name"),
            SubjectKind::Campaign => ("campaign", "name"),
            SubjectKind::Unit => ("unit", "name"),
            SubjectKind::Phase => ("phase", "title"),
            SubjectKind::Initiative => ("initiative", "name"),
            SubjectKind::PlanImport => ("plan_import", "name"),
            SubjectKind::Duty => ("duty", "title"),
            // A task is known by its duty and whose it is.
            SubjectKind::Task => (
                "(SELECT t.campaign_id AS campaign_id, t.id AS id, d.title || ' · ' || u.name AS name FROM task t \
                 JOIN duty d ON d.campaign_id = t.campaign_id AND d.id = t.duty_id \
                 JOIN unit u ON u.campaign_id = t.campaign_id AND u.id = t.unit_id) owed",
                "name",
            ),
            // What shows something that was seen covertly is not told before that is released.
            SubjectKind::Attachment => (
                "attachment",
                "CASE WHEN subject_kind = 'observation' AND EXISTS (SELECT 1 FROM observation o \
                 WHERE o.campaign_id = attachment.campaign_id AND o.id = attachment.subject_id \
                 AND o.covert AND o.released_at IS NULL) THEN '' ELSE name END",
            ),
            // A figure is known by what it measures.
            SubjectKind::Figure => (
                "(SELECT f.campaign_id AS campaign_id, f.id AS id, g.subject AS name FROM figure f \
                 JOIN target g ON g.campaign_id = f.campaign_id AND g.id = f.target_id) measured",
                "name",
            ),
            // Its id is the user's.
            SubjectKind::SecondFactor | SubjectKind::OidcLink => ("\"user\"", "display_name"),
            SubjectKind::Invitation => ("invitation", "display_name"),
            SubjectKind::Template => ("template", "name"),
            // A bulletin is known by its number.
            SubjectKind::Bulletin => ("bulletin", "CAST(number AS text)"),
            SubjectKind::Webhook => ("webhook", "name"),
            SubjectKind::View => ("saved_view", "name"),
            // Its id is the standard's.
            SubjectKind::Assessed => (
                "(SELECT a.campaign_id AS campaign_id, a.id AS id, s.name AS name FROM assessed a \
                 JOIN standard s ON s.id = a.id) named",
                "name",
            ),
            SubjectKind::Site => ("site", "name"),
            // What was seen covertly is not told before it is released.
            SubjectKind::Observation => {
                ("observation", "CASE WHEN covert AND released_at IS NULL THEN '' ELSE about END")
            }
            SubjectKind::Standard => ("standard", "name"),
            // An edition is known by what it is called and which it is.
            SubjectKind::Edition => ("edition", "title || ' · ' || label"),
            SubjectKind::Catalogue => ("catalogue", "code || ' · ' || edition"),
            SubjectKind::Evidence => ("evidence", "title"),
            // What is filed for a requirement, and what is said of it, is known by the material.
            SubjectKind::EvidenceLink => (
                "(SELECT l.campaign_id AS campaign_id, l.id AS id, e.title AS name FROM evidence_link l \
                 JOIN evidence e ON e.campaign_id = l.campaign_id AND e.id = l.evidence_id) filed",
                "name",
            ),
            SubjectKind::Remark => (
                "(SELECT r.campaign_id AS campaign_id, r.id AS id, e.title AS name FROM remark r \
                 JOIN evidence e ON e.campaign_id = r.campaign_id AND e.id = r.evidence_id) said",
                "name",
            ),
            SubjectKind::Asking => ("asking", "requirement"),
            SubjectKind::LeafOwners => ("leaf_owners", "leaf"),
            SubjectKind::AssessmentResult => ("assessment_result", "team"),
            // A doubt is known by its photograph.
            SubjectKind::Doubt => (
                "(SELECT d.campaign_id AS campaign_id, d.id AS id, a.name AS name FROM doubt d \
                 JOIN attachment a ON a.campaign_id = d.campaign_id AND a.id = d.photo_id) doubted",
                "name",
            ),
            // A request is known by who leaves.
            SubjectKind::HandoverRequest => (
                "(SELECT r.campaign_id AS campaign_id, r.id AS id, u.display_name AS name FROM handover_request r \
                 JOIN \"user\" u ON u.id = r.user_id) asked",
                "name",
            ),
        };
        let mut of_kind: Vec<&Subject> = subjects.iter().filter(|subject| subject.kind == kind).collect();
        of_kind.sort_unstable();
        of_kind.dedup();
        // A thing of a campaign is found by the campaign and its id: that is its key.
        for of_campaign in of_kind.chunk_by(|one, other| one.campaign == other.campaign) {
            let scoped = of_campaign.first().and_then(|subject| subject.campaign);
            let global = [
                SubjectKind::Campaign,
                SubjectKind::Grant,
                SubjectKind::Invitation,
                SubjectKind::Standard,
                SubjectKind::Edition,
                SubjectKind::Catalogue,
            ];
            let scoped = scoped.filter(|_| !global.contains(&kind));
            let mut values: Vec<Value> = of_campaign.iter().map(|subject| subject.id.into()).collect();
            let places: Vec<String> = (1..=values.len()).map(|n| format!("${n}")).collect();
            let mut sql = format!("SELECT id, {column} FROM {table} WHERE id IN ({})", places.join(", "));
            if let Some(campaign) = scoped {
                values.push(campaign.0.into());
                sql.push_str(&format!(" AND campaign_id = ${}", values.len()));
            }
            let statement = Statement::from_sql_and_values(db.backend(), sql, values);
            for (id, title) in db.tuples::<(Uuid, String)>(statement).await? {
                let subject = of_campaign.iter().find(|subject| subject.id == id);
                titles.extend(subject.map(|subject| (**subject, title)));
            }
        }
    }
    Ok(titles)
}
