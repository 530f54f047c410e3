//! Files that prove something, and files on their way.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
CREATE TABLE attachment (
  campaign_id {uuid} NOT NULL REFERENCES campaign (id),
  id {uuid} NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  size {long} NOT NULL,
  file_hash {hash} NOT NULL,
  uploaded_by {uuid} NOT NULL REFERENCES "user" (id),
  created_at {time} NOT NULL,
  -- How far it was looked at, where it is an image.
  picture text NOT NULL,
  no_thumbnail text,
  width {long},
  height {long},
  taken_at {time},
  -- WGS-84, in millionths of a degree.
  latitude {int},
  longitude {int},
  thumbnail_hash {hash},
  -- What it is attached to; until then it is its uploader's alone.
  subject_kind text,
  subject_id {uuid},
  version {long} NOT NULL,
  PRIMARY KEY (campaign_id, id)
) {strict};
CREATE INDEX attachment_by_subject ON attachment (campaign_id, subject_kind, subject_id, id) WHERE subject_id IS NOT NULL;
CREATE INDEX attachment_loose ON attachment (created_at) WHERE subject_id IS NULL;
-- Who names a file: asked before one is removed.
CREATE INDEX attachment_by_file ON attachment (file_hash);
CREATE INDEX attachment_by_thumbnail ON attachment (thumbnail_hash) WHERE thumbnail_hash IS NOT NULL;
CREATE INDEX plan_import_by_file ON plan_import (file_hash);

CREATE TABLE upload (
  campaign_id {uuid} NOT NULL REFERENCES campaign (id),
  id {uuid} NOT NULL,
  user_id {uuid} NOT NULL REFERENCES "user" (id),
  name text NOT NULL,
  size {long} NOT NULL,
  promised_hash {hash},
  state text NOT NULL,
  -- The state with its data, as JSON.
  body text NOT NULL,
  -- Bytes that are on disk.
  received {long} NOT NULL,
  created_at {time} NOT NULL,
  expires_at {time} NOT NULL,
  PRIMARY KEY (campaign_id, id)
) {strict};
CREATE INDEX upload_open_of_user ON upload (campaign_id, user_id) WHERE state = 'open';
CREATE INDEX upload_by_expiry ON upload (expires_at);
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
