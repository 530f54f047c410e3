//! One's own account: where one is logged in, tokens for programs, the second factor.

pub(crate) mod add_calendar;
pub(crate) mod add_token;
pub(crate) mod begin_second_factor;
pub(crate) mod confirm_second_factor;
pub(crate) mod end_other_sessions;
pub(crate) mod end_session;
pub(crate) mod list_sessions;
pub(crate) mod list_tokens;
pub(crate) mod look_up_second_factor;
pub(crate) mod remove_second_factor;
pub(crate) mod renew_recovery_codes;
pub(crate) mod revoke_token;

use chengjing_domain::people::Device;
use chengjing_service::people::{TokenView, list_sessions::SessionView};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::words::{Named, ProgramWord, SystemWord};

/// One login on one device.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct LoginBody {
    pub(crate) id: Uuid,
    /// What the browser says that it is.
    program: ProgramWord,
    system: SystemWord,
    /// From where; empty where it is not known.
    #[schema(example = "10.32.4.17")]
    address: String,
    since: DateTime<Utc>,
    seen_at: DateTime<Utc>,
    /// Whether it is the session that asks.
    own: bool,
}

impl From<SessionView> for LoginBody {
    fn from(SessionView { session, own }: SessionView) -> Self {
        let Device { program, system } = Device::of(&session.user_agent);
        Self {
            id: session.id.0,
            program: program.into(),
            system: system.into(),
            address: session.address,
            since: session.created_at,
            seen_at: session.seen_at,
            own,
        }
    }
}

/// A token for programs.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TokenBody {
    pub(crate) id: Uuid,
    #[schema(example = "大屏取数")]
    name: String,
    /// It sees, and changes nothing.
    read_only: bool,
    /// It is the link of a calendar and good for nothing else.
    calendar: bool,
    /// It reaches nothing outside this campaign; null: as far as its user.
    campaign: Option<Named>,
    created_at: DateTime<Utc>,
    /// Null for the link of a calendar, and for a token that was made before every token had an end.
    expires_at: Option<DateTime<Utc>>,
    /// To the minute or so; null before the first time.
    used_at: Option<DateTime<Utc>>,
}

impl From<TokenView> for TokenBody {
    fn from(TokenView { token, campaign }: TokenView) -> Self {
        Self {
            id: token.id.0,
            name: token.name,
            read_only: token.limits.read_only,
            calendar: token.limits.calendar,
            campaign: token.limits.campaign.map(|id| Named { id: id.0, name: campaign.unwrap_or_default() }),
            created_at: token.created_at,
            expires_at: token.expires_at,
            used_at: token.used_at,
        }
    }
}
