//! One connection, and what SeaORM speaks through.
//!
//! SeaORM builds the statements and reads PostgreSQL's rows; it does not hold the connection. Its own transaction must
//! be owned to be committed, cannot be closed to a task that still holds it, and clones every statement's values.

use std::{
    collections::{BTreeSet, HashSet},
    sync::{
        Arc, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

use chengjing_domain::{
    id::{CampaignId, DutyId},
    ledger::{Effect, Subject, SubjectKind},
};
use sea_orm::{DbBackend, DbErr, QueryResult, Statement, Value, Values};
use sea_query_sqlx::SqlxValues;
use serde::de::DeserializeOwned;
use sqlx::{AssertSqlSafe, Database, Postgres, SqlSafeStr, pool::PoolConnection, postgres::PgConnection};
use sqlx_core::transaction::TransactionManager;
use tokio::sync::Mutex;

use super::{sqlite::SqliteWire, write::Bells};
use crate::{
    error::{StoreError, is_taken, is_worth_repeating},
    search::Pending,
};

type PostgresManager = <Postgres as Database>::TransactionManager;

/// A connection in a transaction.
#[derive(Debug)]
pub(crate) enum Wire {
    Sqlite(SqliteWire),
    Postgres(Lent),
}

/// A connection lent by the pool. Wherever it is dropped, in the middle of a COMMIT too, it goes back without a
/// transaction: the next to borrow it would find itself inside.
#[derive(Debug)]
pub(crate) struct Lent {
    connection: Option<PoolConnection<Postgres>>,
    /// A BEGIN was sent and not answered yet: whether there is a transaction, nobody knows.
    begins: bool,
}

impl Lent {
    pub(crate) fn new(connection: PoolConnection<Postgres>) -> Self {
        Self { connection: Some(connection), begins: false }
    }

    fn get(&mut self) -> &mut PgConnection {
        self.connection.as_mut().expect("only `detach` takes it, with `self`")
    }

    /// Takes it from the pool for good.
    pub(crate) fn detach(mut self) -> Option<PgConnection> {
        self.connection.take().map(PoolConnection::detach)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        if self.begins {
            // sqlx would queue no ROLLBACK for a transaction that it does not know of, and the next to borrow the
            // connection would write into a read. It is closed instead; the pool opens another.
            drop(connection.detach());
        } else {
            PostgresManager::start_rollback(&mut connection);
        }
    }
}

impl Wire {
    pub(crate) async fn begin(&mut self, statement: &'static str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(wire) => wire.run(statement)?,
            Self::Postgres(wire) => {
                wire.begins = true;
                PostgresManager::begin(wire.get(), Some(statement.into_sql_str())).await?;
                wire.begins = false;
            }
        }
        Ok(())
    }

    pub(crate) async fn commit(&mut self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(wire) => wire.run("COMMIT"),
            Self::Postgres(wire) => PostgresManager::commit(wire.get()).await,
        }
    }

    pub(crate) async fn roll_back(&mut self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(wire) => wire.roll_back(),
            Self::Postgres(wire) => PostgresManager::rollback(wire.get()).await,
        }
    }

    /// Rolls back (PostgreSQL: queues it) a transaction that nobody waits for any more; a no-op after its end.
    pub(crate) fn start_roll_back(&mut self) {
        match self {
            // Where that fails, the connection's next BEGIN does.
            Self::Sqlite(wire) => drop(wire.roll_back()),
            Self::Postgres(wire) => PostgresManager::start_rollback(wire.get()),
        }
    }

    fn backend(&self) -> DbBackend {
        match self {
            Self::Sqlite(_) => DbBackend::Sqlite,
            Self::Postgres(_) => DbBackend::Postgres,
        }
    }
}

/// Holds the connection of one transaction until it is taken back out; whoever speaks later finds it gone.
#[derive(Debug)]
pub(crate) struct Link {
    backend: DbBackend,
    wire: Mutex<Option<Wire>>,
    /// Something in this transaction has changed names: this write, or on SQLite one that shares its commit.
    names: AtomicBool,
    /// What writes that are to be kept have for the index, which is told before the commit.
    index: std::sync::Mutex<Pending>,
}

impl Link {
    pub(crate) fn new(wire: Wire) -> Arc<Self> {
        Arc::new(Self {
            backend: wire.backend(),
            wire: Mutex::new(Some(wire)),
            names: AtomicBool::new(false),
            index: std::sync::Mutex::default(),
        })
    }

