//! What is asked of units and their people, week by week.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
CREATE TABLE burden_count (
  campaign_id {uuid} NOT NULL,
  -- A Monday.
  week_on {date} NOT NULL,
  unit_id {uuid} NOT NULL,
  -- Nobody in particular: all zeros, for a key takes no null.
  user_id {uuid} NOT NULL,
  measure {key} NOT NULL,
  shard {int} NOT NULL,
  n {long} NOT NULL,
  PRIMARY KEY (campaign_id, week_on, unit_id, user_id, measure, shard)
) {packed};
CREATE INDEX burden_count_marked ON burden_count (campaign_id) WHERE measure = 'uncounted';
-- Campaigns that are there already are counted once the schema stands; by this it is seen which were not.
INSERT INTO burden_count (campaign_id, week_on, unit_id, user_id, measure, shard, n)
SELECT id, '1970-01-05', id, id, 'uncounted', 0, 1 FROM campaign;

-- When each unit was asked for a requirement's materials, as JSON; null where that is not known.
ALTER TABLE asking ADD COLUMN since text;
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
