//! Work done in the background: enqueued in the write that calls for it, so that neither happens without the other.
//!
//! A job may run more than once (its worker died after its last word), so handlers are idempotent. Payloads are a
//! stored format and carry a version.

mod worker;

pub use worker::{Handlers, JobFailure, JobRun, WorkerOptions, run_jobs};

use std::time::Duration;

use chengjing_domain::id::{CampaignId, JobId};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, IdenStatic, Iterable, QueryFilter, QueryOrder,
    QuerySelect, Set, Statement,
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::job,
    error::StoreError,
    page::{Cursor, Page, Paging, part},
    row::{cut, from_json, inconsistent, insert},
};

/// Work to be done.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    pub id: JobId,
    /// Which handler does it: `plan.read`.
    pub kind: String,
    pub payload_version: u16,
    pub payload: Value,
    /// While a job with the same key waits or runs, this one is not added.
    pub dedupe: Option<String>,
    pub campaign: Option<CampaignId>,
    pub created_at: DateTime<Utc>,
    /// Not before.
    pub run_at: DateTime<Utc>,
    /// How often it is tried, at least once.
    pub attempts_allowed: u16,
}

/// A job and how far it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    pub id: JobId,
    pub kind: String,
    pub payload_version: u16,
    pub payload: Value,
    pub campaign: Option<CampaignId>,
    pub state: JobState,
    /// How often it was begun.
    pub attempts: u16,
    pub attempts_allowed: u16,
    pub run_at: DateTime<Utc>,
    pub progress: Progress,
    /// What it came to, once it is done.
    pub result: Option<Value>,
    /// Why it failed the last time.
    pub error: Option<String>,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobState {
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,
}

impl JobState {
    pub const ALL: [Self; 5] = [Self::Queued, Self::Running, Self::Done, Self::Failed, Self::Cancelled];

    pub fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Nothing more will happen to it.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// How far a running job is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    pub done: u64,
    /// None where it can't be known.
    pub total: Option<u64>,
    pub message: String,
}

/// Adds the job, unless one with the same dedupe key waits or runs; returns the one that will do the work.
pub async fn add(tx: &Tx, new: &NewJob) -> Result<JobId, StoreError> {
    if let Some(dedupe) = &new.dedupe {
        let waiting: Option<Uuid> = job::Entity::find()
            .filter(job::Column::Dedupe.eq(dedupe))
            .filter(job::Column::State.is_in([JobState::Queued.code(), JobState::Running.code()]))
            .select_only()
            .column(job::Column::Id)
            .fetch_tuple(tx.access())
            .await?;
        if let Some(waiting) = waiting {
            return Ok(JobId(waiting));
        }
    }
    let row = job::Model {
        id: new.id.0,
        kind: new.kind.clone(),
        payload_version: new.payload_version.into(),
        payload: new.payload.to_string(),
        dedupe: new.dedupe.clone(),
        scope_campaign_id: new.campaign.map(|id| id.0),
        state: JobState::Queued.code().to_owned(),
        attempts: 0,
        attempts_allowed: i32::from(Ord::max(new.attempts_allowed, 1)),
        run_at: cut(new.run_at),
        lease_until: None,
        worker: None,
        done: 0,
        total: None,
        message: String::new(),
        result: None,
        error: None,
        created_at: cut(new.created_at),
        finished_at: None,
    };
    insert::<job::Entity>(tx, row).await?;
    tx.access().note_job();
    Ok(new.id)
}

/// Adds a job that looks at what is there. One that waits will see it; one that runs may have looked already, and runs
/// once more when it is over.
pub async fn order(tx: &Tx, new: &NewJob) -> Result<JobId, StoreError> {
    use job::Column as C;
    let running: Option<(Uuid, DateTime<Utc>)> = match &new.dedupe {
        None => None,
        Some(dedupe) => {
            job::Entity::find()
                .filter(C::Dedupe.eq(dedupe))
                .filter(C::State.eq(JobState::Running.code()))
                .select_only()
                .columns([C::Id, C::RunAt])
                .fetch_tuple(tx.access())
                .await?
        }
    };
    if let Some((id, run_at)) = running {
        // Another moment than the one at which its worker took it: by this the worker sees that it was ordered again.
        let again = Ord::max(run_at, cut(new.run_at)) + TimeDelta::milliseconds(1);
        let row = job::ActiveModel { run_at: Set(again), ..Default::default() };
        let changed = job::Entity::update_many()
            .set(row)
            .filter(C::Id.eq(id))
            .filter(C::State.eq(JobState::Running.code()))
            .execute(tx.access())
            .await?;
        if changed == 1 {
            return Ok(JobId(id));
        }
    }
    if let Some(dedupe) = &new.dedupe {
        // Held, together with others who order it, until this write is over: a worker who takes it up, and on PostgreSQL might
        // be through with it before this write is seen, waits for what it is ordered for.
        let waiting: Option<Uuid> = job::Entity::find()
            .filter(C::Dedupe.eq(dedupe))
            .filter(C::State.eq(JobState::Queued.code()))
            .select_only()
            .column(C::Id)
            .lock_shared()
            .fetch_tuple(tx.access())
            .await?;
        if let Some(waiting) = waiting {
            // Who looked for jobs meanwhile passed it by.
            tx.access().note_job();
            return Ok(JobId(waiting));
        }
    }
    add(tx, new).await
}

