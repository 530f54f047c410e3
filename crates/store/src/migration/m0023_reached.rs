//! How many targets are reached is counted in the write that changes it.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
-- What is said of the target; none: its duty is withdrawn, or nobody has looked since this was kept. The program looks
-- right after the migrations.
ALTER TABLE target ADD COLUMN reached text;

CREATE TABLE target_count (
  campaign_id {uuid} NOT NULL,
  reached {key} NOT NULL,
  shard {int} NOT NULL,
  n {long} NOT NULL,
  PRIMARY KEY (campaign_id, reached, shard)
) {packed};
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
