//! Where programs are told what happens, and what is on its way to them.

pub(crate) mod webhook {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "webhook")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) name: String,
        pub(crate) url: String,
        pub(crate) kinds: String,
        pub(crate) state: String,
        pub(crate) given_up_at: Option<DateTime<Utc>>,
        #[serde(with = "crate::row::hex")]
        pub(crate) nonce: Vec<u8>,
        #[serde(with = "crate::row::hex_or_none")]
        pub(crate) old_nonce: Option<Vec<u8>>,
        pub(crate) rotated_at: Option<DateTime<Utc>>,
        pub(crate) created_at: DateTime<Utc>,
        pub(crate) version: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod webhook_message {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "webhook_message")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) webhook_id: Uuid,
        pub(crate) kind: String,
        pub(crate) body: String,
        pub(crate) state: String,
        pub(crate) attempts: i32,
        pub(crate) next_at: DateTime<Utc>,
        pub(crate) lease_until: Option<DateTime<Utc>>,
        pub(crate) worker: Option<Uuid>,
        pub(crate) made_at: DateTime<Utc>,
        pub(crate) tried_at: Option<DateTime<Utc>>,
        pub(crate) status: Option<i32>,
        pub(crate) reason: Option<String>,
        pub(crate) ended_at: Option<DateTime<Utc>>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
