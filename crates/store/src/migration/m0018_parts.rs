//! The part of its plan that a duty stands in, and the files that came with a step of a task.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
-- The headings above it, as the plan has them. A text and no key to a table: a part is nothing but its words, so that a
-- newer version of a plan, or the undoing of one, leaves no part behind that has to be looked after.
ALTER TABLE duty ADD COLUMN part {key};
CREATE INDEX duty_by_part ON duty (campaign_id, part, due_on, id) WHERE part IS NOT NULL;
-- Duties that were there before stand in none until a newer version of their plan is adopted.
INSERT INTO duty_count (campaign_id, dimension, key, shard, n)
SELECT campaign_id, 'part', '', 0, count(*) FROM duty WHERE state = 'assigned' GROUP BY campaign_id;

-- As JSON. Of steps from before it was kept it is not known any more; their files stand with the task alone.
ALTER TABLE task_step ADD COLUMN files text NOT NULL DEFAULT '[]';
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
