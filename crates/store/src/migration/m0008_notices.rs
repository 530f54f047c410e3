//! What people were told.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
CREATE TABLE notice (
  campaign_id {uuid} NOT NULL REFERENCES campaign (id),
  id {uuid} NOT NULL,
  user_id {uuid} NOT NULL REFERENCES "user" (id),
  -- What it tells: a person is told it once.
  news {key} NOT NULL,
  kind text NOT NULL,
  -- They may be gone since: what is told of nothing any more is not shown.
  task_id {uuid} NOT NULL,
  duty_id {uuid} NOT NULL,
  unit_id {uuid} NOT NULL,
  due_on {date},
  deed text,
  -- The day where the campaign is.
  made_on {date} NOT NULL,
  made_at {time} NOT NULL,
  -- Whether it waits in the app; false for who wants it by mail alone.
  in_app {bool} NOT NULL,
  read_at {time},
  PRIMARY KEY (campaign_id, id),
  CONSTRAINT notice_news UNIQUE (campaign_id, user_id, news)
) {strict};
CREATE INDEX notice_of_user ON notice (user_id, made_at, id) WHERE in_app;
CREATE INDEX notice_unread ON notice (user_id, made_at, id) WHERE in_app AND read_at IS NULL;
CREATE INDEX notice_by_day ON notice (campaign_id, made_on);

-- How many wait for each person. The version grows with every change, so that a page knows whether it is behind.
CREATE TABLE inbox (
  user_id {uuid} NOT NULL PRIMARY KEY REFERENCES "user" (id),
  unread {long} NOT NULL,
  version {long} NOT NULL
) {strict};

-- How far the ledger's blocks were looked through for what has to be told.
CREATE TABLE told (
  id {int} NOT NULL PRIMARY KEY,
  height {long} NOT NULL
) {strict};
-- What was done before there were notices is no news. A new installation has no row: nothing was done.
INSERT INTO told (id, height) SELECT 1, max(height) FROM ledger_block HAVING max(height) IS NOT NULL;
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
