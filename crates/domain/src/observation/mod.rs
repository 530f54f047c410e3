//! `observation` 观察: a fact as it is kept, with whoever told it. Never edited: what was wrong is superseded by another one.
//!
//! What counts in a score is decided in three ways, each once and for good: an observation is accepted, a covert one is
//! released, and one is superseded by a later one. [`score`](crate::score) knows the first two; the third is decided here.

mod period;
pub mod series;
mod site;
pub mod site_sheet;
mod standing;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
pub use period::{Period, Step};
use serde::{Deserialize, Serialize};
pub use site::{Datum, Earlier, Position, Site};
pub use standing::{Cell, Standing, counted, counters, scored_at, standing, standing_at};

use crate::{
    id::{AttachmentId, CampaignId, ObservationId, StandardId, UnitId},
    ledger::Author,
    score::{Fact, Observation},
};

/// A fact that somebody recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptObservation {
    pub campaign: CampaignId,
    pub id: ObservationId,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// When it was accepted; until then it does not count.
    pub accepted_at: Option<DateTime<Utc>>,
    /// Made by a covert visit: it does not count, and is not shown, before it is released.
    pub covert: bool,
    pub released_at: Option<DateTime<Utc>>,
    pub round: Option<String>,
    pub fact: Fact,
    /// The standard whose leaf, entry or honour it is about; none where it is about what standards share.
    pub standard: Option<StandardId>,
    /// The unit that it comes from or concerns. A figure that names one is that unit's own, and none of the whole place.
    pub unit: Option<UnitId>,
    /// What it rests on: a document, a team, who was asked.
    pub source: String,
    /// The span of time that a figure is of: `2026`, `2026-Q3`, `2026-06`.
    pub period: Option<String>,
    /// The files that show it.
    pub files: Vec<AttachmentId>,
    pub superseded_by: Option<ObservationId>,
    /// It says of what it supersedes that it was recorded in error, and why ([`Self::source`]); of the world it says nothing. Its
    /// fact and all else are those of what it withdraws.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdraws: bool,
    pub by: Author,
    pub recorded_at: DateTime<Utc>,
}

/// Why something can't be done to an observation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObservationRefusal {
    Accepted,
    /// Only what was seen covertly is released.
    Open,
    Released,
    Superseded,
    /// It is about another thing than the one that is to supersede it.
    Other,
    /// It is itself what says that another one was recorded in error.
    Withdraws,
}

impl KeptObservation {
    /// Longest source, period and round, in characters.
    pub const LONGEST: (usize, usize, usize) = (500, 50, 50);
    /// How many are recorded at once at most.
    pub const MOST: usize = 500;

    /// Whether it counts at all, superseded or not. What only withdraws needs no release: it shows nothing.
    pub fn counts(&self) -> bool {
        self.accepted_at.is_some() && (!self.covert || self.withdraws || self.released_at.is_some())
    }

