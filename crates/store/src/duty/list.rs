//! The list of duties: one walk along the index that its filter calls for, then one query for each kind of children.

use chengjing_domain::{
    duty::{Duty, DutyState, DutyTarget, DutyUnit},
    id::{CampaignId, DutyId, ImportId, InitiativeId, PhaseId, UnitId},
    plan::{PlanDate, Recurrence},
};
use chrono::NaiveDate;
use sea_orm::{FromQueryResult, Statement, Value};
use serde::Deserialize;
use uuid::Uuid;

use super::rows::{NO_DAY, date, load, load_targets, load_units};
use crate::{
    door::{Access, Queries},
    error::StoreError,
    page::{Cursor, Page, Paging, part},
    row::{from_json, from_word, inconsistent, word},
    search::{Course, Needle},
};

/// Which duties are wanted; all of the conditions must hold.
#[derive(Debug, Clone, Default)]
pub struct DutyFilter {
    /// Of this unit.
    pub unit: Option<UnitId>,
    /// Of any of these units: the scope of the asker. None: no limit; empty: nothing.
    pub any_unit: Option<Vec<UnitId>>,
    /// Beside those of `any_unit`, whosever they are: all of these initiatives, which the asker's units lead.
    pub led: Vec<InitiativeId>,
    pub phase: Option<PhaseId>,
    pub initiative: Option<InitiativeId>,
    /// In this part of a plan, by its headings.
    pub part: Option<String>,
    /// Only those of no phase.
    pub phaseless: bool,
    /// Only those of no initiative.
    pub ungathered: bool,
    /// Only those in no part of a plan.
    pub partless: bool,
    pub due: DueFilter,
    pub has_target: Option<bool>,
    pub recurrence: Option<Recurrence>,
    pub state: Option<DutyState>,
    pub import: Option<ImportId>,
    /// Words that must all be found.
    pub text: Option<String>,
    /// The last deadline first, and those without one before all.
    pub last_first: bool,
}

/// When they are due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DueFilter {
    #[default]
    Any,
    /// The first and the last day, either open.
    Between(Option<NaiveDate>, Option<NaiveDate>),
    /// No deadline.
    None,
}

/// A duty as a list shows it: all but its text.
#[derive(Debug, Clone, PartialEq)]
pub struct DutySummary {
    pub id: DutyId,
    pub import: Option<ImportId>,
    pub number: Option<String>,
    /// The numbers of the plan's parts above it, outermost first.
    pub path: Vec<String>,
    pub part: Option<String>,
    pub title: String,
    pub units: Vec<DutyUnit>,
    pub start: Option<PlanDate>,
    pub due: Option<PlanDate>,
    pub due_on: Option<NaiveDate>,
    pub recurrence: Option<Recurrence>,
    pub phase: Option<PhaseId>,
    pub initiative: Option<InitiativeId>,
    pub targets: Vec<DutyTarget>,
    pub state: DutyState,
    pub version: i64,
}

/// The duties that a filter lets through, the next deadline first, those without one last.
pub async fn list(
    q: &impl Queries,
    campaign: CampaignId,
    filter: &DutyFilter,
    paging: &Paging,
) -> Result<Page<DutySummary>, StoreError> {
    let columns = "d.id, d.import_id, d.number, d.path, d.title, d.starts, d.due, d.due_on, d.recurrence, d.phase_id, \
         d.initiative_id, d.has_target, d.state, d.version, d.part";
    let Some(statement) = statement(q.access(), campaign, filter, paging, columns).await? else {
        return Ok(Page { items: Vec::new(), next: None });
    };
    let rows: Vec<SummaryRow> = q.access().structs(statement).await?;
    let page = Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.due_on, &row.id]));
    let ids: Vec<Uuid> = page.items.iter().map(|row| row.id).collect();
    let with_targets: Vec<Uuid> = page.items.iter().filter(|row| row.has_target).map(|row| row.id).collect();
    let mut units = load_units(q, campaign, &ids).await?;
    let mut targets = load_targets(q, campaign, &with_targets).await?;
    page.try_map(|row| {
        let (units, targets) = (units.remove(&row.id), targets.remove(&row.id));
        row.into_summary(units.unwrap_or_default(), targets.unwrap_or_default())
    })
}

