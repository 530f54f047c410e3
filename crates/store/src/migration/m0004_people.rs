//! What a token is not good for, and when it was used.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = "
ALTER TABLE token ADD COLUMN read_only {bool} NOT NULL DEFAULT false;
ALTER TABLE token ADD COLUMN scope_campaign_id {uuid};
ALTER TABLE token ADD COLUMN used_at {time};
";

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
