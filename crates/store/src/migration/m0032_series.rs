//! Figures by their periods, and observations by who recorded them.

use sea_orm_migration::prelude::*;

use super::run;

const INDEXES: &str = r#"
CREATE INDEX observation_by_period ON observation (campaign_id, kind, period, unit_id) WHERE period IS NOT NULL;
CREATE INDEX observation_by_author ON observation (campaign_id, by, at, id);
"#;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    #[expect(elided_lifetimes_in_paths, reason = "the trait's signature leaves the lifetime out")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, INDEXES, "", "").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
