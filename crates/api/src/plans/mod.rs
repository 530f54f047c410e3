//! Plan documents 方案, from upload to adoption.

pub(crate) mod adopt;
pub(crate) mod compare;
pub(crate) mod correct;
pub(crate) mod discard;
pub(crate) mod file;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod look_up;
pub(crate) mod propose_units;
pub(crate) mod reading;
pub(crate) mod text;
pub(crate) mod undo_adoption;

use chengjing_domain::plan::{ImportProblem, ImportState, PlanImport, Reading};
use chengjing_service::plan::list::ListedPlan;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::users::Person;

/// A plan document as lists show it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PlanSummary {
    id: Uuid,
    /// The file's name.
    #[schema(example = "清水县创建方案.docx")]
    name: String,
    state: PlanState,
    /// The earlier version that it replaces.
    replaces: Option<Uuid>,
    adopted_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    version: i64,
}

/// A plan document in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PlanRow {
    #[serde(flatten)]
    summary: PlanSummary,
    created_by: Person,
    /// How many duties its draft has; null until it is read.
    duties: Option<u64>,
    /// The share of its text that ended in some entry, 0 to 1; null until it is read.
    placed: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PlanState {
    Reading,
    Failed,
    Draft,
    Adopted,
    Discarded,
}

/// A plan document with its draft.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PlanBody {
    #[serde(flatten)]
    summary: PlanSummary,
    /// Whether its adoption can be taken back: it is adopted, and nobody has touched what that brought.
    pub(crate) undoable: bool,
    /// Null until it is read. The object that `chengjing read --format json` prints, with people's corrections.
    #[schema(value_type = Option<reading::Reading>)]
    reading: Option<Reading>,
    /// What the reader had to say.
    problems: Vec<ProblemBody>,
}

/// A remark of the reader.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ProblemBody {
    /// From 1; 0 where it is about the whole file.
    line: u32,
    column: u32,
    zh: String,
    en: String,
}

fn state_and_time(state: &ImportState) -> (PlanState, Option<DateTime<Utc>>) {
    match state {
        ImportState::Reading => (PlanState::Reading, None),
        ImportState::Failed => (PlanState::Failed, None),
        ImportState::Draft => (PlanState::Draft, None),
        ImportState::Adopted { at, .. } => (PlanState::Adopted, Some(*at)),
        ImportState::Discarded => (PlanState::Discarded, None),
    }
}

impl From<ListedPlan> for PlanRow {
    fn from(ListedPlan { summary: import, created_by }: ListedPlan) -> Self {
        let (state, adopted_at) = state_and_time(&import.state);
        Self {
            created_by: Person { id: import.created_by.0, display_name: created_by },
            duties: import.duties,
            placed: import.placed,
            summary: PlanSummary {
                id: import.id.0,
                name: import.name,
                state,
                replaces: import.replaces.map(|id| id.0),
                adopted_at,
                created_at: import.created_at,
                version: import.version,
            },
        }
    }
}

impl From<PlanImport> for PlanSummary {
    fn from(import: PlanImport) -> Self {
        let (state, adopted_at) = state_and_time(&import.state);
        Self {
            id: import.id.0,
            name: import.name,
            state,
            replaces: import.replaces.map(|id| id.0),
            adopted_at,
            created_at: import.created_at,
            version: import.version,
        }
    }
}

impl From<PlanImport> for PlanBody {
    fn from(mut import: PlanImport) -> Self {
        let problem = |said: ImportProblem| ProblemBody {
            line: said.line,
            column: said.column,
            zh: said.zh,
            en: said.en,
        };
        let problems = std::mem::take(&mut import.problems).into_iter().map(problem).collect();
        let reading = import.reading.take();
        // So it is right after the adoption; a look at a plan asks anew.
        let undoable = matches!(import.state, ImportState::Adopted { .. });
        Self { summary: import.into(), undoable, reading, problems }
    }
}
