//! Campaigns 创建项目.

pub(crate) mod add;
pub(crate) mod edit;
pub(crate) mod list;
pub(crate) mod look_up;
pub(crate) mod phases;

use chengjing_domain::campaign::{Campaign, Phase};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::words::DateText;

/// A campaign.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CampaignBody {
    pub(crate) id: Uuid,
    #[schema(example = "清水县创建全国文明城市")]
    pub(crate) name: String,
    #[schema(example = "清水县")]
    pub(crate) place: String,
    #[schema(example = "文明城市")]
    pub(crate) kind: String,
    /// The year that a date without one is taken to mean.
    pub(crate) year: i32,
    pub(crate) starts_on: Option<NaiveDate>,
    pub(crate) ends_on: Option<NaiveDate>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) version: i64,
}

impl From<Campaign> for CampaignBody {
    fn from(campaign: Campaign) -> Self {
        Self {
            id: campaign.id.0,
            name: campaign.name,
            place: campaign.place,
            kind: campaign.kind,
            year: campaign.year,
            starts_on: campaign.starts_on,
            ends_on: campaign.ends_on,
            created_at: campaign.created_at,
            version: campaign.version,
        }
    }
}

/// A phase of a campaign.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PhaseBody {
    pub(crate) id: Uuid,
    pub(crate) title: String,
    pub(crate) start: Option<DateText>,
    pub(crate) end: Option<DateText>,
    pub(crate) ordinal: i32,
}

impl From<Phase> for PhaseBody {
    fn from(phase: Phase) -> Self {
        Self {
            id: phase.id.0,
            title: phase.title,
            start: phase.start.map(DateText),
            end: phase.end.map(DateText),
            ordinal: phase.ordinal,
        }
    }
}
