//! Jobs: added with the write that calls for them, done at least once, never forgotten.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use chengjing_domain::id::JobId;
use chengjing_store::{
    Store, StoreError,
    job::{self, Handlers, Job, JobFailure, JobState, NewJob, Progress, WorkerOptions, run_jobs},
};
use serde_json::json;
use tokio::sync::{Notify, watch};

use crate::harness::{Bench, Hands, at, id, on_both};

fn new(n: u128, kind: &str) -> NewJob {
    NewJob {
        id: JobId(id(n)),
        kind: kind.into(),
        payload_version: 1,
        payload: json!({ "n": u64::try_from(n).unwrap_or(0) }),
        dedupe: None,
        campaign: None,
        created_at: at(0),
        run_at: at(0),
        attempts_allowed: 3,
    }
}

async fn add(store: &Store, new: &NewJob) -> JobId {
    let new = new.clone();
    store
        .write_unrecorded("a test", move |tx| {
            let new = new.clone();
            async move { job::add(&tx, &new).await }
        })
        .await
        .expect("a job")
}

async fn lookup(store: &Store, id: JobId) -> Job {
    store.read(|r| async move { job::lookup(&r, id).await }).await.expect("a read").expect("the job")
}

fn options(n: u128) -> WorkerOptions {
    WorkerOptions { look_every: Duration::from_millis(5), ..WorkerOptions::new(id(n)) }
}

/// Works until the job is over; the clock goes on, so that pauses pass.
async fn work_until_over(store: &Store, hands: &Hands, handlers: Handlers, wanted: JobId) -> Job {
    let over = async {
        loop {
            let job = lookup(store, wanted).await;
            if job.state.is_final() {
                break;
            }
            // Only while it waits, and by less than a lease: one that is taken up meanwhile does not lose its own.
            if job.state == JobState::Queued {
                hands.advance(10);
            }
            tokio::task::yield_now().await;
        }
    };
    run_jobs(store.clone(), handlers, options(900), over).await;
    lookup(store, wanted).await
}

#[tokio::test]
async fn a_job_is_done_with_progress_and_result() {
    on_both(|bench: Bench| async move {
        let wanted = add(&bench.store, &new(1, "count")).await;
        let handlers = Handlers::new().on("count", |run| async move {
            let progress = Progress { done: 3, total: Some(4), message: "第三页".into() };
            assert!(run.report(progress).await?);
            Ok(json!({ "read": run.job.payload["n"] }))
        });
        let job = work_until_over(&bench.store, &bench.hands, handlers, wanted).await;
        assert_eq!((job.state, job.attempts, job.result), (JobState::Done, 1, Some(json!({ "read": 1 }))));
        assert_eq!(job.progress, Progress { done: 3, total: Some(4), message: "第三页".into() });
        assert!(job.finished_at.is_some());
    })
    .await;
}

#[tokio::test]
async fn a_failing_job_is_tried_again_after_a_pause_and_given_up_in_the_end() {
    on_both(|bench: Bench| async move {
        let tries = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&tries);
        let handlers = Handlers::new()
            .on("passing", move |_| {
                let tried = counted.fetch_add(1, Ordering::Relaxed);
                async move { if tried < 2 { Err(JobFailure::Passing("busy".into())) } else { Ok(json!(1)) } }
            })
            .on("final", |_| async { Err(JobFailure::Final("a scanned pdf".into())) })
            .on("panic", |_| async { panic!("as a test wants it") });
        let mut ended = Vec::new();
        for (n, kind) in [(1, "passing"), (2, "final"), (3, "panic")] {
            let id = add(&bench.store, &new(n, kind)).await;
            let job = work_until_over(&bench.store, &bench.hands, handlers.clone(), id).await;
            ended.push((job.state, job.attempts, job.error));
        }
        assert_eq!(
            ended,
            [
                (JobState::Done, 3, None),
                (JobState::Failed, 1, Some("a scanned pdf".into())),
                (JobState::Failed, 3, Some("it panicked".into())),
            ],
            "{}",
            bench.engine
        );
    })
    .await;
}

