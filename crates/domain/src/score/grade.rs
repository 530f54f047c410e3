use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::book::{Book, Cell, Counts, ItemTally};
use crate::standard::{
    Average, Combine, Grading, Input, Versus,
    grading::{Counted, Step, quotient, step, steps_between},
};

/// What something has at least, by the rules for what is known, and can still have. `low ≤ value ≤ high`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Range {
    pub low: Decimal,
    pub value: Decimal,
    pub high: Decimal,
}

impl Range {
    pub const NOTHING: Self = Self { low: Decimal::ZERO, value: Decimal::ZERO, high: Decimal::ZERO };

    pub(super) fn exactly(value: Decimal) -> Self {
        Self { low: value, value, high: value }
    }

    pub(super) fn each(self, change: impl Fn(Decimal) -> Decimal) -> Self {
        Self { low: change(self.low), value: change(self.value), high: change(self.high) }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self { low: self.low + other.low, value: self.value + other.value, high: self.high + other.high }
    }

    /// What it has more than another one. Each of the three for itself: a least that grew more than the most did is in no order.
    pub(super) fn less(self, other: Self) -> Self {
        self.plus(other.each(|marks| -marks))
    }
}

/// What a measure or a leaf comes to, as a share of its marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grade {
    /// It does not apply here: there is nothing to judge.
    NotApplicable,
    /// From nothing to all: nothing is known.
    Unknown,
    /// Something is known.
    Known(Range),
}

impl Grade {
    fn exactly(value: Decimal) -> Self {
        Self::Known(Range::exactly(value))
    }

    /// The least and the most.
    pub(super) fn bounds(self) -> Option<(Decimal, Decimal)> {
        match self {
            Self::NotApplicable => None,
            Self::Unknown => Some((Decimal::ZERO, Decimal::ONE)),
            Self::Known(range) => Some((range.low, range.high)),
        }
    }
}

impl Book<'_> {
    /// What a leaf comes to.
    pub(super) fn leaf_grade(&self, leaf: usize) -> Grade {
        let measures = &self.whole.leaves[leaf].measures;
        let grades: Vec<(Grade, Decimal)> = measures
            .iter()
            .enumerate()
            .map(|(n, taken)| (self.measure_grade(leaf, n), taken.measure.weight.unwrap_or(Decimal::ONE)))
            .filter(|(grade, _)| *grade != Grade::NotApplicable)
            .collect();
        combine(self.whole.leaves[leaf].combine, &grades)
    }

    /// What one of its measures comes to.
    pub(super) fn measure_grade(&self, leaf: usize, measure: usize) -> Grade {
        let own = &self.whole.leaves[leaf];
        let taken = &own.measures[measure];
        let grading = &taken.measure.grading;
        match &taken.input {
            Input::Judgement => {
                match self.counting(Cell::Judgement(leaf, taken.measure.method), leaf, measure) {
                    None => Grade::Unknown,
                    Some(Counts::NotApplicable) => Grade::NotApplicable,
                    Some(Counts::Coefficient(counts)) => Grade::exactly(counts),
                    Some(Counts::Number(number)) => Grade::exactly(number_counts(grading, number, own.marks)),
                }
            }
            Input::Statistic(_) | Input::Formula(_) => {
                let figures = self.figures(leaf, measure);
                match (&figures.result, &taken.input) {
                    (Ok(number), Input::Formula(_)) => Grade::exactly(formula_counts(grading, *number)),
                    (Ok(figure), _) => {
                        let other = match grading {
                            Grading::Comparison { with, .. } => figures.number(with),
                            _ => None,
                        };
                        Grade::exactly(figure_counts(grading, *figure, other.unwrap_or_default()))
                    }
                    (Err(_), _) => Grade::Unknown,
                }
            }
            Input::Requirements(_) | Input::Criteria(_) | Input::Questions(_) => {
                let items = &self.tallies[leaf][measure];
                items_grade(grading, taken.measure.average, items, own.marks)
            }
        }
    }
}

