//! By which editions a campaign was assessed before, so that what one standard gives another is by that of then.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
-- Editions with the moment until which it was by them, from the first on. Of before this they are not known.
ALTER TABLE assessed ADD COLUMN earlier text NOT NULL DEFAULT '[]';
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
