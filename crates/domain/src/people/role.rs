use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{CampaignId, GrantId, UnitId, UserId};

/// What a person is in a campaign. The roles are fixed; what each may do stands in [`super::policy`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 系统管理员: runs the installation, its users and campaigns.
    SystemAdmin,
    /// 创建办: runs a campaign.
    Office,
    /// 领导: sees a campaign whole.
    Leader,
    /// 材料审核员.
    Reviewer,
    /// 测评员, 督查组.
    Inspector,
    /// 责任单位联络员: works for one unit.
    Liaison,
    /// 审计 (督查室, 纪委): sees everything that happened, changes nothing.
    Auditor,
    /// 志愿者.
    Volunteer,
    /// Anybody who logged in without any other role.
    Public,
}

impl Role {
    pub const ALL: [Self; 9] = [
        Self::SystemAdmin,
        Self::Office,
        Self::Leader,
        Self::Reviewer,
        Self::Inspector,
        Self::Liaison,
        Self::Auditor,
        Self::Volunteer,
        Self::Public,
    ];

    /// The name that the API, the database and the command line use.
    pub fn code(self) -> &'static str {
        match self {
            Self::SystemAdmin => "system_admin",
            Self::Office => "office",
            Self::Leader => "leader",
            Self::Reviewer => "reviewer",
            Self::Inspector => "inspector",
            Self::Liaison => "liaison",
            Self::Auditor => "auditor",
            Self::Volunteer => "volunteer",
            Self::Public => "public",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// Where a role holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The whole installation.
    System,
    Campaign(CampaignId),
    Unit(CampaignId, UnitId),
}

impl Scope {
    pub fn campaign(self) -> Option<CampaignId> {
        match self {
            Self::System => None,
            Self::Campaign(campaign) | Self::Unit(campaign, _) => Some(campaign),
        }
    }

    pub fn unit(self) -> Option<UnitId> {
        match self {
            Self::System | Self::Campaign(_) => None,
            Self::Unit(_, unit) => Some(unit),
        }
    }
}

/// A role given to a user within a scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    pub id: GrantId,
    pub user: UserId,
    pub role: Role,
    pub scope: Scope,
    /// From whom it came, where somebody handed their work over. Left out where nobody did, so that grants from before
    /// there were any keep the hash that the ledger has of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handed_over: Option<HandedOver>,
}

impl Grant {
    pub fn new(id: GrantId, user: UserId, role: Role, scope: Scope) -> Self {
        Self { id, user, role, scope, handed_over: None }
    }
}

/// Whose work somebody took over, and how much of it was open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOver {
    pub from: UserId,
    pub at: DateTime<Utc>,
    /// Tasks of the unit that had not ended; 0 for a role that is over no unit.
    pub tasks: u64,
}

/// What an invited takes over with the link: every role of whoever left, the one of the invitation among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Takeover {
    pub roles: Vec<TakenRole>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenRole {
    pub role: Role,
    pub scope: Scope,
    pub handed_over: HandedOver,
}
