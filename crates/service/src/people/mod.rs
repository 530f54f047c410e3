//! Users: how they come in, what they hold.

pub mod accept_invitation;
pub mod add_grant;
pub mod add_token;
pub mod add_user;
pub mod answers;
mod attempts;
pub mod change_password;
pub mod edit_user;
pub mod end_sessions;
pub mod handover;
pub mod handover_request;
pub mod import_people;
pub mod invite;
pub mod list_invitations;
pub mod list_people;
pub mod list_sessions;
pub mod list_tokens;
pub mod list_users;
pub mod log_in;
pub mod log_out;
pub mod look_up_invitation;
pub mod look_up_user;
pub mod oidc;
mod password;
pub mod remove_grant;
pub mod renew_invitation;
pub mod revoke_invitation;
pub mod revoke_token;
pub mod second_factor;
mod session_cache;
pub mod set_up;
pub mod who;

use chengjing_domain::{
    id::{CampaignId, UnitId, UserId},
    people::{ApiToken, Grant, Invitation, Role, Scope, User},
};
use chengjing_store::{Queries, StoreError, campaign, people as store};
use chrono::{DateTime, Utc};
pub(crate) use session_cache::SessionCache;
use sha2::{Digest, Sha256};

/// A user with what they hold, the names of campaigns and units with it.
#[derive(Debug, Clone, PartialEq)]
pub struct UserView {
    pub user: User,
    pub grants: Vec<GrantView>,
    /// Whether a code is asked for at login.
    pub second_factor: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct GrantView {
    pub grant: Grant,
    pub campaign: Option<String>,
    pub unit: Option<String>,
}

/// A role to be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewGrant {
    pub role: Role,
    pub campaign: Option<CampaignId>,
    pub unit: Option<UnitId>,
}

/// A new session: the secret goes into the browser's cookie and is kept nowhere else.
#[derive(Debug)]
pub struct NewSession {
    pub secret: String,
    pub actor: std::sync::Arc<chengjing_domain::people::Actor>,
}

/// A token, and what the campaign is called that it is limited to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenView {
    pub token: ApiToken,
    pub campaign: Option<String>,
}

/// An invitation with the names of what it is to, and of who invites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationView {
    pub invitation: Invitation,
    pub campaign: Option<String>,
    pub unit: Option<String>,
    pub invited_by: String,
    /// Whether its time is over.
    pub expired: bool,
}

/// What is stored of a secret. A random secret of 256 bits needs no slow hash.
pub(crate) fn secret_hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a person is called; empty for one who is gone.
pub(crate) async fn display_name(q: &impl Queries, user: UserId) -> Result<String, StoreError> {
    Ok(store::lookup_user(q, user).await?.map(|user| user.display_name).unwrap_or_default())
}

async fn token_view(q: &impl Queries, token: ApiToken) -> Result<TokenView, StoreError> {
    let campaign = match token.limits.campaign {
        Some(id) => campaign::lookup(q, id).await?.map(|campaign| campaign.name),
        None => None,
    };
    Ok(TokenView { token, campaign })
}

/// Adds the names of campaigns and units to a user's grants.
pub(crate) async fn view(q: &impl Queries, user: User) -> Result<UserView, StoreError> {
    let mut grants = Vec::new();
    for grant in store::list_grants(q, user.id).await? {
        let (campaign, unit) = names_of(q, grant.scope).await?;
        grants.push(GrantView { grant, campaign, unit });
    }
    let factor = store::lookup_second_factor(q, user.id).await?;
    let second_factor = factor.is_some_and(|factor| factor.confirmed_at.is_some());
    Ok(UserView { user, grants, second_factor })
}

/// What the campaign and the unit of a scope are called.
async fn names_of(q: &impl Queries, scope: Scope) -> Result<(Option<String>, Option<String>), StoreError> {
    let campaign = match scope.campaign() {
        Some(id) => campaign::lookup(q, id).await?.map(|campaign| campaign.name),
        None => None,
    };
    let unit = match scope {
        Scope::Unit(campaign, unit) => campaign::lookup_unit(q, campaign, unit).await?.map(|unit| unit.name),
        Scope::System | Scope::Campaign(_) => None,
    };
    Ok((campaign, unit))
}

async fn invitation_view(
    q: &impl Queries,
    invitation: Invitation,
    now: DateTime<Utc>,
) -> Result<InvitationView, StoreError> {
    let (campaign, unit) = names_of(q, invitation.scope).await?;
    let invited_by = display_name(q, invitation.created_by).await?;
    let expired = invitation.expires_at <= now;
    Ok(InvitationView { invitation, campaign, unit, invited_by, expired })
}
