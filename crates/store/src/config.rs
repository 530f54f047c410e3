//! Where the data lives, and the few figures that a machine may want otherwise.

use std::{fmt, path::PathBuf, str::FromStr, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};

use crate::file::FilesUrl;

/// The moment, as the program sees it. A test gives one that it moves itself.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Which engine, chosen once, by the binary.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file of its own; made where it is missing.
    Sqlite(PathBuf),
    /// `postgres://user:password@host:port/database`, version 15 or later.
    Postgres(String),
}

impl FromStr for DatabaseUrl {
    type Err = UnknownDatabase;

    fn from_str(text: &str) -> Result<Self, UnknownDatabase> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        match text.strip_prefix("sqlite:") {
            Some(path) if !path.is_empty() => {
                Ok(Self::Sqlite(PathBuf::from(path.strip_prefix("//").unwrap_or(path))))
            }
            _ => Err(UnknownDatabase),
        }
    }
}

/// A database URL that is neither `postgres://…` nor `sqlite:path`. It does not repeat the text: passwords stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the database must be given as postgres://… or sqlite:path")]
pub struct UnknownDatabase;

/// Prints the engine and never the URL: it holds the password.
impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(_) => f.write_str("postgres://…"),
        }
    }
}

/// What [`Store::open`](crate::Store::open) needs to know.
#[derive(Clone)]
pub struct StoreConfig {
    pub database: DatabaseUrl,
    /// The folder of the installation: files on their way, and by default the stored files and the database itself.
    pub data: PathBuf,
    /// Where uploaded files lie.
    pub files: FilesUrl,
    /// For what the store does by itself: sealing blocks, leasing jobs. Entries carry the moment of their caller.
    pub clock: Clock,
    /// Connections that read at the same time; on PostgreSQL, all connections.
    pub connections: u32,
    /// A write that takes longer is cut off: on SQLite it holds up all others.
    pub write_limit: Duration,
    /// Writes that share one durable commit at most.
    pub group: usize,
    /// Such a group takes in those that come before its commit, until it has run for so long: who was first waits for it.
    pub group_open: Duration,
    /// How long committed ledger entries wait for their block at most.
    pub seal_every: Duration,
}

impl StoreConfig {
    pub fn new(database: DatabaseUrl, data: PathBuf, clock: Clock) -> Self {
        Self {
            database,
            files: FilesUrl::Folder(data.join("files")),
            data,
            clock,
            connections: 16,
            write_limit: Duration::from_secs(10),
            group: 128,
            group_open: Duration::from_millis(5),
            seal_every: Duration::from_secs(1),
        }
    }

    /// SQLite in the data folder: what an installation gets when nobody says otherwise.
    pub fn embedded(data: PathBuf, clock: Clock) -> Self {
        Self::new(DatabaseUrl::Sqlite(data.join("chengjing.db")), data, clock)
    }
}

impl fmt::Debug for StoreConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreConfig")
            .field("database", &self.database)
            .field("data", &self.data)
            .field("files", &self.files)
            .field("connections", &self.connections)
            .field("write_limit", &self.write_limit)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_url_names_one_of_two_engines_and_never_shows_its_password() {
        assert_eq!("sqlite:data/a.db".parse(), Ok(DatabaseUrl::Sqlite("data/a.db".into())));
        assert_eq!("sqlite:///var/a.db".parse(), Ok(DatabaseUrl::Sqlite("/var/a.db".into())));
        assert_eq!("mysql://x".parse::<DatabaseUrl>(), Err(UnknownDatabase));
        let url: DatabaseUrl = "postgres://office:secret@localhost/city".parse().expect("a PostgreSQL URL");
        assert!(!format!("{url:?}").contains("secret"));
    }
}
