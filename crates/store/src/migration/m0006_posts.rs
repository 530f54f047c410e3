//! Who answers for a unit, units that are no more, and what changes hands when people come and go.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
CREATE TABLE unit_contact (
  campaign_id {uuid} NOT NULL,
  unit_id {uuid} NOT NULL,
  ordinal {int} NOT NULL,
  post text NOT NULL,
  name text NOT NULL,
  duty_title text,
  phone text,
  user_id {uuid} REFERENCES "user" (id),
  PRIMARY KEY (campaign_id, unit_id, ordinal),
  FOREIGN KEY (campaign_id, unit_id) REFERENCES unit (campaign_id, id)
) {packed};

ALTER TABLE unit ADD COLUMN closed_at {time};
-- Somebody else knows the password: it is good for nothing but choosing another.
ALTER TABLE "user" ADD COLUMN must_change_password {bool} NOT NULL DEFAULT false;
-- From whom it came, when and with how many open tasks, as JSON.
ALTER TABLE "grant" ADD COLUMN handed_over text;
-- What the invited takes over from whom, as JSON.
ALTER TABLE invitation ADD COLUMN handed_over text;
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