    /// Takes the connection out, after the statement that may still be under way.
    pub(crate) async fn take(&self) -> Option<Wire> {
        self.wire.lock().await.take()
    }

    /// Takes the connection out, unless a statement is under way.
    pub(crate) fn try_take(&self) -> Option<Wire> {
        self.wire.try_lock().ok()?.take()
    }

    /// Runs a statement of the store's own (SAVEPOINT, RELEASE …), kept prepared.
    pub(crate) async fn run(&self, sql: &'static str) -> Result<(), sqlx::Error> {
        match self.wire.lock().await.as_mut() {
            Some(Wire::Sqlite(wire)) => wire.run(sql),
            Some(Wire::Postgres(wire)) => sqlx::query(sql).execute(wire.get()).await.map(drop),
            None => Err(sqlx::Error::PoolClosed),
        }
    }
}

impl Link {
    /// SQLite has ended the transaction by itself (a full disk, a statement that was stopped), or it was taken out.
    pub(crate) async fn has_lost_its_transaction(&self) -> bool {
        match self.wire.lock().await.as_ref() {
            Some(Wire::Sqlite(wire)) => wire.is_outside_a_transaction(),
            Some(Wire::Postgres(_)) => false,
            None => true,
        }
    }
}

/// What a committed write means for those who wait.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct News {
    pub(crate) entry: bool,
    pub(crate) job: bool,
    pub(crate) names: bool,
}

/// One read or one write: the link it speaks through and what it has done so far.
#[derive(Debug)]
pub(crate) struct Access {
    link: Arc<Link>,
    writes: bool,
    open: AtomicBool,
    changed: AtomicBool,
    recorded: AtomicU32,
    /// What was stored or removed and stands in no ledger entry yet.
    noted: std::sync::Mutex<Vec<(Subject, Effect)>>,
    /// Duties of whose targets something else may be said after this.
    touched: std::sync::Mutex<BTreeSet<(CampaignId, DutyId)>>,
    repeat: AtomicBool,
    taken: AtomicBool,
    job: AtomicBool,
    /// It has changed a campaign, a unit or a phase.
    names: AtomicBool,
    /// Which changes of names it sees at least.
    names_seen: u64,
    /// What SQLite's search index is to be told of it.
    index: std::sync::Mutex<Pending>,
    bells: Arc<Bells>,
    /// Which part of the spread counters it adds to. No two writes of one process that run at the same time have the
    /// same, so that they never wait for, nor fail, each other there.
    pub(crate) shard: u8,
}

impl Access {
    /// `names_seen`: as [`NamesCache::changes`](crate::campaign::NamesCache::changes) said before its transaction began.
    pub(crate) fn read(link: Arc<Link>, bells: &Arc<Bells>, names_seen: u64) -> Arc<Self> {
        Self::new(link, bells, names_seen, false, 0)
    }

    pub(crate) fn write(link: Arc<Link>, bells: &Arc<Bells>, names_seen: u64, shard: u8) -> Arc<Self> {
        Self::new(link, bells, names_seen, true, shard)
    }

    fn new(link: Arc<Link>, bells: &Arc<Bells>, names_seen: u64, writes: bool, shard: u8) -> Arc<Self> {
        Arc::new(Self {
            link,
            writes,
            open: AtomicBool::new(true),
            changed: AtomicBool::new(false),
            recorded: AtomicU32::new(0),
            noted: std::sync::Mutex::default(),
            touched: std::sync::Mutex::default(),
            repeat: AtomicBool::new(false),
            taken: AtomicBool::new(false),
            job: AtomicBool::new(false),
            names: AtomicBool::new(false),
            names_seen,
            index: std::sync::Mutex::default(),
            bells: Arc::clone(bells),
            shard,
        })
    }

    /// Nothing can be said through it afterwards, whoever still holds it.
    pub(crate) fn end(&self) {
        self.open.store(false, Ordering::Release);
    }

    /// An entry was written.
    pub(crate) fn note_entry(&self) {
        self.recorded.fetch_add(1, Ordering::Relaxed);
    }

    /// A job was added: workers are to be told once it is committed.
    pub(crate) fn note_job(&self) {
        self.job.store(true, Ordering::Relaxed);
    }

