//! What assessments by others found.

pub(crate) mod assessment_result {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "assessment_result")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) standard_id: Uuid,
        pub(crate) edition_id: Uuid,
        pub(crate) on_day: Date,
        pub(crate) kind: String,
        pub(crate) covert: bool,
        pub(crate) team: String,
        pub(crate) total: String,
        pub(crate) leaves: String,
        pub(crate) judged: i32,
        pub(crate) source: String,
        pub(crate) superseded_by: Option<Uuid>,
        pub(crate) by: String,
        pub(crate) recorded_at: DateTime<Utc>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod result_verdicts {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "result_verdicts")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) result_id: Uuid,
        pub(crate) verdicts: String,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
