//! Where programs are told what happens, and what is on its way to them.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
CREATE TABLE webhook (
  campaign_id {uuid} NOT NULL REFERENCES campaign (id),
  id {uuid} NOT NULL,
  name text NOT NULL,
  url text NOT NULL,
  -- The codes of the events, as JSON.
  kinds text NOT NULL,
  state text NOT NULL,
  -- When it was given up.
  given_up_at {time},
  -- From which, and from the installation's key, its secret follows.
  nonce {bytes} NOT NULL,
  old_nonce {bytes},
  rotated_at {time},
  created_at {time} NOT NULL,
  version {long} NOT NULL,
  PRIMARY KEY (campaign_id, id)
) {strict};

-- The block up to which the ledger was looked through for it.
CREATE TABLE webhook_cursor (
  campaign_id {uuid} NOT NULL,
  webhook_id {uuid} NOT NULL,
  height {long} NOT NULL,
  PRIMARY KEY (campaign_id, webhook_id),
  FOREIGN KEY (campaign_id, webhook_id) REFERENCES webhook (campaign_id, id) ON DELETE CASCADE
) {packed};

-- A message to a webhook. It is claimed before it is sent; it may be sent twice, under the same id.
CREATE TABLE webhook_message (
  campaign_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  webhook_id {uuid} NOT NULL,
  kind text NOT NULL,
  -- Byte for byte as it is sent, however often.
  body text NOT NULL,
  state text NOT NULL,
  attempts {int} NOT NULL,
  -- Not before.
  next_at {time} NOT NULL,
  -- Whoever sends it has until then.
  lease_until {time},
  worker {uuid},
  made_at {time} NOT NULL,
  -- The last attempt, and what came of it.
  tried_at {time},
  status {int},
  reason text,
  ended_at {time},
  PRIMARY KEY (campaign_id, id),
  FOREIGN KEY (campaign_id, webhook_id) REFERENCES webhook (campaign_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX webhook_message_open ON webhook_message (campaign_id, webhook_id, next_at, id) WHERE ended_at IS NULL;
CREATE INDEX webhook_message_of ON webhook_message (campaign_id, webhook_id, made_at, id);
CREATE INDEX webhook_message_by_time ON webhook_message (made_at);
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
