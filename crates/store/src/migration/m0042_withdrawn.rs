//! Observations that were recorded in error are withdrawn, and figures of unlike periods stand beside each other.

use sea_orm_migration::prelude::*;

use super::run;

const TABLES: &str = r#"
-- It says nothing but that what it supersedes was recorded in error.
ALTER TABLE observation ADD COLUMN withdraws {bool} NOT NULL DEFAULT false;

CREATE INDEX standing_marked ON standing (campaign_id) WHERE kind = 'uncounted';
-- What stands where such figures are, or where something was corrected twice, is looked at anew once the schema stands.
INSERT INTO standing (campaign_id, kind, about, place, scope, observation_id, month)
SELECT DISTINCT campaign_id, 'uncounted', '', '', '*', campaign_id, '' FROM observation
WHERE kind = 'figure' OR superseded_by IS NOT NULL;
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
