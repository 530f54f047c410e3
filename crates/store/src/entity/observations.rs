//! Sites, what was observed, and what is counted of it.

pub(crate) mod site {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "site")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) name: String,
        pub(crate) site_type: String,
        pub(crate) unit_id: Option<Uuid>,
        /// JSON.
        #[serde(default = "crate::entity::nothing")]
        pub(crate) earlier_units: String,
        pub(crate) longitude: Option<String>,
        pub(crate) latitude: Option<String>,
        pub(crate) datum: Option<String>,
        pub(crate) added_at: DateTime<Utc>,
        pub(crate) closed_at: Option<DateTime<Utc>>,
        pub(crate) version: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod observation {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "observation")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) at: DateTime<Utc>,
        pub(crate) covert: bool,
        pub(crate) round: Option<String>,
        pub(crate) kind: String,
        pub(crate) about: String,
        pub(crate) fact: String,
        pub(crate) standard_id: Option<Uuid>,
        pub(crate) site_id: Option<Uuid>,
        pub(crate) unit_id: Option<Uuid>,
        pub(crate) source: String,
        pub(crate) period: Option<String>,
        pub(crate) files: String,
        pub(crate) by: String,
        pub(crate) recorded_at: DateTime<Utc>,
        pub(crate) accepted_at: Option<DateTime<Utc>>,
        pub(crate) released_at: Option<DateTime<Utc>>,
        pub(crate) superseded_by: Option<Uuid>,
        #[serde(default)]
        pub(crate) withdraws: bool,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod standing {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "standing")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) about: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) place: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) scope: String,
        pub(crate) observation_id: Uuid,
        pub(crate) month: String,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod observation_count {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "observation_count")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) about: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) scope: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) month: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) outcome: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) shard: i32,
        pub(crate) n: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod score_day {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "score_day")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) standard_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) day: Date,
        pub(crate) edition_id: Uuid,
        pub(crate) low: String,
        pub(crate) value: String,
        pub(crate) high: String,
        pub(crate) marks: String,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
