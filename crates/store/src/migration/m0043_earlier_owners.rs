//! Who answered for a leaf before, so that a score of the past is told by whoever did then.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
-- Owners with the moment until which they answered for it, from the first on. Of before this they are not known.
ALTER TABLE leaf_owners ADD COLUMN earlier text NOT NULL DEFAULT '[]';
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