fn combine(how: Combine, grades: &[(Grade, Decimal)]) -> Grade {
    if grades.is_empty() {
        return Grade::NotApplicable;
    }
    let known: Vec<(Decimal, Decimal)> = grades
        .iter()
        .filter_map(|(grade, weight)| match grade {
            Grade::Known(range) => Some((range.value, *weight)),
            Grade::NotApplicable | Grade::Unknown => None,
        })
        .collect();
    if known.is_empty() {
        return Grade::Unknown;
    }
    let bounds: Vec<((Decimal, Decimal), Decimal)> =
        grades.iter().filter_map(|(grade, weight)| Some((grade.bounds()?, *weight))).collect();
    let low: Vec<(Decimal, Decimal)> = bounds.iter().map(|((low, _), weight)| (*low, *weight)).collect();
    let high: Vec<(Decimal, Decimal)> = bounds.iter().map(|((_, high), weight)| (*high, *weight)).collect();
    let one = |of: &[(Decimal, Decimal)]| match how {
        Combine::All => of.iter().map(|(counts, _)| *counts).min().unwrap_or_default(),
        Combine::Any => of.iter().map(|(counts, _)| *counts).max().unwrap_or_default(),
        Combine::Mean => mean(of.iter().map(|(counts, _)| (*counts, Decimal::ONE))),
        Combine::Weighted => mean(of.iter().copied()),
    };
    Grade::Known(Range { low: one(&low), value: one(&known), high: one(&high) })
}

/// The weighted mean.
fn mean(of: impl Iterator<Item = (Decimal, Decimal)>) -> Decimal {
    let (sum, weights) = of.fold((Decimal::ZERO, Decimal::ZERO), |(sum, weights), (counts, weight)| {
        (sum + counts * weight, weights + weight)
    });
    if weights.is_zero() { Decimal::ZERO } else { quotient(sum, weights) }
}

/// A number that was recorded on the leaf itself.
fn number_counts(grading: &Grading, number: Decimal, marks: Decimal) -> Decimal {
    match grading {
        Grading::Thresholds { steps, otherwise } | Grading::CountToGrade { steps, otherwise, .. } => {
            step(steps, *otherwise, number)
        }
        Grading::Deduction { off, at_most } => deducted(*off, *at_most, number, marks),
        _ => Decimal::ZERO,
    }
}

fn figure_counts(grading: &Grading, figure: Decimal, other: Decimal) -> Decimal {
    match grading {
        Grading::Thresholds { steps, otherwise } => step(steps, *otherwise, figure),
        Grading::Comparison { above, equal, below, .. } => match Versus::of(figure, other) {
            Versus::Above => *above,
            Versus::Equal => *equal,
            Versus::Below => *below,
        },
        _ => Decimal::ZERO,
    }
}

fn formula_counts(grading: &Grading, number: Decimal) -> Decimal {
    match grading {
        Grading::Formula { linear: Some(linear), .. } => linear.counts(number),
        Grading::Formula { steps, otherwise, .. } => step(steps, *otherwise, number),
        _ => Decimal::ZERO,
    }
}

/// What is left when so many occurrences were found, as a share of the leaf's marks.
fn deducted(off: Decimal, at_most: Option<Decimal>, occurrences: Decimal, marks: Decimal) -> Decimal {
    let taken = off * occurrences.max(Decimal::ZERO);
    let taken = at_most.map_or(taken, |most| taken.min(most)).min(marks);
    if marks.is_zero() { Decimal::ONE } else { quotient(marks - taken, marks) }
}

