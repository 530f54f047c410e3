//! The first schema.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
CREATE TABLE setting (
  key {key} NOT NULL PRIMARY KEY,
  value text NOT NULL,
  version {long} NOT NULL
) {packed};

CREATE TABLE "user" (
  id {uuid} NOT NULL PRIMARY KEY,
  name text NOT NULL,
  name_key {key} NOT NULL,
  display_name text NOT NULL,
  password_hash text NOT NULL,
  created_at {time} NOT NULL,
  disabled_at {time},
  version {long} NOT NULL,
  CONSTRAINT user_name UNIQUE (name_key)
) {strict};

CREATE TABLE campaign (
  id {uuid} NOT NULL PRIMARY KEY,
  name text NOT NULL,
  place text NOT NULL,
  kind text NOT NULL,
  year {int} NOT NULL,
  starts_on {date},
  ends_on {date},
  created_at {time} NOT NULL,
  version {long} NOT NULL
) {strict};

CREATE TABLE unit (
  campaign_id {uuid} NOT NULL REFERENCES campaign (id),
  id {uuid} NOT NULL,
  name {key} NOT NULL,
  kind text NOT NULL,
  parent_id {uuid},
  confirmed {bool} NOT NULL,
  version {long} NOT NULL,
  PRIMARY KEY (campaign_id, id),
  CONSTRAINT unit_name UNIQUE (campaign_id, name),
  FOREIGN KEY (campaign_id, parent_id) REFERENCES unit (campaign_id, id)
) {strict};
CREATE INDEX unit_by_parent ON unit (campaign_id, parent_id);

CREATE TABLE unit_alias (
  campaign_id {uuid} NOT NULL,
  name {key} NOT NULL,
  unit_id {uuid} NOT NULL,
  ordinal {int} NOT NULL,
  CONSTRAINT unit_alias_name PRIMARY KEY (campaign_id, name),
  FOREIGN KEY (campaign_id, unit_id) REFERENCES unit (campaign_id, id) ON DELETE CASCADE
) {packed};
CREATE INDEX unit_alias_by_unit ON unit_alias (campaign_id, unit_id, ordinal);

CREATE TABLE unit_member (
  campaign_id {uuid} NOT NULL,
  group_id {uuid} NOT NULL,
  member_id {uuid} NOT NULL,
  ordinal {int} NOT NULL,
  PRIMARY KEY (campaign_id, group_id, member_id),
  FOREIGN KEY (campaign_id, group_id) REFERENCES unit (campaign_id, id) ON DELETE CASCADE,
  FOREIGN KEY (campaign_id, member_id) REFERENCES unit (campaign_id, id)
) {packed};
CREATE INDEX unit_member_by_member ON unit_member (campaign_id, member_id);

CREATE TABLE "grant" (
  id {uuid} NOT NULL PRIMARY KEY,
  user_id {uuid} NOT NULL REFERENCES "user" (id),
  role text NOT NULL,
  scope_campaign_id {uuid} REFERENCES campaign (id),
  scope_unit_id {uuid},
  CONSTRAINT grant_scope CHECK (scope_unit_id IS NULL OR scope_campaign_id IS NOT NULL),
  FOREIGN KEY (scope_campaign_id, scope_unit_id) REFERENCES unit (campaign_id, id)
) {strict};
CREATE INDEX grant_by_user ON "grant" (user_id);
CREATE INDEX grant_by_scope ON "grant" (scope_campaign_id, scope_unit_id);

CREATE TABLE session (
  id {uuid} NOT NULL PRIMARY KEY,
  token_hash {hash} NOT NULL,
  user_id {uuid} NOT NULL REFERENCES "user" (id),
  created_at {time} NOT NULL,
  seen_at {time} NOT NULL,
  expires_at {time} NOT NULL,
  user_agent text NOT NULL,
  address text NOT NULL,
  CONSTRAINT session_token UNIQUE (token_hash)
) {strict};
CREATE INDEX session_by_user ON session (user_id);
CREATE INDEX session_by_expiry ON session (expires_at);

CREATE TABLE token (
  id {uuid} NOT NULL PRIMARY KEY,
  user_id {uuid} NOT NULL REFERENCES "user" (id),
  name text NOT NULL,
  token_hash {hash} NOT NULL,
  created_at {time} NOT NULL,
  expires_at {time},
  revoked_at {time},
  CONSTRAINT token_token UNIQUE (token_hash)
) {strict};
CREATE INDEX token_by_user ON token (user_id);

