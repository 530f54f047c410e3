//! Every unit of a duty gets its task as soon as it owes, and tasks are counted.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
-- The duty's own last day, and the day that an extension granted; `due_on` is the later of the two.
ALTER TABLE task ADD COLUMN owed_on {date} NOT NULL DEFAULT '9999-12-31';
ALTER TABLE task ADD COLUMN extended_to {date};
-- The unit that was asked for help and has not answered.
ALTER TABLE task ADD COLUMN help_of {uuid};
UPDATE task SET owed_on = due_on;
CREATE INDEX task_that_asks ON task (campaign_id, help_of, due_on, id) WHERE help_of IS NOT NULL;
CREATE INDEX task_by_state ON task (campaign_id, state, due_on, id);

-- How many tasks of a unit stand in a state and are due on a day; 9999-12-31 where there is none, or where the state has
-- ended and the day says nothing any more.
CREATE TABLE task_count (
  campaign_id {uuid} NOT NULL,
  unit_id {uuid} NOT NULL,
  state {key} NOT NULL,
  due_on {date} NOT NULL,
  shard {int} NOT NULL,
  n {long} NOT NULL,
  PRIMARY KEY (campaign_id, unit_id, state, due_on, shard)
) {packed};

-- How often something was done to a unit's tasks on a day.
CREATE TABLE deed_count (
  campaign_id {uuid} NOT NULL,
  day {date} NOT NULL,
  unit_id {uuid} NOT NULL,
  deed {key} NOT NULL,
  shard {int} NOT NULL,
  n {long} NOT NULL,
  PRIMARY KEY (campaign_id, day, unit_id, deed, shard)
) {packed};
"#;

/// The tasks of duties that were there before. A unit that stands twice in a duty owes once.
pub(super) const TASKS_OF_DUTIES: &str = r#"
INSERT INTO task (campaign_id, id, duty_id, unit_id, role, occurrence, due_on, state, body, percent, unit_turn,
  office_turn, history, created_at, changed_at, version, owed_on)
SELECT u.campaign_id, NEW_ID, u.duty_id, u.unit_id, u.role, '9999-12-31', d.due_on, 'assigned',
  '{"state":"assigned","upheld":null}', 0, TRUE, FALSE, NO_HISTORY, d.created_at, d.created_at, 1, d.due_on
FROM duty_unit u JOIN duty d ON d.campaign_id = u.campaign_id AND d.id = u.duty_id
WHERE d.state = 'assigned' AND d.recurrence IS NULL
  AND NOT EXISTS (SELECT 1 FROM duty_unit e WHERE e.campaign_id = u.campaign_id AND e.duty_id = u.duty_id
    AND e.unit_id = u.unit_id AND e.ordinal < u.ordinal)
  AND NOT EXISTS (SELECT 1 FROM task t WHERE t.campaign_id = u.campaign_id AND t.duty_id = u.duty_id
    AND t.unit_id = u.unit_id AND t.state <> 'withdrawn');
INSERT INTO task_count (campaign_id, unit_id, state, due_on, shard, n)
SELECT campaign_id, unit_id, state, CASE WHEN state IN ('confirmed', 'missed') THEN '9999-12-31' ELSE due_on END, 0,
  count(*) FROM task WHERE state <> 'withdrawn' GROUP BY 1, 2, 3, 4;
"#;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    #[expect(elided_lifetimes_in_paths, reason = "the trait's signature leaves the lifetime out")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, TABLES, "", "").await?;
        let sqlite =
            TASKS_OF_DUTIES.replace("NEW_ID", "randomblob(16)").replace("NO_HISTORY", "zeroblob(32)");
        let postgres = TASKS_OF_DUTIES
            .replace("NEW_ID", "gen_random_uuid()")
            .replace("NO_HISTORY", "decode(repeat('00', 32), 'hex')")
            .replace("'9999-12-31'", "DATE '9999-12-31'");
        run(manager, "", &sqlite, &postgres).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
