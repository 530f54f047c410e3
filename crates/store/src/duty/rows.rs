use std::collections::HashMap;

use chengjing_domain::{
    duty::{Duty, DutyState, DutyTarget, DutyUnit},
    id::{CampaignId, DutyId, ImportId, InitiativeId, PhaseId, TargetId, UnitId},
    plan::{PlanDate, Span, Target},
};
use chrono::NaiveDate;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::{
    door::{Fetch, Queries, Text},
    entity::{duty, duty_unit, target},
    error::StoreError,
    row::{from_json, from_word, inconsistent, json, word},
};

/// Stands in the index for "no deadline" and sorts last.
pub(crate) const NO_DAY: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => panic!("a day of the calendar"),
};

/// A duty as its tables hold it.
pub(super) struct Rows {
    pub(super) duty: duty::Model,
    pub(super) units: Vec<duty_unit::Model>,
    pub(super) targets: Vec<target::Model>,
}

pub(super) fn to_rows(duty: &Duty) -> Rows {
    let due_on = duty.due_on.unwrap_or(NO_DAY);
    let place = |at: usize| i64::try_from(at).unwrap_or(i64::MAX);
    let row = duty::Model {
        campaign_id: duty.campaign.0,
        id: duty.id.0,
        import_id: duty.import.map(|id| id.0),
        ordinal: duty.ordinal,
        number: duty.number.clone(),
        path: json(&duty.path),
        title: duty.title.clone(),
        text: duty.text.clone(),
        leads: json(&duty.leads),
        starts: duty.start.map(|date| date.to_string()),
        due: duty.due.map(|date| date.to_string()),
        due_on,
        recurrence: duty.recurrence.map(|recurrence| word(&recurrence)),
        phase_id: duty.phase.map(|id| id.0),
        span_start: duty.span.map(|span| place(span.start)),
        span_end: duty.span.map(|span| place(span.end)),
        state: duty.state.code().to_owned(),
        has_target: !duty.targets.is_empty(),
        created_at: duty.created_at,
        version: duty.version,
        initiative_id: duty.initiative.map(|id| id.0),
        part: duty.part.clone(),
    };
    let units = duty.units.iter().zip(0..).map(|(unit, ordinal)| duty_unit::Model {
        campaign_id: duty.campaign.0,
        duty_id: duty.id.0,
        ordinal,
        unit_id: unit.unit.0,
        role: word(&unit.role),
        via_id: unit.via.map(|group| group.0),
        due_on,
    });
    let targets = duty.targets.iter().zip(0..).map(|(one, ordinal)| target::Model {
        campaign_id: duty.campaign.0,
        id: one.id.0,
        duty_id: duty.id.0,
        ordinal,
        subject: one.target.subject.clone(),
        comparator: word(&one.target.comparator),
        value: one.target.value.to_string(),
        unit: one.target.unit.clone(),
        // Looked at when all of the write is stored.
        reached: None,
    });
    Rows { duty: row, units: units.collect(), targets: targets.collect() }
}

/// The duties with these ids, whole.
pub(crate) async fn load(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[Uuid],
) -> Result<Vec<Duty>, StoreError> {
    static ONE: Text = Text::new();
    let db = q.access();
    let select = || {
        duty::Entity::find()
            .filter(duty::Column::CampaignId.eq(campaign.0))
            .filter(duty::Column::Id.is_in(ids.iter().copied()))
    };
    let rows = match ids {
        [id] => {
            let one = ONE.with(db.backend(), vec![campaign.0.into(), (*id).into()], select);
            db.structs(one).await?
        }
        _ => select().fetch_all(db).await?,
    };
    with_children(q, campaign, rows).await
}

/// The next duties of a campaign by id, whole.
pub(crate) async fn load_after(
    q: &impl Queries,
    campaign: CampaignId,
    after: Option<DutyId>,
    limit: u64,
) -> Result<Vec<Duty>, StoreError> {
    let mut query = duty::Entity::find().filter(duty::Column::CampaignId.eq(campaign.0));
    if let Some(after) = after {
        query = query.filter(duty::Column::Id.gt(after.0));
    }
    let rows = query.order_by_asc(duty::Column::Id).limit(limit).fetch_all(q.access()).await?;
    with_children(q, campaign, rows).await
}

async fn with_children(
    q: &impl Queries,
    campaign: CampaignId,
    rows: Vec<duty::Model>,
) -> Result<Vec<Duty>, StoreError> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let with_targets: Vec<Uuid> = rows.iter().filter(|row| row.has_target).map(|row| row.id).collect();
    let mut units = load_units(q, campaign, &ids).await?;
    let mut targets = load_targets(q, campaign, &with_targets).await?;
    let assemble = |row: duty::Model| {
        let (units, targets) = (units.remove(&row.id), targets.remove(&row.id));
        from_row(row, units.unwrap_or_default(), targets.unwrap_or_default())
    };
    rows.into_iter().map(assemble).collect()
}

