//! Assessment standards, their editions, and the catalogues that they share.

pub(crate) mod standard {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "standard")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) owner_id: Option<Uuid>,
        pub(crate) code: String,
        pub(crate) name: String,
        pub(crate) kind: String,
        pub(crate) level: String,
        pub(crate) created_at: DateTime<Utc>,
        pub(crate) version: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod edition {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "edition")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) standard_id: Uuid,
        pub(crate) owner_id: Option<Uuid>,
        pub(crate) label: String,
        pub(crate) title: String,
        pub(crate) content: String,
        pub(crate) catalogues: String,
        #[serde(with = "crate::row::hex")]
        pub(crate) content_hash: Vec<u8>,
        pub(crate) source: String,
        pub(crate) state: String,
        pub(crate) published_at: Option<DateTime<Utc>>,
        pub(crate) published_by: Option<Uuid>,
        pub(crate) copy_of_id: Option<Uuid>,
        pub(crate) created_at: DateTime<Utc>,
        pub(crate) created_by: Uuid,
        pub(crate) changed_at: DateTime<Utc>,
        pub(crate) version: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod catalogue {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "catalogue")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) owner_id: Option<Uuid>,
        pub(crate) code: String,
        pub(crate) edition: String,
        pub(crate) content: String,
        pub(crate) source: String,
        pub(crate) changed_at: DateTime<Utc>,
        pub(crate) changed_by: Uuid,
        pub(crate) version: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod assessed {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "assessed")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) edition_id: Uuid,
        pub(crate) since: DateTime<Utc>,
        pub(crate) first: Option<DateTime<Utc>>,
        #[serde(default = "crate::entity::nothing")]
        pub(crate) earlier: String,
        pub(crate) changed_by: Uuid,
        pub(crate) version: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod leaf_owners {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "leaf_owners")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) standard_id: Uuid,
        pub(crate) leaf: String,
        pub(crate) owners: String,
        #[serde(default = "crate::entity::nothing")]
        pub(crate) earlier: String,
        pub(crate) version: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
