//! Which units answer for the indicators of the standards that a campaign is assessed by.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
CREATE TABLE leaf_owners (
  campaign_id {uuid} NOT NULL REFERENCES campaign (id),
  id {uuid} NOT NULL,
  standard_id {uuid} NOT NULL REFERENCES standard (id),
  -- The leaf's code, which its editions share.
  leaf {key} NOT NULL,
  owners text NOT NULL,
  version {long} NOT NULL,
  PRIMARY KEY (campaign_id, id)
) {strict};
CREATE UNIQUE INDEX leaf_owners_once ON leaf_owners (campaign_id, standard_id, leaf);
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
