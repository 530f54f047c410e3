use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::{
    book::{Book, Cell},
    card::Status,
    fact::Fact,
    grade::{Grade, Range},
};
use crate::standard::{Input, ItemKind, Method};

/// How one measure of a leaf stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasureScore {
    pub method: Method,
    pub status: Status,
    /// As shares of the leaf's marks; nothing where it does not apply.
    pub range: Range,
    /// What it takes and how much of that is known; one where one verdict or figure is all.
    pub all: u64,
    pub known: u64,
    /// The observations that it rests on, where each is looked at: a verdict, figures, materials. Visits and answers are
    /// only counted; what they are tells [`Book::rests_on`].
    pub observations: Vec<String>,
}

impl Book<'_> {
    /// How the measures of a leaf stand, in their order.
    pub fn measures(&self, leaf: usize) -> Vec<MeasureScore> {
        (0..self.whole.leaves[leaf].measures.len()).map(|measure| self.measure(leaf, measure)).collect()
    }

    /// The ids of what a leaf rests on: what stands at each of its places and is in the window, all answers that it takes, and
    /// what says that there is no site of a type. Of what was only counted nothing is told.
    pub fn rests_on(&self, leaf: usize) -> BTreeSet<&str> {
        let mut seen = BTreeSet::new();
        for (measure, taken) in self.whole.leaves[leaf].measures.iter().enumerate() {
            let newest = |cell| self.newest(cell, leaf, measure).map(|seen| seen.observation);
            match &taken.input {
                Input::Judgement => seen.extend(newest(Cell::Judgement(leaf, taken.measure.method))),
                Input::Statistic(_) | Input::Formula(_) => {
                    seen.extend(self.figures(leaf, measure).observations());
                }
                Input::Requirements(items) | Input::Criteria(items) => {
                    let own = |cell: &&Cell| matches!(cell, Cell::Item(item, _) if items.contains(item));
                    seen.extend(self.cells.keys().filter(own).filter_map(|cell| newest(*cell)));
                    seen.extend(self.says_none(items));
                }
                Input::Questions(items) => {
                    let takes = |number: &usize| match &self.observations[*number].fact {
                        Fact::Answers { group, .. } => {
                            self.takes_answer(leaf, measure, *number, group.as_deref())
                        }
                        _ => false,
                    };
                    let all = items.iter().flat_map(|item| &self.answers[*item]).copied();
                    seen.extend(all.filter(takes));
                }
            }
        }
        seen.into_iter().map(|number: usize| self.observations[number].id.as_str()).collect()
    }

    /// The newest that says of the criteria's site types that there is no site of it.
    fn says_none(&self, items: &[usize]) -> BTreeSet<usize> {
        let types: BTreeSet<&str> = items
            .iter()
            .filter_map(|item| match &self.whole.items[*item].kind {
                ItemKind::Criterion { site_type, .. } => Some(site_type.as_str()),
                ItemKind::Requirement { .. } | ItemKind::Question { .. } => None,
            })
            .filter(|site_type| self.none_of.contains(site_type))
            .collect();
        let newest = |own: &str| {
            let of_type = self
                .observations
                .iter()
                .enumerate()
                .filter(|(_, one)| matches!(&one.fact, Fact::NoSites { site_type } if site_type == own));
            of_type.max_by_key(|(_, one)| (one.at, &one.id)).map(|(number, _)| number)
        };
        types.into_iter().filter_map(newest).collect()
    }

    fn measure(&self, leaf: usize, measure: usize) -> MeasureScore {
        let taken = &self.whole.leaves[leaf].measures[measure];
        let (status, range) = match self.measure_grade(leaf, measure) {
            Grade::NotApplicable => (Status::NotApplicable, Range::NOTHING),
            Grade::Unknown => (Status::Unknown, Range { high: Decimal::ONE, ..Range::NOTHING }),
            Grade::Known(range) if range.low == range.high => (Status::Known, range),
            Grade::Known(range) => (Status::Partly, range),
        };
        let newest = |cell| self.newest(cell, leaf, measure).map(|seen| seen.observation);
        let (all, known, observations) = match &taken.input {
            Input::Judgement => {
                let seen: Vec<usize> =
                    newest(Cell::Judgement(leaf, taken.measure.method)).into_iter().collect();
                (1, seen.len() as u64, seen)
            }
            Input::Statistic(_) | Input::Formula(_) => {
                let names = self.names_of(leaf, measure);
                let seen: Vec<usize> = self.figures(leaf, measure).observations().collect();
                (names.len() as u64, seen.len() as u64, seen)
            }
            Input::Requirements(items) | Input::Criteria(items) | Input::Questions(items) => {
                let tallies = &self.tallies[leaf][measure];
                let sum = |of: fn(&super::book::ItemTally) -> u64| tallies.iter().map(of).sum::<u64>();
                let seen = match &taken.input {
                    Input::Requirements(_) => {
                        items.iter().filter_map(|item| newest(Cell::Item(*item, None))).collect()
                    }
                    _ => Vec::new(),
                };
                (sum(|tally| tally.all), sum(|tally| tally.known), seen)
            }
        };
        MeasureScore {
            method: taken.measure.method,
            status,
            range: range.each(|share| share.normalize()),
            all,
            known,
            observations: self.ids(&observations),
        }
    }
}
