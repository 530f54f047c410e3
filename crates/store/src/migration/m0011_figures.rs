//! Figures against targets, over time.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
CREATE TABLE figure (
  campaign_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  -- A target may be taken from its duty later; what was measured stays.
  target_id {uuid} NOT NULL,
  task_id {uuid} NOT NULL,
  -- A decimal as text: a published number is never a float.
  value text NOT NULL,
  unit text NOT NULL,
  source text NOT NULL,
  -- The day that it tells of.
  on_day {date} NOT NULL,
  by text NOT NULL,
  at {time} NOT NULL,
  superseded_by {uuid},
  PRIMARY KEY (campaign_id, id),
  FOREIGN KEY (campaign_id, task_id) REFERENCES task (campaign_id, id)
) {strict};
CREATE INDEX figure_by_target ON figure (campaign_id, target_id, on_day, id);
CREATE INDEX figure_by_task ON figure (campaign_id, task_id, id);
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
