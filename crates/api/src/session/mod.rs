//! One's own session.

pub(crate) mod change_password;
pub(crate) mod close;
pub(crate) mod look_up;
pub(crate) mod open;
pub(crate) mod set_up;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chengjing_domain::{
    id::CampaignId,
    people::{Actor, policy},
};
use chengjing_service::{
    App, Caller, Refusal, campaign,
    people::{NewSession, handover},
    unit,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    State,
    http::{
        auth,
        problem::Problem,
        words::{Named, RoleWord},
    },
    users::Person,
};

/// Who is logged in, and what they may do where.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionBody {
    user: Person,
    /// What is typed at login.
    name: String,
    /// Somebody else set their password: until they change it every other operation is refused
    /// (`…:problem:password-change-needed`).
    must_change_password: bool,
    /// What they may do to the installation.
    #[schema(example = json!(["user.manage", "campaign.add"]))]
    permissions: Vec<&'static str>,
    /// The campaigns that they belong to, newest first; of very many the newest 200.
    campaigns: Vec<OwnCampaign>,
}

/// A campaign, and what its viewer is and may do there.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnCampaign {
    id: Uuid,
    name: String,
    place: String,
    kind: String,
    roles: Vec<RoleWord>,
    /// The units that they work for.
    units: Vec<Named>,
    /// What they took over from others in the last month, newest first.
    handed_over: Vec<TakenOver>,
    permissions: Vec<&'static str>,
}

/// Whose work the viewer took over, and how much of it was open.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TakenOver {
    from: Person,
    at: DateTime<Utc>,
    role: RoleWord,
    /// Null: the whole campaign.
    unit: Option<Named>,
    tasks: u64,
}

pub(crate) async fn body(app: &App, caller: &Caller) -> Result<SessionBody, Refusal> {
    let paging = chengjing_service::Paging { after: None, limit: 200 };
    let mut page = campaign::list::list(app, caller, paging).await?;
    let actor = &*caller.actor;
    if actor.must_change_password {
        // Nothing is theirs before they have a password of their own.
        page.items.clear();
    }
    let mut campaigns = Vec::with_capacity(page.items.len());
    for campaign in page.items {
        let handed_over = taken_over(app, caller, campaign.id).await?;
        let mut units = Vec::new();
        for unit in actor.grants.iter().filter(|grant| grant.scope.campaign() == Some(campaign.id)) {
            if let Some(id) = unit.scope.unit() {
                units.push(unit::look_up::look_up(app, caller, campaign.id, id).await?.unit);
            }
        }
        campaigns.push(OwnCampaign {
            id: campaign.id.0,
            roles: roles(actor, campaign.id),
            units: units.into_iter().map(|unit| Named { id: unit.id.0, name: unit.name }).collect(),
            handed_over,
            permissions: policy::permissions(actor, Some(campaign.id)),
            name: campaign.name,
            place: campaign.place,
            kind: campaign.kind,
        });
    }
    Ok(SessionBody {
        user: Person { id: actor.user.0, display_name: actor.display_name.clone() },
        name: actor.name.clone(),
        must_change_password: actor.must_change_password,
        permissions: policy::permissions(actor, None),
        campaigns,
    })
}

async fn taken_over(app: &App, caller: &Caller, campaign: CampaignId) -> Result<Vec<TakenOver>, Refusal> {
    let taken = handover::taken_over(app, caller, campaign).await?;
    let body = |taken: handover::TakenOver| TakenOver {
        from: Person { id: taken.handed_over.from.0, display_name: taken.from },
        at: taken.handed_over.at,
        role: taken.grant.role.into(),
        unit: taken.grant.scope.unit().map(|id| Named { id: id.0, name: taken.unit.unwrap_or_default() }),
        tasks: taken.handed_over.tasks,
    };
    Ok(taken.into_iter().map(body).collect())
}

fn roles(actor: &Actor, campaign: CampaignId) -> Vec<RoleWord> {
    let mut roles: Vec<_> = actor
        .grants
        .iter()
        .filter(|grant| grant.scope.campaign().is_none_or(|own| own == campaign))
        .map(|grant| grant.role)
        .collect();
    roles.sort_unstable();
    roles.dedup();
    roles.into_iter().map(RoleWord::from).collect()
}

/// Who is now logged in, with the cookie that proves it.
pub(crate) async fn opened(state: &State, status: StatusCode, new: NewSession) -> Result<Response, Problem> {
    let caller = Caller::new(&state.app, new.actor, None);
    let body = body(&state.app, &caller).await?;
    let mut response = (status, Json(body)).into_response();
    let cookie = auth::set_cookie(state, Some(&new.secret));
    let cookie =
        HeaderValue::from_str(&cookie).map_err(|_| Refusal::Internal("a cookie that is no header"))?;
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}
