//! Materials that units file, for which requirements, how their reviews stand, what was said of them, who is asked for them.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
CREATE TABLE evidence (
  campaign_id {uuid} NOT NULL REFERENCES campaign (id),
  id {uuid} NOT NULL,
  unit_id {uuid} NOT NULL,
  kind {key} NOT NULL,
  -- Of the version that stands, as lists and searches show it.
  title text NOT NULL,
  activity {key},
  made_on {date},
  pieces {int} NOT NULL,
  latest {int} NOT NULL,
  filed_at {time} NOT NULL,
  version {long} NOT NULL,
  PRIMARY KEY (campaign_id, id),
  FOREIGN KEY (campaign_id, unit_id) REFERENCES unit (campaign_id, id)
) {strict};
CREATE INDEX evidence_by_time ON evidence (campaign_id, filed_at, id);
CREATE INDEX evidence_by_unit ON evidence (campaign_id, unit_id, filed_at, id);
CREATE INDEX evidence_by_activity ON evidence (campaign_id, activity) WHERE activity IS NOT NULL;

-- Append-only.
CREATE TABLE evidence_version (
  campaign_id {uuid} NOT NULL,
  evidence_id {uuid} NOT NULL,
  number {int} NOT NULL,
  content text NOT NULL,
  user_id {uuid} NOT NULL,
  at {time} NOT NULL,
  PRIMARY KEY (campaign_id, evidence_id, number),
  FOREIGN KEY (campaign_id, evidence_id) REFERENCES evidence (campaign_id, id)
) {strict};

CREATE TABLE evidence_link (
  campaign_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  evidence_id {uuid} NOT NULL,
  unit_id {uuid} NOT NULL,
  kind {key} NOT NULL,
  standard_id {uuid} NOT NULL REFERENCES standard (id),
  requirement {key} NOT NULL,
  state {key} NOT NULL,
  review text NOT NULL,
  -- As what it is counted, and for how many.
  counted {key} NOT NULL,
  pieces {int} NOT NULL,
  -- The last day on which what was accepted counts.
  until {date},
  changed_at {time} NOT NULL,
  version {long} NOT NULL,
  PRIMARY KEY (campaign_id, id),
  FOREIGN KEY (campaign_id, evidence_id) REFERENCES evidence (campaign_id, id),
  FOREIGN KEY (campaign_id, unit_id) REFERENCES unit (campaign_id, id)
) {strict};
CREATE UNIQUE INDEX evidence_link_once ON evidence_link (campaign_id, evidence_id, standard_id, requirement);
CREATE INDEX evidence_link_by_state ON evidence_link (campaign_id, state, changed_at, id);
CREATE INDEX evidence_link_by_unit ON evidence_link (campaign_id, unit_id, state, changed_at, id);
CREATE INDEX evidence_link_by_requirement ON evidence_link (campaign_id, standard_id, requirement, state, changed_at, id);
CREATE INDEX evidence_link_until ON evidence_link (campaign_id, until, id) WHERE until IS NOT NULL;

-- Append-only.
CREATE TABLE remark (
  campaign_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  evidence_id {uuid} NOT NULL,
  -- Not a reference: what was said stays when the material is taken off the requirement.
  link_id {uuid},
  deed {key},
  text text,
  user_id {uuid} NOT NULL,
  at {time} NOT NULL,
  PRIMARY KEY (campaign_id, id),
  FOREIGN KEY (campaign_id, evidence_id) REFERENCES evidence (campaign_id, id)
) {strict};
CREATE INDEX remark_of_evidence ON remark (campaign_id, evidence_id, at, id);

CREATE TABLE asking (
  campaign_id {uuid} NOT NULL REFERENCES campaign (id),
  id {uuid} NOT NULL,
  standard_id {uuid} NOT NULL REFERENCES standard (id),
  requirement {key} NOT NULL,
  units text NOT NULL,
  version {long} NOT NULL,
  PRIMARY KEY (campaign_id, id)
) {strict};
CREATE UNIQUE INDEX asking_once ON asking (campaign_id, standard_id, requirement);

-- How many links of a requirement count as what, by unit and kind, and for how many pieces.
CREATE TABLE evidence_count (
  campaign_id {uuid} NOT NULL,
  standard_id {uuid} NOT NULL,
  requirement {key} NOT NULL,
  unit_id {uuid} NOT NULL,
  kind {key} NOT NULL,
  counted {key} NOT NULL,
  shard {int} NOT NULL,
  links {long} NOT NULL,
  pieces {long} NOT NULL,
  PRIMARY KEY (campaign_id, standard_id, requirement, unit_id, kind, counted, shard)
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
