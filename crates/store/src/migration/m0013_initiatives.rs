//! Special actions and working groups, and which duties stand in them.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
CREATE TABLE initiative (
  campaign_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  purpose text NOT NULL,
  leader_id {uuid} NOT NULL,
  head_id {uuid},
  starts_on {date},
  ends_on {date},
  closed_at {time},
  -- What came of it, said at its end.
  summary text,
  created_at {time} NOT NULL,
  version {long} NOT NULL,
  PRIMARY KEY (campaign_id, id),
  CONSTRAINT initiative_name UNIQUE (campaign_id, name),
  FOREIGN KEY (campaign_id) REFERENCES campaign (id),
  FOREIGN KEY (campaign_id, leader_id) REFERENCES unit (campaign_id, id),
  FOREIGN KEY (head_id) REFERENCES "user" (id)
) {strict};
CREATE INDEX initiative_by_leader ON initiative (campaign_id, leader_id);

CREATE TABLE initiative_member (
  campaign_id {uuid} NOT NULL,
  initiative_id {uuid} NOT NULL,
  ordinal {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  PRIMARY KEY (campaign_id, initiative_id, ordinal),
  FOREIGN KEY (campaign_id, initiative_id) REFERENCES initiative (campaign_id, id) ON DELETE CASCADE,
  FOREIGN KEY (campaign_id, unit_id) REFERENCES unit (campaign_id, id)
) {strict};
CREATE INDEX initiative_member_by_unit ON initiative_member (campaign_id, unit_id);

-- Initiatives are closed, never removed, so that nothing has to watch over these two.
ALTER TABLE duty ADD COLUMN initiative_id {uuid};
CREATE INDEX duty_by_initiative ON duty (campaign_id, initiative_id, due_on, id) WHERE initiative_id IS NOT NULL;
-- The same as in the task's duty, for the index of its list and for its counters.
ALTER TABLE task ADD COLUMN initiative_id {uuid};
CREATE INDEX task_of_initiative_by_state ON task (campaign_id, initiative_id, state, due_on, id)
  WHERE initiative_id IS NOT NULL;

-- As task_count, of the tasks of one initiative.
CREATE TABLE initiative_count (
  campaign_id {uuid} NOT NULL,
  initiative_id {uuid} NOT NULL,
  unit_id {uuid} NOT NULL,
  state {key} NOT NULL,
  due_on {date} NOT NULL,
  shard {int} NOT NULL,
  n {long} NOT NULL,
  PRIMARY KEY (campaign_id, initiative_id, unit_id, state, due_on, shard)
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
