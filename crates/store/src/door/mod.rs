//! The two doors: [`Store::read`] and [`Store::write`]. Nothing else reaches the database.

mod cells;
mod folding;
mod link;
pub(crate) mod postgres;
mod rows;
pub(crate) mod sqlite;
#[cfg(test)]
mod tests;
mod text;
mod write;
mod writer;

use std::{
    fmt,
    future::Future,
    sync::{Arc, PoisonError, Weak},
    time::Duration,
};

use sqlx::PgPool;
use tokio::{sync::OwnedSemaphorePermit, task::JoinHandle};

pub(crate) use link::Access;
pub(crate) use rows::{Execute, Fetch, Returning};
pub(crate) use text::{Text, Texts};
pub(crate) use write::Bells;

use self::{
    link::{Lent, Link, Wire},
    postgres::Shards,
    sqlite::Readers,
    write::{Rules, Task, Write, is_inside_a_write},
    writer::{Writer, WriterOptions},
};
use crate::{
    config::{DatabaseUrl, StoreConfig},
    error::StoreError,
    file::Files,
    ledger,
};

/// The database and the files of one installation. Clones share it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    config: StoreConfig,
    engine: Engine,
    bells: Arc<Bells>,
    files: Files,
    sealer: std::sync::Mutex<Option<JoinHandle<()>>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(sealer) = self.sealer.get_mut().ok().and_then(Option::take) {
            sealer.abort();
        }
    }
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

impl Read {
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
        let bells = Arc::new(Bells::default());
        let engine = match &config.database {
            DatabaseUrl::Sqlite(path) => {
                let options = WriterOptions {
                    path: path.clone(),
                    limit: config.write_limit,
                    group: config.group.max(1),
                    group_open: config.group_open,
                    bells: Arc::clone(&bells),
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
        let files = Files::open(&config.files, &config.data)?;
        let sealer = std::sync::Mutex::new(None);
        let inner = Arc::new(Inner { config: config.clone(), engine, bells, files, sealer });
        let sealer =
            tokio::spawn(keep_sealing(Arc::downgrade(&inner), Arc::clone(&inner.bells), config.seal_every));
        *inner.sealer.lock().unwrap_or_else(PoisonError::into_inner) = Some(sealer);
        Ok(Self { inner })
    }

    /// The files of the installation.
    pub fn files(&self) -> &Files {
        &self.inner.files
    }

    /// Until this process has sealed a block, or for that time.
    pub async fn wait_for_block(&self, at_most: Duration) {
        tokio::time::timeout(at_most, self.inner.bells.blocks.notified()).await.ok();
    }

    pub(crate) fn bells(&self) -> &Arc<Bells> {
        &self.inner.bells
    }

    pub fn config(&self) -> &StoreConfig {
        &self.inner.config
    }

    /// Reads, at one moment of the database.
    ///
    /// ```text
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
        let reading = Reading::begin(&self.inner).await?;
        let result = ask(Read(Arc::clone(&reading.access))).await;
        reading.end().await;
        result
    }

    /// Changes something, and records in the ledger that it did. Returns when it is on disk.
    ///
    /// The closure may be run more than once (PostgreSQL gives way to other writes; an aborted group is repeated), so
    /// what it needs it clones: ids and moments are made outside.
    ///
    /// ```text
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
        self.write_as(work, Rules { recorded: true, serial: true }).await
    }

