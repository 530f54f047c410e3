//! The two doors: [`Store::read`] and [`Store::write`]. Nothing else reaches the database.

mod link;
pub(crate) mod postgres;
pub(crate) mod sqlite;
mod write;
mod writer;

use std::{fmt, future::Future, sync::Arc};

use sqlx::PgPool;
use tokio::sync::OwnedSemaphorePermit;

pub(crate) use link::Access;

use self::{
    link::{Link, Wire},
    postgres::Shards,
    sqlite::Readers,
    write::{Task, Write, is_inside_a_write},
    writer::{Writer, WriterOptions},
};
use crate::{
    config::{DatabaseUrl, StoreConfig},
    error::StoreError,
};

/// The database and the files of one installation. Clones share it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    config: StoreConfig,
    engine: Engine,
}

enum Engine {
    Sqlite { readers: Arc<Readers>, writer: Writer },
    Postgres { pool: PgPool, shards: Shards },
}

/// What a repository function can be asked through: a [`Read`] or a [`Tx`].
pub trait Queries: sealed::Reaches + Send + Sync {}

pub(crate) mod sealed {
    /// Reaches the connection; only the store can name it.
    pub trait Reaches {
        #[allow(private_interfaces, reason = "the trait is sealed: nobody outside can call or implement it")]
        fn access(&self) -> &super::Access;
    }
}

/// One moment of the database: all that is asked through it is answered as of the first question.
#[derive(Debug, Clone)]
pub struct Read(Arc<Access>);

/// One write: it sees its own changes, and all of them are kept or none.
#[derive(Debug, Clone)]
pub struct Tx(Arc<Access>);

impl Tx {
    fn new(access: Arc<Access>) -> Self {
        Self(access)
    }

    pub(crate) fn access(&self) -> &Access {
        &self.0
    }
}

impl Queries for Read {}
impl Queries for Tx {}

impl sealed::Reaches for Read {
    #[allow(private_interfaces, reason = "see the trait")]
    fn access(&self) -> &Access {
        &self.0
    }
}

impl sealed::Reaches for Tx {
    #[allow(private_interfaces, reason = "see the trait")]
    fn access(&self) -> &Access {
        &self.0
    }
}

impl Store {
    /// Opens the database, which is made where it is missing, and leaves its schema as it is: see
    /// [`Store::migrate`].
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where nothing answers, [`StoreError::File`] where the folder can't be made.
    pub async fn open(config: &StoreConfig) -> Result<Self, StoreError> {
        tokio::fs::create_dir_all(&config.data).await.map_err(StoreError::file)?;
        let engine = match &config.database {
            DatabaseUrl::Sqlite(path) => {
                let options = WriterOptions {
                    path: path.clone(),
                    limit: config.write_limit,
                    group: config.group.max(1),
                };
                // The writer first: it makes the file and turns on its log, which readers can't.
                let writer = Writer::start(options).await?;
                Engine::Sqlite { writer, readers: Readers::new(path, config.connections) }
            }
            DatabaseUrl::Postgres(url) => Engine::Postgres {
                pool: postgres::open(url, config.connections, config.write_limit).await?,
                shards: Shards::new(),
            },
        };
        Ok(Self { inner: Arc::new(Inner { config: config.clone(), engine }) })
    }

    pub fn config(&self) -> &StoreConfig {
        &self.inner.config
    }

    /// Reads, at one moment of the database.
    ///
    /// ```ignore
    /// let user = store.read(|r| async move { people::lookup_user(&r, id).await }).await?;
    /// ```
    pub async fn read<T, E, F, Fut>(&self, ask: F) -> Result<T, E>
    where
        F: FnOnce(Read) -> Fut + Send,
        Fut: Future<Output = Result<T, E>> + Send,
        E: From<StoreError>,
    {
        if is_inside_a_write() {
            return Err(StoreError::Nested.into());
        }
        let reading = Reading::begin(&self.inner.engine).await?;
        let result = ask(Read(Arc::clone(&reading.access))).await;
        reading.end().await;
        result
    }