/// Materials, criteria at sites, or questions.
fn items_grade(grading: &Grading, average: Average, items: &[ItemTally], marks: Decimal) -> Grade {
    let all: u64 = items.iter().map(|item| item.all).sum();
    if all == 0 {
        return Grade::NotApplicable;
    }
    let known: u64 = items.iter().map(|item| item.known).sum();
    if known == 0 {
        return Grade::Unknown;
    }
    let met: u64 = items.iter().map(|item| item.met).sum();
    let unsure: u64 = items.iter().map(|item| item.unsure_met).sum();
    let (failed, open) = (known - met, all - known);
    let count = |number: u64| Decimal::from(number);
    let range = match grading {
        Grading::Ratio { steps, .. } if steps.is_empty() => shares(average, items),
        Grading::Ratio { steps, otherwise } | Grading::Thresholds { steps, otherwise } => {
            in_steps(steps, *otherwise, shares(average, items).each(|share| share * Decimal::ONE_HUNDRED))
        }
        Grading::CountToGrade { counted, steps, otherwise, .. } => {
            let (low, known, high) = match counted {
                Counted::Failed => (failed, failed, failed + open + unsure),
                Counted::Met | Counted::Number => (met - unsure, met, met + open),
            };
            let counted = Range { low: count(low), value: count(known), high: count(high) };
            in_steps(steps, *otherwise, counted)
        }
        Grading::Deduction { off, at_most } => {
            let value = deducted(*off, *at_most, count(failed), marks);
            let low = deducted(*off, *at_most, count(failed + open + unsure), marks);
            Range { low, value, high: value }
        }
        Grading::KOfN { missing, met_from } => k_of_n(missing, *met_from, items),
        _ => Range::NOTHING,
    };
    Grade::Known(range)
}

/// What a quantity between two bounds counts in steps.
fn in_steps(steps: &[Step], otherwise: Decimal, number: Range) -> Range {
    let (low, high) = steps_between(steps, otherwise, number.low, number.high);
    Range { low, value: step(steps, otherwise, number.value), high }
}

/// The share that is met, from 0 to 1.
fn shares(average: Average, items: &[ItemTally]) -> Range {
    match average {
        Average::Cells => {
            let together = items.iter().fold(ItemTally::default(), |sum, item| ItemTally {
                all: sum.all + item.all,
                known: sum.known + item.known,
                met: sum.met + item.met,
                sum: sum.sum + item.sum,
                unsure_met: sum.unsure_met + item.unsure_met,
                unsure_sum: sum.unsure_sum + item.unsure_sum,
            });
            share(&together)
        }
        Average::Items => {
            let there: Vec<&ItemTally> = items.iter().filter(|item| item.all > 0).collect();
            let of = |pick: fn(Range) -> Decimal, which: &dyn Fn(&ItemTally) -> bool| {
                mean(there.iter().filter(|item| which(item)).map(|item| (pick(share(item)), Decimal::ONE)))
            };
            Range {
                low: of(|range| range.low, &|_| true),
                value: of(|range| range.value, &|item| item.known > 0),
                high: of(|range| range.high, &|_| true),
            }
        }
    }
}

/// One item's. Its value where nothing is known is not asked for.
fn share(item: &ItemTally) -> Range {
    let all = Decimal::from(item.all.max(1));
    let open = Decimal::from(item.all - item.known);
    let value = if item.known == 0 { Decimal::ZERO } else { quotient(item.sum, Decimal::from(item.known)) };
    Range { low: quotient(item.sum - item.unsure_sum, all), value, high: quotient(item.sum + open, all) }
}

fn k_of_n(missing: &[Decimal], met_from: Decimal, items: &[ItemTally]) -> Range {
    let with = |missed: usize| missing.get(missed).copied().unwrap_or_default();
    let there = items.iter().filter(|item| item.all > 0);
    let (mut least, mut known, mut most) = (0, 0, 0);
    for item in there {
        let range = share(item);
        least += usize::from(range.high < met_from);
        known += usize::from(item.known > 0 && range.value < met_from);
        most += usize::from(range.low < met_from);
    }
    Range { low: with(most), value: with(known), high: with(least) }
}
