//! What each unit owes under a duty, and what became of it.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
CREATE TABLE task (
  campaign_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  duty_id {uuid} NOT NULL,
  unit_id {uuid} NOT NULL,
  role text NOT NULL,
  -- The date of a recurring duty; 9999-12-31 where the duty is owed once.
  occurrence {date} NOT NULL,
  -- The last possible day, after extensions; 9999-12-31 where there is none.
  due_on {date} NOT NULL,
  state text NOT NULL,
  -- The state with its data, as JSON.
  body text NOT NULL,
  percent {int} NOT NULL,
  extension text,
  help text,
  -- Derived from the state, for the indexes below: the unit has to act; the office has to decide.
  unit_turn {bool} NOT NULL,
  office_turn {bool} NOT NULL,
  -- Folded over the steps, so that the ledger's hash of a task covers its whole history.
  history {hash} NOT NULL,
  created_at {time} NOT NULL,
  changed_at {time} NOT NULL,
  version {long} NOT NULL,
  PRIMARY KEY (campaign_id, id),
  FOREIGN KEY (campaign_id, duty_id) REFERENCES duty (campaign_id, id),
  FOREIGN KEY (campaign_id, unit_id) REFERENCES unit (campaign_id, id)
) {strict};
-- A unit owes the same thing once; what was withdrawn or handed on does not count.
CREATE UNIQUE INDEX task_owed ON task (campaign_id, duty_id, unit_id, occurrence) WHERE state <> 'withdrawn';
CREATE INDEX task_by_duty ON task (campaign_id, duty_id, occurrence, id);
CREATE INDEX task_by_due ON task (campaign_id, due_on, id);
CREATE INDEX task_by_unit ON task (campaign_id, unit_id, due_on, id);
CREATE INDEX task_of_unit_to_do ON task (campaign_id, unit_id, due_on, id) WHERE unit_turn;
CREATE INDEX task_to_do ON task (campaign_id, due_on, id) WHERE unit_turn;
CREATE INDEX task_to_decide ON task (campaign_id, due_on, id) WHERE office_turn;

CREATE TABLE task_step (
  campaign_id {uuid} NOT NULL,
  task_id {uuid} NOT NULL,
  -- The task's version after it: the steps' order.
  version {long} NOT NULL,
  id {uuid} NOT NULL,
  duty_id {uuid} NOT NULL,
  unit_id {uuid} NOT NULL,
  deed text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  note text,
  percent {int} NOT NULL,
  until {date},
  other_unit_id {uuid},
  closed text NOT NULL,
  by text NOT NULL,
  party text NOT NULL,
  at {time} NOT NULL,
  PRIMARY KEY (campaign_id, task_id, version),
  CONSTRAINT task_step_id UNIQUE (campaign_id, id),
  FOREIGN KEY (campaign_id, task_id) REFERENCES task (campaign_id, id) ON DELETE CASCADE
) {strict};
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
