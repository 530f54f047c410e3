//! Duties 责任任务.

pub(crate) mod add;
pub(crate) mod count;
pub(crate) mod edit;
pub(crate) mod edit_many;
pub(crate) mod groups;
pub(crate) mod list;
pub(crate) mod look_up;
pub(crate) mod overview;
pub(crate) mod restore;
pub(crate) mod source;
pub(crate) mod task_table;
pub(crate) mod withdraw;

use chengjing_domain::{
    duty::DutyTarget,
    id::{ImportId, InitiativeId, PhaseId, UnitId},
    plan::{Target, UnitRole},
};
use chengjing_service::duty::{self, DutySummary, Names, OwingUnit, look_up::DutyView};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::words::{ComparatorWord, DateText, DutyStateWord, Named, RecurrenceWord, UnitRoleWord};
use crate::views::ViewOrderWord;

/// Which duties are wanted; all that is given must hold.
#[derive(Debug, Clone, Default, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[schema(as = DutyFilter)]
pub(crate) struct Wanted {
    /// Of this unit.
    #[param(value_type = Option<Uuid>)]
    #[schema(value_type = Option<Uuid>)]
    unit: Option<UnitId>,
    #[param(value_type = Option<Uuid>)]
    #[schema(value_type = Option<Uuid>)]
    phase: Option<PhaseId>,
    /// In this special action or working group.
    #[param(value_type = Option<Uuid>)]
    #[schema(value_type = Option<Uuid>)]
    initiative: Option<InitiativeId>,
    /// In this part of a plan, by its headings as the duties name it.
    part: Option<String>,
    /// Only those in no part of a plan.
    partless: Option<bool>,
    /// Only those of no phase.
    phaseless: Option<bool>,
    /// Only those of no special action or working group.
    ungathered: Option<bool>,
    /// Due on this day or later.
    due_from: Option<NaiveDate>,
    /// Due on this day or earlier.
    due_to: Option<NaiveDate>,
    /// Only those without a deadline.
    undated: Option<bool>,
    /// Only those with a target, or only those without.
    target: Option<bool>,
    #[param(inline)]
    recurrence: Option<RecurrenceWord>,
    #[param(inline)]
    state: Option<DutyStateWord>,
    /// Adopted from this plan.
    #[param(value_type = Option<Uuid>)]
    #[schema(value_type = Option<Uuid>)]
    plan: Option<ImportId>,
    /// Words that must all be found; two characters are enough.
    q: Option<String>,
    /// The next deadline first, unless said otherwise.
    #[param(inline)]
    order: Option<ViewOrderWord>,
}

impl From<Wanted> for duty::Wanted {
    fn from(wanted: Wanted) -> Self {
        Self {
            unit: wanted.unit,
            phase: wanted.phase,
            initiative: wanted.initiative,
            part: wanted.part,
            partless: wanted.partless.unwrap_or(false),
            phaseless: wanted.phaseless.unwrap_or(false),
            ungathered: wanted.ungathered.unwrap_or(false),
            due_from: wanted.due_from,
            due_to: wanted.due_to,
            undated: wanted.undated.unwrap_or(false),
            has_target: wanted.target,
            recurrence: wanted.recurrence.map(Into::into),
            state: wanted.state.map(Into::into),
            plan: wanted.plan,
            text: wanted.q,
            last_first: matches!(wanted.order, Some(ViewOrderWord::LastDue)),
        }
    }
}

/// A duty as lists show it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DutyRow {
    id: Uuid,
    number: Option<String>,
    /// The numbers of the plan's parts above it as printed, outermost first.
    #[schema(example = json!(["二", "(一)"]))]
    path: Vec<String>,
    /// The plan's headings above it, the two outermost; null: it stands in no part of a plan.
    #[schema(example = "二、重点任务 › (一)环境卫生提升行动")]
    part: Option<String>,
    title: String,
    units: Vec<DutyUnitBody>,
    start: Option<DateText>,
    due: Option<DateText>,
    /// The last day on which it is in time.
    due_on: Option<NaiveDate>,
    recurrence: Option<RecurrenceWord>,
    phase: Option<Named>,
    /// The special action or working group that it stands in.
    initiative: Option<Named>,
    targets: Vec<TargetBody>,
    state: DutyStateWord,
    version: i64,
}

