//! The grouping writer of SQLite: one thread, one connection, one durable commit for all that wait.
//!
//! A sync to disk costs more than a hundred writes do, so the writes that came while the last one was under way share
//! the next, with those that come until it begins. Each fails alone; nobody is told "done" before the shared commit is on disk. The thread is pinned to one
//! core: unpinned, much of the gain is lost to moving between them.
//!
//! A savepoint for each write would make it fail alone, and costs every write the copies of the pages that it changes.
//! Nearly all that fail do so before they change anything and leave nothing to undo. So a group runs without savepoints
//! first; should one fail after it has changed something, all is undone and the group runs again with them.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use tokio::sync::{mpsc, oneshot};

use super::{
    folding::Folding,
    link::{Access, Link, Wire},
    sqlite::{Deadline, SqliteWire, open_writer},
    write::{Bells, Ending, Write},
};
use crate::error::StoreError;

/// Writes that may wait before callers have to wait to be let in.
const QUEUE: usize = 1024;

#[derive(Debug)]
pub(super) struct Writer {
    queue: mpsc::Sender<Box<dyn Write>>,
    thread: std::sync::Mutex<Option<JoinHandle<()>>>,
}

pub(super) struct WriterOptions {
    pub(super) path: PathBuf,
    pub(super) limit: Duration,
    pub(super) group: usize,
    pub(super) group_open: Duration,
    pub(super) bells: Arc<Bells>,
}

impl Writer {
    /// Starts the thread and returns when its connection is open.
    pub(super) async fn start(options: WriterOptions) -> Result<Self, StoreError> {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let (opened, ready) = oneshot::channel();
        let folding = Folding::start(options.path.clone())?;
        let thread = std::thread::Builder::new()
            .name("chengjing-writer".into())
            .spawn(move || run_thread(options, folding, waiting, opened))
            .map_err(StoreError::unavailable)?;
        ready.await.map_err(StoreError::unavailable)??;
        Ok(Self { queue, thread: std::sync::Mutex::new(Some(thread)) })
    }

    pub(super) async fn submit(&self, write: Box<dyn Write>) -> Result<(), StoreError> {
        self.queue.send(write).await.map_err(|_closed| StoreError::Ended)
    }

    /// The thread, to be waited for after the last sender is gone.
    pub(super) fn thread(&self) -> Option<JoinHandle<()>> {
        self.thread.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take()
    }
}

impl std::fmt::Debug for dyn Write {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Write")
    }
}

fn run_thread(
    options: WriterOptions,
    folding: Folding,
    waiting: Waiting,
    opened: oneshot::Sender<Result<(), StoreError>>,
) {
    pin();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_time().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            opened.send(Err(StoreError::unavailable(error))).ok();
            return;
        }
    };
    runtime.block_on(async move {
        let deadline = Deadline::none();
        match open_writer(&options.path, &deadline) {
            Ok(wire) => {
                opened.send(Ok(())).ok();
                Loop { options, folding, deadline, wire: Some(wire) }.serve(waiting).await;
            }
            Err(error) => drop(opened.send(Err(error))),
        }
    });
}

/// Takes one core for this thread and those that it starts. The first store of a process takes the last core, further
/// ones (tests) the next; a system that does not allow it only loses speed.
fn pin() {
    static STARTED: AtomicUsize = AtomicUsize::new(1);
    let Some(cores) = core_affinity::get_core_ids().filter(|cores| !cores.is_empty()) else { return };
    let turn = STARTED.fetch_add(1, Ordering::Relaxed) % cores.len();
    core_affinity::set_for_current(cores[(cores.len() - turn) % cores.len()]);
}

type Waiting = mpsc::Receiver<Box<dyn Write>>;

struct Loop {
    options: WriterOptions,
    folding: Folding,
    deadline: Deadline,
    /// None after an abort whose reopening failed; the next group tries again.
    wire: Option<SqliteWire>,
}

/// How a write of a group is undone without the others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Undoing {
    /// Not at all: what changed something and fails takes the group with it.
    Together,
    /// Each has a savepoint of its own.
    Savepoints,
}

/// What came of trying a group.
enum Attempt {
    /// Each write's ending; those kept are on disk.
    Done(Vec<Ending>),
    /// Nothing was kept, since one failed that could not be undone by itself.
    Undone,
    /// Nothing was kept. `endings` of those that had run; the others never did.
    Aborted { endings: Vec<Ending>, reason: StoreError },
}

