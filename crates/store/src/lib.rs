//! The only room with SQL: two doors to the database, one repository for each word, ledger, jobs, files, backup.
//!
//! Repository functions take `&impl Queries` where they read and `&Tx` where they write; their verbs are `lookup`,
//! `list`, `add`, `save` and `remove`. "Not found" is `Ok(None)`; what it means, the use case decides.

pub mod attachment;
pub mod backup;
pub mod burden;
pub mod campaign;
mod config;
mod door;
pub mod duty;
mod entity;
mod error;
pub mod evidence;
pub mod figure;
pub mod file;
pub mod idempotency;
pub mod initiative;
pub mod job;
mod key;
pub mod ledger;
pub mod mail;
mod migration;
pub mod notice;
pub mod observation;
mod page;
pub mod people;
pub mod photo;
pub mod plan;
mod progress;
pub mod publication;
pub mod recount;
pub mod result;
mod row;
mod schema;
pub mod score;
pub mod search;
pub mod setting;
pub mod site;
pub mod standard;
pub mod task;
pub mod view;
pub mod webhook;

pub use config::{Clock, DatabaseUrl, StoreConfig, UnknownDatabase};
pub use door::{Queries, Read, Store, Tx};
pub use error::StoreError;
pub use migration::SchemaState;
pub use page::{Cursor, Page, Paging};
pub use progress::Progress;
pub use schema::{Single, ledgered_tables};
