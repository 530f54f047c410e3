//! Backup and restore: one logical format for both engines, so that a city moves from SQLite to PostgreSQL with it.
//!
//! A zip of one JSON line for each row, table by table, read at one moment while the server runs; of the files; and
//! of a manifest with counts and hashes. What is derived (search) or passing (sessions, answers already given, failed
//! logins, files on their way) is left out.

mod read;
mod tables;
mod write;

pub use read::restore;
pub use write::backup;

use std::collections::BTreeMap;

use chengjing_domain::ledger::Hash;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{error::StoreError, ledger::Fault};

/// The version of this format; a newer one is refused.
const FORMAT: u32 = 1;
const MANIFEST: &str = "manifest.json";

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// The newest migration of the program that made it.
    pub schema: String,
    /// `sqlite` or `postgres`; of interest to people only.
    pub engine: String,
    pub made_at: DateTime<Utc>,
    pub tables: BTreeMap<String, TableManifest>,
    /// SHA-256 and size of each file.
    pub files: BTreeMap<Hash, u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableManifest {
    pub rows: u64,
    /// SHA-256 of its lines.
    pub hash: Hash,
}

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("the backup could not be written or read")]
    Zip(#[from] zip::result::ZipError),
    #[error("the backup could not be written or read")]
    Io(#[from] std::io::Error),
    #[error("not a backup of this program: {0}")]
    Foreign(String),
    /// Made by a newer program.
    #[error("the backup was made by a newer version of the program ({0})")]
    Newer(String),
    #[error("the backup is damaged: {0}")]
    Damaged(String),
    #[error("the target is not empty: restore into a new folder or database")]
    NotEmpty,
    /// It was restored, and what came out does not verify.
    #[error("the restored ledger does not hold in {} places, first: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
    Unproven(Vec<Fault>),
    #[error("the work was interrupted")]
    Interrupted,
    #[error(transparent)]
    Store(#[from] StoreError),
}
