use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};

use super::{KeptObservation, superseded};
use crate::{
    id::ObservationId,
    score::{CountKey, Counters, Fact, FactKind, Scope, month_of},
};

/// What can be judged once at a time: a criterion at a site, a material, a figure. Of several observations of it the newest
/// stands; of events and honours each is its own. Answers are none: all of them count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    pub kind: FactKind,
    pub about: String,
    /// The site, the unit of a figure with its period, the standard, with the method or with the observation itself, or nothing.
    pub place: String,
}

impl KeptObservation {
    /// The cell that it is of; none where it tells of answers.
    pub fn cell(&self) -> Option<Cell> {
        let standard = || self.standard.map(|standard| standard.0.to_string()).unwrap_or_default();
        let place = match &self.fact {
            Fact::Answers { .. } => return None,
            Fact::Visit { site, .. } => site.clone(),
            Fact::Judgement { method, .. } => format!("{}/{}", standard(), method.code()),
            Fact::Event { .. } | Fact::Honour { .. } => format!("{}/{}", standard(), self.id.0),
            // A review is of one standard, or of all that ask for the material.
            Fact::Review { .. } => standard(),
            // A unit's figure does not stand where the whole place's does, and that of a year beside those of its months.
            Fact::Figure { .. } => {
                let unit = self.unit.map(|unit| unit.0.to_string()).unwrap_or_default();
                match &self.period {
                    Some(period) => format!("{unit}/{period}"),
                    None => unit,
                }
            }
            Fact::NoSites { .. } => String::new(),
        };
        Some(Cell { kind: self.fact.kind(), about: self.fact.about().to_owned(), place })
    }
}

/// Which observation stands in a cell, among all or among those of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub scope: Scope,
    pub id: ObservationId,
    pub at: DateTime<Utc>,
}

/// What stands in a cell. All that was observed in it must be among these, and what supersedes it.
pub fn standing(cell: &Cell, all: &[KeptObservation]) -> Vec<Standing> {
    let gone = superseded(all, KeptObservation::counts);
    let of_cell = all.iter().filter(|one| one.cell().as_ref() == Some(cell));
    newest(of_cell.filter(|one| one.counts() && !one.withdraws && !gone.contains(&one.id)))
}

/// Of what counts in one cell, and was not superseded, what stands.
fn newest<'a>(of_cell: impl Iterator<Item = &'a KeptObservation>) -> Vec<Standing> {
    let mut newest: BTreeMap<Scope, &KeptObservation> = BTreeMap::new();
    for one in of_cell {
        for scope in [Scope::Any, Scope::Round(one.round.clone())] {
            let seen = newest.entry(scope).or_insert(one);
            if (one.at, one.id) > (seen.at, seen.id) {
                *seen = one;
            }
        }
    }
    newest.into_iter().map(|(scope, one)| Standing { scope, id: one.id, at: one.at }).collect()
}

/// Of these, without those that are superseded at a moment, by one of them that counts by then, and without what says nothing
/// but that. What does not count at all stays; the score leaves it out itself.
pub fn standing_at(all: &[KeptObservation], moment: DateTime<Utc>) -> Vec<&KeptObservation> {
    let gone = superseded(all, |one| one.counts_at(moment));
    all.iter().filter(|one| !one.withdraws && !gone.contains(&one.id)).collect()
}

/// What an observation adds to the counters while it stands in that scope.
pub fn counted(one: &KeptObservation, scope: &Scope) -> Counters {
    let key = |outcome| CountKey {
        about: one.fact.about().to_owned(),
        scope: scope.clone(),
        month: month_of(one.at),
        outcome,
    };
    one.fact.outcomes().into_iter().map(|(outcome, times)| (key(outcome), i64::from(times))).collect()
}

/// What a whole history comes to, for whoever counts anew: in any order, each observation once.
pub fn counters(all: &[KeptObservation]) -> Counters {
    let mut sum = Counters::new();
    let mut add = |one: &KeptObservation, scope: &Scope| {
        for (key, times) in counted(one, scope) {
            *sum.entry(key).or_default() += times;
        }
    };
    let gone = superseded(all, KeptObservation::counts);
    let mut cells: BTreeMap<Cell, Vec<&KeptObservation>> = BTreeMap::new();
    for one in all.iter().filter(|one| one.counts() && !one.withdraws && !gone.contains(&one.id)) {
        match one.cell() {
            Some(cell) => cells.entry(cell).or_default().push(one),
            None => add(one, &Scope::Round(one.round.clone())),
        }
    }
    for of_cell in cells.into_values() {
        for Standing { scope, id, .. } in newest(of_cell.iter().copied()) {
            if let Some(one) = of_cell.iter().find(|one| one.id == id) {
                add(one, &scope);
            }
        }
    }
    sum
}

/// What a score of a moment is made of: of each cell what stands in it then, among all and among each round, and all answers
/// that count. The same as what the counters were made of at that moment.
pub fn scored_at(all: &[KeptObservation], moment: DateTime<Utc>) -> Vec<&KeptObservation> {
    let mut newest: HashMap<(Cell, Scope), &KeptObservation> = HashMap::new();
    let mut scored = Vec::new();
    for one in standing_at(all, moment).into_iter().filter(|one| one.counts_at(moment)) {
        let Some(cell) = one.cell() else {
            scored.push(one);
            continue;
        };
        for scope in [Scope::Any, Scope::Round(one.round.clone())] {
            let seen = newest.entry((cell.clone(), scope)).or_insert(one);
            if (one.at, one.id) > (seen.at, seen.id) {
                *seen = one;
            }
        }
    }
    scored.extend(newest.into_values());
    scored.sort_by_key(|one| (one.at, one.id));
    scored.dedup_by_key(|one| one.id);
    scored
}