impl Loop {
    async fn serve(mut self, mut waiting: Waiting) {
        let mut group = Vec::with_capacity(self.options.group);
        while waiting.recv_many(&mut group, self.options.group).await > 0 {
            group.retain(|write| !write.is_abandoned());
            if !group.is_empty() {
                self.handle(std::mem::take(&mut group), &mut waiting).await;
                self.fold();
            }
        }
    }

    async fn handle(&mut self, mut group: Vec<Box<dyn Write>>, waiting: &mut Waiting) {
        let attempt = match self.attempt(&mut group, Undoing::Together, Some(waiting)).await {
            Attempt::Undone => self.attempt(&mut group, Undoing::Savepoints, None).await,
            attempt => attempt,
        };
        match attempt {
            Attempt::Done(endings) => answer_done(group, endings),
            // One write took the whole group down. Whoever is to blame has its answer; the others did nothing wrong
            // and run again, each alone.
            Attempt::Aborted { endings, reason } if group.len() > 1 => {
                tracing::warn!(store.group = group.len(), error = %reason, "a group of writes was aborted");
                let mut endings = endings.into_iter();
                for write in group {
                    match endings.next() {
                        Some(Ending::Refused(reason)) => write.answer(Some(reason)),
                        Some(Ending::Failed) => write.answer(None),
                        Some(Ending::Kept) | None => self.handle_alone(write).await,
                    }
                }
            }
            Attempt::Aborted { endings, reason } => answer_aborted(group, endings, &reason),
            Attempt::Undone => answer_aborted(group, Vec::new(), &StoreError::Ended),
        }
    }

    async fn handle_alone(&mut self, write: Box<dyn Write>) {
        let mut group = vec![write];
        match self.attempt(&mut group, Undoing::Savepoints, None).await {
            Attempt::Done(endings) => answer_done(group, endings),
            Attempt::Aborted { endings, reason } => answer_aborted(group, endings, &reason),
            Attempt::Undone => answer_aborted(group, Vec::new(), &StoreError::Ended),
        }
    }

    /// Runs a group, and those of `waiting` that come before its commit.
    async fn attempt(
        &mut self,
        group: &mut Vec<Box<dyn Write>>,
        undoing: Undoing,
        mut waiting: Option<&mut Waiting>,
    ) -> Attempt {
        let begun = Instant::now();
        let mut endings = Vec::with_capacity(group.len());
        let wire = match self.wire.take() {
            Some(wire) => wire,
            None => match open_writer(&self.options.path, &self.deadline) {
                Ok(wire) => wire,
                Err(reason) => return Attempt::Aborted { endings, reason },
            },
        };
        let mut wire = Wire::Sqlite(wire);
        if let Err(reason) = wire.begin("BEGIN IMMEDIATE").await {
            self.reopen(wire).await;
            return Attempt::Aborted { endings, reason };
        }
        let link = Link::new(wire);
        while let Some(write) = group.get_mut(endings.len()) {
            match self.run_one(&link, &mut **write, undoing, &mut endings).await {
                Ok(Left::Sound) => {}
                Ok(Left::Spoilt) => return self.undo(&link, endings, group.len() == 1).await,
                Err(reason) => {
                    if let Some(wire) = link.take().await {
                        self.reopen(wire).await;
                    }
                    return Attempt::Aborted { endings, reason };
                }
            }
            if let Some(waiting) = waiting.as_mut().filter(|_| endings.len() == group.len())
                && begun.elapsed() < self.options.group_open
            {
                self.let_in(group, waiting);
            }
        }
        let indexed = self.index(&link).await;
        let Some(mut wire) = link.take().await else {
            return Attempt::Aborted { endings, reason: StoreError::Ended };
        };
        if let Err(reason) = indexed {
            self.reopen(wire).await;
            return Attempt::Aborted { endings, reason };
        }
        if let Err(error) = wire.commit().await {
            self.reopen(wire).await;
            // What had failed by itself keeps its own answer; what was to be kept learns of the commit.
            let reason = StoreError::from(error);
            for ending in &mut endings {
                if matches!(ending, Ending::Kept) {
                    *ending = Ending::Refused(reason.clone());
                }
            }
            return Attempt::Done(endings);
        }
        if let Wire::Sqlite(wire) = wire {
            self.wire = Some(wire);
        }
        Attempt::Done(endings)
    }

