//! 交接申请: people who leave ask to have their work handed over.

pub(crate) mod ask;
pub(crate) mod list;
pub(crate) mod list_own;
pub(crate) mod refuse;
pub(crate) mod withdraw;

use chengjing_domain::people::HandoverRequestState;
use chengjing_service::people::handover_request::HandoverRequestView;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    http::{
        version::Tagged,
        words::{Named, RoleWord},
    },
    users::Person,
};

/// How a request stands.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum HandoverRequestWord {
    Waiting,
    Withdrawn,
    Refused,
    Confirmed,
}

/// That somebody who leaves asks to have their work handed over.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct HandoverRequestBody {
    id: Uuid,
    campaign: Named,
    /// Who leaves.
    user: Person,
    /// What they hold in the campaign now.
    roles: Vec<HeldRole>,
    /// Their last day.
    leaves_on: NaiveDate,
    reason: String,
    /// Whom they propose, by name.
    proposed: Option<String>,
    asked_at: DateTime<Utc>,
    state: HandoverRequestWord,
    /// When it was withdrawn, refused or confirmed.
    ended_at: Option<DateTime<Utc>>,
    /// Who refused or confirmed it.
    decided_by: Option<Person>,
    /// Why it was refused.
    refused_because: Option<String>,
    /// What the successor was called, where it was confirmed.
    successor: Option<String>,
    /// Whether it was confirmed or refused within the last 31 days.
    decided_lately: bool,
    /// Whether the caller may confirm or refuse it.
    may_decide: bool,
    version: i64,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct HeldRole {
    role: RoleWord,
    /// The unit's name; null: the whole campaign.
    unit: Option<String>,
}

impl From<HandoverRequestView> for HandoverRequestBody {
    fn from(view: HandoverRequestView) -> Self {
        let request = view.request;
        let (state, ended_at, refused_because, successor) = match request.state {
            HandoverRequestState::Waiting => (HandoverRequestWord::Waiting, None, None, None),
            HandoverRequestState::Withdrawn { at } => (HandoverRequestWord::Withdrawn, Some(at), None, None),
            HandoverRequestState::Refused { at, reason, .. } => {
                (HandoverRequestWord::Refused, Some(at), Some(reason), None)
            }
            HandoverRequestState::Confirmed { at, to, .. } => {
                (HandoverRequestWord::Confirmed, Some(at), None, Some(to))
            }
        };
        let role = |(role, unit): (chengjing_domain::people::Role, Option<String>)| HeldRole {
            role: role.into(),
            unit,
        };
        Self {
            id: request.id.0,
            campaign: Named { id: request.campaign.0, name: view.campaign },
            user: Person { id: request.user.0, display_name: view.user },
            roles: view.roles.into_iter().map(role).collect(),
            leaves_on: request.leaves_on,
            reason: request.reason,
            proposed: request.proposed,
            asked_at: request.asked_at,
            state,
            ended_at,
            decided_by: view.decided_by.map(|(id, display_name)| Person { id: id.0, display_name }),
            refused_because,
            successor,
            decided_lately: view.decided_lately,
            may_decide: view.may_decide,
            version: request.version,
        }
    }
}

fn tagged(view: HandoverRequestView) -> Tagged<HandoverRequestBody> {
    Tagged::ok(view.request.version, view.into())
}