#[tokio::test]
async fn a_job_whose_worker_died_is_taken_up_when_its_lease_has_run_out() {
    on_both(|bench: Bench| async move {
        let wanted = add(&bench.store, &new(1, "slow")).await;
        let begun = Arc::new(Notify::new());
        let told = Arc::clone(&begun);
        let hanging = Handlers::new().on("slow", move |_| {
            told.notify_one();
            std::future::pending()
        });
        // Dropped in the middle, as a killed process drops it: its last word is never said.
        tokio::select! {
            () = run_jobs(bench.store.clone(), hanging, options(901), std::future::pending()) => {}
            () = begun.notified() => {}
        }
        let job = lookup(&bench.store, wanted).await;
        assert_eq!((job.state, job.attempts), (JobState::Running, 1));
        bench.hands.advance(31);
        let handlers = Handlers::new().on("slow", |_| async { Ok(json!("done")) });
        let job = work_until_over(&bench.store, &bench.hands, handlers, wanted).await;
        assert_eq!((job.state, job.attempts), (JobState::Done, 2), "{}", bench.engine);
    })
    .await;
}

#[tokio::test]
async fn a_job_whose_last_worker_died_after_the_work_is_done_and_not_given_up() {
    on_both(|bench: Bench| async move {
        for (n, found, state) in [(1, Some(json!("done")), JobState::Done), (2, None, JobState::Failed)] {
            let wanted = add(&bench.store, &NewJob { attempts_allowed: 1, ..new(n, "deadly") }).await;
            let begun = Arc::new(Notify::new());
            let told = Arc::clone(&begun);
            let deadly = Handlers::new().on("deadly", move |_| {
                told.notify_one();
                std::future::pending()
            });
            tokio::select! {
                () = run_jobs(bench.store.clone(), deadly, options(903), std::future::pending()) => {}
                () = begun.notified() => {}
            }
            bench.hands.advance(31);
            let result = found.clone();
            let handlers = Handlers::new()
                .on("deadly", |_| async { Ok(json!("tried again")) })
                .on_given_up("deadly", move |_, _| std::future::ready(Ok(result.clone())));
            let job = work_until_over(&bench.store, &bench.hands, handlers, wanted).await;
            assert_eq!((job.state, job.result), (state, found), "{}", bench.engine);
        }
    })
    .await;
}

