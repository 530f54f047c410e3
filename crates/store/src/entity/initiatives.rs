//! Special actions and working groups, their members, and the counters over their tasks.

pub(crate) mod initiative {
    use chrono::{DateTime, NaiveDate, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "initiative")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) kind: String,
        pub(crate) name: String,
        pub(crate) purpose: String,
        pub(crate) leader_id: Uuid,
        pub(crate) head_id: Option<Uuid>,
        pub(crate) starts_on: Option<NaiveDate>,
        pub(crate) ends_on: Option<NaiveDate>,
        pub(crate) closed_at: Option<DateTime<Utc>>,
        pub(crate) summary: Option<String>,
        pub(crate) created_at: DateTime<Utc>,
        pub(crate) version: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod initiative_member {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "initiative_member")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) initiative_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) ordinal: i32,
        pub(crate) unit_id: Uuid,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod initiative_count {
    use chrono::NaiveDate;
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "initiative_count")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) initiative_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) unit_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) state: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) due_on: NaiveDate,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) shard: i32,
        pub(crate) n: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
