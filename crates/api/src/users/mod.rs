//! Users and what they hold.

pub(crate) mod add;
pub(crate) mod add_grant;
pub(crate) mod edit;
pub(crate) mod end_sessions;
pub(crate) mod list;
pub(crate) mod list_sessions;
pub(crate) mod look_up;
pub(crate) mod remove_grant;
pub(crate) mod reset_second_factor;

use chengjing_domain::id::{CampaignId, UnitId};
use chengjing_service::people::{self, GrantView, UserView};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::words::{Named, RoleWord};

/// A user.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct UserBody {
    pub(crate) id: Uuid,
    /// What is typed at login.
    #[schema(example = "wangfang")]
    pub(crate) name: String,
    #[schema(example = "王芳")]
    pub(crate) display_name: String,
    pub(crate) disabled: bool,
    /// Whether they have yet to choose a password of their own.
    pub(crate) must_change_password: bool,
    /// Whether a code is asked for at login.
    pub(crate) second_factor: bool,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) grants: Vec<GrantBody>,
    pub(crate) version: i64,
}

/// A role within a scope.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct GrantBody {
    pub(crate) id: Uuid,
    pub(crate) role: RoleWord,
    /// Null: everywhere.
    pub(crate) campaign: Option<Named>,
    /// Null: the whole campaign.
    pub(crate) unit: Option<Named>,
}

/// A role to be given.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewGrant {
    role: RoleWord,
    #[schema(value_type = Option<Uuid>)]
    campaign_id: Option<CampaignId>,
    #[schema(value_type = Option<Uuid>)]
    unit_id: Option<UnitId>,
}

impl From<NewGrant> for people::NewGrant {
    fn from(new: NewGrant) -> Self {
        Self { role: new.role.into(), campaign: new.campaign_id, unit: new.unit_id }
    }
}

impl From<UserView> for UserBody {
    fn from(view: UserView) -> Self {
        Self {
            id: view.user.id.0,
            name: view.user.name,
            display_name: view.user.display_name,
            disabled: view.user.disabled_at.is_some(),
            must_change_password: view.user.must_change_password,
            second_factor: view.second_factor,
            created_at: view.user.created_at,
            grants: view.grants.into_iter().map(GrantBody::from).collect(),
            version: view.user.version,
        }
    }
}

impl From<GrantView> for GrantBody {
    fn from(view: GrantView) -> Self {
        let named = |id: Option<Uuid>, name: Option<String>| {
            id.map(|id| Named { id, name: name.unwrap_or_default() })
        };
        Self {
            id: view.grant.id.0,
            role: view.grant.role.into(),
            campaign: named(view.grant.scope.campaign().map(|id| id.0), view.campaign),
            unit: named(view.grant.scope.unit().map(|id| id.0), view.unit),
        }
    }
}

/// Somebody who acted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Person {
    pub(crate) id: Uuid,
    pub(crate) display_name: String,
}
