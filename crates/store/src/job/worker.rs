//! The loop that does the jobs.

use std::{collections::HashMap, fmt, future::Future, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use chrono::TimeDelta;
use futures_util::{FutureExt, future::BoxFuture};
use serde_json::Value;
use tokio::{sync::watch, task::JoinSet};
use uuid::Uuid;

use super::{End, Job, Progress, claim, finish, has_claimable, keep_lease, save_progress};
use crate::{door::Store, error::StoreError};

/// Why a run failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobFailure {
    /// Worth another try, after a pause that grows.
    Passing(String),
    /// It would fail the same way again.
    Final(String),
}

impl From<StoreError> for JobFailure {
    fn from(error: StoreError) -> Self {
        Self::Passing(error.to_string())
    }
}

type Handler = Arc<dyn Fn(JobRun) -> BoxFuture<'static, Result<Value, JobFailure>> + Send + Sync>;
type GivenUp =
    Arc<dyn Fn(JobRun, String) -> BoxFuture<'static, Result<Option<Value>, JobFailure>> + Send + Sync>;

/// Who does which kind of job.
#[derive(Clone, Default)]
pub struct Handlers {
    work: HashMap<String, Handler>,
    given_up: HashMap<String, GivenUp>,
}

impl fmt::Debug for Handlers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.work.keys()).finish()
    }
}

impl Handlers {
    pub fn new() -> Self {
        Self::default()
    }

    /// Jobs of this kind are done by this. What it returns is the job's result.
    #[must_use]
    pub fn on<F, Fut>(mut self, kind: &str, handler: F) -> Self
    where
        F: Fn(JobRun) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Value, JobFailure>> + Send + 'static,
    {
        self.work.insert(kind.to_owned(), Arc::new(move |run| handler(run).boxed()));
        self
    }

    /// A job of this kind that will not be tried again, and why: whatever waits for it is told here. It is called again
    /// where it fails or the program ends before the job's end is stored. Its last worker may have died between the
    /// work and the job's end: where the work turns out to be done, its result is given, and the job is done too.
    #[must_use]
    pub fn on_given_up<F, Fut>(mut self, kind: &str, handler: F) -> Self
    where
        F: Fn(JobRun, String) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Option<Value>, JobFailure>> + Send + 'static,
    {
        self.given_up.insert(kind.to_owned(), Arc::new(move |run, why| handler(run, why).boxed()));
        self
    }
}

/// One run of a job, in its handler's hands.
#[derive(Debug, Clone)]
pub struct JobRun {
    pub store: Store,
    pub job: Job,
    worker: Uuid,
}

impl JobRun {
    /// Shows how far it is. False: the job was cancelled, and the run may end as it likes.
    pub async fn report(&self, progress: Progress) -> Result<bool, StoreError> {
        let (id, worker) = (self.job.id, self.worker);
        self.store
            .write_unrecorded("a job's progress", move |tx| {
                let progress = progress.clone();
                async move { save_progress(&tx, id, worker, &progress).await }
            })
            .await
    }
}

#[derive(Debug, Clone)]
pub struct WorkerOptions {
    /// This worker among all, living and dead: made anew at each start.
    pub worker: Uuid,
    /// Jobs done at the same time.
    pub parallel: usize,
    /// A job whose worker has not been heard of for that long is taken up by another.
    pub lease: Duration,
    /// How often to look for jobs that nobody told of: those that wait for their time, and dead workers'.
    pub look_every: Duration,
    /// How long jobs under way may go on after the shutdown began; they are then given back.
    pub grace: Duration,
}

impl WorkerOptions {
    pub fn new(worker: Uuid) -> Self {
        Self {
            worker,
            parallel: 2,
            lease: Duration::from_secs(30),
            look_every: Duration::from_secs(2),
            grace: Duration::from_secs(10),
        }
    }
}

