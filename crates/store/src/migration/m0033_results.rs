//! What official and mock assessments found.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
-- Append-only: what supersedes it is set once, nothing else ever changes.
CREATE TABLE assessment_result (
  campaign_id {uuid} NOT NULL REFERENCES campaign (id),
  id {uuid} NOT NULL,
  standard_id {uuid} NOT NULL REFERENCES standard (id),
  edition_id {uuid} NOT NULL REFERENCES edition (id),
  on_day {date} NOT NULL,
  kind {key} NOT NULL,
  covert {bool} NOT NULL,
  team text NOT NULL,
  -- Decimals as text.
  total text NOT NULL,
  leaves text NOT NULL,
  judged {int} NOT NULL,
  source text NOT NULL,
  superseded_by {uuid},
  by text NOT NULL,
  recorded_at {time} NOT NULL,
  PRIMARY KEY (campaign_id, id)
) {strict};
CREATE INDEX assessment_result_by_day ON assessment_result (campaign_id, on_day, id);

-- What was found at single places, beside it: lists don't need it.
CREATE TABLE result_verdicts (
  campaign_id {uuid} NOT NULL,
  result_id {uuid} NOT NULL,
  verdicts text NOT NULL,
  PRIMARY KEY (campaign_id, result_id),
  FOREIGN KEY (campaign_id, result_id) REFERENCES assessment_result (campaign_id, id)
) {strict};
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
