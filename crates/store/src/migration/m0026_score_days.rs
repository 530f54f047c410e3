//! How campaigns scored at the end of each day.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
CREATE TABLE score_day (
  campaign_id {uuid} NOT NULL REFERENCES campaign (id),
  standard_id {uuid} NOT NULL REFERENCES standard (id),
  day {date} NOT NULL,
  edition_id {uuid} NOT NULL REFERENCES edition (id),
  -- Decimals as text: a published number is never a float.
  low text NOT NULL,
  value text NOT NULL,
  high text NOT NULL,
  marks text NOT NULL,
  PRIMARY KEY (campaign_id, standard_id, day)
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
