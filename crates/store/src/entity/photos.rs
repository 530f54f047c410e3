//! What photographs look like, and what there is to be looked at about them.

pub(crate) mod photo {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "photo")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        #[serde(with = "crate::row::hex_or_none")]
        pub(crate) look: Option<Vec<u8>>,
        pub(crate) traces: String,
        pub(crate) number: Option<i64>,
        pub(crate) due: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod doubt {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "doubt")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) photo_id: Uuid,
        pub(crate) twin_id: Option<Uuid>,
        pub(crate) evidence_id: Option<Uuid>,
        pub(crate) twin_evidence_id: Option<Uuid>,
        pub(crate) kind: String,
        pub(crate) found: String,
        pub(crate) found_at: DateTime<Utc>,
        pub(crate) state: String,
        pub(crate) body: String,
        pub(crate) version: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
