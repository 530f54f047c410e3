//! `people`: users, the roles they hold, and what a role may do.
//!
//! Units are a campaign's own and live in [`crate::campaign`]; here stands who acts, and within what scope.

mod device;
mod handover;
mod invitation;
mod login;
mod mailbox;
mod oidc;
pub mod policy;
mod role;
pub mod roll;
mod second_factor;

pub use device::{Device, Program, System};
pub use handover::{HandoverRequest, HandoverRequestRefusal, HandoverRequestState};
pub use invitation::{Invitation, InvitationRefusal, InvitationState};
pub use login::{Attempts, LoginRules, PasswordFault, check_password};
pub use mailbox::{AddressFault, LONGEST_ADDRESS, Language, Mailbox, read_address};
pub use oidc::{Errand, OidcLink, OidcState, Turn};
pub use role::{Grant, HandedOver, Role, Scope, TakenRole, Takeover};
pub use second_factor::{Proof, RECOVERY_CODES, SecondFactor, Secret, recovery_code};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{CampaignId, SessionId, TokenId, UserId};

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
    /// Somebody else knows the password: it is good for nothing but choosing another. Left out where it is not so, for
    /// the hashes of users from before it was kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub must_change_password: bool,
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
    pub limits: TokenLimits,
    pub created_at: DateTime<Utc>,
    /// None only for one that was made before every token had an end.
    pub expires_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
    /// To the minute or so; None before the first time.
    pub used_at: Option<DateTime<Utc>>,
}

impl ApiToken {
    /// A token that nobody looks after any more must not work for ever.
    pub const LONGEST_DAYS: i64 = 365;

    pub fn works(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| end > now)
    }
}

/// What a token is not good for, though its user is. What follows from it stands in [`policy`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TokenLimits {
    /// It sees, and changes nothing.
    pub read_only: bool,
    /// It reaches nothing outside this campaign.
    pub campaign: Option<CampaignId>,
    /// It is the secret of a calendar's link: good for the days of tasks, and for nothing else.
    pub calendar: bool,
}

/// By which way somebody came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// The program's own command line, which whoever stands at the machine may use.
    Program,
    Session(SessionId),
    Token(TokenLimits),
}

/// Who asks: the user and all that they hold, read once for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub user: UserId,
    pub name: String,
    pub display_name: String,
    /// Of a token only as far as the token reaches: [`policy::through`].
    pub grants: Vec<Grant>,
    pub via: Via,
    /// Until they choose a password of their own they may do nothing else.
    pub must_change_password: bool,
}