pub async fn lookup(q: &impl Queries, id: JobId) -> Result<Option<Job>, StoreError> {
    job::Entity::find_by_id(id.0).fetch_one(q.access()).await?.map(from_row).transpose()
}

/// The jobs of a campaign (None: of the installation), newest first.
pub async fn list(
    q: &impl Queries,
    campaign: Option<CampaignId>,
    paging: &Paging,
) -> Result<Page<Job>, StoreError> {
    use job::Column as C;
    let mut query = match campaign {
        Some(campaign) => job::Entity::find().filter(C::ScopeCampaignId.eq(campaign.0)),
        None => job::Entity::find().filter(C::ScopeCampaignId.is_null()),
    };
    if let Some(cursor) = &paging.after {
        let [at, id] = cursor.parts()?;
        let (at, id): (DateTime<Utc>, Uuid) = (part(at)?, part(id)?);
        query = query
            .filter(Condition::any().add(C::CreatedAt.lt(at)).add(C::CreatedAt.eq(at).and(C::Id.lt(id))));
    }
    let rows = query
        .order_by_desc(C::CreatedAt)
        .order_by_desc(C::Id)
        .limit(paging.size() + 1)
        .fetch_all(q.access())
        .await?;
    Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.created_at.to_rfc3339(), &row.id]))
        .try_map(from_row)
}

/// Cancels a job that is not over, and says whether it did. One that runs is stopped at its next heartbeat.
pub async fn cancel(tx: &Tx, id: JobId, at: DateTime<Utc>) -> Result<bool, StoreError> {
    let row = job::ActiveModel {
        state: Set(JobState::Cancelled.code().to_owned()),
        finished_at: Set(Some(cut(at))),
        lease_until: Set(None),
        worker: Set(None),
        ..Default::default()
    };
    let changed = job::Entity::update_many()
        .set(row)
        .filter(job::Column::Id.eq(id.0))
        .filter(job::Column::State.is_in([JobState::Queued.code(), JobState::Running.code()]))
        .execute(tx.access())
        .await?;
    Ok(changed == 1)
}

/// Forgets jobs that were over before that moment.
pub async fn remove_before(tx: &Tx, moment: DateTime<Utc>) -> Result<u64, StoreError> {
    let removed = job::Entity::delete_many()
        .filter(job::Column::FinishedAt.lt(cut(moment)))
        .execute(tx.access())
        .await?;
    Ok(removed)
}

/// Takes the next job that is due, or whose worker has not been heard of since its lease ran out.
async fn claim(
    tx: &Tx,
    kinds: &[String],
    worker: Uuid,
    now: DateTime<Utc>,
    lease: Duration,
) -> Result<Option<Job>, StoreError> {
    let db = tx.access();
    let now = cut(now);
    let until = now + TimeDelta::from_std(lease).unwrap_or(TimeDelta::MAX);
    let mut values: Vec<sea_orm::Value> = vec![worker.into(), now.into(), until.into()];
    let mut places = Vec::new();
    for kind in kinds {
        values.push(kind.clone().into());
        places.push(format!("${}", values.len()));
    }
    let columns: Vec<&str> = job::Column::iter().map(|column| column.as_str()).collect();
    let lock = if db.is_sqlite() { "" } else { "FOR UPDATE SKIP LOCKED" };
    let sql = format!(
        "UPDATE job SET state = 'running', attempts = attempts + 1, worker = $1, lease_until = $3 \
         WHERE id = (SELECT id FROM job WHERE kind IN ({}) AND ((state = 'queued' AND run_at <= $2) \
         OR (state = 'running' AND lease_until <= $2)) ORDER BY run_at, id LIMIT 1 {lock}) RETURNING {}",
        places.join(", "),
        columns.join(", ")
    );
    let statement = Statement::from_sql_and_values(db.backend(), sql, values);
    db.structs::<job::Model>(statement).await?.pop().map(from_row).transpose()
}

/// Whether there may be something to claim: a look that does not write.
async fn has_claimable(q: &impl Queries, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let db = q.access();
    let sql = "SELECT id FROM job WHERE state = 'queued' AND run_at <= $1 \
         UNION ALL SELECT id FROM job WHERE state = 'running' AND lease_until <= $1 LIMIT 1";
    let values = vec![cut(now).into()];
    let statement = Statement::from_sql_and_values(db.backend(), sql, values);
    Ok(db.tuple::<Uuid>(statement).await?.is_some())
}

