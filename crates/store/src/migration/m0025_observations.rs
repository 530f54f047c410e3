//! Sites, what was observed, and what is counted of it for the score.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
CREATE TABLE site (
  campaign_id {uuid} NOT NULL REFERENCES campaign (id),
  id {uuid} NOT NULL,
  name {key} NOT NULL,
  site_type {key} NOT NULL,
  unit_id {uuid},
  -- Degrees as decimals, and the datum that they are measured against; all three or none.
  longitude text,
  latitude text,
  datum text,
  added_at {time} NOT NULL,
  closed_at {time},
  version {long} NOT NULL,
  PRIMARY KEY (campaign_id, id),
  FOREIGN KEY (campaign_id, unit_id) REFERENCES unit (campaign_id, id)
) {strict};
CREATE UNIQUE INDEX site_name ON site (campaign_id, name) WHERE closed_at IS NULL;
CREATE INDEX site_by_type ON site (campaign_id, site_type, id);
CREATE INDEX site_by_unit ON site (campaign_id, unit_id, id);

-- Append-only: the last three columns are set once each, nothing else ever changes.
CREATE TABLE observation (
  campaign_id {uuid} NOT NULL REFERENCES campaign (id),
  id {uuid} NOT NULL,
  at {time} NOT NULL,
  covert {bool} NOT NULL,
  round {key},
  kind {key} NOT NULL,
  -- The criterion, requirement, question, statistic, leaf, site type, entry or honour.
  about {key} NOT NULL,
  -- Canonical JSON.
  fact text NOT NULL,
  standard_id {uuid} REFERENCES standard (id),
  site_id {uuid},
  unit_id {uuid},
  source text NOT NULL,
  period {key},
  files text NOT NULL,
  by text NOT NULL,
  recorded_at {time} NOT NULL,
  accepted_at {time},
  released_at {time},
  superseded_by {uuid},
  PRIMARY KEY (campaign_id, id),
  FOREIGN KEY (campaign_id, site_id) REFERENCES site (campaign_id, id),
  FOREIGN KEY (campaign_id, unit_id) REFERENCES unit (campaign_id, id)
) {strict};
CREATE INDEX observation_by_time ON observation (campaign_id, at, id);
CREATE INDEX observation_by_kind ON observation (campaign_id, kind, at, id);
CREATE INDEX observation_by_thing ON observation (campaign_id, kind, about, at, id);
CREATE INDEX observation_by_site ON observation (campaign_id, site_id, about, at, id);
CREATE INDEX observation_by_unit ON observation (campaign_id, unit_id, at, id);
CREATE INDEX observation_waiting ON observation (campaign_id, at, id) WHERE accepted_at IS NULL;
CREATE INDEX observation_of_round ON observation (campaign_id, at, id) WHERE round IS NOT NULL;
CREATE INDEX observation_superseding ON observation (campaign_id, superseded_by) WHERE superseded_by IS NOT NULL;

-- Which observation stands in a cell, among all (*) or among those of a round (=round).
CREATE TABLE standing (
  campaign_id {uuid} NOT NULL,
  kind {key} NOT NULL,
  about {key} NOT NULL,
  place {key} NOT NULL,
  scope {key} NOT NULL,
  observation_id {uuid} NOT NULL,
  month {key} NOT NULL,
  PRIMARY KEY (campaign_id, kind, about, place, scope)
) {packed};
CREATE INDEX standing_by_month ON standing (campaign_id, kind, month);

-- How many places stand alike, and how often a question was answered alike.
CREATE TABLE observation_count (
  campaign_id {uuid} NOT NULL,
  about {key} NOT NULL,
  scope {key} NOT NULL,
  month {key} NOT NULL,
  -- Canonical JSON.
  outcome {key} NOT NULL,
  shard {int} NOT NULL,
  n {long} NOT NULL,
  PRIMARY KEY (campaign_id, about, scope, month, outcome, shard)
) {packed};
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