/// The same list, whole duties: for exports.
pub async fn list_whole(
    q: &impl Queries,
    campaign: CampaignId,
    filter: &DutyFilter,
    paging: &Paging,
) -> Result<Page<Duty>, StoreError> {
    let Some(statement) = statement(q.access(), campaign, filter, paging, "d.id, d.due_on").await? else {
        return Ok(Page { items: Vec::new(), next: None });
    };
    let rows: Vec<(Uuid, NaiveDate)> = q.access().tuples(statement).await?;
    let page = Page::cut(rows, paging.size(), |(id, due_on)| Cursor::of(&[due_on, id]));
    let ids: Vec<Uuid> = page.items.iter().map(|(id, _)| *id).collect();
    let mut duties = load(q, campaign, &ids).await?;
    duties.sort_by_key(|duty| (duty.due_on.unwrap_or(NO_DAY), duty.id));
    if filter.last_first {
        duties.reverse();
    }
    Ok(Page { items: duties, next: page.next })
}

/// The statement that finds a page's rows; None where the filter lets nothing through.
pub(super) async fn statement(
    db: &Access,
    campaign_id: CampaignId,
    filter: &DutyFilter,
    paging: &Paging,
    columns: &str,
) -> Result<Option<Statement>, StoreError> {
    let mut sql = Builder::default();
    let campaign = sql.bind(campaign_id.0);
    // Who leads an initiative and asks for nothing else sees it as who sees everything.
    let all_of_it = filter.initiative.is_some_and(|one| filter.led.contains(&one));
    let scope = filter.any_unit.as_ref().filter(|_| !all_of_it);
    let units = match (&filter.unit, scope) {
        (None, None) => None,
        (Some(unit), None) => Some(vec![*unit]),
        (Some(unit), Some(scope)) if scope.contains(unit) => Some(vec![*unit]),
        (Some(_), Some(_)) => Some(Vec::new()),
        (None, Some(scope)) => Some(scope.clone()),
    };
    // Those that are led are found beside the units' own, unless these hold all that is wanted.
    let led = match scope {
        Some(_) if filter.initiative.is_none() => &filter.led[..],
        _ => &[],
    };
    if units.as_ref().is_some_and(Vec::is_empty) && led.is_empty() {
        return Ok(None);
    }
    // PostgreSQL knows no text with such a character, so that no duty stands there.
    if filter.part.as_ref().is_some_and(|part| part.contains('\0')) {
        return Ok(None);
    }
    let mut conditions = Vec::new();
    let mut begin = None;
    conditions.extend(filter.phase.map(|phase| format!("d.phase_id = {}", sql.bind(phase.0))));
    conditions.extend(filter.initiative.map(|one| format!("d.initiative_id = {}", sql.bind(one.0))));
    conditions.extend(filter.part.as_ref().map(|part| format!("d.part = {}", sql.bind(part.as_str()))));
    if filter.partless {
        conditions.push("d.part IS NULL".to_owned());
    }
    if filter.phaseless {
        conditions.push("d.phase_id IS NULL".to_owned());
    }
    if filter.ungathered {
        conditions.push("d.initiative_id IS NULL".to_owned());
    }
    conditions.extend(filter.import.map(|import| format!("d.import_id = {}", sql.bind(import.0))));
    conditions.extend(filter.recurrence.map(|one| format!("d.recurrence = {}", sql.bind(word(&one)))));
    // Written out as the partial indexes are, so that SQLite knows them again.
    conditions.extend(
        filter.has_target.map(|yes| if yes { "d.has_target".into() } else { "NOT d.has_target".into() }),
    );
    conditions.extend(filter.state.map(|state| match state {
        DutyState::Assigned => "d.state = 'assigned'".to_owned(),
        DutyState::Withdrawn => "d.state = 'withdrawn' AND d.state <> 'assigned'".to_owned(),
    }));
    if let Some(text) = filter.text.as_deref().filter(|text| !text.trim().is_empty()) {
        // Something was asked for that no text can hold: nothing is found.
        let Some(needle) = Needle::new(text) else { return Ok(None) };
        let course = match &filter.any_unit {
            Some(own) => Course::within(db, campaign_id, own, &filter.led, &needle).await?,
            None => Course::of(db, &needle).await?,
        };
        match text_condition(db, &mut sql, &needle, course) {
            TextCondition::Each(condition) => conditions.push(condition),
            TextCondition::Begin(select) if units.is_some() => {
                conditions.push(format!("u.duty_id IN (SELECT found.id FROM ({select}) AS found)"));
            }
            TextCondition::Begin(select) => begin = Some(select),
        }
    }
    let key = if units.is_some() { ("u.due_on", "u.duty_id") } else { ("d.due_on", "d.id") };
    match filter.due {
        DueFilter::Any => {}
        DueFilter::Between(first, last) => {
            conditions.extend(first.map(|day| format!("{} >= {}", key.0, sql.bind(day))));
            let last = last.or_else(|| NO_DAY.pred_opt());
            conditions.extend(last.map(|day| format!("{} <= {}", key.0, sql.bind(day))));
        }
        DueFilter::None => conditions.push(format!("{} = {}", key.0, sql.bind(NO_DAY))),
    }
    if let Some(cursor) = &paging.after {
        let [day, id] = cursor.parts()?;
        let (day, id) = (sql.bind(part::<NaiveDate>(day)?), sql.bind(part::<Uuid>(id)?));
        let beyond = if filter.last_first { "<" } else { ">" };
        conditions.push(format!("({}, {}) {beyond} ({day}, {id})", key.0, key.1));
    }
    // Without a condition on the duty itself, its unit's index alone tells the page.
    let join = if conditions.iter().any(|condition| condition.contains("d.")) {
        "JOIN duty d ON d.campaign_id = u.campaign_id AND d.id = u.duty_id"
    } else {
        ""
    };
    let conditions: String = conditions.iter().map(|condition| format!(" AND {condition}")).collect();
    let limit = paging.size() + 1;
    let way = if filter.last_first { " DESC" } else { "" };
    let text = match units {
        None => {
            // The cross join holds SQLite to this order; it would rather walk all duties of the campaign.
            let from = begin.map_or_else(
                || format!("duty d WHERE d.campaign_id = {campaign}"),
                |select| format!("({select}) AS found CROSS JOIN duty d WHERE d.campaign_id = {campaign} AND d.id = found.id"),
            );
            format!(
                "SELECT {columns} FROM {from}{conditions} ORDER BY d.due_on{way}, d.id{way} LIMIT {limit}"
            )
        }
        Some(units) => {
            // Each unit gives its first rows from its own index; only these are merged, however many there are.
            let branches = units.iter().map(|unit| {
                let unit = sql.bind(unit.0);
                // A unit that stands twice in a duty (as lead and as support) is found once.
                format!(
                    "SELECT * FROM (SELECT DISTINCT u.due_on, u.duty_id FROM duty_unit u {join} \
                     WHERE u.campaign_id = {campaign} AND u.unit_id = {unit}{conditions} \
                     ORDER BY u.due_on{way}, u.duty_id{way} LIMIT {limit}) AS one"
                )
            });
            let mut branches: Vec<String> = branches.collect();
            // A value that no place of the statement names is one too many for PostgreSQL, which keeps the statement.
            let of_unit = filter.unit.filter(|_| !led.is_empty()).map(|unit| {
                let unit = sql.bind(unit.0);
                format!(
                    " AND EXISTS (SELECT 1 FROM duty_unit o WHERE o.campaign_id = u.campaign_id \
                     AND o.duty_id = u.duty_id AND o.unit_id = {unit})"
                )
            });
            let of_unit = of_unit.unwrap_or_default();
            for initiative in led {
                let initiative = sql.bind(initiative.0);
                branches.push(format!(
                    "SELECT * FROM (SELECT u.due_on, u.duty_id FROM (SELECT campaign_id, due_on, id AS duty_id \
                     FROM duty WHERE campaign_id = {campaign} AND initiative_id = {initiative}) AS u {join} \
                     WHERE u.campaign_id = {campaign}{conditions}{of_unit} \
                     ORDER BY u.due_on{way}, u.duty_id{way} LIMIT {limit}) AS one"
                ));
            }
            // Held to this order too.
            format!(
                "SELECT {columns} FROM (SELECT DISTINCT due_on, duty_id FROM ({}) AS every \
                 ORDER BY due_on{way}, duty_id{way} LIMIT {limit}) AS page \
                 CROSS JOIN duty d WHERE d.campaign_id = {campaign} AND d.id = page.duty_id \
                 ORDER BY page.due_on{way}, page.duty_id{way}",
                branches.join(" UNION ALL ")
            )
        }
    };
    Ok(Some(Statement::from_sql_and_values(db.backend(), text, sql.values)))
}

