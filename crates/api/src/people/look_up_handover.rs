use axum::{Json, extract::State as Extract};
use chengjing_domain::id::{CampaignId, UserId};
use chengjing_service::people::handover::{self, Leaving};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        words::{Named, RoleWord},
    },
    users::Person,
};

/// What somebody holds in a campaign and leaves open when they go.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LeavingBody {
    user: Person,
    roles: Vec<LeavingRoleBody>,
    /// What waits for the office to decide; 0 for who is not of the office.
    decisions: u64,
    /// Plan documents that they brought and nobody has adopted.
    imports: Vec<String>,
    /// The names of their tokens that work in this campaign.
    tokens: Vec<String>,
    sessions: usize,
    /// Whom they invited to this campaign and who has not come.
    invitations: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LeavingRoleBody {
    role: RoleWord,
    /// Null: the whole campaign.
    unit: Option<Named>,
    /// Tasks of the unit that have not ended.
    tasks: u64,
    /// Nobody else has this role in the unit.
    alone: bool,
}

impl From<Leaving> for LeavingBody {
    fn from(leaving: Leaving) -> Self {
        let role = |role: handover::LeavingRole| LeavingRoleBody {
            role: role.grant.role.into(),
            unit: role
                .grant
                .scope
                .unit()
                .map(|id| Named { id: id.0, name: role.unit.clone().unwrap_or_default() }),
            tasks: role.tasks,
            alone: role.alone,
        };
        Self {
            user: Person { id: leaving.user.id.0, display_name: leaving.user.display_name },
            roles: leaving.roles.into_iter().map(role).collect(),
            decisions: leaving.decisions,
            imports: leaving.imports,
            tokens: leaving.tokens,
            sessions: leaving.sessions,
            invitations: leaving.invitations,
        }
    }
}

/// What a person holds in a campaign and would leave open.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/people/{user}/handover",
    operation_id = "look_up_handover",
    tag = "users",
    params(("campaign" = uuid::Uuid, Path), ("user" = uuid::Uuid, Path)),
    responses((status = 200, description = "What would be left.", body = LeavingBody), Refused),
    extensions(("x-permission" = json!("people.manage"))),
)]
pub(crate) async fn look_up_handover(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, user)): Ids<(CampaignId, UserId)>,
) -> Result<Json<LeavingBody>, Problem> {
    Ok(Json(handover::look(&state.app, &caller, campaign, user).await?.into()))
}
