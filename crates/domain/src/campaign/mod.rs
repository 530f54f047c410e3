//! A campaign 创建项目, its units 单位 and its phases 阶段.

pub mod closing;
mod contact;
pub mod initiative;
pub mod naming;
pub mod roster;
mod unit;

pub use contact::{Contact, Post, joined, phone_of};
pub use naming::Likeness;
pub use unit::{Unit, UnitKind};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    id::{CampaignId, PhaseId},
    plan::PlanDate,
};

/// A city's effort to meet one written assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    pub id: CampaignId,
    /// 清水县创建全国文明城市.
    pub name: String,
    /// The county, district or city: 清水县.
    pub place: String,
    /// What it strives for, in the office's words: 文明城市, 卫生城市 …
    pub kind: String,
    /// The year that a date without one (`XXXX-06-30`) is taken to mean.
    pub year: i32,
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    pub created_at: DateTime<Utc>,
    pub version: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phase {
    pub campaign: CampaignId,
    pub id: PhaseId,
    pub title: String,
    pub start: Option<PlanDate>,
    pub end: Option<PlanDate>,
    /// Its place among the campaign's phases, from 0.
    pub ordinal: i32,
}
