//! Tasks 任务办理: what each unit owes under a duty.

pub(crate) mod act;
pub(crate) mod calendar;
pub(crate) mod days;
pub(crate) mod figures;
pub(crate) mod list;
pub(crate) mod look_up;
pub(crate) mod of_duty;
pub(crate) mod overview;
pub(crate) mod targets;
pub(crate) mod urge;

use std::collections::HashMap;

use chengjing_domain::{
    duty::task::{self, Because, DeedKind, Party, StateKind, Step, TaskState},
    id::{UnitId, UserId},
    ledger::Author,
};
use chengjing_service::{
    duty::Names,
    task::{TaskView, look_up::TaskStory},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::words::{DateText, Named, RecurrenceWord, UnitRoleWord, mirror};

mirror! {
    /// Where a task is in its life: docs/DUTY-LIFE.md.
    #[serde(rename_all = "snake_case")]
    TaskStateWord = StateKind {
        Assigned, Accepted, InProgress, Returned, Reported, Confirmed, SentBack, Missed, Withdrawn,
    }
    /// What somebody does to a task: docs/DUTY-LIFE.md.
    #[serde(rename_all = "snake_case")]
    DeedWord = DeedKind {
        Accept, ReturnAsNotOurs, Uphold, Reassign, Progress, Report, TakeBackReport, Confirm, SendBack, Reopen,
        AskExtension, GrantExtension, RefuseExtension, AskHelp, AnswerHelp, Withdraw, Restore, Miss,
    }
    /// As what somebody acted.
    #[serde(rename_all = "snake_case")]
    PartyWord = Party { Owner, Lead, Office, Superior, System }
}

/// How a task stands today, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StandingWord {
    Missed,
    Late,
    DueSoon,
    WaitingForOffice,
    WaitingForSuperior,
    Open,
    Done,
    Withdrawn,
}

/// How a task stands today.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct StandingBody {
    word: StandingWord,
    /// Days late, or days left where it is due soon.
    days: Option<i64>,
}

impl From<task::Standing> for StandingBody {
    fn from(standing: task::Standing) -> Self {
        use task::{Standing as S, WaitsFor};
        let (word, days) = match standing {
            S::Missed => (StandingWord::Missed, None),
            S::Late { days } => (StandingWord::Late, Some(days)),
            S::DueSoon { days } => (StandingWord::DueSoon, Some(days)),
            S::Waiting(WaitsFor::Office) => (StandingWord::WaitingForOffice, None),
            S::Waiting(WaitsFor::Superior) => (StandingWord::WaitingForSuperior, None),
            S::Open => (StandingWord::Open, None),
            S::Done => (StandingWord::Done, None),
            S::Withdrawn => (StandingWord::Withdrawn, None),
        };
        Self { word, days }
    }
}

/// A duty as tasks name it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TaskDuty {
    id: Uuid,
    number: Option<String>,
    title: String,
}

/// A day that was asked for, and why.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ExtensionBody {
    until: NaiveDate,
    reason: String,
    at: DateTime<Utc>,
}

/// Help that was asked for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct HelpBody {
    of: Named,
    text: String,
    at: DateTime<Utc>,
}

/// A task as lists show it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TaskRow {
    id: Uuid,
    duty: TaskDuty,
    unit: Named,
    role: UnitRoleWord,
    /// The date of a recurring duty that it is owed for.
    occurrence: Option<NaiveDate>,
    /// The last day on which it is in time, extensions counted.
    due_on: Option<NaiveDate>,
    /// Whether an extension moved it.
    extended: bool,
    state: TaskStateWord,
    standing: StandingBody,
    /// How far the unit says it is, 0–100.
    percent: u8,
    /// Why it is where it is: the reason of a return, of what was sent back, of a withdrawal; the note of a report.
    words: Option<String>,
    /// Whether the report came after the due date; null without one.
    reported_late: Option<bool>,
    extension: Option<ExtensionBody>,
    help: Option<HelpBody>,
    /// What the caller could do to it now.
    possible: Vec<DeedWord>,
    changed_at: DateTime<Utc>,
    version: i64,
}

