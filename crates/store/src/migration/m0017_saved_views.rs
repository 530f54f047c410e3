//! Views of the list of duties that people save.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
CREATE TABLE saved_view (
  campaign_id {uuid} NOT NULL REFERENCES campaign (id),
  id {uuid} NOT NULL,
  -- Whose it is alone; none: it is shared with all of the campaign.
  owner_id {uuid} REFERENCES "user" (id),
  name {key} NOT NULL,
  -- Filter, order, grouping and columns, as JSON.
  shape text NOT NULL,
  changed_by {uuid} NOT NULL REFERENCES "user" (id),
  changed_at {time} NOT NULL,
  version {long} NOT NULL,
  PRIMARY KEY (campaign_id, id)
) {strict};
CREATE UNIQUE INDEX saved_view_own ON saved_view (campaign_id, owner_id, name) WHERE owner_id IS NOT NULL;
CREATE UNIQUE INDEX saved_view_shared ON saved_view (campaign_id, name) WHERE owner_id IS NULL;

-- The view that somebody's list begins with.
CREATE TABLE first_view (
  campaign_id {uuid} NOT NULL,
  user_id {uuid} NOT NULL REFERENCES "user" (id),
  view_id {uuid} NOT NULL,
  PRIMARY KEY (campaign_id, user_id),
  FOREIGN KEY (campaign_id, view_id) REFERENCES saved_view (campaign_id, id)
) {packed};
CREATE INDEX first_view_by_view ON first_view (campaign_id, view_id);
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
