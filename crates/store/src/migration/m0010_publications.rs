//! Templates that offices bring, bulletins as they were frozen, the numbers of letters.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
CREATE TABLE template (
  campaign_id {uuid} NOT NULL REFERENCES campaign (id),
  id {uuid} NOT NULL,
  paper text NOT NULL,
  form text NOT NULL,
  number {int} NOT NULL,
  name text NOT NULL,
  file_hash {hash} NOT NULL,
  size {long} NOT NULL,
  uploaded_by {uuid} NOT NULL REFERENCES "user" (id),
  created_at {time} NOT NULL,
  in_use {bool} NOT NULL,
  version {long} NOT NULL,
  PRIMARY KEY (campaign_id, id),
  CONSTRAINT template_number UNIQUE (campaign_id, paper, form, number)
) {strict};
-- Which one is used; at most one of a paper and form.
CREATE UNIQUE INDEX template_in_use ON template (campaign_id, paper, form) WHERE in_use;
-- Who names a file: asked before one is removed.
CREATE INDEX template_by_file ON template (file_hash);

CREATE TABLE bulletin (
  campaign_id {uuid} NOT NULL REFERENCES campaign (id),
  id {uuid} NOT NULL,
  -- The week's Monday.
  week_on {date} NOT NULL,
  number {int} NOT NULL,
  as_of {date} NOT NULL,
  made_by {uuid} NOT NULL REFERENCES "user" (id),
  made_at {time} NOT NULL,
  -- The frozen figures, as JSON.
  content text NOT NULL,
  version {long} NOT NULL,
  PRIMARY KEY (campaign_id, id),
  CONSTRAINT bulletin_week UNIQUE (campaign_id, week_on),
  CONSTRAINT bulletin_number UNIQUE (campaign_id, number)
) {strict};

-- A unit's letter keeps its number however often it is made; one that a unit had is given to no other.
CREATE TABLE letter_number (
  campaign_id {uuid} NOT NULL REFERENCES campaign (id),
  unit_id {uuid} NOT NULL,
  number {int} NOT NULL,
  PRIMARY KEY (campaign_id, unit_id),
  CONSTRAINT letter_number_number UNIQUE (campaign_id, number)
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
