//! Where people get mail, and what is on its way to them.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
CREATE TABLE mailbox (
  user_id {uuid} NOT NULL PRIMARY KEY REFERENCES "user" (id),
  address text NOT NULL,
  -- In which language that person is written to.
  language text NOT NULL,
  -- None: nobody has shown yet that what is sent there arrives.
  verified_at {time},
  -- SHA-256 of what stands in the link that was sent there, and when.
  proof_hash {hash},
  proof_at {time},
  version {long} NOT NULL,
  CONSTRAINT mailbox_proof UNIQUE (proof_hash)
) {strict};

-- A message to one person. It is claimed before it is sent; what was handed over is never sent again.
CREATE TABLE letter (
  id {uuid} NOT NULL PRIMARY KEY,
  user_id {uuid} NOT NULL REFERENCES "user" (id),
  state text NOT NULL,
  attempts {int} NOT NULL,
  -- Not before.
  next_at {time} NOT NULL,
  -- Whoever sends it has until then.
  lease_until {time},
  worker {uuid},
  reason text,
  made_at {time} NOT NULL,
  ended_at {time}
) {strict};
CREATE INDEX letter_open ON letter (next_at, id) WHERE ended_at IS NULL;
CREATE INDEX letter_of_user ON letter (user_id, made_at);
CREATE INDEX letter_by_time ON letter (made_at, id);

-- A notice on its way by mail, until it has its letter.
CREATE TABLE delivery (
  campaign_id {uuid} NOT NULL,
  notice_id {uuid} NOT NULL,
  user_id {uuid} NOT NULL REFERENCES "user" (id),
  not_before {time} NOT NULL,
  letter_id {uuid} REFERENCES letter (id),
  PRIMARY KEY (campaign_id, notice_id),
  FOREIGN KEY (campaign_id, notice_id) REFERENCES notice (campaign_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX delivery_waiting ON delivery (user_id, not_before) WHERE letter_id IS NULL;
CREATE INDEX delivery_of_letter ON delivery (letter_id) WHERE letter_id IS NOT NULL;
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
