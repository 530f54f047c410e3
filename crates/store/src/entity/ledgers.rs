//! The ledger.

pub(crate) mod ledger_entry {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "ledger_entry")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) seq: i64,
        pub(crate) id: Uuid,
        pub(crate) at: DateTime<Utc>,
        pub(crate) actor: String,
        pub(crate) action: String,
        pub(crate) scope_campaign_id: Option<Uuid>,
        pub(crate) subject_kind: String,
        pub(crate) subject_id: Uuid,
        pub(crate) effect: String,
        #[serde(with = "crate::row::hex_or_none")]
        pub(crate) subject_hash: Option<Vec<u8>>,
        pub(crate) details: String,
        #[serde(with = "crate::row::hex")]
        pub(crate) hash: Vec<u8>,
        pub(crate) height: Option<i64>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod ledger_block {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "ledger_block")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) height: i64,
        pub(crate) sealed_at: DateTime<Utc>,
        #[serde(with = "crate::row::hex")]
        pub(crate) previous: Vec<u8>,
        #[serde(with = "crate::row::hex")]
        pub(crate) root: Vec<u8>,
        pub(crate) count: i32,
        #[serde(with = "crate::row::hex")]
        pub(crate) entries: Vec<u8>,
        #[serde(with = "crate::row::hex")]
        pub(crate) hash: Vec<u8>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
