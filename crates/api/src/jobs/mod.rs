//! Work done in the background.

pub(crate) mod cancel;
pub(crate) mod fetch_file;
pub(crate) mod list;
pub(crate) mod look_up;

use chengjing_service::job::{self, Job, JobState};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::words::Said;

/// A piece of background work.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct JobBody {
    id: Uuid,
    #[schema(example = "plan.read")]
    kind: String,
    state: JobStateWord,
    /// Steps done.
    done: u64,
    /// Of so many; null where it can't be known.
    total: Option<u64>,
    /// What it is at; null before it begins.
    message: Option<Said>,
    /// Why it failed.
    problem: Option<Said>,
    /// What it came to; of a table its `name`, how many `duties`, and its `size` in bytes; of documents `documents` in
    /// place of `duties`; of a dossier `materials`, `files`, and how many of these were `missing`.
    result: Option<serde_json::Value>,
    created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum JobStateWord {
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,
}

impl From<Job> for JobBody {
    fn from(job: Job) -> Self {
        let (message, problem) = (job::message(&job).map(Said::from), job::problem(&job).map(Said::from));
        let state = match job.state {
            JobState::Queued => JobStateWord::Queued,
            JobState::Running => JobStateWord::Running,
            JobState::Done => JobStateWord::Done,
            JobState::Failed => JobStateWord::Failed,
            JobState::Cancelled => JobStateWord::Cancelled,
        };
        Self {
            id: job.id.0,
            kind: job.kind,
            state,
            done: job.progress.done,
            total: job.progress.total,
            message,
            problem,
            result: job.result,
            created_at: job.created_at,
            finished_at: job.finished_at,
        }
    }
}