/// Does jobs until `shutdown` ends; returns when those under way are over or given back.
pub async fn run_jobs(
    store: Store,
    handlers: Handlers,
    options: WorkerOptions,
    shutdown: impl Future<Output = ()> + Send,
) {
    let mut shutdown = std::pin::pin!(shutdown);
    let (stop, stopped) = watch::channel(false);
    let mut running = JoinSet::new();
    let kinds: Vec<String> = handlers.work.keys().cloned().collect();
    let bells = Arc::clone(store.bells());
    loop {
        let full = running.len() >= options.parallel.max(1);
        if !full && !kinds.is_empty() {
            match next(&store, &kinds, &options).await {
                Ok(Some(job)) => {
                    let run = JobRun { store: store.clone(), job, worker: options.worker };
                    running.spawn(do_one(run, handlers.clone(), options.clone(), stopped.clone()));
                    continue;
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(error = %error, "jobs could not be looked for"),
            }
        }
        tokio::select! {
            () = &mut shutdown => break,
            _ = running.join_next(), if !running.is_empty() => {}
            () = bells.jobs.notified(), if !full => {}
            () = tokio::time::sleep(options.look_every) => {}
        }
    }
    let all = async { while running.join_next().await.is_some() {} };
    if tokio::time::timeout(options.grace, all).await.is_err() {
        stop.send(true).ok();
        while running.join_next().await.is_some() {}
    }
}

async fn next(store: &Store, kinds: &[String], options: &WorkerOptions) -> Result<Option<Job>, StoreError> {
    let now = (store.config().clock)();
    if !store.read(|r| async move { has_claimable(&r, now).await }).await? {
        return Ok(None);
    }
    let (kinds, worker, lease) = (kinds.to_vec(), options.worker, options.lease);
    store
        .write_unrecorded("a job is taken up", move |tx| {
            let kinds = kinds.clone();
            async move { claim(&tx, &kinds, worker, now, lease).await }
        })
        .await
}

async fn do_one(run: JobRun, handlers: Handlers, options: WorkerOptions, mut stopped: watch::Receiver<bool>) {
    let (store, job) = (run.store.clone(), run.job.clone());
    let kind = job.kind.clone();
    let Some(handler) = handlers.work.get(&kind) else { return };
    let abandoned = run.clone();
    let end = if job.attempts > job.attempts_allowed {
        // Its workers died each time, and it may be why.
        Some(End::Failed("its worker ended in the middle each time".to_owned()))
    } else {
        // Called inside the future, so that its panic is caught too.
        let work = AssertUnwindSafe(async move { handler(run).await }).catch_unwind();
        tokio::select! {
            outcome = work => Some(match outcome {
                Ok(Ok(result)) => End::Done(result),
                Ok(Err(JobFailure::Final(error))) => End::Failed(error),
                Ok(Err(JobFailure::Passing(error))) => again(&store, &job, error),
                Err(_panic) => again(&store, &job, "it panicked".to_owned()),
            }),
            () = until_lost(&store, &job, &options) => None,
            _ = stopped.wait_for(|stopped| *stopped) => Some(End::Released),
        }
    };
    let Some(mut end) = end else {
        tracing::info!(job.id = %job.id, job.kind = kind, "a job was cancelled or taken over");
        return;
    };
    if let End::Failed(error) = &end {
        let why = error.clone();
        if let Some(given_up) = handlers.given_up.get(&kind) {
            let told = {
                let why = why.clone();
                AssertUnwindSafe(async move { given_up(abandoned, why).await }).catch_unwind().await
            };
            match told {
                Ok(Ok(None)) => {}
                Ok(Ok(Some(result))) => end = End::Done(result),
                _ => {
                    // The job is not over before those who wait for it know: its lease runs out, and this is done again.
                    tracing::warn!(job.id = %job.id, job.kind = kind, "that a job failed could not be told");
                    return;
                }
            }
        }
        if matches!(end, End::Failed(_)) {
            tracing::warn!(job.id = %job.id, job.kind = kind, error = why, "a job failed");
        }
    }
    let (now, worker) = ((store.config().clock)(), options.worker);
    let finished = store.write_unrecorded("a job ended", move |tx| {
        let (job, end) = (job.clone(), end.clone());
        async move { finish(&tx, &job, worker, now, &end).await }
    });
    if let Err(error) = finished.await {
        // Its lease runs out, and it is done again.
        tracing::warn!(job.kind = kind, error = %error, "a job's end could not be stored");
    }
}

/// The next try: after 2, 8, 32 … seconds, an hour at most.
fn again(store: &Store, job: &Job, error: String) -> End {
    if job.attempts >= job.attempts_allowed {
        return End::Failed(error);
    }
    let pause =
        2_i64.saturating_mul(4_i64.saturating_pow(u32::from(job.attempts.saturating_sub(1)))).min(3_600);
    End::Again(error, (store.config().clock)() + TimeDelta::seconds(pause))
}

/// Extends the lease while the job runs; returns when it is no longer ours.
async fn until_lost(store: &Store, job: &Job, options: &WorkerOptions) {
    let (id, worker) = (job.id, options.worker);
    loop {
        tokio::time::sleep(options.lease / 3).await;
        let until = (store.config().clock)() + TimeDelta::from_std(options.lease).unwrap_or(TimeDelta::MAX);
        let kept = store.write_unrecorded("a job's heartbeat", move |tx| async move {
            keep_lease(&tx, id, worker, until).await
        });
        match kept.await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => tracing::warn!(job.id = %id, error = %error, "a job's lease could not be extended"),
        }
    }
}