    fn let_in(&self, group: &mut Vec<Box<dyn Write>>, waiting: &mut Waiting) {
        while group.len() < self.options.group
            && let Ok(write) = waiting.try_recv()
        {
            if !write.is_abandoned() {
                group.push(write);
            }
        }
    }

    /// Tells the search index what the writes of a group have for it.
    async fn index(&self, link: &Arc<Link>) -> Result<(), StoreError> {
        self.deadline.set(self.options.limit);
        let bells = &self.options.bells;
        let done = Access::write(Arc::clone(link), bells, bells.names.changes(), 0).index_now().await;
        self.deadline.clear();
        done
    }

    /// After those of the last group have their answers.
    fn fold(&mut self) {
        if let Some(wire) = &self.wire {
            self.folding.committed(wire);
        }
    }

    /// Runs one write. An error means that SQLite has lost the transaction, and with it the group.
    async fn run_one(
        &self,
        link: &Arc<Link>,
        write: &mut dyn Write,
        undoing: Undoing,
        endings: &mut Vec<Ending>,
    ) -> Result<Left, StoreError> {
        if undoing == Undoing::Savepoints {
            link.run("SAVEPOINT one").await?;
        }
        self.deadline.set(self.options.limit);
        let bells = &self.options.bells;
        let access = Access::write(Arc::clone(link), bells, bells.names.changes(), 0);
        let ending = write.run(Arc::clone(&access), self.options.limit).await;
        let kept = matches!(ending, Ending::Kept);
        endings.push(ending);
        if kept {
            access.index_with_the_others();
            if undoing == Undoing::Savepoints {
                // What the next one takes back must be its own.
                self.index(link).await?;
                self.deadline.set(self.options.limit);
            }
        }
        // Asking waits for a statement that outlives its write: it is still bound by the deadline.
        let lost = link.has_lost_its_transaction().await;
        let left = match undoing {
            _ if lost => Err(StoreError::Ended),
            Undoing::Together if kept || !access.has_changed() => Ok(Left::Sound),
            Undoing::Together => Ok(Left::Spoilt),
            Undoing::Savepoints => {
                if !kept {
                    link.run("ROLLBACK TO one").await?;
                }
                link.run("RELEASE one").await?;
                Ok(Left::Sound)
            }
        };
        self.deadline.clear();
        left
    }

    /// Takes back a group whose last write failed after it had changed something. One that is `alone` has taken nobody
    /// with it.
    async fn undo(&mut self, link: &Arc<Link>, endings: Vec<Ending>, alone: bool) -> Attempt {
        let Some(mut wire) = link.take().await else {
            return Attempt::Aborted { endings, reason: StoreError::Ended };
        };
        if let Err(error) = wire.roll_back().await {
            self.reopen(wire).await;
            return Attempt::Aborted { endings, reason: error.into() };
        }
        if let Wire::Sqlite(wire) = wire {
            self.wire = Some(wire);
        }
        if alone { Attempt::Done(endings) } else { Attempt::Undone }
    }

    /// A connection that lost a transaction is not trusted again.
    async fn reopen(&mut self, mut wire: Wire) {
        self.deadline.clear();
        wire.roll_back().await.ok();
        drop(wire);
        self.wire = open_writer(&self.options.path, &self.deadline).ok();
    }
}

/// In what state a write left the group's transaction.
enum Left {
    Sound,
    /// With changes of a write that failed.
    Spoilt,
}

fn answer_done(group: Vec<Box<dyn Write>>, endings: Vec<Ending>) {
    for (write, ending) in group.into_iter().zip(endings) {
        write.answer(refusal(ending));
    }
}

fn refusal(ending: Ending) -> Option<StoreError> {
    match ending {
        Ending::Kept | Ending::Failed => None,
        Ending::Refused(reason) => Some(reason),
    }
}

fn answer_aborted(group: Vec<Box<dyn Write>>, endings: Vec<Ending>, reason: &StoreError) {
    let mut endings = endings.into_iter();
    for write in group {
        match endings.next() {
            Some(Ending::Refused(own)) => write.answer(Some(own)),
            Some(Ending::Failed) => write.answer(None),
            Some(Ending::Kept) | None => write.answer(Some(reason.clone())),
        }
    }
}