#[tokio::test]
async fn a_shutdown_gives_back_what_does_not_end_in_time_and_it_does_not_count() {
    on_both(|bench: Bench| async move {
        let wanted = add(&bench.store, &new(1, "slow")).await;
        let begun = Arc::new(Notify::new());
        let told = Arc::clone(&begun);
        let handlers = Handlers::new().on("slow", move |_| {
            told.notify_one();
            std::future::pending()
        });
        let options = WorkerOptions { grace: Duration::ZERO, ..options(902) };
        run_jobs(bench.store.clone(), handlers, options, async move { begun.notified().await }).await;
        let job = lookup(&bench.store, wanted).await;
        assert_eq!((job.state, job.attempts), (JobState::Queued, 0), "{}", bench.engine);
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_job_is_stopped_and_stays_cancelled() {
    on_both(|bench: Bench| async move {
        let wanted = add(&bench.store, &new(1, "slow")).await;
        let store = bench.store.clone();
        let handlers = Handlers::new().on("slow", move |run| {
            let store = store.clone();
            async move {
                let id = run.job.id;
                store
                    .write_unrecorded("a test", move |tx| async move { job::cancel(&tx, id, at(5)).await })
                    .await?;
                let goes_on = run.report(Progress::default()).await?;
                assert!(!goes_on, "the run is told");
                Ok(json!("too late"))
            }
        });
        let job = work_until_over(&bench.store, &bench.hands, handlers, wanted).await;
        assert_eq!((job.state, job.result), (JobState::Cancelled, None), "{}", bench.engine);
    })
    .await;
}

#[tokio::test]
async fn the_same_work_is_not_added_twice_while_it_waits() {
    on_both(|bench: Bench| async move {
        let once = NewJob { dedupe: Some("read 1".into()), ..new(1, "count") };
        let twice = NewJob { id: JobId(id(2)), ..once.clone() };
        assert_eq!(add(&bench.store, &once).await, once.id);
        assert_eq!(add(&bench.store, &twice).await, once.id, "the one that waits will do");
        let handlers = Handlers::new().on("count", |_| async { Ok(json!(1)) });
        work_until_over(&bench.store, &bench.hands, handlers, once.id).await;
        assert_eq!(add(&bench.store, &twice).await, twice.id, "the first is over");
    })
    .await;
}

#[tokio::test]
async fn what_is_ordered_while_it_runs_runs_once_more() {
    on_both(|bench: Bench| async move {
        let look = NewJob { dedupe: Some("look".into()), ..new(1, "look") };
        let order = |new: NewJob| {
            let store = bench.store.clone();
            async move {
                let write = move |tx| {
                    let new = new.clone();
                    async move { job::order(&tx, &new).await }
                };
                store.write_unrecorded("a test", write).await.expect("a job")
            }
        };
        assert_eq!(order(look.clone()).await, look.id);
        assert_eq!(
            order(NewJob { id: JobId(id(2)), ..look.clone() }).await,
            look.id,
            "the one that waits will see it"
        );
        let looks = Arc::new(AtomicU32::new(0));
        let (counted, meanwhile) = (Arc::clone(&looks), NewJob { id: JobId(id(3)), ..look.clone() });
        let store = bench.store.clone();
        let handlers = Handlers::new().on("look", move |_| {
            let (store, new) = (store.clone(), meanwhile.clone());
            let nth = counted.fetch_add(1, Ordering::Relaxed);
            async move {
                // Twice while the first look goes on: once more is enough.
                for _ in 0..if nth == 0 { 2 } else { 0 } {
                    let new = new.clone();
                    let write = move |tx| {
                        let new = new.clone();
                        async move { job::order(&tx, &new).await }
                    };
                    store
                        .write_unrecorded("a test", write)
                        .await
                        .map_err(|e| JobFailure::Passing(e.to_string()))?;
                }
                Ok(json!(nth))
            }
        });
        let job = work_until_over(&bench.store, &bench.hands, handlers, look.id).await;
        assert_eq!(
            (job.state, job.result, job.attempts),
            (JobState::Done, Some(json!(1)), 1),
            "{}",
            bench.engine
        );
        assert_eq!(looks.load(Ordering::Relaxed), 2, "{}", bench.engine);
        assert_eq!(order(NewJob { id: JobId(id(4)), ..look.clone() }).await, JobId(id(4)), "it is over");
    })
    .await;
}

#[tokio::test]
async fn a_job_is_not_added_when_its_write_fails() {
    on_both(|bench: Bench| async move {
        let failed = bench
            .store
            .write_unrecorded("a test", |tx| async move {
                job::add(&tx, &new(1, "count")).await?;
                Err::<(), _>(StoreError::Cursor)
            })
            .await;
        assert!(failed.is_err());
        let found = bench.store.read(|r| async move { job::lookup(&r, JobId(id(1))).await }).await;
        assert_eq!(found.expect("a read"), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_never_do_the_same_job_at_the_same_time() {
    on_both(|bench: Bench| async move {
        let done = Arc::new(AtomicU32::new(0));
        let (all, _) = watch::channel(false);
        for n in 1..=30 {
            add(&bench.store, &new(n, "count")).await;
        }
        let worker = |n: u128| {
            let (done, told, mut over) = (Arc::clone(&done), all.clone(), all.subscribe());
            let handlers = Handlers::new().on("count", move |_| {
                if done.fetch_add(1, Ordering::Relaxed) + 1 >= 30 {
                    told.send_replace(true);
                }
                async { Ok(json!(null)) }
            });
            let store = bench.store.clone();
            async move {
                let over = async move { drop(over.wait_for(|over| *over).await) };
                run_jobs(store, handlers, options(n), over).await;
            }
        };
        tokio::join!(worker(903), worker(904));
        assert_eq!(done.load(Ordering::Relaxed), 30, "{}", bench.engine);
    })
    .await;
}