/// Where the search index stands in the statement of a list.
enum TextCondition {
    /// A condition on each duty along the way.
    Each(String),
    /// The ids of all that match, few enough to begin with.
    Begin(String),
}

/// The condition that a duty holds all words. Rare words give the list of duties, which is then sorted; frequent ones
/// are looked for in each duty along the way, which finds a page soon.
fn text_condition(db: &Access, sql: &mut Builder, needle: &Needle, course: Course) -> TextCondition {
    let own = "s.campaign_id = d.campaign_id AND s.kind = 'duty' AND s.subject_id = d.id";
    let held = |sql: &mut Builder, grams: Vec<String>| -> String {
        grams.into_iter().map(|gram| format!(" AND instr(s.grams, {}) > 0", sql.bind(gram))).collect()
    };
    match (course, db.is_sqlite()) {
        // FTS5 begins anew for each duty that it is asked about; looking into the grams themselves is cheaper.
        (Course::Along, true) => {
            let held = held(sql, needle.held_by_grams());
            TextCondition::Each(format!("EXISTS (SELECT 1 FROM search_text s WHERE {own}{held})"))
        }
        (Course::Along, false) => {
            let place = sql.bind(needle.for_postgres());
            TextCondition::Each(format!(
                "EXISTS (SELECT 1 FROM search_text s WHERE {own} AND s.grams @@ CAST({place} AS tsquery))"
            ))
        }
        (Course::Index { by, also }, true) => {
            let place = sql.bind(by.for_sqlite());
            let held = held(sql, also);
            TextCondition::Begin(format!(
                "SELECT s.subject_id AS id FROM search_grams g CROSS JOIN search_text s ON s.docid = g.rowid \
                 WHERE search_grams MATCH {place} AND s.kind = 'duty' AND s.campaign_id = $1{held}"
            ))
        }
        (Course::Index { by, .. }, false) => {
            let place = sql.bind(by.for_postgres());
            // The offset holds PostgreSQL to this order too: it would rather walk the duties by deadline until it has a
            // page of them, which for a word that is nowhere is to the end of the table.
            TextCondition::Begin(format!(
                "SELECT s.subject_id AS id FROM search_text s \
                 WHERE s.grams @@ CAST({place} AS tsquery) AND s.kind = 'duty' AND s.campaign_id = $1 OFFSET 0"
            ))
        }
    }
}

