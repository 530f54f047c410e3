//! What the photographs of a campaign look like, and what there is to be looked at about them.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
-- Derived from the files of attachments.
CREATE TABLE photo (
  campaign_id {uuid} NOT NULL,
  -- The attachment's.
  id {uuid} NOT NULL,
  -- None: it could not be decoded.
  look {bytes},
  -- What its metadata give away, as JSON.
  traces text NOT NULL,
  -- Its place in the campaign's album; none until it was compared with those before it.
  number {long},
  -- How often it was asked since it was looked into; zero: nothing is asked.
  due {long} NOT NULL,
  PRIMARY KEY (campaign_id, id),
  FOREIGN KEY (campaign_id, id) REFERENCES attachment (campaign_id, id)
) {strict};
CREATE UNIQUE INDEX photo_number ON photo (campaign_id, number);
CREATE INDEX photo_due ON photo (campaign_id, id) WHERE due > 0;

CREATE TABLE doubt (
  campaign_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  photo_id {uuid} NOT NULL,
  twin_id {uuid},
  -- The materials of both, where they are a material's.
  evidence_id {uuid},
  twin_evidence_id {uuid},
  kind {key} NOT NULL,
  found text NOT NULL,
  found_at {time} NOT NULL,
  state {key} NOT NULL,
  body text NOT NULL,
  version {long} NOT NULL,
  PRIMARY KEY (campaign_id, id),
  FOREIGN KEY (campaign_id, photo_id) REFERENCES attachment (campaign_id, id),
  FOREIGN KEY (campaign_id, twin_id) REFERENCES attachment (campaign_id, id),
  FOREIGN KEY (campaign_id, evidence_id) REFERENCES evidence (campaign_id, id),
  FOREIGN KEY (campaign_id, twin_evidence_id) REFERENCES evidence (campaign_id, id)
) {strict};
CREATE INDEX doubt_of_photo ON doubt (campaign_id, photo_id);
CREATE INDEX doubt_of_evidence ON doubt (campaign_id, evidence_id, found_at, id) WHERE evidence_id IS NOT NULL;
CREATE INDEX doubt_of_twin ON doubt (campaign_id, twin_evidence_id, found_at, id) WHERE twin_evidence_id IS NOT NULL;

-- Which attachments of a campaign have the same bytes.
CREATE INDEX attachment_same_bytes ON attachment (campaign_id, file_hash);
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
