//! Which figures a measure takes: of one span of time, the newest for which they come to a number.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::book::{Book, Cell, Counts};
use crate::{
    observation::Period,
    standard::{Grading, Input, formula::Nothing},
};

/// The figures that a measure takes, each with the number of its observation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Figures<'a> {
    known: BTreeMap<&'a str, (Decimal, usize)>,
    /// What they come to; of a comparison the figure that is compared.
    pub(super) result: Result<Decimal, Nothing>,
}

impl Figures<'_> {
    pub(super) fn number(&self, statistic: &str) -> Option<Decimal> {
        self.known.get(statistic).map(|(number, _)| *number)
    }

    pub(super) fn observations(&self) -> impl Iterator<Item = usize> + '_ {
        self.known.values().map(|(_, observation)| *observation)
    }
}

/// Figures of one span of time, or those that are of none: such a one holds whatever the time, as an area does.
type Of = Option<Period>;

impl<'a> Book<'a> {
    /// The statistics that a measure takes.
    pub(super) fn names_of(&self, leaf: usize, measure: usize) -> Vec<&'a str> {
        let whole = self.whole;
        let taken = &whole.leaves[leaf].measures[measure];
        match &taken.input {
            Input::Statistic(statistic) => {
                let mut names = vec![statistic.as_str()];
                if let Grading::Comparison { with, .. } = &taken.measure.grading {
                    names.push(with);
                }
                names
            }
            Input::Formula(formula) => formula.names().into_iter().collect(),
            Input::Judgement | Input::Requirements(_) | Input::Criteria(_) | Input::Questions(_) => {
                Vec::new()
            }
        }
    }

    /// The figures as a measure takes them: all of one span of time, so that no quarter is set against a year. It is the newest
    /// for which they come to a number; where none does, the newest of which something is known.
    pub(super) fn figures(&self, leaf: usize, measure: usize) -> Figures<'a> {
        let names = self.names_of(leaf, measure);
        let mut newest: HashMap<(&str, Of), (Decimal, usize)> = HashMap::new();
        // Where no span is named, the moment at which the newest was made stands for it.
        let mut spans: BTreeMap<Option<Period>, DateTime<Utc>> = BTreeMap::new();
        for name in &names {
            let statistics = &self.whole.catalogue.statistics;
            let Some(place) = statistics.iter().position(|one| one.id == *name) else { continue };
            for seen in self.cells.get(&Cell::Figure(place)).into_iter().flatten() {
                let Counts::Number(number) = seen.counts else { continue };
                let made = self.observations[seen.observation];
                // Another standard may ask for figures of another period, or an older edition may have.
                let unfit = made.period.is_some_and(|period| statistics[place].unfit(period).is_some());
                if unfit || !self.is_in(leaf, measure, seen.observation) {
                    continue;
                }
                newest.insert((*name, made.period), (number, seen.observation));
                let last = spans.entry(made.period).or_insert(made.at);
                *last = made.at.max(*last);
            }
        }
        let mut order: Vec<(Of, DateTime<Utc>)> = spans.into_iter().collect();
        order.sort_by_key(|(of, made)| {
            Reverse(match of {
                Some(period) => (crate::clock::end_of_day(period.last_day()), Some(period.recency())),
                None => (*made, None),
            })
        });
        let of = |span: &Of| {
            let own = |name: &&'a str| {
                let found = newest.get(&(*name, *span)).or_else(|| newest.get(&(*name, None)));
                found.map(|found| (*name, *found))
            };
            let known: BTreeMap<_, _> = names.iter().filter_map(own).collect();
            let result = self.result(leaf, measure, |name| known.get(name).map(|(number, _)| *number));
            Figures { known, result }
        };
        let mut first = None;
        for (span, _) in &order {
            let figures = of(span);
            if figures.result.is_ok() {
                return figures;
            }
            first.get_or_insert(figures);
        }
        // A formula may need none at all.
        first.unwrap_or_else(|| of(&None))
    }

    fn result(
        &self,
        leaf: usize,
        measure: usize,
        number: impl Fn(&str) -> Option<Decimal>,
    ) -> Result<Decimal, Nothing> {
        let taken = &self.whole.leaves[leaf].measures[measure];
        match &taken.input {
            Input::Formula(formula) => formula.evaluate(&number),
            _ => {
                let all = self.names_of(leaf, measure).into_iter().map(number);
                let all: Option<Vec<Decimal>> = all.collect();
                all.and_then(|all| all.first().copied()).ok_or(Nothing::Unknown)
            }
        }
    }

    /// The statistics of a measure whose figures are missing. None where all are known and come to no number all the same.
    pub(super) fn missing_figures(&self, leaf: usize, measure: usize) -> Vec<&'a str> {
        let figures = self.figures(leaf, measure);
        let names = self.names_of(leaf, measure);
        names.into_iter().filter(|name| figures.number(name).is_none()).collect()
    }
}
