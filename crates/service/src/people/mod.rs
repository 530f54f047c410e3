//! Users: how they come in, what they hold.

pub mod add_grant;
pub mod add_token;
pub mod add_user;
pub mod answers;
pub mod change_password;
pub mod edit_user;
pub mod end_sessions;
pub mod list_sessions;
pub mod list_tokens;
pub mod list_users;
pub mod log_in;
pub mod log_out;
pub mod look_up_user;
mod password;
pub mod remove_grant;
pub mod revoke_token;
mod session_cache;
pub mod set_up;
pub mod who;

use chengjing_domain::{
    id::{CampaignId, UnitId, UserId},
    people::{ApiToken, Grant, Role, Scope, User},
};
use chengjing_store::{Queries, StoreError, campaign, people as store};
pub(crate) use session_cache::SessionCache;
use sha2::{Digest, Sha256};

/// A user with what they hold, the names of campaigns and units with it.
#[derive(Debug, Clone, PartialEq)]
pub struct UserView {
    pub user: User,
    pub grants: Vec<GrantView>,
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
        let campaign = match grant.scope.campaign() {
            Some(id) => campaign::lookup(q, id).await?.map(|campaign| campaign.name),
            None => None,
        };
        let unit = match grant.scope {
            Scope::Unit(campaign, unit) => {
                campaign::lookup_unit(q, campaign, unit).await?.map(|unit| unit.name)
            }
            Scope::System | Scope::Campaign(_) => None,
        };
        grants.push(GrantView { grant, campaign, unit });
    }
    Ok(UserView { user, grants })
}