    /// What the rest of the program is to be told of once this is committed.
    pub(crate) fn news(&self) -> News {
        News {
            entry: self.recorded.load(Ordering::Relaxed) > 0,
            job: self.job.load(Ordering::Relaxed),
            names: self.has_changed_names(),
        }
    }

    pub(crate) fn bells(&self) -> &Bells {
        &self.bells
    }

    pub(crate) fn has_changed_names(&self) -> bool {
        self.names.load(Ordering::Relaxed)
    }

    /// What it reads of names is committed: nobody in its transaction has changed any.
    pub(crate) fn sees_committed_names(&self) -> bool {
        !self.link.names.load(Ordering::Relaxed)
    }

    pub(crate) fn names_seen(&self) -> u64 {
        self.names_seen
    }

    /// A thing was stored or removed; the last note of a thing counts.
    pub(crate) fn note(&self, subject: Subject, effect: Effect) {
        if matches!(
            subject.kind,
            SubjectKind::Campaign | SubjectKind::Unit | SubjectKind::Phase | SubjectKind::Initiative
        ) {
            self.names.store(true, Ordering::Relaxed);
            self.link.names.store(true, Ordering::Relaxed);
        }
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        // Most writes note one thing; an adoption notes thousands, each once, in one go.
        match noted.iter_mut().rev().take(8).find(|(other, _)| *other == subject) {
            Some(note) => note.1 = effect,
            None => noted.push((subject, effect)),
        }
    }

    /// What is said of that duty's targets is looked at when the write is done.
    pub(crate) fn touch(&self, campaign: CampaignId, duty: DutyId) {
        self.touched.lock().unwrap_or_else(PoisonError::into_inner).insert((campaign, duty));
    }