CREATE TABLE login_failure (
  key {key} NOT NULL PRIMARY KEY,
  count {int} NOT NULL,
  first_at {time},
  locked_until {time}
) {packed};

CREATE TABLE phase (
  campaign_id {uuid} NOT NULL REFERENCES campaign (id),
  id {uuid} NOT NULL,
  title text NOT NULL,
  starts text,
  ends text,
  ordinal {int} NOT NULL,
  PRIMARY KEY (campaign_id, id)
) {strict};

CREATE TABLE plan_import (
  campaign_id {uuid} NOT NULL REFERENCES campaign (id),
  id {uuid} NOT NULL,
  file_hash text NOT NULL,
  name text NOT NULL,
  state text NOT NULL,
  reading text,
  cleaned text,
  problems text NOT NULL,
  replaces_id {uuid},
  adopted_at {time},
  adopted_by {uuid} REFERENCES "user" (id),
  created_at {time} NOT NULL,
  created_by {uuid} NOT NULL REFERENCES "user" (id),
  version {long} NOT NULL,
  PRIMARY KEY (campaign_id, id),
  FOREIGN KEY (campaign_id, replaces_id) REFERENCES plan_import (campaign_id, id)
) {strict};
CREATE INDEX plan_import_by_replaced ON plan_import (campaign_id, replaces_id);

CREATE TABLE duty (
  campaign_id {uuid} NOT NULL REFERENCES campaign (id),
  id {uuid} NOT NULL,
  import_id {uuid},
  ordinal {int} NOT NULL,
  number text,
  path text NOT NULL,
  title text NOT NULL,
  text text NOT NULL,
  leads text NOT NULL,
  starts text,
  due text,
  -- The last possible day; 9999-12-31 where there is none, so that it sorts last by the same index.
  due_on {date} NOT NULL,
  recurrence text,
  phase_id {uuid},
  span_start {long},
  span_end {long},
  state text NOT NULL,
  has_target {bool} NOT NULL,
  created_at {time} NOT NULL,
  version {long} NOT NULL,
  PRIMARY KEY (campaign_id, id),
  FOREIGN KEY (campaign_id, import_id) REFERENCES plan_import (campaign_id, id),
  FOREIGN KEY (campaign_id, phase_id) REFERENCES phase (campaign_id, id)
) {strict};
CREATE INDEX duty_by_due ON duty (campaign_id, due_on, id);
CREATE INDEX duty_by_phase ON duty (campaign_id, phase_id, due_on, id);
CREATE INDEX duty_by_import ON duty (campaign_id, import_id, ordinal, id);
CREATE INDEX duty_by_recurrence ON duty (campaign_id, recurrence, due_on, id) WHERE recurrence IS NOT NULL;
CREATE INDEX duty_with_target ON duty (campaign_id, due_on, id) WHERE has_target;
CREATE INDEX duty_not_assigned ON duty (campaign_id, due_on, id) WHERE state <> 'assigned';

