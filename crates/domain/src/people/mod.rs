//! `people`: users, the roles they hold, and what a role may do.
//!
//! Units are a campaign's own and live in [`crate::campaign`]; here stands who acts, and within what scope.

mod login;
pub mod policy;
mod role;

pub use login::{Attempts, LoginRules, PasswordFault, check_password};
pub use role::{Grant, Role, Scope};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{SessionId, TokenId, UserId};

/// A person who logs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub id: UserId,
    /// What is typed at login; unique, compared without regard to case.
    pub name: String,
    /// 姓名, as others see it.
    pub display_name: String,
    /// PHC string (argon2id).
    pub password_hash: String,
    pub created_at: DateTime<Utc>,
    /// A disabled user can't log in, and no session or token of theirs works.
    pub disabled_at: Option<DateTime<Utc>>,
    pub version: i64,
}

/// One login on one device. The token itself is known to the browser alone; here stands its SHA-256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub user: UserId,
    pub token_hash: [u8; 32],
    pub created_at: DateTime<Utc>,
    pub seen_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub user_agent: String,
    pub address: String,
}

/// A token for programs, shown once when it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    pub id: TokenId,
    pub user: UserId,
    pub name: String,
    pub token_hash: [u8; 32],
    pub created_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
}

/// Who asks: the user and all that they hold, read once for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub user: UserId,
    pub name: String,
    pub display_name: String,
    pub grants: Vec<Grant>,
}