    /// Changes something, and records in the ledger that it did. Returns when it is on disk.
    ///
    /// The closure may be run more than once (PostgreSQL gives way to other writes; an aborted group is repeated), so
    /// what it needs it clones: ids and moments are made outside.
    ///
    /// ```ignore
    /// store.write(move |tx| {
    ///     let duty = duty.clone();
    ///     async move { duty::add(&tx, &duty).await?; ledger::record(&tx, …).await }
    /// }).await?;
    /// ```
    ///
    /// # Errors
    /// The closure's own, and of the store's: [`StoreError::Unrecorded`], [`StoreError::TimedOut`],
    /// [`StoreError::Panicked`], [`StoreError::Nested`], [`StoreError::Busy`], [`StoreError::DiskFull`].
    pub async fn write<T, E, F, Fut>(&self, work: F) -> Result<T, E>
    where
        F: Fn(Tx) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.write_as(work, true).await
    }

    /// Changes what the ledger need not know of: a session seen again, a job's progress, a failed login's count. The
    /// reason stands in the code for its reader.
    ///
    /// # Errors
    /// As [`Store::write`], without [`StoreError::Unrecorded`].
    pub async fn write_unrecorded<T, E, F, Fut>(&self, reason: &'static str, work: F) -> Result<T, E>
    where
        F: Fn(Tx) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        tracing::trace!(store.reason = reason, "a write without a ledger entry");
        self.write_as(work, false).await
    }

    async fn write_as<T, E, F, Fut>(&self, work: F, recorded: bool) -> Result<T, E>
    where
        F: Fn(Tx) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        if is_inside_a_write() {
            return Err(StoreError::Nested.into());
        }
        let (task, answer) = Task::new(work, recorded);
        let task: Box<dyn Write> = Box::new(task);
        match &self.inner.engine {
            Engine::Sqlite { writer, .. } => writer.submit(task).await?,
            Engine::Postgres { pool, shards } => {
                postgres::write(pool, shards, self.inner.config.write_limit, task).await?;
            }
        }
        answer.await.unwrap_or_else(|_gone| Err(StoreError::Ended.into()))
    }

    /// Ends all connections, after the writes that wait. What is asked afterwards is refused.
    pub async fn close(self) {
        match &self.inner.engine {
            Engine::Sqlite { readers, .. } => readers.close().await,
            Engine::Postgres { pool, .. } => pool.close().await,
        }
        let Ok(inner) = Arc::try_unwrap(self.inner) else { return };
        if let Engine::Sqlite { writer, .. } = inner.engine {
            let thread = writer.thread();
            drop(writer);
            if let Some(thread) = thread {
                tokio::task::spawn_blocking(move || thread.join()).await.ok();
            }
        }
    }

    pub(crate) fn postgres(&self) -> Option<&PgPool> {
        match &self.inner.engine {
            Engine::Postgres { pool, .. } => Some(pool),
            Engine::Sqlite { .. } => None,
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("config", &self.inner.config).finish_non_exhaustive()
    }
}

/// A read under way. Dropped in the middle (its caller went away), it gives its connection back all the same.
struct Reading {
    access: Arc<Access>,
    link: Arc<Link>,
    home: Option<(Arc<Readers>, OwnedSemaphorePermit)>,
}

impl Reading {
    async fn begin(engine: &Engine) -> Result<Self, StoreError> {
        let (mut wire, home) = match engine {
            Engine::Sqlite { readers, .. } => {
                let (wire, turn) = readers.take().await?;
                (wire, Some((Arc::clone(readers), turn)))
            }
            Engine::Postgres { pool, .. } => (Wire::Postgres(pool.acquire().await?), None),
        };
        let statement = match &wire {
            Wire::Sqlite(_) => "BEGIN",
            Wire::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        };
        wire.begin(statement).await?;
        let link = Link::new(wire);
        Ok(Self { access: Access::read(Arc::clone(&link)), link, home })
    }

    async fn end(self) {
        self.access.end();
        // Taken here, so that the drop below finds nothing to roll back.
        if let Some(mut wire) = self.link.take().await {
            if wire.commit().await.is_err() {
                wire.start_roll_back();
            }
            if let (Wire::Sqlite(wire), Some((readers, _turn))) = (wire, &self.home) {
                readers.give_back(wire);
            }
        }
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.access.end();
        let Some(mut wire) = self.link.try_take() else { return };
        wire.start_roll_back();
        if let (Wire::Sqlite(wire), Some((readers, _turn))) = (wire, &self.home) {
            readers.give_back(wire);
        }
    }
}
