use chengjing_domain::{
    id::{CampaignId, InitiativeId, UnitId},
    ledger::SubjectKind,
    plan::Span,
};
use sea_orm::{FromQueryResult, Statement, Value};
use serde::Deserialize;
use uuid::Uuid;

use super::{Course, Needle, marks, own};
use crate::{
    door::Queries,
    error::StoreError,
    page::{Cursor, Page, Paging, part},
    row::{from_json, inconsistent},
};

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub kind: SubjectKind,
    pub id: Uuid,
    /// A duty's or a material's title, a unit's name, a plan document's file name.
    pub title: String,
    /// Where the words stand in the title, in characters.
    pub title_marks: Vec<Span>,
    /// The part of its other texts that holds the words, else their beginning; empty where it has none.
    pub excerpt: String,
    /// Where the words stand in the excerpt, in characters.
    pub marks: Vec<Span>,
}

/// Where to look.
#[derive(Debug, Clone)]
pub struct SearchFilter {
    pub campaign: CampaignId,
    pub text: String,
    /// Which kinds of things; what the asker may not see is left out here.
    pub kinds: Vec<SubjectKind>,
    /// Only duties of these units; other kinds are not touched by it.
    pub units: Option<Vec<UnitId>>,
    /// And, where units limit it, all duties of these initiatives.
    pub led: Vec<InitiativeId>,
    /// Only materials of these units; other kinds are not touched by it.
    pub filed_by: Option<Vec<UnitId>>,
}

