//! A campaign's standards keep their places among each other when one of them moves to another edition.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
-- Since when by the standard, where it has moved; none: since when by its edition.
ALTER TABLE assessed ADD COLUMN first {time};
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
