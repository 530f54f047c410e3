use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Contact;
use crate::id::{CampaignId, UnitId};

/// What sort of body a unit is. A [`UnitKind::Group`] stands for others (各乡镇) and owes nothing itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    City,
    District,
    /// 街道, 乡, 镇.
    Street,
    /// 社区, 村.
    Community,
    /// 局, 委, 办, 部 …
    Department,
    Enterprise,
    /// 专项组, 工作组.
    WorkingGroup,
    /// 各乡镇, 各相关单位: a name for several units.
    Group,
}

impl UnitKind {
    pub const ALL: [Self; 8] = [
        Self::City,
        Self::District,
        Self::Street,
        Self::Community,
        Self::Department,
        Self::Enterprise,
        Self::WorkingGroup,
        Self::Group,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::City => "city",
            Self::District => "district",
            Self::Street => "street",
            Self::Community => "community",
            Self::Department => "department",
            Self::Enterprise => "enterprise",
            Self::WorkingGroup => "working_group",
            Self::Group => "group",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A unit 单位: one entry, whatever names the plans give it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    pub campaign: CampaignId,
    pub id: UnitId,
    pub name: String,
    pub kind: UnitKind,
    pub parent: Option<UnitId>,
    /// Other names of the same unit, each unique in the campaign.
    pub aliases: Vec<String>,
    /// The units that a group stands for; empty for every other kind.
    pub members: Vec<UnitId>,
    /// A person has looked at it and agreed that it is one unit of its own.
    pub confirmed: bool,
    /// Who answers for it and who is called; by post, then in the office's order. Left out where there are none, so that units from
    /// before there were contacts keep the hash that the ledger has of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    /// Since when it is no more. Its history stays; nothing new is given to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<DateTime<Utc>>,
    pub version: i64,
}

impl Unit {
    /// A unit that is new: confirmed, since whoever adds one by hand means it.
    pub fn new(campaign: CampaignId, id: UnitId, name: impl Into<String>, kind: UnitKind) -> Self {
        Self {
            campaign,
            id,
            name: name.into(),
            kind,
            parent: None,
            aliases: Vec::new(),
            members: Vec::new(),
            confirmed: true,
            contacts: Vec::new(),
            closed_at: None,
            version: 1,
        }
    }
}