impl DutyRow {
    pub(crate) fn new(summary: DutySummary, names: &Names) -> Self {
        Self {
            id: summary.id.0,
            number: summary.number,
            path: summary.path,
            part: summary.part,
            title: summary.title,
            units: names.units(&summary.units).into_iter().map(DutyUnitBody::from).collect(),
            start: summary.start.map(DateText),
            due: summary.due.map(DateText),
            due_on: summary.due_on,
            recurrence: summary.recurrence.map(Into::into),
            phase: phase(names, summary.phase),
            initiative: initiative(names, summary.initiative),
            targets: summary.targets.into_iter().map(TargetBody::from).collect(),
            state: summary.state.into(),
            version: summary.version,
        }
    }
}

fn phase(names: &Names, phase: Option<PhaseId>) -> Option<Named> {
    names.phase(phase?).map(|(id, title)| Named { id: id.0, name: title.to_owned() })
}

fn initiative(names: &Names, initiative: Option<InitiativeId>) -> Option<Named> {
    names.initiative(initiative?).map(|(id, name)| Named { id: id.0, name: name.to_owned() })
}

/// A duty, whole.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DutyBody {
    id: Uuid,
    number: Option<String>,
    /// The numbers of the plan's parts above it, outermost first.
    path: Vec<String>,
    /// The plan's headings above it, the two outermost; null: it stands in no part of a plan.
    part: Option<String>,
    title: String,
    text: String,
    leads: Vec<String>,
    units: Vec<DutyUnitBody>,
    start: Option<DateText>,
    due: Option<DateText>,
    due_on: Option<NaiveDate>,
    recurrence: Option<RecurrenceWord>,
    phase: Option<Named>,
    /// The special action or working group that it stands in.
    initiative: Option<Named>,
    targets: Vec<TargetBody>,
    /// The plan that it was adopted from; null: added by hand.
    plan: Option<Named>,
    state: DutyStateWord,
    created_at: DateTime<Utc>,
    version: i64,
}

impl From<DutyView> for DutyBody {
    fn from(DutyView { duty, names, plan }: DutyView) -> Self {
        Self {
            id: duty.id.0,
            units: names.units(&duty.units).into_iter().map(DutyUnitBody::from).collect(),
            phase: phase(&names, duty.phase),
            initiative: initiative(&names, duty.initiative),
            plan: duty.import.map(|import| Named { id: import.0, name: plan.unwrap_or_default() }),
            number: duty.number,
            path: duty.path,
            part: duty.part,
            title: duty.title,
            text: duty.text,
            leads: duty.leads,
            start: duty.start.map(DateText),
            due: duty.due.map(DateText),
            due_on: duty.due_on,
            recurrence: duty.recurrence.map(Into::into),
            targets: duty.targets.into_iter().map(TargetBody::from).collect(),
            state: duty.state.into(),
            created_at: duty.created_at,
            version: duty.version,
        }
    }
}

/// A unit with its part in a duty.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DutyUnitBody {
    id: Uuid,
    name: String,
    role: UnitRoleWord,
    /// The group (各乡镇) in whose place it stands.
    via: Option<Named>,
}

impl From<OwingUnit> for DutyUnitBody {
    fn from(owing: OwingUnit) -> Self {
        Self {
            id: owing.unit.id.0,
            name: owing.unit.name,
            role: owing.role.into(),
            via: owing.via.map(Named::from),
        }
    }
}

/// A unit and the part it is to have.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnitPart {
    #[schema(value_type = Uuid)]
    id: UnitId,
    role: UnitRoleWord,
}

impl UnitPart {
    pub(crate) fn into_parts(self) -> (UnitId, UnitRole) {
        (self.id, self.role.into())
    }
}

/// A measurable demand: subject, comparator, value, unit.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct TargetBody {
    #[schema(example = "群众满意度", max_length = 200)]
    subject: String,
    comparator: ComparatorWord,
    #[schema(value_type = f64, example = 90)]
    #[serde(with = "chengjing_domain::plan::number")]
    value: rust_decimal::Decimal,
    #[schema(example = "%", max_length = 50)]
    unit: String,
}

/// A target of a duty, with the id that its figures name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DutyTargetBody {
    pub(crate) id: Uuid,
    #[serde(flatten)]
    pub(crate) target: TargetBody,
}

impl From<DutyTarget> for DutyTargetBody {
    fn from(target: DutyTarget) -> Self {
        Self { id: target.id.0, target: target.into() }
    }
}

impl From<DutyTarget> for TargetBody {
    fn from(DutyTarget { target, .. }: DutyTarget) -> Self {
        let Target { subject, comparator, value, unit } = target;
        Self { subject, comparator: comparator.into(), value, unit }
    }
}

impl From<TargetBody> for Target {
    fn from(body: TargetBody) -> Self {
        let TargetBody { subject, comparator, value, unit } = body;
        Self { subject, comparator: comparator.into(), value, unit }
    }
}