CREATE TABLE duty_unit (
  campaign_id {uuid} NOT NULL,
  duty_id {uuid} NOT NULL,
  ordinal {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  role text NOT NULL,
  -- The group that the plan names in the unit's place.
  via_id {uuid},
  due_on {date} NOT NULL,
  PRIMARY KEY (campaign_id, duty_id, ordinal),
  FOREIGN KEY (campaign_id, duty_id) REFERENCES duty (campaign_id, id) ON DELETE CASCADE,
  FOREIGN KEY (campaign_id, unit_id) REFERENCES unit (campaign_id, id),
  FOREIGN KEY (campaign_id, via_id) REFERENCES unit (campaign_id, id)
) {packed};
CREATE INDEX duty_unit_by_due ON duty_unit (campaign_id, unit_id, due_on, duty_id);
CREATE INDEX duty_unit_by_group ON duty_unit (campaign_id, via_id, duty_id) WHERE via_id IS NOT NULL;

CREATE TABLE target (
  campaign_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  duty_id {uuid} NOT NULL,
  ordinal {int} NOT NULL,
  subject text NOT NULL,
  comparator text NOT NULL,
  -- A decimal as text: a published number is never a float.
  value text NOT NULL,
  unit text NOT NULL,
  PRIMARY KEY (campaign_id, id),
  FOREIGN KEY (campaign_id, duty_id) REFERENCES duty (campaign_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX target_by_duty ON target (campaign_id, duty_id, ordinal);

CREATE TABLE duty_count (
  campaign_id {uuid} NOT NULL,
  dimension {key} NOT NULL,
  key {key} NOT NULL,
  shard {int} NOT NULL,
  n {long} NOT NULL,
  PRIMARY KEY (campaign_id, dimension, key, shard)
) {packed};

CREATE TABLE ledger_block (
  height {long} NOT NULL PRIMARY KEY,
  sealed_at {time} NOT NULL,
  previous {hash} NOT NULL,
  root {hash} NOT NULL,
  count {int} NOT NULL,
  -- For each entry in order its id (16 bytes) and its hash (32): lets `verify` name the row that was touched.
  entries {bytes} NOT NULL,
  hash {hash} NOT NULL
) {strict};

CREATE TABLE ledger_entry (
  -- Grows in the order in which the entries of one subject were written.
  seq {sequence},
  id {uuid} NOT NULL,
  at {time} NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  scope_campaign_id {uuid},
  subject_kind text NOT NULL,
  subject_id {uuid} NOT NULL,
  -- What the act did to its subject's row: stored, removed, none.
  effect text NOT NULL,
  subject_hash {hash},
  details text NOT NULL,
  hash {hash} NOT NULL,
  -- The block that it is sealed in; null for a second or so.
  height {long},
  CONSTRAINT ledger_entry_id UNIQUE (id)
) {strict};
CREATE INDEX ledger_entry_by_subject ON ledger_entry (subject_kind, subject_id, seq);
CREATE INDEX ledger_entry_by_campaign ON ledger_entry (scope_campaign_id, seq);
CREATE INDEX ledger_entry_unsealed ON ledger_entry (seq) WHERE height IS NULL;

CREATE TABLE job (
  id {uuid} NOT NULL PRIMARY KEY,
  kind text NOT NULL,
  payload_version {int} NOT NULL,
  payload text NOT NULL,
  dedupe text,
  scope_campaign_id {uuid},
  state text NOT NULL,
  attempts {int} NOT NULL,
  attempts_allowed {int} NOT NULL,
  run_at {time} NOT NULL,
  lease_until {time},
  worker {uuid},
  done {long} NOT NULL,
  total {long},
  message text NOT NULL,
  result text,
  error text,
  created_at {time} NOT NULL,
  finished_at {time}
) {strict};
CREATE UNIQUE INDEX job_dedupe ON job (dedupe) WHERE dedupe IS NOT NULL AND state IN ('queued', 'running');
CREATE INDEX job_waiting ON job (run_at, id) WHERE state = 'queued';
CREATE INDEX job_leased ON job (lease_until) WHERE state = 'running';
CREATE INDEX job_by_campaign ON job (scope_campaign_id, created_at);

CREATE TABLE idempotency (
  user_id {uuid} NOT NULL,
  key text NOT NULL,
  operation text NOT NULL,
  fingerprint {hash} NOT NULL,
  status {int} NOT NULL,
  response text NOT NULL,
  created_at {time} NOT NULL,
  PRIMARY KEY (user_id, key)
) {strict};
CREATE INDEX idempotency_by_age ON idempotency (created_at);
"#;

/// The search index: two-character words are cut by us, so each engine only keeps and intersects lists of them.
const SEARCH_SQLITE: &str = "
CREATE TABLE search_text (
  campaign_id BLOB NOT NULL,
  kind text NOT NULL,
  subject_id BLOB NOT NULL,
  docid INTEGER NOT NULL,
  grams text NOT NULL,
  PRIMARY KEY (campaign_id, kind, subject_id),
  CONSTRAINT search_text_docid UNIQUE (docid)
) STRICT;
CREATE VIRTUAL TABLE search_grams USING fts5 (
  grams, content = '', contentless_delete = 1, detail = none, tokenize = \"unicode61 remove_diacritics 0\"
);
";
const SEARCH_POSTGRES: &str = r#"
CREATE TABLE search_text (
  campaign_id uuid NOT NULL,
  kind text COLLATE "C" NOT NULL,
  subject_id uuid NOT NULL,
  docid bigint GENERATED BY DEFAULT AS IDENTITY,
  grams tsvector NOT NULL,
  PRIMARY KEY (campaign_id, kind, subject_id),
  CONSTRAINT search_text_docid UNIQUE (docid)
);
CREATE INDEX search_text_grams ON search_text USING gin (grams) WITH (fastupdate = off);
"#;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    #[expect(elided_lifetimes_in_paths, reason = "the trait's signature leaves the lifetime out")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, TABLES, SEARCH_SQLITE, SEARCH_POSTGRES).await
    }

    /// All of it or nothing, on both engines.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
