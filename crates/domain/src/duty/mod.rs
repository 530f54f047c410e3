//! `duty` 责任任务: who owes what, by when, shown by what.
//!
//! A [`Duty`] is what the plan demands; a [`task::Task`] is one unit's part of it, with a life of its own.

pub mod figure;
pub mod remind;
pub mod rule;
pub mod schedule;
pub mod task;
pub mod view;
pub mod workdays;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    id::{CampaignId, DutyId, ImportId, InitiativeId, PhaseId, TargetId, UnitId},
    plan::{PlanDate, Recurrence, Span, Target, UnitRole},
};

/// A duty as adopted from a plan or added by hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Duty {
    pub campaign: CampaignId,
    pub id: DutyId,
    /// The plan that it was adopted from; None: added by hand.
    pub import: Option<ImportId>,
    /// Its place in the plan, from 0.
    pub ordinal: i32,
    pub number: Option<String>,
    pub path: Vec<String>,
    /// The part of the plan that it stands in, by its headings; None: added by hand, or the plan has none above it. Left
    /// out where there is none, as the initiative below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    pub title: String,
    pub text: String,
    pub leads: Vec<String>,
    pub units: Vec<DutyUnit>,
    pub start: Option<PlanDate>,
    pub due: Option<PlanDate>,
    /// The last day on which it is in time: `due` made a day, in the campaign's year where the plan names none.
    /// Lists sort by it; a duty without one comes last.
    pub due_on: Option<NaiveDate>,
    pub recurrence: Option<Recurrence>,
    pub phase: Option<PhaseId>,
    /// The special action or working group that it stands in. Left out where there is none, so that duties keep the hash
    /// that they had before there were any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initiative: Option<InitiativeId>,
    pub targets: Vec<DutyTarget>,
    /// Where it stands in the plan's cleaned text.
    pub span: Option<Span>,
    pub state: DutyState,
    pub created_at: DateTime<Utc>,
    pub version: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DutyUnit {
    pub unit: UnitId,
    pub role: UnitRole,
    /// The group (各乡镇) that the plan names in the unit's place; None where it names the unit itself.
    /// A group without members stands here itself until the office picks them.
    pub via: Option<UnitId>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DutyTarget {
    pub id: TargetId,
    #[serde(flatten)]
    pub target: Target,
}

/// Where a duty is in its life. Its first state is all that there is until units report on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyState {
    /// 已派发.
    #[default]
    Assigned,
    /// 已撤回: no longer owed; kept, because things were done under it.
    Withdrawn,
}

impl DutyState {
    pub const ALL: [Self; 2] = [Self::Assigned, Self::Withdrawn];

    pub fn code(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}
