use rust_decimal::Decimal;

use super::{
    book::{Book, Cell},
    card::Status,
    grade::{Grade, Range},
};
use crate::standard::{Grading, Input, Method};

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
    /// only counted.
    pub observations: Vec<String>,
}

impl Book<'_> {
    /// How the measures of a leaf stand, in their order.
    pub fn measures(&self, leaf: usize) -> Vec<MeasureScore> {
        (0..self.whole.leaves[leaf].measures.len()).map(|measure| self.measure(leaf, measure)).collect()
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
        let figures = |names: &[&str]| -> Vec<usize> {
            names.iter().filter_map(|name| Some(self.figure(name, leaf, measure)?.1)).collect()
        };
        let (all, known, observations) = match &taken.input {
            Input::Judgement => {
                let seen: Vec<usize> =
                    newest(Cell::Judgement(leaf, taken.measure.method)).into_iter().collect();
                (1, seen.len() as u64, seen)
            }
            Input::Statistic(statistic) => {
                let mut names = vec![statistic.as_str()];
                if let Grading::Comparison { with, .. } = &taken.measure.grading {
                    names.push(with);
                }
                let seen = figures(&names);
                (names.len() as u64, seen.len() as u64, seen)
            }
            Input::Formula(formula) => {
                let names: Vec<&str> = formula.names().into_iter().collect();
                let seen = figures(&names);
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