/// The values of a statement, each named by its place.
#[derive(Default)]
struct Builder {
    values: Vec<Value>,
}

impl Builder {
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }
}

/// In the order of the columns that [`list`] asks for.
#[derive(Deserialize, FromQueryResult)]
struct SummaryRow {
    id: Uuid,
    import_id: Option<Uuid>,
    number: Option<String>,
    path: String,
    title: String,
    starts: Option<String>,
    due: Option<String>,
    due_on: NaiveDate,
    recurrence: Option<String>,
    phase_id: Option<Uuid>,
    initiative_id: Option<Uuid>,
    has_target: bool,
    state: String,
    version: i64,
    part: Option<String>,
}

impl SummaryRow {
    fn into_summary(self, units: Vec<DutyUnit>, targets: Vec<DutyTarget>) -> Result<DutySummary, StoreError> {
        let id = self.id;
        let fault = |column| inconsistent("duty", column, id);
        let recurrence = self.recurrence.map(|word| from_word(&word).ok_or_else(|| fault("recurrence")));
        Ok(DutySummary {
            id: DutyId(id),
            import: self.import_id.map(ImportId),
            number: self.number,
            path: from_json(&self.path, "duty", "path", id)?,
            part: self.part,
            title: self.title,
            units,
            start: date(self.starts.as_deref(), "starts", id)?,
            due: date(self.due.as_deref(), "due", id)?,
            due_on: Some(self.due_on).filter(|day| *day < NO_DAY),
            recurrence: recurrence.transpose()?,
            phase: self.phase_id.map(PhaseId),
            initiative: self.initiative_id.map(InitiativeId),
            targets,
            state: DutyState::from_code(&self.state).ok_or_else(|| fault("state"))?,
            version: self.version,
        })
    }
}
