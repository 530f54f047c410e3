//! People who leave ask to have their work handed over, and letters that tell of it.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
CREATE TABLE handover_request (
  campaign_id {uuid} NOT NULL REFERENCES campaign (id),
  id {uuid} NOT NULL,
  -- Who leaves, and asks.
  user_id {uuid} NOT NULL REFERENCES "user" (id),
  leaves_on {date} NOT NULL,
  reason text NOT NULL,
  -- Whom they propose, by name.
  proposed text,
  asked_at {time} NOT NULL,
  state {key} NOT NULL,
  -- How it ended: who did it, when, and why not or who took it over.
  ended_by {uuid} REFERENCES "user" (id),
  ended_at {time},
  answer text,
  version {long} NOT NULL,
  PRIMARY KEY (campaign_id, id)
) {strict};
CREATE UNIQUE INDEX handover_request_waiting ON handover_request (campaign_id, user_id) WHERE state = 'waiting';
CREATE INDEX handover_request_open ON handover_request (campaign_id, id) WHERE state = 'waiting';
CREATE INDEX handover_request_by_user ON handover_request (user_id, id);

-- What a letter tells of a request: each person is written to once of each piece of news. It is no notice, since a notice
-- tells of a task.
CREATE TABLE handover_letter (
  campaign_id {uuid} NOT NULL,
  request_id {uuid} NOT NULL,
  news {key} NOT NULL,
  user_id {uuid} NOT NULL REFERENCES "user" (id),
  letter_id {uuid} NOT NULL REFERENCES letter (id),
  PRIMARY KEY (campaign_id, request_id, news, user_id),
  FOREIGN KEY (campaign_id, request_id) REFERENCES handover_request (campaign_id, id)
) {packed};
CREATE INDEX handover_letter_by_letter ON handover_letter (letter_id);
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
