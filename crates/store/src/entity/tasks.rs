//! What each unit owes under a duty, and the steps of its life.

pub(crate) mod task {
    use chrono::{DateTime, NaiveDate, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "task")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) duty_id: Uuid,
        pub(crate) unit_id: Uuid,
        pub(crate) role: String,
        pub(crate) occurrence: NaiveDate,
        pub(crate) due_on: NaiveDate,
        pub(crate) state: String,
        pub(crate) body: String,
        pub(crate) percent: i32,
        pub(crate) extension: Option<String>,
        pub(crate) help: Option<String>,
        pub(crate) unit_turn: bool,
        pub(crate) office_turn: bool,
        #[serde(with = "crate::row::hex")]
        pub(crate) history: Vec<u8>,
        pub(crate) created_at: DateTime<Utc>,
        pub(crate) changed_at: DateTime<Utc>,
        pub(crate) version: i64,
        pub(crate) owed_on: NaiveDate,
        pub(crate) extended_to: Option<NaiveDate>,
        pub(crate) help_of: Option<Uuid>,
        #[serde(default)]
        pub(crate) initiative_id: Option<Uuid>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod task_step {
    use chrono::{DateTime, NaiveDate, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "task_step")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) task_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) version: i64,
        pub(crate) id: Uuid,
        pub(crate) duty_id: Uuid,
        pub(crate) unit_id: Uuid,
        pub(crate) deed: String,
        pub(crate) from_state: String,
        pub(crate) to_state: String,
        pub(crate) note: Option<String>,
        pub(crate) percent: i32,
        pub(crate) until: Option<NaiveDate>,
        pub(crate) other_unit_id: Option<Uuid>,
        pub(crate) closed: String,
        pub(crate) by: String,
        pub(crate) party: String,
        pub(crate) at: DateTime<Utc>,
        #[serde(default)]
        pub(crate) late: bool,
        /// Backups from before there was such a list have none.
        #[serde(default = "no_files")]
        pub(crate) files: String,
    }

    fn no_files() -> String {
        "[]".to_owned()
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod figure {
    use chrono::{DateTime, NaiveDate, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "figure")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) target_id: Uuid,
        pub(crate) task_id: Uuid,
        pub(crate) value: String,
        pub(crate) unit: String,
        pub(crate) source: String,
        pub(crate) on_day: NaiveDate,
        pub(crate) by: String,
        pub(crate) at: DateTime<Utc>,
        pub(crate) superseded_by: Option<Uuid>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod task_count {
    use chrono::NaiveDate;
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "task_count")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
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

pub(crate) mod deed_count {
    use chrono::NaiveDate;
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "deed_count")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) day: NaiveDate,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) unit_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) deed: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) shard: i32,
        pub(crate) n: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
