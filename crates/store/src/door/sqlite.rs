//! Opening SQLite, and the connections that read from it.

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use sqlx::{
    ConnectOptions, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::link::Wire;
use crate::error::StoreError;

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .statement_cache_capacity(256)
        // A page of rows crosses from SQLite's thread in one go.
        .row_buffer_size(512)
        .disable_statement_logging()
}

/// Acknowledged means on disk: WAL with `synchronous=FULL` syncs the log at every commit.
///
/// No `temp_store=memory` here: it keeps the journal of the savepoint in memory as one list, which SQLite walks at the
/// end of every statement; a write of a thousand duties then spends half its time on that walk.
fn writing(path: &Path) -> SqliteConnectOptions {
    options(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("cache_size", "-16384")
        .pragma("journal_size_limit", "67108864")
        .thread_name(|_| "chengjing-sqlite-writer".into())
}

/// When the statement that runs must stop: the only way to end one is from inside SQLite.
#[derive(Debug, Clone)]
pub(super) struct Deadline {
    start: Instant,
    nanos: Arc<AtomicU64>,
}

impl Deadline {
    pub(super) fn none() -> Self {
        Self { start: Instant::now(), nanos: Arc::new(AtomicU64::new(u64::MAX)) }
    }

    pub(super) fn set(&self, limit: Duration) {
        let nanos = u64::try_from((self.start.elapsed() + limit).as_nanos()).unwrap_or(u64::MAX);
        self.nanos.store(nanos, Ordering::Relaxed);
    }

    /// A COMMIT is never cut off.
    pub(super) fn clear(&self) {
        self.nanos.store(u64::MAX, Ordering::Relaxed);
    }

    fn has_passed(&self) -> bool {
        let nanos = self.nanos.load(Ordering::Relaxed);
        nanos != u64::MAX && self.start.elapsed().as_nanos() > u128::from(nanos)
    }
}

/// Steps of SQLite's machine between two looks at the deadline: about a millisecond.
const STEPS: i32 = 20_000;

/// The connection that writes, stopped by `deadline`.
pub(super) async fn open_writer(path: &Path, deadline: &Deadline) -> Result<SqliteConnection, StoreError> {
    let mut wire = writing(path).connect().await?;
    let deadline = deadline.clone();
    wire.lock_handle().await?.set_progress_handler(STEPS, move || !deadline.has_passed());
    Ok(wire)
}

/// A connection of its own for a migration.
pub(crate) fn migrating(path: &Path) -> SqliteConnectOptions {
    writing(path)
}

/// The connections that read. A plain stack: the one used last has the warmest cache.
#[derive(Debug)]
pub(super) struct Readers {
    options: SqliteConnectOptions,
    idle: Mutex<Vec<SqliteConnection>>,
    turns: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(path: &Path, connections: u32) -> Arc<Self> {
        let options = options(path)
            .read_only(true)
            .pragma("temp_store", "memory")
            .pragma("cache_size", "-8192")
            .thread_name(|n| format!("chengjing-sqlite-reader-{n}"));
        let turns = Arc::new(Semaphore::new(connections.max(1) as usize));
        Arc::new(Self { options, idle: Mutex::default(), turns })
    }

    pub(super) async fn take(&self) -> Result<(Wire, OwnedSemaphorePermit), StoreError> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(StoreError::unavailable)?;
        let idle = self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
        let wire = match idle {
            Some(wire) => wire,
            None => self.options.connect().await?,
        };
        Ok((Wire::Sqlite(wire), turn))
    }

    pub(super) fn give_back(&self, wire: SqliteConnection) {
        if !self.turns.is_closed() {
            self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(wire);
        }
    }

    pub(super) async fn close(&self) {
        self.turns.close();
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        for wire in idle {
            // Closing a connection that only read has nothing to lose.
            sqlx::Connection::close(wire).await.ok();
        }
    }
}
