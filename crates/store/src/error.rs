use std::{borrow::Cow, sync::Arc, time::Duration};

use sea_orm::{DbErr, RuntimeErr};

use crate::schema::{self, Single};

/// What can go wrong below the use cases. "Not found" is none of it: that is `Ok(None)`.
///
/// `Display` never prints the source: the whole chain is logged once, at the boundary. Clone, because the failure of
/// one shared commit is the answer to every write that shared it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// A unique or foreign key, by the name that [`schema`] gives it; foreign keys are all `foreign_key`.
    #[error("conflicts with what is stored ({constraint})")]
    Conflict { constraint: Cow<'static, str> },
    /// The row has another version than the one that was edited, or is gone.
    #[error("was changed by somebody else in the meantime")]
    Stale,
    /// A row that the program could not have written: a damaged database or a foreign hand.
    #[error("inconsistent data in {table}.{column} of row {row}")]
    Inconsistent { table: &'static str, column: &'static str, row: String },
    /// A cursor that no list of this kind gave out.
    #[error("not a cursor of this list")]
    Cursor,
    #[error("the disk is full")]
    DiskFull,
    #[error("the write took longer than {limit:?} and was undone")]
    TimedOut { limit: Duration },
    #[error("the write panicked and was undone")]
    Panicked,
    /// A write or a read inside a write: it would not see, nor share the fate of, the write around it.
    #[error("a write may not open another door to the store")]
    Nested,
    #[error("a write changed something without an entry in the ledger and was undone")]
    Unrecorded,
    #[error("a read may not change anything")]
    ReadOnly,
    /// Used after the end of its read or write, by a task that outlived it.
    #[error("this read or write has ended")]
    Ended,
    /// Other writers were in the way for too long.
    #[error("the database is busy")]
    Busy,
    #[error("the database cannot be reached")]
    Unavailable(#[source] Arc<dyn std::error::Error + Send + Sync>),
    /// A database written by a newer program.
    #[error("the database was made by a newer version of the program")]
    Newer,
    #[error("a file could not be stored or read")]
    File(#[source] Arc<dyn std::error::Error + Send + Sync>),
    #[error("the database refused a statement")]
    Database(#[source] Arc<DbErr>),
}

impl StoreError {
    /// The name of the constraint that refused the write, if that is what happened.
    pub fn constraint(&self) -> Option<&str> {
        match self {
            Self::Conflict { constraint } => Some(constraint),
            _ => None,
        }
    }

    /// What stands there already and may stand only once, if that is why the write was refused.
    pub fn single(&self) -> Option<Single> {
        self.constraint().and_then(schema::single)
    }

    pub(crate) fn unavailable(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Unavailable(Arc::new(source))
    }

    pub(crate) fn file(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::File(Arc::new(source))
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match &error {
            DbErr::Conn(RuntimeErr::SqlxError(source))
            | DbErr::Exec(RuntimeErr::SqlxError(source))
            | DbErr::Query(RuntimeErr::SqlxError(source)) => {
                classify(source).unwrap_or_else(|| Self::Database(Arc::new(error)))
            }
            _ => Self::Database(Arc::new(error)),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        DbErr::Exec(RuntimeErr::SqlxError(Arc::new(error))).into()
    }
}

/// SQLSTATEs of PostgreSQL after which the same write may succeed when it is run again.
pub(crate) fn is_worth_repeating(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(db) if matches!(db.code().as_deref(), Some("40001" | "40P01")))
}

/// PostgreSQL met a unique key that another write has filled, perhaps since this one looked.
pub(crate) fn is_taken(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(db) if db.code().as_deref() == Some("23505"))
}

fn classify(error: &Arc<sqlx::Error>) -> Option<StoreError> {
    match &**error {
        sqlx::Error::Database(database) => {
            if let Some(postgres) = database.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
                return match postgres.code() {
                    "23505" => Some(conflict(postgres.constraint().unwrap_or("unique").to_owned())),
                    "23503" => Some(conflict("foreign_key")),
                    "23514" => Some(conflict(postgres.constraint().unwrap_or("check").to_owned())),
                    "53100" => Some(StoreError::DiskFull),
                    "40001" | "40P01" | "55P03" => Some(StoreError::Busy),
                    "57P01" | "57P02" | "57P03" | "53300" => {
                        Some(StoreError::Unavailable(Arc::clone(error) as Arc<_>))
                    }
                    _ => None,
                };
            }
            // SQLite's extended result codes, sqlite.org/rescode.html.
            match database.code()?.parse::<u32>().ok()? {
                2067 | 1555 => Some(conflict(schema::unique_named_by_sqlite(database.message()))),
                787 => Some(conflict("foreign_key")),
                275 => {
                    let name = database.message().rsplit(": ").next().unwrap_or("check");
                    Some(conflict(name.to_owned()))
                }
                // SQLITE_FULL, and the shared-memory file that could not grow.
                13 | 4874 => Some(StoreError::DiskFull),
                code if code & 0xff == 5 || code & 0xff == 6 => Some(StoreError::Busy),
                _ => None,
            }
        }
        sqlx::Error::PoolTimedOut => Some(StoreError::Busy),
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
            Some(StoreError::Unavailable(Arc::clone(error) as Arc<_>))
        }
        _ => None,
    }
}

/// A refusal of SQLite in the form of sqlx's, which SeaORM's errors carry.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct SqliteFault {
    /// Extended result code, sqlite.org/rescode.html.
    code: i32,
    message: String,
}

impl SqliteFault {
    pub(crate) fn new(code: i32, error: &rusqlite::Error) -> Self {
        let message = match error {
            rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
            error => error.to_string(),
        };
        Self { code, message }
    }
}

impl sqlx::error::DatabaseError for SqliteFault {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.code.to_string().into())
    }

    fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> sqlx::error::ErrorKind {
        sqlx::error::ErrorKind::Other
    }
}

fn conflict(constraint: impl Into<Cow<'static, str>>) -> StoreError {
    StoreError::Conflict { constraint: constraint.into() }
}
