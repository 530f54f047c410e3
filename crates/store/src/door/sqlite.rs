//! Opening SQLite, the connections that read from it, and what is said to it.
//!
//! SQLite is called where its caller runs: the writer's thread for writes, the thread of the request for reads. A
//! library that gives each connection a thread of its own pays for two hops a statement, which cost several times what
//! the statement does (`docs/adr/0004-sqlite-on-the-callers-thread.md`).

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use rusqlite::{Connection, OpenFlags, config::DbConfig};
use sea_orm::Value;
use serde::de::DeserializeOwned;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{cells, folding, link::Wire};
use crate::error::{SqliteFault, StoreError};

/// Statements that a connection keeps prepared.
const PREPARED: usize = 256;

/// How long a connection waits for another's lock before it is told that the database is busy.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a read's statement may take at most: it holds a thread that others wait for.
const READ_LIMIT: Duration = Duration::from_secs(30);

/// A connection to SQLite.
#[derive(Debug)]
pub(crate) struct SqliteWire {
    connection: Connection,
    /// For each statement by itself; the writer's covers a whole write.
    limit: Option<(Duration, Deadline)>,
}

impl SqliteWire {
    /// Runs a statement of the store's own (BEGIN, SAVEPOINT …), kept prepared.
    pub(super) fn run(&self, sql: &'static str) -> Result<(), sqlx::Error> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut one| one.raw_execute().map(drop))
            .map_err(|error| fault(&error))
    }

    /// Folds the log into the database, as far as nobody has to wait for it.
    pub(super) fn fold(&self) {
        folding::fold(&self.connection);
    }

    pub(super) fn is_outside_a_transaction(&self) -> bool {
        self.connection.is_autocommit()
    }

    /// Rolls back, where there is something to.
    pub(super) fn roll_back(&self) -> Result<(), sqlx::Error> {
        if self.connection.is_autocommit() { Ok(()) } else { self.run("ROLLBACK") }
    }

    /// Runs a statement and says how many rows it changed.
    pub(super) fn execute(&self, sql: &str, values: &[Value]) -> Result<u64, sqlx::Error> {
        self.start();
        let run = || {
            let mut statement = self.connection.prepare_cached(sql)?;
            cells::bind(&mut statement, values)?;
            let mut rows = statement.raw_query();
            while rows.next()?.is_some() {}
            Ok(self.connection.changes())
        };
        run().map_err(|error| fault(&error))
    }

    #[cfg(test)]
    pub(super) fn execute_batch(&self, sql: &str) -> Result<(), sqlx::Error> {
        self.connection.execute_batch(sql).map_err(|error| fault(&error))
    }

    /// The rows of a statement, each read into a `T`.
    pub(super) fn rows<T: DeserializeOwned>(
        &self,
        sql: &str,
        values: &[Value],
    ) -> Result<Vec<T>, sqlx::Error> {
        self.start();
        let mut statement = self.connection.prepare_cached(sql).map_err(|error| fault(&error))?;
        cells::bind(&mut statement, values).map_err(|error| fault(&error))?;
        let mut rows = statement.raw_query();
        let mut read = Vec::new();
        while let Some(row) = rows.next().map_err(|error| fault(&error))? {
            read.push(cells::read(row).map_err(|misfit| sqlx::Error::Decode(Box::new(misfit)))?);
        }
        Ok(read)
    }

    fn start(&self) {
        if let Some((limit, deadline)) = &self.limit {
            deadline.set(*limit);
        }
    }
}

/// SQLite's own words and code, in the form in which the other engine's come.
fn fault(error: &rusqlite::Error) -> sqlx::Error {
    let code = error.sqlite_error().map(|error| error.extended_code);
    match code {
        Some(code) => sqlx::Error::Database(Box::new(SqliteFault::new(code, error))),
        None => sqlx::Error::Protocol(error.to_string()),
    }
}

pub(super) fn open(path: &Path, flags: OpenFlags, pragmas: &str) -> Result<Connection, StoreError> {
    let open = || {
        let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(PATIENCE)?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        // A statement's plan is its shape's, whatever is bound to it; otherwise it is prepared anew for each value.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.execute_batch("PRAGMA foreign_keys = ON")?;
        connection.execute_batch(pragmas)?;
        Ok(connection)
    };
    open().map_err(|error| fault(&error)).map_err(StoreError::from)
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

    fn watch(&self, connection: &Connection) -> Result<(), StoreError> {
        /// Steps of SQLite's machine between two looks: about a millisecond.
        const STEPS: i32 = 20_000;
        let deadline = self.clone();
        connection
            .progress_handler(STEPS, Some(move || deadline.has_passed()))
            .map_err(|error| fault(&error))?;
        Ok(())
    }
}

/// The connection that writes, stopped by `deadline`.
///
/// Acknowledged means on disk: WAL with `synchronous=FULL` syncs the log at every commit.
///
/// No `temp_store=memory` here: it keeps the journal of the savepoint in memory as one list, which SQLite walks at the
/// end of every statement; a write of a thousand duties then spends half its time on that walk.
pub(super) fn open_writer(path: &Path, deadline: &Deadline) -> Result<SqliteWire, StoreError> {
    let connection = open(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384; \
         PRAGMA journal_size_limit = 67108864",
    )?;
    deadline.watch(&connection)?;
    folding::watch(&connection);
    Ok(SqliteWire { connection, limit: None })
}

/// A connection of its own for a migration, which SeaORM's migrator drives.
pub(crate) fn migrating(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
}

/// The connections that read. A plain stack: the one used last has the warmest cache.
#[derive(Debug)]
pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<SqliteWire>>,
    turns: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(path: &Path, connections: u32) -> Arc<Self> {
        let turns = Arc::new(Semaphore::new(connections.max(1) as usize));
        Arc::new(Self { path: path.to_owned(), idle: Mutex::default(), turns })
    }

    pub(super) async fn take(&self) -> Result<(Wire, OwnedSemaphorePermit), StoreError> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(StoreError::unavailable)?;
        let idle = self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
        let wire = match idle {
            Some(wire) => wire,
            None => self.open()?,
        };
        Ok((Wire::Sqlite(wire), turn))
    }

    fn open(&self) -> Result<SqliteWire, StoreError> {
        // A small cache: what is not in it, the system holds once for all connections.
        let pragmas = "PRAGMA temp_store = memory; PRAGMA cache_size = -4096";
        let connection = open(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY, pragmas)?;
        let deadline = Deadline::none();
        deadline.watch(&connection)?;
        Ok(SqliteWire { connection, limit: Some((READ_LIMIT, deadline)) })
    }

    pub(super) fn give_back(&self, wire: SqliteWire) {
        if !self.turns.is_closed() {
            self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(wire);
        }
    }

    pub(super) fn close(&self) {
        self.turns.close();
        // Closing a connection that only read has nothing to lose.
        drop(std::mem::take(&mut *self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner)));
    }
}
