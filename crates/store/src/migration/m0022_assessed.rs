//! By which standards a campaign is assessed.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
CREATE TABLE assessed (
  campaign_id {uuid} NOT NULL REFERENCES campaign (id),
  -- The standard's: a campaign is assessed by one edition of it.
  id {uuid} NOT NULL REFERENCES standard (id),
  edition_id {uuid} NOT NULL REFERENCES edition (id),
  since {time} NOT NULL,
  changed_by {uuid} NOT NULL REFERENCES "user" (id),
  version {long} NOT NULL,
  PRIMARY KEY (campaign_id, id)
) {strict};
-- Who may read an edition: asked with every look at it.
CREATE INDEX assessed_by_edition ON assessed (edition_id);
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
