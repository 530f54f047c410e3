//! Reports that came late are told from those in time for good, and figures are found by the day that they were filed on.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
-- Of reports from before it was kept it is not known any more; those that still lie with the office or were confirmed
-- say it themselves.
ALTER TABLE task_step ADD COLUMN late {bool} NOT NULL DEFAULT FALSE;
-- What was filed in a week is asked for by its bulletin.
CREATE INDEX figure_by_filing ON figure (campaign_id, at, id);
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
