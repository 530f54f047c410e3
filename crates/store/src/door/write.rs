//! A write as the engines see it: something to run, to run again, and to answer.

use std::{future::Future, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::{FutureExt, future::BoxFuture};
use tokio::sync::{Notify, oneshot};

use super::{
    Tx,
    link::{Access, News},
};
use crate::{campaign::NamesCache, duty, error::StoreError, search::Courses};

tokio::task_local! {
    /// Set while a write runs, so that a door opened inside it is refused.
    static WRITING: ();
}

pub(super) fn is_inside_a_write() -> bool {
    WRITING.try_with(|()| ()).is_ok()
}

/// Who is woken by a committed write, instead of looking all the time.
#[derive(Debug, Default)]
pub(crate) struct Bells {
    /// Ledger entries wait for their block.
    pub(crate) entries: Notify,
    /// There is a new block in the ledger.
    pub(crate) blocks: Notify,
    /// Jobs wait for a worker.
    pub(crate) jobs: Notify,
    /// What is remembered of names grows old.
    pub(crate) names: NamesCache,
    /// How searches begin.
    pub(crate) courses: Courses,
}

impl Bells {
    fn ring(&self, news: News) {
        if news.entry {
            self.entries.notify_one();
        }
        if news.job {
            self.jobs.notify_one();
        }
        if news.names {
            self.names.change();
        }
    }
}

/// How one run of a write ended, before its commit.
#[derive(Debug)]
pub(super) enum Ending {
    /// To be committed.
    Kept,
    /// It returned an error of its own, which it holds.
    Failed,
    /// The store undoes it for this reason.
    Refused(StoreError),
}

/// One write, whatever it returns.
pub(super) trait Write: Send {
    /// Its caller has gone away.
    fn is_abandoned(&self) -> bool;

    /// Runs it once. Its result stays inside until [`Write::answer`].
    fn run(&mut self, access: Arc<Access>, limit: Duration) -> BoxFuture<'_, Ending>;

    /// Whether it must see the world as if it were alone (PostgreSQL; on SQLite it is).
    fn is_serial(&self) -> bool;

    /// Tells the caller: its own result, or why the store undid it.
    fn answer(self: Box<Self>, undone: Option<StoreError>);
}

/// What a write is held to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    /// Changes without a ledger entry are refused.
    pub(super) recorded: bool,
    pub(super) serial: bool,
}

pub(super) struct Task<F, T, E> {
    work: F,
    rules: Rules,
    result: Option<Result<T, E>>,
    news: News,
    bells: Arc<Bells>,
    caller: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Task<F, T, E> {
    pub(super) fn new(work: F, rules: Rules, bells: Arc<Bells>) -> (Self, oneshot::Receiver<Result<T, E>>) {
        let (caller, answer) = oneshot::channel();
        (Self { work, rules, result: None, news: News::default(), bells, caller }, answer)
    }
}

impl<F, Fut, T, E> Write for Task<F, T, E>
where
    F: Fn(Tx) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    fn is_abandoned(&self) -> bool {
        self.caller.is_closed()
    }

    fn is_serial(&self) -> bool {
        self.rules.serial
    }

    fn run(&mut self, access: Arc<Access>, limit: Duration) -> BoxFuture<'_, Ending> {
        async move {
            self.result = None;
            let tx = Tx::new(Arc::clone(&access));
            let work = &self.work;
            // The closure runs inside the future, so that its panic is caught too.
            let done = async move {
                let value = work(tx.clone()).await?;
                duty::settle(&tx).await?;
                Ok(value)
            };
            let run = AssertUnwindSafe(WRITING.scope((), done)).catch_unwind();
            let outcome = tokio::time::timeout(limit, run).await;
            access.end();
            match outcome {
                Err(_elapsed) => Ending::Refused(StoreError::TimedOut { limit }),
                Ok(Err(_panic)) => Ending::Refused(StoreError::Panicked),
                Ok(Ok(Ok(_))) if access.is_unrecorded(self.rules.recorded) => {
                    Ending::Refused(StoreError::Unrecorded)
                }
                Ok(Ok(Ok(value))) => {
                    self.result = Some(Ok(value));
                    self.news = access.news();
                    Ending::Kept
                }
                Ok(Ok(Err(error))) => {
                    self.result = Some(Err(error));
                    Ending::Failed
                }
            }
        }
        .boxed()
    }

    fn answer(self: Box<Self>, undone: Option<StoreError>) {
        if undone.is_none() && matches!(self.result, Some(Ok(_))) {
            self.bells.ring(self.news);
        }
        let answer = match (undone, self.result) {
            (None, Some(result)) => result,
            (Some(reason), _) => Err(reason.into()),
            (None, None) => Err(StoreError::Ended.into()),
        };
        // A caller that went away is told nothing; what it asked for may still have been stored.
        self.caller.send(answer).ok();
    }
}
