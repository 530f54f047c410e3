//! Users, what they hold, and how they come in.

pub(crate) mod user {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "user")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) name: String,
        pub(crate) name_key: String,
        pub(crate) display_name: String,
        pub(crate) password_hash: String,
        pub(crate) created_at: DateTime<Utc>,
        pub(crate) disabled_at: Option<DateTime<Utc>>,
        #[serde(default)]
        pub(crate) must_change_password: bool,
        pub(crate) version: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod grant {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "grant")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) user_id: Uuid,
        pub(crate) role: String,
        pub(crate) scope_campaign_id: Option<Uuid>,
        pub(crate) scope_unit_id: Option<Uuid>,
        /// JSON.
        pub(crate) handed_over: Option<String>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod session {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "session")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        #[serde(with = "crate::row::hex")]
        pub(crate) token_hash: Vec<u8>,
        pub(crate) user_id: Uuid,
        pub(crate) created_at: DateTime<Utc>,
        pub(crate) seen_at: DateTime<Utc>,
        pub(crate) expires_at: DateTime<Utc>,
        pub(crate) user_agent: String,
        pub(crate) address: String,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod token {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "token")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) user_id: Uuid,
        pub(crate) name: String,
        #[serde(with = "crate::row::hex")]
        pub(crate) token_hash: Vec<u8>,
        pub(crate) created_at: DateTime<Utc>,
        pub(crate) expires_at: Option<DateTime<Utc>>,
        pub(crate) revoked_at: Option<DateTime<Utc>>,
        #[serde(default)]
        pub(crate) read_only: bool,
        pub(crate) scope_campaign_id: Option<Uuid>,
        pub(crate) used_at: Option<DateTime<Utc>>,
        pub(crate) calendar: bool,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod second_factor {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "second_factor")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        #[serde(with = "crate::row::hex")]
        pub(crate) nonce: Vec<u8>,
        pub(crate) recovery: String,
        pub(crate) made_at: DateTime<Utc>,
        pub(crate) confirmed_at: Option<DateTime<Utc>>,
        pub(crate) last_step: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod invitation {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "invitation")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        #[serde(with = "crate::row::hex")]
        pub(crate) token_hash: Vec<u8>,
        pub(crate) display_name: String,
        pub(crate) role: String,
        pub(crate) scope_campaign_id: Option<Uuid>,
        pub(crate) scope_unit_id: Option<Uuid>,
        pub(crate) created_by: Uuid,
        pub(crate) created_at: DateTime<Utc>,
        pub(crate) expires_at: DateTime<Utc>,
        pub(crate) accepted_by: Option<Uuid>,
        pub(crate) accepted_at: Option<DateTime<Utc>>,
        pub(crate) revoked_at: Option<DateTime<Utc>>,
        /// JSON.
        pub(crate) handed_over: Option<String>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod login_failure {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "login_failure")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) key: String,
        pub(crate) count: i32,
        pub(crate) first_at: Option<DateTime<Utc>>,
        pub(crate) locked_until: Option<DateTime<Utc>>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod oidc_link {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "oidc_link")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) issuer: String,
        pub(crate) expected: Option<String>,
        pub(crate) subject: Option<String>,
        pub(crate) linked_at: Option<DateTime<Utc>>,
        pub(crate) version: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod oidc_turn {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "oidc_turn")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        #[serde(with = "crate::row::hex")]
        pub(crate) id: Vec<u8>,
        pub(crate) user_id: Option<Uuid>,
        pub(crate) ends_at: DateTime<Utc>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
