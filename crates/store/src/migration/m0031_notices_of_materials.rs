//! People are told of materials that came back, as they are of tasks.

use sea_orm_migration::prelude::*;

use super::run;

/// SQLite changes no column: the table is made anew with all that stands in it, and so is the one that refers to it.
const SQLITE: &str = r#"
CREATE TABLE notice_anew (
  campaign_id BLOB NOT NULL REFERENCES campaign (id),
  id BLOB NOT NULL,
  user_id BLOB NOT NULL REFERENCES "user" (id),
  news text NOT NULL,
  kind text NOT NULL,
  task_id BLOB,
  duty_id BLOB,
  evidence_id BLOB,
  remark_id BLOB,
  unit_id BLOB NOT NULL,
  due_on TEXT,
  deed text,
  made_on TEXT NOT NULL,
  made_at TEXT NOT NULL,
  in_app INTEGER NOT NULL,
  read_at TEXT,
  PRIMARY KEY (campaign_id, id),
  CONSTRAINT notice_news UNIQUE (campaign_id, user_id, news)
) STRICT;
INSERT INTO notice_anew
  (campaign_id, id, user_id, news, kind, task_id, duty_id, unit_id, due_on, deed, made_on, made_at, in_app, read_at)
SELECT campaign_id, id, user_id, news, kind, task_id, duty_id, unit_id, due_on, deed, made_on, made_at, in_app, read_at
FROM notice;
CREATE TABLE delivery_anew (
  campaign_id BLOB NOT NULL,
  notice_id BLOB NOT NULL,
  user_id BLOB NOT NULL REFERENCES "user" (id),
  not_before TEXT NOT NULL,
  letter_id BLOB REFERENCES letter (id),
  PRIMARY KEY (campaign_id, notice_id),
  FOREIGN KEY (campaign_id, notice_id) REFERENCES notice_anew (campaign_id, id) ON DELETE CASCADE
) STRICT;
INSERT INTO delivery_anew (campaign_id, notice_id, user_id, not_before, letter_id)
SELECT campaign_id, notice_id, user_id, not_before, letter_id FROM delivery;
DROP TABLE delivery;
DROP TABLE notice;
ALTER TABLE notice_anew RENAME TO notice;
ALTER TABLE delivery_anew RENAME TO delivery;
CREATE INDEX notice_of_user ON notice (user_id, made_at, id) WHERE in_app;
CREATE INDEX notice_unread ON notice (user_id, made_at, id) WHERE in_app AND read_at IS NULL;
CREATE INDEX notice_by_day ON notice (campaign_id, made_on);
CREATE INDEX delivery_waiting ON delivery (user_id, not_before) WHERE letter_id IS NULL;
CREATE INDEX delivery_of_letter ON delivery (letter_id) WHERE letter_id IS NOT NULL;
"#;

const POSTGRES: &str = r#"
ALTER TABLE notice ALTER COLUMN task_id DROP NOT NULL;
ALTER TABLE notice ALTER COLUMN duty_id DROP NOT NULL;
ALTER TABLE notice ADD COLUMN evidence_id uuid;
ALTER TABLE notice ADD COLUMN remark_id uuid;
"#;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    #[expect(elided_lifetimes_in_paths, reason = "the trait's signature leaves the lifetime out")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, "", SQLITE, POSTGRES).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
