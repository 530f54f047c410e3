//! The reader's contract as a schema. The domain writes and reads this form itself, because it is a stored format too;
//! a test holds both together.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::words::{
    CleaningWord, ComparatorWord, DateText, PlanKindWord, RecurrenceWord, UnitRoleWord,
};

/// `[start, end)` in Unicode characters of the cleaned text.
pub(crate) type Span = [usize; 2];

/// One document, read.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reading {
    pub(crate) source: String,
    pub(crate) cleaning: Vec<CleaningWord>,
    pub(crate) plans: Vec<Plan>,
    /// The share of the text that ended in some entry, 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    pub(crate) placed: f64,
    /// What ended in no entry.
    #[schema(value_type = Vec<Vec<usize>>)]
    pub(crate) unplaced: Vec<Span>,
}

/// One plan of a document.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plan {
    pub(crate) title: String,
    pub(crate) kind: PlanKindWord,
    pub(crate) phases: Vec<PlanPhase>,
    pub(crate) duties: Vec<PlanDuty>,
    pub(crate) checklists: Vec<Checklist>,
    pub(crate) assessment: Option<Assessment>,
    pub(crate) groups: Vec<PlanGroup>,
    #[serde(default)]
    #[schema(value_type = Vec<usize>, min_items = 2, max_items = 2)]
    pub(crate) span: Span,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanPhase {
    pub(crate) title: String,
    pub(crate) start: Option<DateText>,
    pub(crate) end: Option<DateText>,
    #[schema(value_type = Vec<usize>, min_items = 2, max_items = 2)]
    pub(crate) span: Span,
}

/// Something that the plan tells somebody to do.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanDuty {
    pub(crate) number: Option<String>,
    pub(crate) path: Vec<String>,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) leads: Vec<String>,
    pub(crate) units: Vec<NamedUnit>,
    pub(crate) start: Option<DateText>,
    pub(crate) due: Option<DateText>,
    pub(crate) recurrence: Option<RecurrenceWord>,
    pub(crate) targets: Vec<Target>,
    #[schema(value_type = Vec<usize>, min_items = 2, max_items = 2)]
    pub(crate) span: Span,
}

/// A unit as the plan prints it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NamedUnit {
    pub(crate) name: String,
    pub(crate) role: UnitRoleWord,
}

/// A measurable demand.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Target {
    pub(crate) subject: String,
    pub(crate) comparator: ComparatorWord,
    #[serde(with = "chengjing_domain::plan::number")]
    #[schema(value_type = f64)]
    pub(crate) value: rust_decimal::Decimal,
    pub(crate) unit: String,
}

impl From<chengjing_domain::plan::Target> for Target {
    fn from(target: chengjing_domain::plan::Target) -> Self {
        let chengjing_domain::plan::Target { subject, comparator, value, unit } = target;
        Self { subject, comparator: comparator.into(), value, unit }
    }
}

/// What is looked at in one kind of site.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Checklist {
    pub(crate) site_type: String,
    pub(crate) items: Vec<ChecklistItem>,
    #[serde(default)]
    #[schema(value_type = Vec<usize>, min_items = 2, max_items = 2)]
    pub(crate) span: Span,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChecklistItem {
    pub(crate) number: Option<String>,
    pub(crate) text: String,
    pub(crate) grading: Option<Grading>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) deductions: Vec<String>,
    pub(crate) children: Vec<ChecklistChild>,
    #[serde(default)]
    #[schema(value_type = Vec<usize>, min_items = 2, max_items = 2)]
    pub(crate) span: Span,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChecklistChild {
    pub(crate) number: Option<String>,
    pub(crate) text: String,
}

/// The condition for each verdict, as printed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Grading {
    pub(crate) met: Option<String>,
    pub(crate) partly: Option<String>,
    pub(crate) not_met: Option<String>,
}

/// What the text says of the assessment itself.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Assessment {
    pub(crate) systems: Vec<AssessmentSystem>,
    pub(crate) methods: Vec<AssessmentMethod>,
    pub(crate) gates: Vec<Target>,
    /// The sentences that said it.
    #[serde(default)]
    #[schema(value_type = Vec<Vec<usize>>)]
    pub(crate) spans: Vec<Span>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssessmentSystem {
    pub(crate) name: String,
    pub(crate) parts: Option<u32>,
    pub(crate) items: Option<u32>,
    pub(crate) indicators: Option<u32>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssessmentMethod {
    pub(crate) method: String,
    pub(crate) indicators: u32,
    pub(crate) system: Option<String>,
}

/// A working group with a task of its own.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanGroup {
    pub(crate) name: String,
    pub(crate) duty: String,
    #[serde(default)]
    pub(crate) area: Vec<String>,
    #[serde(default)]
    #[schema(value_type = Vec<usize>, min_items = 2, max_items = 2)]
    pub(crate) span: Span,
}

#[cfg(test)]
mod tests {
    use chengjing_domain::plan as domain;

    use super::*;

    #[test]
    fn the_schema_is_the_form_that_the_domain_writes_and_reads() {
        let text = "云溪县环境整治方案\n一、重点任务\n1.清理背街小巷,2026年6月底前满意度达90%以上。\n责任单位:县城管局、各镇\n";
        let reading = chengjing_reader::read_text("plan.txt", text).reading;
        let written = serde_json::to_value(&reading).expect("writes");
        let wire: Reading =
            serde_json::from_value(written.clone()).expect("the wire reads what the domain writes");
        let back: domain::Reading =
            serde_json::from_value(serde_json::to_value(wire).expect("writes")).expect("and back");
        assert_eq!(back, reading);
    }
}
