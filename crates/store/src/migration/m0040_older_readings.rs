//! A newer version of a plan keeps what its older document says, by which people's own changes are told from the plan's.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
-- A reading as JSON; none: it replaces no other, or was read before there was this column.
ALTER TABLE plan_import ADD COLUMN older text;
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
