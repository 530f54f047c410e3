//! Plan documents.

pub(crate) mod plan_import {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "plan_import")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) file_hash: String,
        pub(crate) name: String,
        pub(crate) state: String,
        pub(crate) reading: Option<String>,
        pub(crate) cleaned: Option<String>,
        pub(crate) problems: String,
        pub(crate) replaces_id: Option<Uuid>,
        pub(crate) adopted_at: Option<DateTime<Utc>>,
        pub(crate) adopted_by: Option<Uuid>,
        pub(crate) created_at: DateTime<Utc>,
        pub(crate) created_by: Uuid,
        pub(crate) version: i64,
        pub(crate) older: Option<String>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
