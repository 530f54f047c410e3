//! `plan` 方案: what a plan document says, as the reader found it and as people correct it.
//!
//! [`Reading`] is the public contract of `chengjing read --format json` and the stored format of an import
//! under correction: fields may be added, those here keep their names and meanings.

pub mod adoption;
pub mod comparison;
mod date;
pub mod draft;
mod import;
pub mod number;
pub mod part;
pub mod undo;

pub use date::{DateFault, PlanDate};
pub use import::{ImportProblem, ImportRefusal, ImportState, PlanImport};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// One document, read: the plans it holds, in order, and what had to be undone to read it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Reading {
    /// The document's file name.
    pub source: String,
    /// What had to be undone, each kind once, in the order of [`Cleaning`].
    pub cleaning: Vec<Cleaning>,
    pub plans: Vec<Plan>,
    /// Share of the cleaned text's visible characters that ended in some entry, 0.0–1.0.
    #[serde(default)]
    pub placed: f64,
    /// The stretches of the cleaned text that ended in no entry, in order.
    #[serde(default)]
    pub unplaced: Vec<Span>,
}

/// What real copies suffer and the reader undoes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cleaning {
    /// Pinyin in brackets after a character: 社區(qū).
    PinyinMarks,
    /// Traditional characters made simplified.
    Traditional,
    /// Page numbers that stood inside the text.
    PageMarks,
    /// Text of the web page around or inside the document.
    Boilerplate,
    /// Text that could not be restored; left in place and reported.
    Mojibake,
    /// Blanks inside words, broken lines, full-width digits.
    Whitespace,
}

/// `[start, end)` in characters (not bytes) of the cleaned text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(from = "[usize; 2]", into = "[usize; 2]")]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl From<[usize; 2]> for Span {
    fn from([start, end]: [usize; 2]) -> Self {
        Self { start, end }
    }
}

impl From<Span> for [usize; 2] {
    fn from(span: Span) -> Self {
        [span.start, span.end]
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanKind {
    /// 方案, 意见, 通知: tells people what to do.
    #[default]
    Plan,
    /// 讲话.
    Speech,
    /// A past-tense account of work done; it has no duties.
    Report,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Plan {
    pub title: String,
    pub kind: PlanKind,
    pub phases: Vec<Phase>,
    pub duties: Vec<PlanDuty>,
    pub checklists: Vec<Checklist>,
    /// None where the text says nothing of the assessment.
    pub assessment: Option<Assessment>,
    pub groups: Vec<Group>,
    #[serde(default)]
    pub span: Span,
}

/// A step of the plan that has a name and at least one date.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Phase {
    pub title: String,
    pub start: Option<PlanDate>,
    pub end: Option<PlanDate>,
    pub span: Span,
}

/// Something that the plan tells somebody to do.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PlanDuty {
    /// The item's own number as digits; None where the text numbers nothing.
    pub number: Option<String>,
    /// The numbers of its ancestors, as printed, outermost first.
    pub path: Vec<String>,
    pub title: String,
    pub text: String,
    /// Names or posts of the persons in charge, as printed.
    pub leads: Vec<String>,
    pub units: Vec<NamedUnit>,
    pub start: Option<PlanDate>,
    pub due: Option<PlanDate>,
    pub recurrence: Option<Recurrence>,
    pub targets: Vec<Target>,
    pub span: Span,
}

/// A unit as the plan prints it, with the part it has.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NamedUnit {
    pub name: String,
    pub role: UnitRole,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitRole {
    /// 牵头.
    Lead,
    /// 责任, 落实.
    Responsible,
    /// 配合.
    Support,
}

/// How often a duty comes back; the most frequent where the text names several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recurrence {
    Daily,
    Weekly,
    Semimonthly,
    Monthly,
    Quarterly,
    Semiannual,
    Semester,
    Annual,
}

impl Recurrence {
    pub const ALL: [Self; 8] = [
        Self::Daily,
        Self::Weekly,
        Self::Semimonthly,
        Self::Monthly,
        Self::Quarterly,
        Self::Semiannual,
        Self::Semester,
        Self::Annual,
    ];
}

/// A measurable demand: `subject comparator value unit`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Target {
    pub subject: String,
    pub comparator: Comparator,
    /// 亿 and 万 multiplied out.
    #[serde(with = "number")]
    pub value: Decimal,
    /// `%`, `处`, `起/万户` …; empty where the text gives none.
    pub unit: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Comparator {
    #[serde(rename = ">=")]
    AtLeast,
    #[serde(rename = "<=")]
    AtMost,
    #[serde(rename = ">")]
    MoreThan,
    #[serde(rename = "<")]
    LessThan,
    #[serde(rename = "=")]
    Exactly,
}

/// What is looked at in one kind of site.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Checklist {
    pub site_type: String,
    pub items: Vec<ChecklistItem>,
    #[serde(default)]
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ChecklistItem {
    pub number: Option<String>,
    pub text: String,
    /// Only where the text says what counts as which verdict.
    pub grading: Option<Grading>,
    /// Deductions of points, as printed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deductions: Vec<String>,
    pub children: Vec<ChecklistChild>,
    #[serde(default)]
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ChecklistChild {
    pub number: Option<String>,
    pub text: String,
}

/// The condition for each verdict, as printed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Grading {
    pub met: Option<String>,
    pub partly: Option<String>,
    pub not_met: Option<String>,
}

/// What the text says of the assessment system itself.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Assessment {
    pub systems: Vec<AssessmentSystem>,
    pub methods: Vec<AssessmentMethod>,
    /// Thresholds that decide admission.
    pub gates: Vec<Target>,
    /// The sentences that said it, in the order of the text.
    #[serde(default)]
    pub spans: Vec<Span>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AssessmentSystem {
    pub name: String,
    pub parts: Option<u32>,
    pub items: Option<u32>,
    pub indicators: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AssessmentMethod {
    pub method: String,
    pub indicators: u32,
    /// The system that the number belongs to, where the text says.
    pub system: Option<String>,
}

/// A working group with a task of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Group {
    pub name: String,
    pub duty: String,
    /// Places it is in charge of, as printed.
    #[serde(default)]
    pub area: Vec<String>,
    #[serde(default)]
    pub span: Span,
}
