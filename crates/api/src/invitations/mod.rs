//! Invitations by link: the administrator's, to anything; the office's, to its campaign.

pub(crate) mod accept;
pub(crate) mod accept_as_oneself;
pub(crate) mod invite;
pub(crate) mod invite_to_campaign;
pub(crate) mod list;
pub(crate) mod list_of_campaign;
pub(crate) mod look_up;
pub(crate) mod renew;
pub(crate) mod renew_of_campaign;
pub(crate) mod revoke;
pub(crate) mod revoke_of_campaign;

use chengjing_service::people::{InvitationView, invite::NewInvitation};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    http::words::{Named, RoleWord},
    users::{NewGrant, Person},
};

/// An invitation that was neither accepted nor revoked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct InvitationBody {
    pub(crate) id: Uuid,
    /// The invited.
    #[schema(example = "王芳")]
    display_name: String,
    role: RoleWord,
    /// Null: everywhere.
    campaign: Option<Named>,
    /// Null: the whole campaign.
    unit: Option<Named>,
    invited_by: Person,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    /// Whether its time is over.
    expired: bool,
}

impl From<InvitationView> for InvitationBody {
    fn from(view: InvitationView) -> Self {
        let InvitationView { invitation, campaign, unit, invited_by, expired } = view;
        let named = |id: Option<Uuid>, name: Option<String>| {
            id.map(|id| Named { id, name: name.unwrap_or_default() })
        };
        Self {
            id: invitation.id.0,
            display_name: invitation.display_name,
            role: invitation.role.into(),
            campaign: named(invitation.scope.campaign().map(|id| id.0), campaign),
            unit: named(invitation.scope.unit().map(|id| id.0), unit),
            invited_by: Person { id: invitation.created_by.0, display_name: invited_by },
            created_at: invitation.created_at,
            expires_at: invitation.expires_at,
            expired,
        }
    }
}

/// Who is invited to what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvitationDraft {
    #[schema(max_length = 50, example = "王芳")]
    display_name: String,
    grant: NewGrant,
    /// The link works that long; 7 days where it is not said.
    #[serde(default = "usual_days")]
    #[schema(minimum = 1, maximum = 90, example = 7)]
    days: i64,
}

fn usual_days() -> i64 {
    chengjing_domain::people::Invitation::DAYS.0
}

impl From<InvitationDraft> for NewInvitation {
    fn from(draft: InvitationDraft) -> Self {
        Self { display_name: draft.display_name, grant: draft.grant.into(), days: draft.days }
    }
}

/// A new invitation with the secret of its link, which is never shown again.
#[derive(Serialize, ToSchema)]
pub(crate) struct MadeInvitation {
    invitation: InvitationBody,
    /// The link is the web app's `/join#` with this behind it; what stands behind `#` no log writes down.
    secret: String,
}

impl From<(InvitationView, String)> for MadeInvitation {
    fn from((view, secret): (InvitationView, String)) -> Self {
        Self { invitation: view.into(), secret }
    }
}

/// The secret of a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkSecret {
    #[schema(max_length = 100, example = "q5m0x2vYH3d8Jt7uK1sWz4LbPcRnGf6a")]
    pub(crate) secret: String,
}
