use serde::{Deserialize, Serialize};

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
    pub version: i64,
}