impl TaskRow {
    pub(crate) fn new(view: TaskView, names: &Names) -> Self {
        let TaskView { task, duty, standing, possible } = view;
        let named = |unit: UnitId| Named::from(names.unit(unit));
        let words = match &task.state {
            TaskState::Assigned { upheld } => upheld.as_ref().map(reason),
            TaskState::Returned { why, .. }
            | TaskState::SentBack { why, .. }
            | TaskState::Withdrawn { why, .. } => Some(reason(why)),
            TaskState::Reported { report } | TaskState::Confirmed { report, .. } => report.note.clone(),
            TaskState::Accepted { .. } | TaskState::InProgress { .. } | TaskState::Missed { .. } => None,
        };
        Self {
            id: task.id.0,
            duty: TaskDuty { id: task.owed.duty.0, number: duty.number, title: duty.title },
            unit: named(task.owed.unit),
            role: task.owed.role.into(),
            occurrence: task.owed.occurrence,
            due_on: task.last_day(),
            extended: task.extended_to.is_some(),
            state: task.state.kind().into(),
            standing: standing.into(),
            percent: task.percent,
            words,
            reported_late: task.reported_late(),
            extension: task.extension.map(|asked| ExtensionBody {
                until: asked.until,
                reason: asked.reason,
                at: asked.at,
            }),
            help: task.help.map(|help| HelpBody { of: named(help.of), text: help.text, at: help.at }),
            possible: possible.into_iter().map(DeedWord::from).collect(),
            changed_at: task.changed_at,
            version: task.version,
        }
    }
}

fn reason(why: &Because) -> String {
    why.reason.clone()
}

/// One act in the history of a task.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct StepBody {
    id: Uuid,
    deed: DeedWord,
    state: TaskStateWord,
    at: DateTime<Utc>,
    /// Null: the program.
    by: Option<Named>,
    party: PartyWord,
    /// The reason, note or text.
    note: Option<String>,
    percent: u8,
    /// The day that an extension asks for or grants.
    until: Option<NaiveDate>,
    /// The unit proposed, newly assigned or asked for help.
    other_unit: Option<Named>,
    /// Those of the task's attachments that came with it. Empty too where it is from before this was kept.
    attachment_ids: Vec<Uuid>,
}

impl StepBody {
    fn new(step: Step, names: &Names, people: &HashMap<UserId, String>) -> Self {
        let by = match step.by {
            Author::User(id) => Some(Named { id: id.0, name: people.get(&id).cloned().unwrap_or_default() }),
            Author::System => None,
        };
        Self {
            id: step.id.0,
            deed: step.deed.into(),
            state: step.to.into(),
            at: step.at,
            by,
            party: step.party.into(),
            note: step.note,
            percent: step.percent,
            until: step.until,
            other_unit: step.other_unit.map(|unit| names.unit(unit).into()),
            attachment_ids: step.files.into_iter().map(|id| id.0).collect(),
        }
    }
}

/// A task, whole.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TaskBody {
    #[serde(flatten)]
    row: TaskRow,
    /// The duty's text as the plan says it.
    text: String,
    /// The duty's deadline as the plan says it.
    due: Option<DateText>,
    recurrence: Option<RecurrenceWord>,
    /// All units of the duty.
    units: Vec<crate::duties::DutyUnitBody>,
    targets: Vec<crate::duties::DutyTargetBody>,
    /// Of a returned task: whose it may be, as the unit says.
    proposed: Option<Named>,
    /// From the first to the last.
    steps: Vec<StepBody>,
    /// What was brought as proof, the first one first.
    attachments: Vec<crate::attachments::AttachmentBody>,
    /// What was measured against the targets with this task, the last one first.
    figures: Vec<figures::FigureBody>,
    created_at: DateTime<Utc>,
    /// The campaign's day that the standing is of, and the last that a figure can tell of.
    today: NaiveDate,
}

impl From<TaskStory> for TaskBody {
    fn from(TaskStory { view, duty, steps, names, people, attachments, figures, today }: TaskStory) -> Self {
        let proposed = match &view.task.state {
            TaskState::Returned { proposed, .. } => proposed.map(|unit| names.unit(unit).into()),
            _ => None,
        };
        Self {
            created_at: view.task.created_at,
            today,
            row: TaskRow::new(view, &names),
            text: duty.text,
            due: duty.due.map(DateText),
            recurrence: duty.recurrence.map(Into::into),
            units: names.units(&duty.units).into_iter().map(Into::into).collect(),
            targets: duty.targets.into_iter().map(Into::into).collect(),
            proposed,
            attachments: attachments.into_iter().map(Into::into).collect(),
            figures: figures.into_iter().map(|figure| figures::FigureBody::new(figure, &people)).collect(),
            steps: steps.into_iter().map(|step| StepBody::new(step, &names, &people)).collect(),
        }
    }
}
