//! The people of a campaign, as its office sees them.

pub(crate) mod download_template;
pub(crate) mod hand_over;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod look_up_handover;
pub(crate) mod preview_import;
pub(crate) mod remove_grant;

use chengjing_service::people::UserView;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::users::GrantBody;

/// Somebody who holds a role in the campaign.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct MemberBody {
    pub(crate) id: Uuid,
    /// What is typed at login.
    #[schema(example = "wangfang")]
    name: String,
    #[schema(example = "王芳")]
    display_name: String,
    disabled: bool,
    /// Their roles in this campaign.
    grants: Vec<GrantBody>,
}

impl From<UserView> for MemberBody {
    fn from(view: UserView) -> Self {
        Self {
            id: view.user.id.0,
            name: view.user.name,
            display_name: view.user.display_name,
            disabled: view.user.disabled_at.is_some(),
            grants: view.grants.into_iter().map(GrantBody::from).collect(),
        }
    }
}
