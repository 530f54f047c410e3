//! The review of a material for one requirement: put before the reviewers, accepted or returned, perhaps too old one day.
//!
//! [`may`] is the table of what can be done by whom; [`EvidenceLink::perform`] is the only way to do it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::EvidenceLink;
use crate::{clock::day_of, id::UserId};

/// The longest reason and comment, in characters.
pub const LONGEST_REASON: usize = 500;

/// How a review stands. What was accepted stays accepted while a later version is before the reviewers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Review {
    Submitted {
        shown: Shown,
        by: UserId,
        at: DateTime<Utc>,
        stands: Option<Acceptance>,
        /// An acceptance was taken back or its time is over, and none came since.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        lapsed: bool,
    },
    Accepted {
        acceptance: Acceptance,
    },
    Returned {
        shown: Shown,
        by: UserId,
        at: DateTime<Utc>,
        reason: String,
        stands: Option<Acceptance>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        lapsed: bool,
    },
    /// It was accepted, and is older than the requirement allows.
    Expired {
        acceptance: Acceptance,
        at: DateTime<Utc>,
    },
}

/// What was put before the reviewers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The number of the material's version.
    pub version: u32,
    /// How many of its kind it counts as.
    pub pieces: u32,
}

/// That a version was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    pub shown: Shown,
    pub by: UserId,
    pub at: DateTime<Utc>,
    /// A word of the requirement's scale.
    pub grade: String,
    /// The last day that it counts, where the requirement has a window.
    pub until: Option<NaiveDate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateKind {
    Submitted,
    Accepted,
    Returned,
    Expired,
}

impl StateKind {
    pub const ALL: [Self; 4] = [Self::Submitted, Self::Accepted, Self::Returned, Self::Expired];

    pub fn code(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Accepted => "accepted",
            Self::Returned => "returned",
            Self::Expired => "expired",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// What is done to a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Puts a version before the reviewers.
    Submit {
        shown: Shown,
    },
    Accept {
        grade: String,
        until: Option<NaiveDate>,
    },
    Return {
        reason: String,
    },
    /// What was accepted should not have been.
    TakeBack {
        reason: String,
    },
    /// Its time is over, as of that day.
    Expire {
        today: NaiveDate,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeedKind {
    Submit,
    Accept,
    Return,
    TakeBack,
    Expire,
}

impl DeedKind {
    pub const ALL: [Self; 5] = [Self::Submit, Self::Accept, Self::Return, Self::TakeBack, Self::Expire];

    pub fn code(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Accept => "accept",
            Self::Return => "return",
            Self::TakeBack => "take_back",
            Self::Expire => "expire",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.code() == code)
    }
}

impl Deed {
    pub fn kind(&self) -> DeedKind {
        match self {
            Self::Submit { .. } => DeedKind::Submit,
            Self::Accept { .. } => DeedKind::Accept,
            Self::Return { .. } => DeedKind::Return,
            Self::TakeBack { .. } => DeedKind::TakeBack,
            Self::Expire { .. } => DeedKind::Expire,
        }
    }
}

/// As what somebody acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    /// Of the unit whose material it is.
    Unit,
    Reviewer,
    /// The program.
    System,
}

/// The table: whether a party may do that to a review which stands so.
pub fn may(state: StateKind, deed: DeedKind, party: Party) -> bool {
    use DeedKind as D;
    use StateKind as S;
    match (deed, party) {
        (D::Submit, Party::Unit) => true,
        (D::Accept | D::Return, Party::Reviewer) => state == S::Submitted,
        (D::TakeBack, Party::Reviewer) => state == S::Accepted,
        (D::Expire, Party::System) => state != S::Expired,
        _ => false,
    }
}

/// Why something was not done; the review stays as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("that can't be done in this state")]
    NotNow(StateKind),
    #[error("it is not for that party")]
    NotYours,
    #[error("nobody decides about what they submitted themselves")]
    OwnWork,
    #[error("this version was reviewed; file another")]
    SameVersion,
    #[error("it was accepted, and stands")]
    Locked,
    #[error("its time is not over")]
    NotOver,
    #[error("it is older than the requirement allows")]
    TooOld,
}

impl Review {
    pub fn kind(&self) -> StateKind {
        match self {
            Self::Submitted { .. } => StateKind::Submitted,
            Self::Accepted { .. } => StateKind::Accepted,
            Self::Returned { .. } => StateKind::Returned,
            Self::Expired { .. } => StateKind::Expired,
        }
    }

    /// What was put before the reviewers last.
    pub fn shown(&self) -> Shown {
        match self {
            Self::Submitted { shown, .. } | Self::Returned { shown, .. } => *shown,
            Self::Accepted { acceptance } | Self::Expired { acceptance, .. } => acceptance.shown,
        }
    }

    /// What is accepted and counts.
    pub fn acceptance(&self) -> Option<&Acceptance> {
        match self {
            Self::Accepted { acceptance } => Some(acceptance),
            Self::Submitted { stands, .. } | Self::Returned { stands, .. } => stands.as_ref(),
            Self::Expired { .. } => None,
        }
    }

    /// Whether it was accepted once and is no more: its acceptance was taken back, or its time is over.
    pub fn has_lapsed(&self) -> bool {
        match self {
            Self::Accepted { .. } => false,
            Self::Submitted { lapsed, .. } | Self::Returned { lapsed, .. } => *lapsed,
            Self::Expired { .. } => true,
        }
    }

