//! What the program keeps for itself: jobs, answers already given, settings.

pub(crate) mod job {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "job")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) kind: String,
        pub(crate) payload_version: i32,
        pub(crate) payload: String,
        pub(crate) dedupe: Option<String>,
        pub(crate) scope_campaign_id: Option<Uuid>,
        pub(crate) state: String,
        pub(crate) attempts: i32,
        pub(crate) attempts_allowed: i32,
        pub(crate) run_at: DateTime<Utc>,
        pub(crate) lease_until: Option<DateTime<Utc>>,
        pub(crate) worker: Option<Uuid>,
        pub(crate) done: i64,
        pub(crate) total: Option<i64>,
        pub(crate) message: String,
        pub(crate) result: Option<String>,
        pub(crate) error: Option<String>,
        pub(crate) created_at: DateTime<Utc>,
        pub(crate) finished_at: Option<DateTime<Utc>>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod idempotency {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "idempotency")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) user_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) key: String,
        pub(crate) operation: String,
        #[serde(with = "crate::row::hex")]
        pub(crate) fingerprint: Vec<u8>,
        pub(crate) status: i32,
        pub(crate) response: String,
        pub(crate) created_at: DateTime<Utc>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod setting {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "setting")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) key: String,
        pub(crate) value: String,
        pub(crate) version: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