    /// Whether it counts at a moment, superseded or not.
    pub fn counts_at(&self, moment: DateTime<Utc>) -> bool {
        let by_then = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at <= moment);
        let open = !self.covert || self.withdraws || by_then(self.released_at);
        self.at <= moment && by_then(self.accepted_at) && open
    }

    /// How often something of it was set, from 1: what was set stays, so that this tells how it stands.
    pub fn version(&self) -> i64 {
        let set = [self.accepted_at.is_some(), self.released_at.is_some(), self.superseded_by.is_some()];
        set.into_iter().map(i64::from).sum::<i64>() + 1
    }

    /// Whether it is a figure of one unit alone: it belongs to that unit's series, and says nothing of the whole place.
    pub fn is_of_one_unit(&self) -> bool {
        matches!(self.fact, Fact::Figure { .. }) && self.unit.is_some()
    }

    /// Seen covertly, and not released yet: only those who release it see it.
    pub fn is_hidden(&self) -> bool {
        self.covert && self.released_at.is_none()
    }

    /// # Errors
    /// It is accepted.
    pub fn accept(self, at: DateTime<Utc>) -> Result<Self, ObservationRefusal> {
        match self.accepted_at {
            None => Ok(Self { accepted_at: Some(at), ..self }),
            Some(_) => Err(ObservationRefusal::Accepted),
        }
    }

    /// # Errors
    /// It is not covert, or released; or it only withdraws, and is released with what it withdraws.
    pub fn release(self, at: DateTime<Utc>) -> Result<Self, ObservationRefusal> {
        if self.withdraws {
            return Err(ObservationRefusal::Withdraws);
        }
        match (self.covert, self.released_at) {
            (true, None) => Ok(Self { released_at: Some(at), ..self }),
            (true, Some(_)) => Err(ObservationRefusal::Released),
            (false, _) => Err(ObservationRefusal::Open),
        }
    }

    /// What withdraws one that is released now: who sees that one sees why it counts no more.
    #[must_use]
    pub fn released_with(self, at: DateTime<Utc>) -> Self {
        if self.withdraws && self.is_hidden() { Self { released_at: Some(at), ..self } } else { self }
    }

    /// The same, superseded by a later one: from the moment on at which that counts, this one does not.
    ///
    /// # Errors
    /// Another one has superseded it, or the new one is not about the same thing.
    pub fn supersede(self, by: &Self) -> Result<Self, ObservationRefusal> {
        if self.superseded_by.is_some() {
            return Err(ObservationRefusal::Superseded);
        }
        if self.id == by.id || !self.is_about_the_same(by) {
            return Err(ObservationRefusal::Other);
        }
        Ok(Self { superseded_by: Some(by.id), ..self })
    }

    /// What says that this one was recorded in error: it takes its place and counts for nothing. Who may not see this one does
    /// not see that either.
    ///
    /// # Errors
    /// Another one has superseded it, or it withdraws another one itself.
    pub fn withdrawal(
        &self,
        id: ObservationId,
        reason: String,
        by: Author,
        at: DateTime<Utc>,
    ) -> Result<Self, ObservationRefusal> {
        if self.superseded_by.is_some() {
            return Err(ObservationRefusal::Superseded);
        }
        if self.withdraws {
            return Err(ObservationRefusal::Withdraws);
        }
        Ok(Self {
            id,
            accepted_at: Some(at),
            source: reason,
            files: Vec::new(),
            withdraws: true,
            by,
            recorded_at: at,
            ..self.clone()
        })
    }

    fn is_about_the_same(&self, other: &Self) -> bool {
        let same = self.standard == other.standard
            && self.fact.kind() == other.fact.kind()
            && self.fact.about() == other.fact.about();
        same && match (&self.fact, &other.fact) {
            (Fact::Visit { site, .. }, Fact::Visit { site: own, .. }) => site == own,
            (Fact::Judgement { method, .. }, Fact::Judgement { method: own, .. }) => method == own,
            (Fact::Figure { .. }, Fact::Figure { .. }) => self.unit == other.unit,
            _ => true,
        }
    }

    /// As the score takes it.
    pub fn observed(&self) -> Observation {
        Observation {
            id: self.id.0.to_string(),
            at: self.at,
            accepted_at: self.accepted_at,
            covert: self.covert,
            released_at: self.released_at,
            round: self.round.clone(),
            period: match self.fact {
                Fact::Figure { .. } => self.period.as_deref().and_then(|period| period.parse().ok()),
                _ => None,
            },
            fact: self.fact.clone(),
        }
    }
}

/// The round that is scored at a moment: the one of which something was observed last among what counts and was not superseded
/// by then.
pub fn round_at(all: &[KeptObservation], moment: DateTime<Utc>) -> Option<String> {
    let standing = standing_at(all, moment).into_iter();
    let of_round = standing.filter(|one| one.round.is_some() && one.counts_at(moment));
    of_round.max_by_key(|one| (one.at, one.id)).and_then(|one| one.round.clone())
}

/// Those of these that no longer count: something later in the row of what supersedes what does. Also where what comes between
/// does not count, so that nothing that was corrected twice comes back. What was withdrawn is as if it had never been recorded:
/// it does not count, and takes the place of nothing.
pub fn superseded(
    all: &[KeptObservation],
    counts: impl Fn(&KeptObservation) -> bool,
) -> HashSet<ObservationId> {
    let by_id: HashMap<ObservationId, &KeptObservation> = all.iter().map(|one| (one.id, one)).collect();
    let next = |one: &KeptObservation| one.superseded_by.and_then(|by| by_id.get(&by).copied());
    let withdrawn = |one: &KeptObservation| next(one).is_some_and(|by| by.withdraws && counts(by));
    let replaces = |one: &KeptObservation| counts(one) && !one.withdraws && !withdrawn(one);
    let is_gone = |one: &&KeptObservation| {
        // No row is longer than all of them, were one ever to lead back to itself.
        let later = std::iter::successors(next(one), |later| next(later)).take(all.len());
        withdrawn(one) || later.into_iter().any(replaces)
    };
    all.iter().filter(is_gone).map(|one| one.id).collect()
}

#[cfg(test)]
mod tests;