    /// As what it is counted: what counts if anything does, and otherwise how it stands.
    pub fn counted(&self) -> Counted {
        match (self, self.acceptance()) {
            (Self::Submitted { .. }, Some(accepted)) => {
                Counted { what: CountedAs::AcceptedAnew, pieces: accepted.shown.pieces }
            }
            (_, Some(accepted)) => Counted { what: CountedAs::Accepted, pieces: accepted.shown.pieces },
            (Self::Submitted { shown, .. }, None) => {
                Counted { what: CountedAs::Submitted, pieces: shown.pieces }
            }
            (Self::Returned { shown, .. }, None) => {
                Counted { what: CountedAs::Returned, pieces: shown.pieces }
            }
            (Self::Accepted { acceptance } | Self::Expired { acceptance, .. }, None) => {
                Counted { what: CountedAs::Expired, pieces: acceptance.shown.pieces }
            }
        }
    }
}

/// What a link is counted as, once, and for how many pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    pub what: CountedAs,
    pub pieces: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CountedAs {
    Submitted,
    Accepted,
    /// Accepted, while a later version is before the reviewers.
    AcceptedAnew,
    Returned,
    Expired,
}

impl CountedAs {
    pub const ALL: [Self; 5] =
        [Self::Submitted, Self::Accepted, Self::AcceptedAnew, Self::Returned, Self::Expired];

    pub fn code(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Accepted => "accepted",
            Self::AcceptedAnew => "accepted_anew",
            Self::Returned => "returned",
            Self::Expired => "expired",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|counted| counted.code() == code)
    }

    /// Whether it is there: before the reviewers, or accepted.
    pub fn is_there(self) -> bool {
        matches!(self, Self::Submitted | Self::Accepted | Self::AcceptedAnew)
    }

    pub fn is_accepted(self) -> bool {
        matches!(self, Self::Accepted | Self::AcceptedAnew)
    }

    /// Whether the reviewers have something to do.
    pub fn waits(self) -> bool {
        matches!(self, Self::Submitted | Self::AcceptedAnew)
    }
}

/// Whether what counts until that day counts no more.
pub fn is_over(until: Option<NaiveDate>, today: NaiveDate) -> bool {
    until.is_some_and(|until| until < today)
}

impl EvidenceLink {
    /// Does something to its review.
    ///
    /// # Errors
    /// See [`Refused`].
    pub fn perform(self, deed: Deed, party: Party, by: UserId, at: DateTime<Utc>) -> Result<Self, Refused> {
        let state = self.review.kind();
        let kind = deed.kind();
        if !may(state, kind, party) {
            let somebody = [Party::Unit, Party::Reviewer, Party::System];
            let possible = somebody.into_iter().any(|other| may(state, kind, other));
            return Err(if possible { Refused::NotYours } else { Refused::NotNow(state) });
        }
        let review = match (deed, self.review) {
            (Deed::Submit { shown }, before) => submit(before, shown, by, at)?,
            (Deed::Accept { .. } | Deed::Return { .. }, Review::Submitted { by: own, .. }) if own == by => {
                return Err(Refused::OwnWork);
            }
            // What counts no more today never counted: it would be over by the next morning.
            (Deed::Accept { until, .. }, Review::Submitted { .. }) if is_over(until, day_of(at)) => {
                return Err(Refused::TooOld);
            }
            (Deed::Accept { grade, until }, Review::Submitted { shown, .. }) => {
                Review::Accepted { acceptance: Acceptance { shown, by, at, grade, until } }
            }
            (Deed::Return { reason }, Review::Submitted { shown, stands, lapsed, .. }) => {
                Review::Returned { shown, by, at, reason, stands, lapsed }
            }
            (Deed::TakeBack { reason }, Review::Accepted { acceptance }) => {
                Review::Returned { shown: acceptance.shown, by, at, reason, stands: None, lapsed: true }
            }
            (Deed::Expire { today }, before) => expire(before, today, at)?,
            (_, before) => return Err(Refused::NotNow(before.kind())),
        };
        Ok(Self { review, changed_at: at, ..self })
    }

    /// Whether the material may be taken off this requirement: not once it was accepted for it, for it counted.
    ///
    /// # Errors
    /// [`Refused::Locked`].
    pub fn may_unlink(&self) -> Result<(), Refused> {
        if self.review.has_lapsed() || self.review.acceptance().is_some() {
            Err(Refused::Locked)
        } else {
            Ok(())
        }
    }
}

fn submit(before: Review, shown: Shown, by: UserId, at: DateTime<Utc>) -> Result<Review, Refused> {
    let seen = before.shown().version;
    let lapsed = before.has_lapsed();
    let stands = match before {
        // What was returned may be put forward again as it is, with a word why; what waits or was accepted may not.
        Review::Returned { stands, .. } if shown.version >= seen => stands,
        Review::Submitted { stands, .. } if shown.version > seen => stands,
        Review::Accepted { acceptance } if shown.version > seen => Some(acceptance),
        Review::Expired { .. } if shown.version > seen => None,
        _ => return Err(Refused::SameVersion),
    };
    Ok(Review::Submitted { shown, by, at, stands, lapsed })
}

fn expire(before: Review, today: NaiveDate, at: DateTime<Utc>) -> Result<Review, Refused> {
    if !is_over(before.acceptance().and_then(|accepted| accepted.until), today) {
        return Err(Refused::NotOver);
    }
    Ok(match before {
        Review::Submitted { shown, by, at, .. } => {
            Review::Submitted { shown, by, at, stands: None, lapsed: true }
        }
        Review::Returned { shown, by, at, reason, .. } => {
            Review::Returned { shown, by, at, reason, stands: None, lapsed: true }
        }
        Review::Accepted { acceptance } => Review::Expired { acceptance, at },
        expired @ Review::Expired { .. } => expired,
    })
}

#[cfg(test)]
mod tests;
