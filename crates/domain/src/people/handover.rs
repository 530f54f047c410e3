use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{CampaignId, HandoverRequestId, UserId};

/// 交接申请: a person who leaves a campaign asks its office to hand their work over. It changes nothing until the office
/// does so; of one person at most one waits in a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverRequest {
    pub campaign: CampaignId,
    pub id: HandoverRequestId,
    /// Who leaves, and asks.
    pub user: UserId,
    /// Their last day.
    pub leaves_on: NaiveDate,
    pub reason: String,
    /// Whom they propose, by a name that the office will know: they see no list of the campaign's people. None: nobody.
    pub proposed: Option<String>,
    pub asked_at: DateTime<Utc>,
    pub state: HandoverRequestState,
    pub version: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum HandoverRequestState {
    Waiting,
    Withdrawn {
        at: DateTime<Utc>,
    },
    Refused {
        by: UserId,
        at: DateTime<Utc>,
        reason: String,
    },
    /// The work was handed over; `to` is what the successor was called then.
    Confirmed {
        by: UserId,
        at: DateTime<Utc>,
        to: String,
    },
}

/// Why nothing can be done to a request any more: it is decided already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandoverRequestRefusal {
    Withdrawn,
    Refused,
    Confirmed,
}

impl HandoverRequestState {
    /// The words by which states are stored and told.
    pub const CODES: [&str; 4] = ["waiting", "withdrawn", "refused", "confirmed"];

    pub fn code(&self) -> &'static str {
        let [waiting, withdrawn, refused, confirmed] = Self::CODES;
        match self {
            Self::Waiting => waiting,
            Self::Withdrawn { .. } => withdrawn,
            Self::Refused { .. } => refused,
            Self::Confirmed { .. } => confirmed,
        }
    }
}

impl HandoverRequest {
    /// The longest reason, and the longest name, in characters.
    pub const LONGEST: (usize, usize) = (500, 50);

    /// The days that may be somebody's last: who left last month may still ask, and nobody plans further than a year.
    pub fn last_days(today: NaiveDate) -> (NaiveDate, NaiveDate) {
        let first = today.checked_sub_days(Days::new(31)).unwrap_or(today);
        (first, today.checked_add_days(Days::new(366)).unwrap_or(today))
    }

    /// Whether the office still has to decide.
    pub fn waits(&self) -> Result<(), HandoverRequestRefusal> {
        match self.state {
            HandoverRequestState::Waiting => Ok(()),
            HandoverRequestState::Withdrawn { .. } => Err(HandoverRequestRefusal::Withdrawn),
            HandoverRequestState::Refused { .. } => Err(HandoverRequestRefusal::Refused),
            HandoverRequestState::Confirmed { .. } => Err(HandoverRequestRefusal::Confirmed),
        }
    }

    /// Whoever asked wants it no more.
    pub fn withdraw(self, at: DateTime<Utc>) -> Result<Self, HandoverRequestRefusal> {
        self.turn(HandoverRequestState::Withdrawn { at })
    }

    /// The office says no, and why.
    pub fn refuse(
        self,
        by: UserId,
        at: DateTime<Utc>,
        reason: String,
    ) -> Result<Self, HandoverRequestRefusal> {
        self.turn(HandoverRequestState::Refused { by, at, reason })
    }

    /// The work was handed over.
    pub fn confirm(self, by: UserId, at: DateTime<Utc>, to: String) -> Result<Self, HandoverRequestRefusal> {
        self.turn(HandoverRequestState::Confirmed { by, at, to })
    }

    fn turn(self, state: HandoverRequestState) -> Result<Self, HandoverRequestRefusal> {
        self.waits()?;
        Ok(Self { state, ..self })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).expect("a moment")
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn asked() -> HandoverRequest {
        HandoverRequest {
            campaign: CampaignId(Uuid::from_u128(1)),
            id: HandoverRequestId(Uuid::from_u128(2)),
            user: UserId(Uuid::from_u128(3)),
            leaves_on: day("2026-06-30"),
            reason: "调任".into(),
            proposed: Some("王芳".into()),
            asked_at: at(0),
            state: HandoverRequestState::Waiting,
            version: 1,
        }
    }

    #[test]
    fn a_request_is_decided_once_and_whoever_comes_later_is_told_how() {
        use HandoverRequestRefusal as R;
        let office = UserId(Uuid::from_u128(4));
        type Turn = fn(HandoverRequest, UserId) -> Result<HandoverRequest, R>;
        let turns: [(Turn, R); 3] = [
            (|request, _| request.withdraw(at(1)), R::Withdrawn),
            (|request, by| request.refuse(by, at(1), "接手的人还没有到岗".into()), R::Refused),
            (|request, by| request.confirm(by, at(1), "王芳".into()), R::Confirmed),
        ];
        for (first, done) in turns {
            let decided = first(asked(), office).expect("it waits");
            assert_eq!(decided.waits(), Err(done));
            for (second, _) in turns {
                assert_eq!(second(decided.clone(), office), Err(done), "nothing is decided twice");
            }
        }
    }

    #[test]
    fn the_last_day_lies_between_a_month_ago_and_a_year_ahead() {
        let (first, last) = HandoverRequest::last_days(day("2026-03-31"));
        assert_eq!((first, last), (day("2026-02-28"), day("2027-04-01")));
        let end = NaiveDate::MAX;
        assert_eq!(HandoverRequest::last_days(end).1, end, "no day of the calendar overflows");
    }

    #[test]
    fn every_state_has_its_own_word() {
        let by = UserId(Uuid::from_u128(4));
        let states = [
            HandoverRequestState::Waiting,
            HandoverRequestState::Withdrawn { at: at(1) },
            HandoverRequestState::Refused { by, at: at(1), reason: "甲".into() },
            HandoverRequestState::Confirmed { by, at: at(1), to: "乙".into() },
        ];
        assert_eq!(states.map(|state| state.code()), HandoverRequestState::CODES);
    }
}