/// Extends the lease; false where the job is no longer this worker's (cancelled, or taken over).
async fn keep_lease(tx: &Tx, id: JobId, worker: Uuid, until: DateTime<Utc>) -> Result<bool, StoreError> {
    let row = job::ActiveModel { lease_until: Set(Some(cut(until))), ..Default::default() };
    change_own(tx, id, worker, None, row).await
}

async fn save_progress(tx: &Tx, id: JobId, worker: Uuid, progress: &Progress) -> Result<bool, StoreError> {
    let long = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let row = job::ActiveModel {
        done: Set(long(progress.done)),
        total: Set(progress.total.map(long)),
        message: Set(progress.message.clone()),
        ..Default::default()
    };
    change_own(tx, id, worker, None, row).await
}

/// How a run ended, as its row will tell.
#[derive(Debug, Clone)]
enum End {
    Done(Value),
    /// For good.
    Failed(String),
    /// To be tried again at that moment.
    Again(String, DateTime<Utc>),
    /// The server stops: another run takes it up at once, and this one does not count.
    Released,
}

async fn finish(tx: &Tx, job: &Job, worker: Uuid, now: DateTime<Utc>, end: &End) -> Result<bool, StoreError> {
    let mut row = job::ActiveModel { lease_until: Set(None), worker: Set(None), ..Default::default() };
    let mut state = |state: JobState| row.state = Set(state.code().to_owned());
    match end {
        End::Done(_) => state(JobState::Done),
        End::Failed(_) => state(JobState::Failed),
        End::Again(..) | End::Released => state(JobState::Queued),
    }
    match end {
        End::Done(result) => (row.result, row.error) = (Set(Some(result.to_string())), Set(None)),
        End::Failed(error) | End::Again(error, _) => row.error = Set(Some(error.clone())),
        End::Released => row.attempts = Set(i32::from(job.attempts.saturating_sub(1))),
    }
    match end {
        End::Done(_) | End::Failed(_) => row.finished_at = Set(Some(cut(now))),
        End::Again(_, at) => row.run_at = Set(cut(*at)),
        End::Released => {}
    }
    if matches!(end, End::Again(..) | End::Released) {
        return change_own(tx, job.id, worker, None, row).await;
    }
    if change_own(tx, job.id, worker, Some(job.run_at), row).await? {
        return Ok(true);
    }
    // Ordered again while it ran.
    let anew = job::ActiveModel {
        state: Set(JobState::Queued.code().to_owned()),
        attempts: Set(0),
        run_at: Set(cut(now)),
        lease_until: Set(None),
        worker: Set(None),
        ..Default::default()
    };
    let mine = change_own(tx, job.id, worker, None, anew).await?;
    if mine {
        tx.access().note_job();
    }
    Ok(mine)
}

/// Changes the job while it is this worker's, and, where `run_at` is told, still to run at that moment.
async fn change_own(
    tx: &Tx,
    id: JobId,
    worker: Uuid,
    run_at: Option<DateTime<Utc>>,
    row: job::ActiveModel,
) -> Result<bool, StoreError> {
    let own = job::Entity::update_many()
        .set(row)
        .filter(job::Column::Id.eq(id.0))
        .filter(job::Column::Worker.eq(worker))
        .filter(job::Column::State.eq(JobState::Running.code()));
    let own = match run_at {
        Some(run_at) => own.filter(job::Column::RunAt.eq(run_at)),
        None => own,
    };
    Ok(own.execute(tx.access()).await? == 1)
}

fn from_row(row: job::Model) -> Result<Job, StoreError> {
    let id = row.id;
    let fault = |column| inconsistent("job", column, id);
    let short = |n: i32, column| u16::try_from(n).map_err(|_| fault(column));
    let long = |n: i64, column| u64::try_from(n).map_err(|_| fault(column));
    Ok(Job {
        id: JobId(id),
        kind: row.kind,
        payload_version: short(row.payload_version, "payload_version")?,
        payload: from_json(&row.payload, "job", "payload", id)?,
        campaign: row.scope_campaign_id.map(CampaignId),
        state: JobState::from_code(&row.state).ok_or_else(|| fault("state"))?,
        attempts: short(row.attempts, "attempts")?,
        attempts_allowed: short(row.attempts_allowed, "attempts_allowed")?,
        run_at: row.run_at,
        progress: Progress {
            done: long(row.done, "done")?,
            total: row.total.map(|total| long(total, "total")).transpose()?,
            message: row.message,
        },
        result: row.result.map(|text| from_json(&text, "job", "result", id)).transpose()?,
        error: row.error,
        created_at: row.created_at,
        finished_at: row.finished_at,
    })
}
