//! Folding SQLite's log back into the database, beside the writer.
//!
//! Left to itself, SQLite folds the log in whenever a commit has let it grow to a thousand pages, and the writer and all
//! who wait for it stand still for the pages to be copied and synced. A thread of its own does that here with what is
//! committed, while the writer goes on. The log can only begin anew when none of it is left to fold, and while others
//! write something always is: now and then the writer does the small rest itself, right after the thread has done the most
//! of it.

use std::{
    cell::Cell,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread::JoinHandle,
};

use rusqlite::{Connection, OpenFlags};

use super::sqlite::{SqliteWire, open};
use crate::error::StoreError;

/// Pages in the log, or since it was last folded, that are worth a fold. SQLite holds to a thousand by itself; a fold syncs
/// the database, which the writer's own syncs wait for, and the longer the log, the more of its pages are there twice.
const WORTH_IT: u32 = 4_000;

/// Pages in the log at which the writer does the rest: three quarters of what the log is cut back to.
const AT_MOST: u32 = 12_000;

thread_local! {
    /// Pages in the log after this thread's last commit.
    static PAGES: Cell<u32> = const { Cell::new(0) };
}

/// Lets the thread know after each commit on this connection how long the log is; nothing is folded by that commit.
pub(super) fn watch(connection: &Connection) {
    connection.wal_hook(Some(|_, pages| {
        PAGES.set(pages.unsigned_abs());
        Ok(())
    }));
}

/// The thread that folds, and how much it was asked for.
#[derive(Debug)]
pub(super) struct Folding {
    ask: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    /// Asked for and not done yet.
    at_it: Arc<AtomicBool>,
    /// How long the log was when a fold was last asked for.
    asked_at: u32,
}

impl Folding {
    /// Not to be called on the writer's thread: a thread that it starts would share its core.
    pub(super) fn start(path: PathBuf) -> Result<Self, StoreError> {
        let (ask, asked) = sync_channel(1);
        let at_it = Arc::new(AtomicBool::new(false));
        let done = Arc::clone(&at_it);
        let thread = std::thread::Builder::new()
            .name("chengjing-folding".into())
            .spawn(move || fold_when_asked(&path, &asked, &done))
            .map_err(StoreError::unavailable)?;
        Ok(Self { ask: Some(ask), thread: Some(thread), at_it, asked_at: 0 })
    }

    /// To be told of every commit, by the thread that made it.
    pub(super) fn committed(&mut self, wire: &SqliteWire) {
        let pages = PAGES.get();
        if pages < self.asked_at {
            self.asked_at = 0; // the log has begun anew
        }
        let too_long = pages >= AT_MOST;
        if pages >= self.asked_at + WORTH_IT || (too_long && self.asked_at < AT_MOST) {
            self.at_it.store(true, Ordering::Release);
            match self.ask.as_ref().map(|ask| ask.try_send(())) {
                Some(Ok(()) | Err(TrySendError::Full(()))) => self.asked_at = pages,
                // Without its thread the log is folded as SQLite would do it.
                Some(Err(TrySendError::Disconnected(()))) | None => wire.fold(),
            }
        } else if too_long && !self.at_it.load(Ordering::Acquire) {
            // What came while the thread was at it. Where somebody reads an old state, some stays for the next commit.
            wire.fold();
        }
    }
}

impl Drop for Folding {
    fn drop(&mut self) {
        self.ask = None;
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

fn fold_when_asked(path: &Path, asked: &Receiver<()>, at_it: &AtomicBool) {
    let mut connection = None;
    while asked.recv().is_ok() {
        if connection.is_none() {
            connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE, "PRAGMA synchronous = FULL")
                .inspect_err(|error| tracing::warn!(%error, "the log of the database can't be folded in"))
                .ok();
        }
        if let Some(connection) = &connection {
            fold(connection);
        }
        at_it.store(false, Ordering::Release);
    }
}

/// Folds what can be folded without anybody waiting. What fails here stays in the log, which loses nothing.
pub(super) fn fold(connection: &Connection) {
    let folded = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    if let Err(error) = folded {
        tracing::warn!(%error, "the log of the database could not be folded in");
    }
}