/// The units of these duties, by duty, each in its order.
pub(super) async fn load_units(
    q: &impl Queries,
    campaign: CampaignId,
    duties: &[Uuid],
) -> Result<HashMap<Uuid, Vec<DutyUnit>>, StoreError> {
    use duty_unit::Column as C;
    let mut by_duty: HashMap<Uuid, Vec<DutyUnit>> = HashMap::with_capacity(duties.len());
    if duties.is_empty() {
        return Ok(by_duty);
    }
    static ONE: Text = Text::new();
    let db = q.access();
    let select = || {
        duty_unit::Entity::find()
            .filter(C::CampaignId.eq(campaign.0))
            .filter(C::DutyId.is_in(duties.iter().copied()))
            .order_by_asc(C::DutyId)
            .order_by_asc(C::Ordinal)
            .select_only()
            .columns([C::DutyId, C::UnitId, C::Role, C::ViaId])
    };
    let rows: Vec<(Uuid, Uuid, String, Option<Uuid>)> = match duties {
        [duty] => {
            let one = ONE.with(db.backend(), vec![campaign.0.into(), (*duty).into()], select);
            db.tuples(one).await?
        }
        _ => select().fetch_tuples(db).await?,
    };
    for (duty, unit, role, via) in rows {
        let role = from_word(&role).ok_or_else(|| inconsistent("duty_unit", "role", duty))?;
        by_duty.entry(duty).or_default().push(DutyUnit { unit: UnitId(unit), role, via: via.map(UnitId) });
    }
    Ok(by_duty)
}

/// The targets of these duties, by duty, each in its order.
pub(super) async fn load_targets(
    q: &impl Queries,
    campaign: CampaignId,
    duties: &[Uuid],
) -> Result<HashMap<Uuid, Vec<DutyTarget>>, StoreError> {
    let mut by_duty: HashMap<Uuid, Vec<DutyTarget>> = HashMap::new();
    if duties.is_empty() {
        return Ok(by_duty);
    }
    static ONE: Text = Text::new();
    let db = q.access();
    let select = || {
        target::Entity::find()
            .filter(target::Column::CampaignId.eq(campaign.0))
            .filter(target::Column::DutyId.is_in(duties.iter().copied()))
            .order_by_asc(target::Column::DutyId)
            .order_by_asc(target::Column::Ordinal)
    };
    let rows: Vec<target::Model> = match duties {
        [duty] => {
            let one = ONE.with(db.backend(), vec![campaign.0.into(), (*duty).into()], select);
            db.structs(one).await?
        }
        _ => select().fetch_all(db).await?,
    };
    for row in rows {
        let fault = |column| inconsistent("target", column, row.id);
        let target = Target {
            subject: row.subject,
            comparator: from_word(&row.comparator).ok_or_else(|| fault("comparator"))?,
            value: row.value.parse().map_err(|_| fault("value"))?,
            unit: row.unit,
        };
        by_duty.entry(row.duty_id).or_default().push(DutyTarget { id: TargetId(row.id), target });
    }
    Ok(by_duty)
}

pub(super) fn date(
    text: Option<&str>,
    column: &'static str,
    row: Uuid,
) -> Result<Option<PlanDate>, StoreError> {
    text.map(|text| text.parse().map_err(|_| inconsistent("duty", column, row))).transpose()
}

fn from_row(row: duty::Model, units: Vec<DutyUnit>, targets: Vec<DutyTarget>) -> Result<Duty, StoreError> {
    let id = row.id;
    let fault = |column| inconsistent("duty", column, id);
    let span = match (row.span_start, row.span_end) {
        (Some(start), Some(end)) => {
            let place = |at: i64| usize::try_from(at).map_err(|_| fault("span_start"));
            Some(Span { start: place(start)?, end: place(end)? })
        }
        _ => None,
    };
    let recurrence = row.recurrence.map(|word| from_word(&word).ok_or_else(|| fault("recurrence")));
    Ok(Duty {
        campaign: CampaignId(row.campaign_id),
        id: DutyId(id),
        import: row.import_id.map(ImportId),
        ordinal: row.ordinal,
        number: row.number,
        path: from_json(&row.path, "duty", "path", id)?,
        part: row.part,
        title: row.title,
        text: row.text,
        leads: from_json(&row.leads, "duty", "leads", id)?,
        units,
        start: date(row.starts.as_deref(), "starts", id)?,
        due: date(row.due.as_deref(), "due", id)?,
        due_on: Some(row.due_on).filter(|day| *day < NO_DAY),
        recurrence: recurrence.transpose()?,
        phase: row.phase_id.map(PhaseId),
        initiative: row.initiative_id.map(InitiativeId),
        targets,
        span,
        state: DutyState::from_code(&row.state).ok_or_else(|| fault("state"))?,
        created_at: row.created_at,
        version: row.version,
    })
}