    pub(crate) fn take_touched(&self) -> BTreeSet<(CampaignId, DutyId)> {
        std::mem::take(&mut *self.touched.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The notes since the last entry, each thing once.
    pub(crate) fn take_noted(&self) -> Vec<(Subject, Effect)> {
        let mut noted = std::mem::take(&mut *self.noted.lock().unwrap_or_else(PoisonError::into_inner));
        // The newest of each first, then back in order.
        noted.reverse();
        let mut seen = HashSet::new();
        noted.retain(|(subject, _)| seen.insert(*subject));
        noted.reverse();
        noted
    }

    /// Keeps for the end what SQLite's search index is to be told.
    pub(crate) fn index_later(&self, told: impl FnOnce(&mut Pending)) {
        told(&mut self.index.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Leaves it to those that share the commit: this write is to be kept.
    pub(crate) fn index_with_the_others(&self) {
        let own = std::mem::take(&mut *self.index.lock().unwrap_or_else(PoisonError::into_inner));
        self.link.index.lock().unwrap_or_else(PoisonError::into_inner).join(own);
    }

    /// Tells the search index what it was not told yet, of this write and of those before it that share its commit.
    pub(crate) async fn index_now(&self) -> Result<(), StoreError> {
        if !self.writes || !self.is_sqlite() {
            return Ok(());
        }
        self.index_with_the_others();
        let all = std::mem::take(&mut *self.link.index.lock().unwrap_or_else(PoisonError::into_inner));
        all.write(self).await
    }

    /// A ledgered thing was changed and no entry says so; or, where `every` change must be told of, anything was.
    pub(crate) fn is_unrecorded(&self, every: bool) -> bool {
        let noted = !self.noted.lock().unwrap_or_else(PoisonError::into_inner).is_empty();
        let silent = self.changed.load(Ordering::Relaxed) && self.recorded.load(Ordering::Relaxed) == 0;
        noted || (every && silent)
    }

    /// It has said something that may have changed rows.
    pub(crate) fn has_changed(&self) -> bool {
        self.changed.load(Ordering::Relaxed)
    }

    /// PostgreSQL gave way to another write: the same write may succeed when run again.
    pub(crate) fn is_worth_repeating(&self) -> bool {
        self.repeat.load(Ordering::Relaxed)
    }

    /// A unique key was taken, perhaps after this write looked: run again, it finds what the other has left.
    pub(crate) fn met_taken(&self) -> bool {
        self.taken.load(Ordering::Relaxed)
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.link.backend == DbBackend::Sqlite
    }

    fn admit(&self, sql: &str) -> Result<(), StoreError> {
        if !reads_only(sql) {
            if !self.writes {
                return Err(StoreError::ReadOnly);
            }
            self.changed.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    fn failed(&self, error: sqlx::Error) -> StoreError {
        if is_worth_repeating(&error) {
            self.repeat.store(true, Ordering::Relaxed);
        }
        if is_taken(&error) {
            self.taken.store(true, Ordering::Relaxed);
        }
        error.into()
    }

    /// Asked after the lock is held: a write that was cut off may have queued for it.
    fn check_open<'a>(&self, wire: &'a mut Option<Wire>) -> Result<&'a mut Wire, StoreError> {
        match wire {
            Some(wire) if self.open.load(Ordering::Acquire) => Ok(wire),
            _ => Err(StoreError::Ended),
        }
    }
}

impl Access {
    pub(crate) fn backend(&self) -> DbBackend {
        self.link.backend
    }

    /// Runs a statement and says how many rows it changed.
    pub(crate) async fn execute(&self, statement: Statement) -> Result<u64, StoreError> {
        self.admit(&statement.sql)?;
        let mut wire = self.link.wire.lock().await;
        match self.check_open(&mut wire)? {
            Wire::Sqlite(wire) => wire.execute(&statement.sql, slice(&statement)).map_err(|e| self.failed(e)),
            Wire::Postgres(wire) => {
                let (sql, values) = values(statement);
                let result = sqlx::query_with(sql, values).execute(wire.get()).await;
                result.map(|result| result.rows_affected()).map_err(|e| self.failed(e))
            }
        }
    }

    /// Runs a statement of a test, which may be one that ends transactions.
    #[cfg(test)]
    pub(crate) async fn execute_unprepared(&self, sql: &str) -> Result<(), StoreError> {
        self.admit(sql)?;
        let mut wire = self.link.wire.lock().await;
        match self.check_open(&mut wire)? {
            Wire::Sqlite(wire) => wire.execute_batch(sql).map_err(|e| self.failed(e)),
            Wire::Postgres(wire) => {
                let sql = AssertSqlSafe(sql.to_owned());
                sqlx::Executor::execute(wire.get(), sql).await.map(drop).map_err(|e| self.failed(e))
            }
        }
    }

    /// The rows of a statement: SQLite's are read by serde, PostgreSQL's by SeaORM.
    pub(super) async fn rows<T: DeserializeOwned>(
        &self,
        statement: Statement,
        of_postgres: fn(&QueryResult) -> Result<T, DbErr>,
    ) -> Result<Vec<T>, StoreError> {
        self.admit(&statement.sql)?;
        let mut wire = self.link.wire.lock().await;
        match self.check_open(&mut wire)? {
            Wire::Sqlite(wire) => wire.rows(&statement.sql, slice(&statement)).map_err(|e| self.failed(e)),
            Wire::Postgres(wire) => {
                let (sql, values) = values(statement);
                let rows = sqlx::query_with(sql, values).fetch_all(wire.get()).await;
                let rows = rows.map_err(|e| self.failed(e))?;
                let read = rows.into_iter().map(|row| of_postgres(&row.into()));
                Ok(read.collect::<Result<_, _>>()?)
            }
        }
    }
}

fn reads_only(sql: &str) -> bool {
    sql.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("select"))
}

/// The values of a statement, for the engine that takes them as they are.
fn slice(statement: &Statement) -> &[Value] {
    statement.values.as_ref().map_or(&[], |values| &values.0)
}

/// The statement as sqlx takes it.
fn values(statement: Statement) -> (AssertSqlSafe<String>, SqlxValues) {
    debug_assert!(
        names_each(&statement.sql, slice(&statement).len()),
        "a value without a place, or a place without one: {}",
        statement.sql
    );
    (AssertSqlSafe(statement.sql), SqlxValues(statement.values.unwrap_or(Values(Vec::new()))))
}

/// Whether each of so many values has its place. PostgreSQL keeps a statement by its text, with as many values as it had
/// the first time: one too many is a fault of whoever comes with the same text and the right number.
fn names_each(sql: &str, values: usize) -> bool {
    let places = sql.split('$').skip(1).filter_map(|after| {
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        after[..digits].parse::<usize>().ok()
    });
    let places: std::collections::BTreeSet<usize> = places.collect();
    places.iter().copied().eq(1..=values)
}
