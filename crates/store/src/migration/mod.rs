//! The schema and how it came to be: forward only.

mod m0001_first;

use sea_orm::{DatabaseConnection, DbErr};
use sea_orm_migration::{MigrationTrait, MigratorTrait};
use sqlx::{PgPool, sqlite::SqlitePoolOptions};

use crate::{
    config::DatabaseUrl,
    door::{Store, sqlite::migrating},
    error::StoreError,
};

struct Migrations;

impl MigratorTrait for Migrations {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m0001_first::Migration)]
    }
}

/// How the schema of a database stands to the program's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchemaState {
    pub applied: usize,
    pub pending: usize,
}

impl Store {
    /// Brings the schema up to this program's, and says how it stood before.
    ///
    /// # Errors
    /// [`StoreError::Newer`] where a newer program has been here.
    pub async fn migrate(&self) -> Result<SchemaState, StoreError> {
        let (connection, own) = self.for_migration().await?;
        let result = migrate(&connection).await;
        if own {
            connection.close().await?;
        }
        result
    }

    /// How the schema stands, without touching it.
    ///
    /// # Errors
    /// As [`Store::migrate`].
    pub async fn schema_state(&self) -> Result<SchemaState, StoreError> {
        let (connection, own) = self.for_migration().await?;
        let result = state(&connection).await;
        if own {
            connection.close().await?;
        }
        result
    }

    /// A connection for SeaORM's migrator, and whether it is to be closed afterwards.
    async fn for_migration(&self) -> Result<(DatabaseConnection, bool), StoreError> {
        match &self.config().database {
            DatabaseUrl::Sqlite(path) => {
                let pool = SqlitePoolOptions::new().max_connections(1).connect_with(migrating(path)).await?;
                Ok((pool.into(), true))
            }
            DatabaseUrl::Postgres(_) => {
                let pool: PgPool = self.postgres().ok_or(StoreError::Ended)?.clone();
                Ok((pool.into(), false))
            }
        }
    }
}

async fn migrate(connection: &DatabaseConnection) -> Result<SchemaState, StoreError> {
    let before = state(connection).await?;
    if before.pending > 0 {
        Migrations::up(connection, None).await?;
    }
    Ok(before)
}

async fn state(connection: &DatabaseConnection) -> Result<SchemaState, StoreError> {
    let files = Migrations::migrations().len();
    match Migrations::get_applied_migrations_read_only(connection).await {
        Ok(applied) => Ok(SchemaState { applied: applied.len(), pending: files - applied.len() }),
        // The migrator's way to say that the database names a migration that this program does not have.
        Err(DbErr::Custom(_)) => Err(StoreError::Newer),
        Err(error) => Err(error.into()),
    }
}

/// The newest migration that this program knows: the schema version in a backup's manifest.
pub(crate) fn newest() -> String {
    Migrations::migrations().last().map(|newest| newest.name().to_owned()).unwrap_or_default()
}
