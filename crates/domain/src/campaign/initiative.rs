//! Special actions 专项行动 and working groups 工作组: a list of duties that one unit leads and others take part in.
//!
//! An initiative has no duties of its own: it gathers duties of the campaign, each of which stands in one at most. The
//! people of the unit that leads it may look at all of them; see [`crate::people::policy::Resource::Led`].

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{CampaignId, InitiativeId, UnitId, UserId};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InitiativeKind {
    /// 专项行动: for a time, with an end.
    SpecialAction,
    /// 工作组: stands as long as it is needed.
    WorkingGroup,
}

impl InitiativeKind {
    pub const ALL: [Self; 2] = [Self::SpecialAction, Self::WorkingGroup];

    pub fn code(self) -> &'static str {
        match self {
            Self::SpecialAction => "special_action",
            Self::WorkingGroup => "working_group",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Whether duties may still be put into it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum InitiativeState {
    Open,
    /// 已结束: its duties stay in it, and go on as they are.
    Closed {
        at: DateTime<Utc>,
        /// What came of it.
        summary: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Initiative {
    pub campaign: CampaignId,
    pub id: InitiativeId,
    pub kind: InitiativeKind,
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// 牵头单位: its people may look at everything in it.
    pub leader: UnitId,
    /// The person who answers for it.
    pub head: Option<UserId>,
    /// 成员单位, without the leader, in the office's order.
    pub members: Vec<UnitId>,
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    pub state: InitiativeState,
    pub created_at: DateTime<Utc>,
    pub version: i64,
}

/// Why something can't be done to an initiative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InitiativeRefusal {
    /// It is closed: nothing about it changes until it is opened again.
    Closed,
    Open,
}

impl Initiative {
    pub fn is_open(&self) -> bool {
        self.state == InitiativeState::Open
    }

    /// Ends it.
    ///
    /// # Errors
    /// It is closed already.
    pub fn close(self, at: DateTime<Utc>, summary: String) -> Result<Self, InitiativeRefusal> {
        self.takes_changes()?;
        Ok(Self { state: InitiativeState::Closed { at, summary }, ..self })
    }

    /// Goes on with one that was closed.
    ///
    /// # Errors
    /// It is open.
    pub fn reopen(self) -> Result<Self, InitiativeRefusal> {
        if self.is_open() {
            return Err(InitiativeRefusal::Open);
        }
        Ok(Self { state: InitiativeState::Open, ..self })
    }

    /// Whether it may be edited and duties may be put into it.
    ///
    /// # Errors
    /// It is closed.
    pub fn takes_changes(&self) -> Result<(), InitiativeRefusal> {
        if self.is_open() { Ok(()) } else { Err(InitiativeRefusal::Closed) }
    }

    /// Gives it these member units: each once, and none of them the one that leads.
    pub fn set_members(&mut self, members: impl IntoIterator<Item = UnitId>) {
        self.members.clear();
        for member in members {
            if member != self.leader && !self.members.contains(&member) {
                self.members.push(member);
            }
        }
    }

    /// The same with `into` in every place of `from`, because two entries were found to be one unit; None: `from` has no
    /// part in it.
    #[must_use]
    pub fn with_unit_merged(&self, from: UnitId, into: UnitId) -> Option<Self> {
        if self.leader != from && !self.members.contains(&from) {
            return None;
        }
        let swap = |unit| if unit == from { into } else { unit };
        let mut merged = Self { leader: swap(self.leader), ..self.clone() };
        merged.set_members(self.members.iter().copied().map(swap));
        Some(merged)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn unit(n: u128) -> UnitId {
        UnitId(Uuid::from_u128(n))
    }

    fn open(leader: u128, members: &[u128]) -> Initiative {
        Initiative {
            campaign: CampaignId(Uuid::from_u128(1)),
            id: InitiativeId(Uuid::from_u128(2)),
            kind: InitiativeKind::SpecialAction,
            name: "背街小巷环境整治专项行动".into(),
            purpose: String::new(),
            leader: unit(leader),
            head: None,
            members: members.iter().copied().map(unit).collect(),
            starts_on: None,
            ends_on: None,
            state: InitiativeState::Open,
            created_at: DateTime::UNIX_EPOCH,
            version: 1,
        }
    }

    #[test]
    fn what_is_closed_takes_nothing_until_it_is_opened_again() {
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(open(1, &[]).reopen(), Err(InitiativeRefusal::Open));
        let closed = open(1, &[]).close(now, "完成".into()).expect("it was open");
        assert_eq!(closed.takes_changes(), Err(InitiativeRefusal::Closed));
        assert_eq!(closed.clone().close(now, "再次".into()), Err(InitiativeRefusal::Closed));
        assert_eq!(closed.reopen(), Ok(open(1, &[])));
    }

    #[test]
    fn a_member_stands_once_and_who_leads_is_none() {
        let mut one = open(1, &[]);
        one.set_members([2, 1, 3, 2].map(unit));
        assert_eq!(one.members, [2, 3].map(unit));
    }

    #[test]
    fn a_unit_that_was_merged_into_another_gives_it_its_place() {
        let check = |leader, members: &[u128], expected: Option<(u128, &[u128])>| {
            let merged = open(leader, members).with_unit_merged(unit(9), unit(2));
            assert_eq!(
                merged,
                expected.map(|(leader, members)| open(leader, members)),
                "{leader} {members:?}"
            );
        };
        check(1, &[2, 3], None);
        check(9, &[3], Some((2, &[3])));
        check(9, &[2, 3], Some((2, &[3])));
        check(1, &[3, 9], Some((1, &[3, 2])));
        check(1, &[2, 9], Some((1, &[2])));
        check(2, &[9, 3], Some((2, &[3])));
    }

    #[test]
    fn the_codes_of_kinds_are_read_back() {
        for kind in InitiativeKind::ALL {
            assert_eq!(InitiativeKind::from_code(kind.code()), Some(kind));
        }
    }
}
