//! The only room with SQL: two doors to the database, one repository for each word, ledger, jobs, files, backup.
//!
//! Repository functions take `&impl Queries` where they read and `&Tx` where they write; their verbs are `lookup`,
//! `list`, `add`, `save` and `remove`. "Not found" is `Ok(None)`; what it means, the use case decides.

mod config;
mod door;
mod entity;
mod error;
mod migration;
mod schema;

pub use config::{Clock, DatabaseUrl, StoreConfig, UnknownDatabase};
pub use door::{Queries, Read, Store, Tx};
pub use error::StoreError;
pub use migration::SchemaState;