/// What is found, what was changed last first. Nothing to look for finds nothing.
pub async fn list(q: &impl Queries, filter: &SearchFilter, paging: &Paging) -> Result<Page<Hit>, StoreError> {
    let Some(needle) = Needle::new(&filter.text) else { return Ok(Page { items: Vec::new(), next: None }) };
    let kinds: Vec<SubjectKind> = filter.kinds.clone();
    if kinds.is_empty() {
        return Ok(Page { items: Vec::new(), next: None });
    }
    let db = q.access();
    let mut values: Vec<Value> = Vec::new();
    let mut bind = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    let duties = kinds.contains(&SubjectKind::Duty);
    let own_alone = match &filter.units {
        Some(units) if duties => own::are_few(db, filter.campaign, units, &filter.led).await?,
        _ => false,
    };
    let materials = kinds.contains(&SubjectKind::Evidence);
    // Of units and plans there are few: each is looked at, and not each of the many duties that hold the words too.
    let few = (!duties || own_alone) && (!materials || filter.filed_by.is_some());
    let campaign = bind(filter.campaign.0.into());
    let kinds: Vec<String> = kinds.into_iter().map(|kind| bind(kind.code().into())).collect();
    let of_kinds = format!("campaign_id = {campaign} AND kind IN ({})", kinds.join(", "));
    // The cross join and the offsets hold the engines to their order.
    let held = |bind: &mut dyn FnMut(Value) -> String, grams: Vec<String>| -> Vec<String> {
        grams.into_iter().map(|gram| format!("instr(s.grams, {}) > 0", bind(gram.into()))).collect()
    };
    let mut of_own = String::new();
    if let Some(units) = filter.units.as_ref().filter(|_| own_alone) {
        let own = own::select(&campaign, units, &filter.led, &mut bind);
        of_own.push_str(&format!(
            " UNION ALL SELECT t.* FROM (SELECT DISTINCT duty_id FROM ({own}) AS each_own) AS own \
             CROSS JOIN search_text t WHERE t.campaign_id = {campaign} AND t.kind = 'duty' AND t.subject_id = own.duty_id"
        ));
    }
    let filed_by = filter.filed_by.as_ref().filter(|_| materials).map(|units| {
        let units: Vec<String> = units.iter().map(|unit| bind(unit.0.into())).collect();
        if units.is_empty() { "NULL".to_owned() } else { units.join(", ") }
    });
    if let Some(units) = filed_by.as_ref().filter(|_| few) {
        of_own.push_str(&format!(
            " UNION ALL SELECT t.* FROM evidence filed CROSS JOIN search_text t WHERE filed.campaign_id = {campaign} \
             AND filed.unit_id IN ({units}) AND t.campaign_id = {campaign} AND t.kind = 'evidence' \
             AND t.subject_id = filed.id"
        ));
    }
    let without = match (own_alone, filed_by.is_some() && few) {
        (true, true) => " AND kind NOT IN ('duty', 'evidence')",
        (true, false) => " AND kind <> 'duty'",
        (false, true) => " AND kind <> 'evidence'",
        (false, false) => "",
    };
    let of_few = |end: &str| format!("(SELECT * FROM search_text WHERE {of_kinds}{without}{of_own}{end}) s");
    let (from, matches, docid) = if db.is_sqlite() {
        let walked = |from: String, held: Vec<String>| (from, held.join(" AND "), "s.docid");
        if few {
            walked(of_few(""), held(&mut bind, needle.held_by_grams()))
        } else {
            match Course::of(db, &needle).await? {
                Course::Along => walked("search_text s".into(), held(&mut bind, needle.held_by_grams())),
                Course::Index { by, also } => {
                    let mut matches = format!("search_grams MATCH {}", bind(by.for_sqlite().into()));
                    for also in held(&mut bind, also) {
                        matches.push_str(&format!(" AND {also}"));
                    }
                    let from = "search_grams g CROSS JOIN search_text s ON s.docid = g.rowid".to_owned();
                    (from, matches, "g.rowid")
                }
            }
        }
    } else {
        let place = bind(needle.for_postgres().into());
        let matches = format!("s.grams @@ CAST({place} AS tsquery)");
        let from = if few {
            of_few(" OFFSET 0")
        } else if Course::of(db, &needle).await? == Course::Along {
            "search_text s".to_owned()
        } else {
            format!("(SELECT * FROM search_text s WHERE {matches} OFFSET 0) s")
        };
        (from, matches, "s.docid")
    };
    let mut wanted = format!("{matches} AND s.{}", of_kinds.replace(" kind ", " s.kind "));
    if let Some(units) = filter.units.as_ref().filter(|_| !own_alone) {
        let units: Vec<String> = units.iter().map(|unit| bind(unit.0.into())).collect();
        let units = if units.is_empty() { "NULL".to_owned() } else { units.join(", ") };
        let led: Vec<String> = filter.led.iter().map(|led| bind(led.0.into())).collect();
        let led = match led.is_empty() {
            true => String::new(),
            false => format!(" OR d.initiative_id IN ({})", led.join(", ")),
        };
        wanted.push_str(&format!(
            " AND (s.kind <> 'duty'{led} OR EXISTS (SELECT 1 FROM duty_unit du WHERE du.campaign_id = s.campaign_id \
             AND du.duty_id = s.subject_id AND du.unit_id IN ({units})))"
        ));
    }
    if let Some(units) = filed_by.filter(|_| !few) {
        wanted.push_str(&format!(
            " AND (s.kind <> 'evidence' OR EXISTS (SELECT 1 FROM evidence filed WHERE filed.campaign_id = s.campaign_id \
             AND filed.id = s.subject_id AND filed.unit_id IN ({units})))"
        ));
    }
    if let Some(cursor) = &paging.after {
        let [last] = cursor.parts()?;
        let last = bind(part::<i64>(last)?.into());
        wanted.push_str(&format!(" AND {docid} < {last}"));
    }
    let (aliases, titles) = if db.is_sqlite() {
        (
            "SELECT group_concat(a.name, '、') FROM unit_alias a",
            "SELECT group_concat(e.value ->> '$.title', '、') FROM json_each(p.reading, '$.plans') e",
        )
    } else {
        (
            "SELECT string_agg(a.name, '、') FROM unit_alias a",
            "SELECT string_agg(e ->> 'title', '、') FROM json_array_elements(CAST(p.reading AS json) -> 'plans') e",
        )
    };
    let sql = format!(
        "SELECT s.kind AS kind, s.subject_id AS id, s.docid AS docid, \
         coalesce(d.title, u.name, p.name, v.title) AS title, \
         coalesce(d.text, CASE s.kind WHEN 'unit' THEN ({aliases} \
         WHERE a.campaign_id = s.campaign_id AND a.unit_id = s.subject_id) \
         WHEN 'plan_import' THEN ({titles}) WHEN 'evidence' THEN v.activity END) AS text, d.leads AS leads FROM {from} \
         LEFT JOIN duty d ON s.kind = 'duty' AND d.campaign_id = s.campaign_id AND d.id = s.subject_id \
         LEFT JOIN unit u ON s.kind = 'unit' AND u.campaign_id = s.campaign_id AND u.id = s.subject_id \
         LEFT JOIN plan_import p ON s.kind = 'plan_import' AND p.campaign_id = s.campaign_id AND p.id = s.subject_id \
         LEFT JOIN evidence v ON s.kind = 'evidence' AND v.campaign_id = s.campaign_id AND v.id = s.subject_id \
         WHERE {wanted} ORDER BY {docid} DESC LIMIT {}",
        paging.size() + 1
    );
    let statement = Statement::from_sql_and_values(db.backend(), sql, values);
    let rows: Vec<HitRow> = db.structs(statement).await?;
    Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.docid])).try_map(|row| {
        let fault = |column| inconsistent("search_text", column, row.id);
        let kind = SubjectKind::from_code(&row.kind).ok_or_else(|| fault("kind"))?;
        let title = row.title.ok_or_else(|| fault("subject_id"))?;
        let leads: Vec<String> = row
            .leads
            .map(|leads| from_json(&leads, "duty", "leads", row.id))
            .transpose()?
            .unwrap_or_default();
        let (excerpt, marks) =
            marks::excerpt(&[row.text.unwrap_or_default(), leads.join("、")], &filter.text);
        Ok(Hit { kind, id: row.id, title_marks: marks::find(&title, &filter.text), title, excerpt, marks })
    })
}

/// In the order of the statement's columns.
#[derive(Deserialize, FromQueryResult)]
struct HitRow {
    kind: String,
    id: Uuid,
    docid: i64,
    title: Option<String>,
    text: Option<String>,
    leads: Option<String>,
}
