//! Assessment standards that are kept here, their editions, and the catalogues that they share.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
CREATE TABLE standard (
  id {uuid} NOT NULL PRIMARY KEY,
  -- The campaign whose it is; none: the installation's. It is no row of that campaign: others may be assessed by it.
  owner_id {uuid} REFERENCES campaign (id),
  code {key} NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  level text NOT NULL,
  created_at {time} NOT NULL,
  version {long} NOT NULL
) {strict};
CREATE UNIQUE INDEX standard_own ON standard (owner_id, code) WHERE owner_id IS NOT NULL;
CREATE UNIQUE INDEX standard_shared ON standard (code) WHERE owner_id IS NULL;

CREATE TABLE edition (
  id {uuid} NOT NULL PRIMARY KEY,
  standard_id {uuid} NOT NULL REFERENCES standard (id),
  -- The standard's, so that its entries in the ledger are told in the same place.
  owner_id {uuid} REFERENCES campaign (id),
  label {key} NOT NULL,
  title text NOT NULL,
  -- Canonical JSON, and the hash of it with what was frozen beside it.
  content text NOT NULL,
  catalogues text NOT NULL,
  content_hash {hash} NOT NULL,
  source text NOT NULL,
  state text NOT NULL,
  published_at {time},
  published_by {uuid} REFERENCES "user" (id),
  copy_of_id {uuid},
  created_at {time} NOT NULL,
  created_by {uuid} NOT NULL REFERENCES "user" (id),
  changed_at {time} NOT NULL,
  version {long} NOT NULL,
  CONSTRAINT edition_label UNIQUE (standard_id, label)
) {strict};

CREATE TABLE catalogue (
  id {uuid} NOT NULL PRIMARY KEY,
  owner_id {uuid} REFERENCES campaign (id),
  code {key} NOT NULL,
  edition {key} NOT NULL,
  content text NOT NULL,
  source text NOT NULL,
  changed_at {time} NOT NULL,
  changed_by {uuid} NOT NULL REFERENCES "user" (id),
  version {long} NOT NULL
) {strict};
CREATE UNIQUE INDEX catalogue_own ON catalogue (owner_id, code, edition) WHERE owner_id IS NOT NULL;
CREATE UNIQUE INDEX catalogue_shared ON catalogue (code, edition) WHERE owner_id IS NULL;
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
