//! Links of calendars: tokens that are good for nothing else.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
ALTER TABLE token ADD COLUMN calendar {bool} NOT NULL DEFAULT false;
"#;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    #[expect(elided_lifetimes_in_paths, reason = "the trait's signature leaves the lifetime out")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, TABLES, "", "").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
