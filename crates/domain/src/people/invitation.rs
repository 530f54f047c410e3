use chrono::{DateTime, Utc};

use super::{Role, Scope, Takeover};
use crate::id::{InvitationId, UserId};

/// An invitation by link: whoever has the link becomes a user with that role, once, within its time. The link's secret
/// is known to the inviter and the invited; here stands its SHA-256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub id: InvitationId,
    pub token_hash: [u8; 32],
    /// 姓名 of the invited.
    pub display_name: String,
    pub role: Role,
    pub scope: Scope,
    pub created_by: UserId,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub state: InvitationState,
    /// What more the invited takes over from somebody who left.
    pub takeover: Option<Takeover>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationState {
    Open,
    Accepted { by: UserId, at: DateTime<Utc> },
    Revoked { at: DateTime<Utc> },
}

/// Why an invitation can't be accepted or revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationRefusal {
    Used,
    Revoked,
    Expired,
    /// Whoever invited has been disabled since.
    InviterGone,
}

impl Invitation {
    /// Days that an invitation is good for: usually, and at most.
    pub const DAYS: (i64, i64) = (7, 90);

    /// Whether it may be accepted now.
    pub fn is_good(&self, now: DateTime<Utc>) -> Result<(), InvitationRefusal> {
        match self.state {
            InvitationState::Accepted { .. } => Err(InvitationRefusal::Used),
            InvitationState::Revoked { .. } => Err(InvitationRefusal::Revoked),
            InvitationState::Open if self.expires_at <= now => Err(InvitationRefusal::Expired),
            InvitationState::Open => Ok(()),
        }
    }

    pub fn accept(self, by: UserId, at: DateTime<Utc>) -> Result<Self, InvitationRefusal> {
        self.is_good(at)?;
        Ok(Self { state: InvitationState::Accepted { by, at }, ..self })
    }

    /// Gives one that nobody has accepted another link: the one before works no longer, and whoever renews it answers for it
    /// from then on. Also of one whose time is over.
    pub fn renew(
        self,
        token_hash: [u8; 32],
        by: UserId,
        expires_at: DateTime<Utc>,
    ) -> Result<Self, InvitationRefusal> {
        match self.state {
            InvitationState::Accepted { .. } => Err(InvitationRefusal::Used),
            InvitationState::Revoked { .. } => Err(InvitationRefusal::Revoked),
            InvitationState::Open => Ok(Self { token_hash, created_by: by, expires_at, ..self }),
        }
    }

    /// Also of one whose time is over, so that it leaves the list; again of one that is revoked.
    pub fn revoke(self, at: DateTime<Utc>) -> Result<Self, InvitationRefusal> {
        match self.state {
            InvitationState::Accepted { .. } => Err(InvitationRefusal::Used),
            InvitationState::Revoked { .. } => Ok(self),
            InvitationState::Open => Ok(Self { state: InvitationState::Revoked { at }, ..self }),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::id::CampaignId;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).expect("a moment")
    }

    fn invitation() -> Invitation {
        Invitation {
            id: InvitationId(Uuid::from_u128(1)),
            token_hash: [1; 32],
            display_name: "王芳".into(),
            role: Role::Leader,
            scope: Scope::Campaign(CampaignId(Uuid::from_u128(2))),
            created_by: UserId(Uuid::from_u128(3)),
            created_at: at(0),
            expires_at: at(100),
            state: InvitationState::Open,
            takeover: None,
        }
    }

    #[test]
    fn an_invitation_is_accepted_once_in_its_time_and_not_after_it_was_revoked() {
        let user = UserId(Uuid::from_u128(4));
        let accepted = invitation().accept(user, at(99)).expect("in time");
        assert_eq!(accepted.state, InvitationState::Accepted { by: user, at: at(99) });
        assert_eq!(accepted.clone().accept(user, at(99)), Err(InvitationRefusal::Used));
        assert_eq!(accepted.revoke(at(99)), Err(InvitationRefusal::Used));
        assert_eq!(invitation().accept(user, at(100)), Err(InvitationRefusal::Expired));
        let revoked = invitation().revoke(at(200)).expect("also when its time is over");
        assert_eq!(revoked.clone().accept(user, at(50)), Err(InvitationRefusal::Revoked));
        assert_eq!(revoked.clone().revoke(at(300)), Ok(revoked));
    }
}
