//! What a token is not good for, and when it was used; the second factor; invitations.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
ALTER TABLE token ADD COLUMN read_only {bool} NOT NULL DEFAULT false;
ALTER TABLE token ADD COLUMN scope_campaign_id {uuid};
ALTER TABLE token ADD COLUMN used_at {time};

CREATE TABLE second_factor (
  -- The user's.
  id {uuid} NOT NULL PRIMARY KEY REFERENCES "user" (id),
  -- With the installation's key, which is not in the database, it makes the secret.
  nonce {hash} NOT NULL,
  -- SHA-256 of the recovery codes that were not used, as JSON.
  recovery text NOT NULL,
  made_at {time} NOT NULL,
  confirmed_at {time},
  -- Of the last code that was taken.
  last_step {long} NOT NULL
) {strict};

CREATE TABLE invitation (
  id {uuid} NOT NULL PRIMARY KEY,
  token_hash {hash} NOT NULL,
  display_name text NOT NULL,
  role text NOT NULL,
  scope_campaign_id {uuid},
  scope_unit_id {uuid},
  created_by {uuid} NOT NULL REFERENCES "user" (id),
  created_at {time} NOT NULL,
  expires_at {time} NOT NULL,
  accepted_by {uuid} REFERENCES "user" (id),
  accepted_at {time},
  revoked_at {time},
  CONSTRAINT invitation_token UNIQUE (token_hash),
  CONSTRAINT invitation_scope CHECK (scope_unit_id IS NULL OR scope_campaign_id IS NOT NULL)
) {strict};
-- Those that may still be accepted or whose time is over: what the pages list.
CREATE INDEX invitation_open ON invitation (scope_campaign_id, id) WHERE accepted_at IS NULL AND revoked_at IS NULL;
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
