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
-- Lists are read state by state and merged: two indexes that a moved deadline moves in place of five.
DROP INDEX task_by_due;
DROP INDEX task_to_do;
DROP INDEX task_by_unit;
DROP INDEX task_of_unit_to_do;
CREATE INDEX task_by_state ON task (campaign_id, state, due_on, id);
CREATE INDEX task_of_unit_by_state ON task (campaign_id, unit_id, state, due_on, id);

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
const TASKS_OF_DUTIES: &str = r#"
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

fn on_sqlite() -> String {
    TASKS_OF_DUTIES.replace("NEW_ID", "randomblob(16)").replace("NO_HISTORY", "zeroblob(32)")
}

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    #[expect(elided_lifetimes_in_paths, reason = "the trait's signature leaves the lifetime out")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, TABLES, "", "").await?;
        let sqlite = on_sqlite();
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chengjing_domain::{
        campaign::{Campaign, Unit, UnitKind},
        duty::{Duty, DutyState, DutyUnit},
        id::{CampaignId, DutyId, EntryId, UnitId},
        ledger::{Act, Author, Subject, SubjectKind},
        plan::{Recurrence, UnitRole},
    };
    use chrono::{DateTime, NaiveDate};
    use uuid::Uuid;

    use super::on_sqlite;
    use crate::{
        campaign, config::StoreConfig, door::Store, duty, error::StoreError, ledger, page::Paging, task,
    };

    fn duty_of(n: u128, recurrence: Option<Recurrence>, units: &[(u128, UnitRole)]) -> Duty {
        let part = |(unit, role): &(u128, UnitRole)| DutyUnit {
            unit: UnitId(Uuid::from_u128(*unit)),
            role: *role,
            via: None,
        };
        Duty {
            campaign: CampaignId(Uuid::from_u128(1)),
            id: DutyId(Uuid::from_u128(n)),
            import: None,
            ordinal: 0,
            number: None,
            path: Vec::new(),
            part: None,
            title: "清理楼道".into(),
            text: String::new(),
            leads: Vec::new(),
            units: units.iter().map(part).collect(),
            start: None,
            due: None,
            due_on: NaiveDate::from_ymd_opt(2026, 6, 30),
            recurrence,
            phase: None,
            initiative: None,
            targets: Vec::new(),
            span: None,
            state: DutyState::Assigned,
            created_at: DateTime::UNIX_EPOCH,
            version: 1,
        }
    }

    #[tokio::test]
    async fn duties_that_were_there_before_get_the_tasks_that_they_would_have_got() {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(|| DateTime::UNIX_EPOCH);
        let store =
            Store::open(&StoreConfig::embedded(folder.path().to_owned(), clock)).await.expect("a store");
        store.migrate().await.expect("a schema");
        let here = CampaignId(Uuid::from_u128(1));
        let unit =
            |n: u128, name: &str| Unit::new(here, UnitId(Uuid::from_u128(n)), name, UnitKind::Department);
        let units = [unit(10, "城管局"), unit(11, "教育局")];
        let both = [(10, UnitRole::Lead), (11, UnitRole::Support), (10, UnitRole::Responsible)];
        let duties = [duty_of(20, None, &both), duty_of(21, Some(Recurrence::Monthly), &both)];
        let read = || async {
            let list = |r| async move {
                let tasks = task::list(&r, here, &task::TaskFilter::default(), &Paging::first(10)).await?;
                Ok::<_, StoreError>((tasks.items, task::counts(&r, here, None).await?))
            };
            let (mut tasks, counts) = store.read(list).await.expect("a read");
            tasks.sort_by_key(|task| task.owed.unit);
            (tasks.into_iter().map(|task| (task.owed, task.state)).collect::<Vec<_>>(), counts)
        };
        let campaign = Campaign {
            id: here,
            name: "创建".into(),
            place: "云溪县".into(),
            kind: "文明城市".into(),
            year: 2026,
            starts_on: None,
            ends_on: None,
            created_at: DateTime::UNIX_EPOCH,
            version: 1,
        };
        let filled = store.write(move |tx| {
            let (campaign, units, duties) = (campaign.clone(), units.clone(), duties.clone());
            async move {
                campaign::add(&tx, &campaign).await?;
                campaign::add_units(&tx, &units).await?;
                duty::add_many(&tx, &duties).await?;
                let act = Act {
                    id: EntryId(Uuid::from_u128(2)),
                    at: DateTime::UNIX_EPOCH,
                    author: Author::System,
                    action: "test".into(),
                    subject: Subject::of(here, SubjectKind::Campaign, here.0),
                    details: serde_json::json!({}),
                };
                ledger::record(&tx, act).await.map(drop)
            }
        });
        filled.await.expect("filled");
        let meant = read().await;
        assert_eq!(meant.0.len(), 2, "each unit once, and nothing of the recurring duty");
        let again = store.write_unrecorded("a test", |tx| async move {
            tx.access().execute_unprepared("DELETE FROM task; DELETE FROM task_count").await?;
            tx.access().execute_unprepared(&on_sqlite()).await.map(drop)
        });
        again.await.expect("done again");
        assert_eq!(read().await, meant);
    }
}
