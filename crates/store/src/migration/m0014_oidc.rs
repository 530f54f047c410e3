//! By which account at a provider of unified login users come in, and which ways there and back were used.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
CREATE TABLE oidc_link (
  -- The user's.
  id {uuid} NOT NULL PRIMARY KEY REFERENCES "user" (id),
  issuer {key} NOT NULL,
  -- Under which name they are expected; none once they have come.
  expected {key},
  -- The provider's word for their account; none until they have come.
  subject {key},
  linked_at {time},
  version {long} NOT NULL,
  CONSTRAINT oidc_link_state CHECK ((subject IS NULL) = (linked_at IS NULL) AND (subject IS NULL) = (expected IS NOT NULL))
) {strict};
CREATE UNIQUE INDEX oidc_link_subject ON oidc_link (issuer, subject) WHERE subject IS NOT NULL;
CREATE UNIQUE INDEX oidc_link_expected ON oidc_link (issuer, expected) WHERE expected IS NOT NULL;

-- A way to the provider and back that was used: it is good for nothing more, except for the code of the second factor.
CREATE TABLE oidc_turn (
  id {hash} NOT NULL PRIMARY KEY,
  -- Who has come back by it and is still asked for the code.
  user_id {uuid} REFERENCES "user" (id),
  ends_at {time} NOT NULL
) {packed};
CREATE INDEX oidc_turn_by_end ON oidc_turn (ends_at);
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
