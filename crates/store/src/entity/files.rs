//! Files that prove something, and files on their way.

pub(crate) mod attachment {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "attachment")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) name: String,
        pub(crate) kind: String,
        pub(crate) size: i64,
        #[serde(with = "crate::row::hex")]
        pub(crate) file_hash: Vec<u8>,
        pub(crate) uploaded_by: Uuid,
        pub(crate) created_at: DateTime<Utc>,
        pub(crate) picture: String,
        pub(crate) no_thumbnail: Option<String>,
        pub(crate) width: Option<i64>,
        pub(crate) height: Option<i64>,
        pub(crate) taken_at: Option<DateTime<Utc>>,
        pub(crate) latitude: Option<i32>,
        pub(crate) longitude: Option<i32>,
        #[serde(with = "crate::row::hex_or_none")]
        pub(crate) thumbnail_hash: Option<Vec<u8>>,
        pub(crate) subject_kind: Option<String>,
        pub(crate) subject_id: Option<Uuid>,
        pub(crate) version: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod upload {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "upload")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) user_id: Uuid,
        pub(crate) name: String,
        pub(crate) size: i64,
        #[serde(with = "crate::row::hex_or_none")]
        pub(crate) promised_hash: Option<Vec<u8>>,
        pub(crate) state: String,
        pub(crate) body: String,
        pub(crate) received: i64,
        pub(crate) created_at: DateTime<Utc>,
        pub(crate) expires_at: DateTime<Utc>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