    /// [`Store::write`] for hot paths: changes only rows that it names by their keys, under their versions, and relies
    /// on no rule over several rows ("at least one administrator remains"), which two such writes could break together
    /// on PostgreSQL. There it does not give way to neighbours; on SQLite it is the same.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write_keyed<T, E, F, Fut>(&self, work: F) -> Result<T, E>
    where
        F: Fn(Tx) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.write_as(work, Rules { recorded: true, serial: false }).await
    }

    /// Changes what the ledger need not know of: a session seen again, a job's progress, a failed login's count. The
    /// reason stands in the code for its reader. To be kept to rows that it names, as [`Store::write_keyed`].
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
        self.write_as(work, Rules { recorded: false, serial: false }).await
    }

    async fn write_as<T, E, F, Fut>(&self, work: F, rules: Rules) -> Result<T, E>
    where
        F: Fn(Tx) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        if is_inside_a_write() {
            return Err(StoreError::Nested.into());
        }
        let (task, answer) = Task::new(work, rules, Arc::clone(&self.inner.bells));
        let task: Box<dyn Write> = Box::new(task);
        match &self.inner.engine {
            Engine::Sqlite { writer, .. } => writer.submit(task).await?,
            Engine::Postgres { pool, shards } => {
                let limit = self.inner.config.write_limit;
                postgres::write(pool, shards, limit, &self.inner.bells, task).await?;
            }
        }
        answer.await.unwrap_or_else(|_gone| Err(StoreError::Ended.into()))
    }

    /// Tells PostgreSQL's planner what a bulk of new rows has changed; without it, it takes lists for short ones until
    /// its own look a minute later. SQLite's plans do not depend on it: they are held by the statements' shape.
    pub async fn refresh_statistics(&self) -> Result<(), StoreError> {
        if let Some(pool) = self.postgres() {
            sqlx::query("ANALYZE").execute(pool).await?;
        }
        Ok(())
    }

    /// Ends all connections, after the writes that wait. What is asked afterwards is refused.
    pub async fn close(self) {
        let sealer = self.inner.sealer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(sealer) = sealer {
            sealer.abort();
            // Aborted or not: it is over.
            sealer.await.ok();
        }
        if let Err(error) = ledger::seal(&self).await {
            tracing::warn!(error = %error, "the last entries are sealed at the next start");
        }
        match &self.inner.engine {
            Engine::Sqlite { readers, .. } => readers.close(),
            Engine::Postgres { pool, .. } => pool.close().await,
        }
        let Engine::Sqlite { writer, .. } = &self.inner.engine else { return };
        let thread = writer.thread();
        // The thread ends when the last store that can speak to it is gone.
        if let Ok(inner) = Arc::try_unwrap(self.inner) {
            drop(inner);
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

/// Seals a moment after an entry was committed; from time to time without being told, for other processes' entries.
async fn keep_sealing(store: Weak<Inner>, bells: Arc<Bells>, every: Duration) {
    loop {
        // Told or not told: both call for a look.
        tokio::time::timeout(every * 5, bells.entries.notified()).await.ok();
        tokio::time::sleep(every).await;
        let Some(inner) = store.upgrade() else { return };
        if let Err(error) = ledger::seal(&Store { inner }).await {
            // Before the first migration there is no ledger; a full disk is told to those who write.
            tracing::debug!(error = %error, "the ledger could not be sealed at this moment");
        }
    }
}

/// A read under way. Dropped in the middle (its caller went away), it gives its connection back all the same.
struct Reading {
    access: Arc<Access>,
    link: Arc<Link>,
    home: Option<(Arc<Readers>, OwnedSemaphorePermit)>,
}

impl Reading {
    async fn begin(inner: &Inner) -> Result<Self, StoreError> {
        let names_seen = inner.bells.names.changes();
        let (mut wire, home) = match &inner.engine {
            Engine::Sqlite { readers, .. } => {
                let (wire, turn) = readers.take().await?;
                (wire, Some((Arc::clone(readers), turn)))
            }
            Engine::Postgres { pool, .. } => (Wire::Postgres(Lent::new(pool.acquire().await?)), None),
        };
        let statement = match &wire {
            Wire::Sqlite(_) => "BEGIN",
            Wire::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        };
        wire.begin(statement).await?;
        let link = Link::new(wire);
        Ok(Self { access: Access::read(Arc::clone(&link), &inner.bells, names_seen), link, home })
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
