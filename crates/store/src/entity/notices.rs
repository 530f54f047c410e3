//! What people were told.

pub(crate) mod notice {
    use chrono::{DateTime, NaiveDate, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "notice")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) user_id: Uuid,
        pub(crate) news: String,
        pub(crate) kind: String,
        pub(crate) task_id: Option<Uuid>,
        pub(crate) duty_id: Option<Uuid>,
        pub(crate) evidence_id: Option<Uuid>,
        pub(crate) remark_id: Option<Uuid>,
        pub(crate) unit_id: Uuid,
        pub(crate) due_on: Option<NaiveDate>,
        pub(crate) deed: Option<String>,
        pub(crate) made_on: NaiveDate,
        pub(crate) made_at: DateTime<Utc>,
        pub(crate) in_app: bool,
        pub(crate) read_at: Option<DateTime<Utc>>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod inbox {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "inbox")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) user_id: Uuid,
        pub(crate) unread: i64,
        pub(crate) version: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod told {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "told")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: i32,
        pub(crate) height: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod mailbox {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "mailbox")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) user_id: Uuid,
        pub(crate) address: String,
        pub(crate) language: String,
        pub(crate) verified_at: Option<DateTime<Utc>>,
        #[serde(with = "crate::row::hex_or_none")]
        pub(crate) proof_hash: Option<Vec<u8>>,
        pub(crate) proof_at: Option<DateTime<Utc>>,
        pub(crate) version: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod letter {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "letter")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) user_id: Uuid,
        pub(crate) state: String,
        pub(crate) attempts: i32,
        pub(crate) next_at: DateTime<Utc>,
        pub(crate) lease_until: Option<DateTime<Utc>>,
        pub(crate) worker: Option<Uuid>,
        pub(crate) reason: Option<String>,
        pub(crate) made_at: DateTime<Utc>,
        pub(crate) ended_at: Option<DateTime<Utc>>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod delivery {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "delivery")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) notice_id: Uuid,
        pub(crate) user_id: Uuid,
        pub(crate) not_before: DateTime<Utc>,
        pub(crate) letter_id: Option<Uuid>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
