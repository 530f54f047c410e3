//! Materials that were taken from another campaign.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
-- Not references: what was taken stays what it is, whatever becomes of the other campaign.
ALTER TABLE evidence_version ADD COLUMN from_campaign_id {uuid};
ALTER TABLE evidence_version ADD COLUMN from_evidence_id {uuid};
ALTER TABLE evidence_version ADD COLUMN from_number {int};
CREATE INDEX evidence_version_from ON evidence_version (from_campaign_id, from_evidence_id, campaign_id, evidence_id)
  WHERE from_evidence_id IS NOT NULL;
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
