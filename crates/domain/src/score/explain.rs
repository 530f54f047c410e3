use rust_decimal::{Decimal, RoundingStrategy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    book::{Book, Cell, Counts},
    card::leaf_score,
    fact::Fact,
    grade::Grade,
};
use crate::standard::{Average, Combine, Input, ItemKind, Method, RoundingAt, Unknown};

/// Marks that a leaf did not get, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Loss {
    /// The leaf's code.
    pub leaf: String,
    /// By which of its measures, the first being 0; none where it is not one measure's doing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    pub cause: Cause,
    /// The criterion, requirement, question or statistic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The unit that answers for the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Marks, more than 0; less than 0 where a rounding gave some.
    pub marks: Decimal,
    /// What was observed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub observations: Vec<String>,
    /// What had been observed before and was superseded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub superseded: Vec<String>,
}

/// Why marks were lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Judged, and not met or not fully.
    Found,
    /// The answers that were given.
    Answers,
    /// A figure.
    Figure,
    /// Nothing is known.
    Unknown,
    /// The standard's rounding.
    Rounding,
}

/// What fell short, and how much beside the others.
struct Short {
    weight: Decimal,
    cause: Cause,
    item: Option<usize>,
    statistic: Option<String>,
    site: Option<usize>,
    observations: Vec<usize>,
    superseded: Vec<usize>,
}

/// What a loss is carried to when it is shared out; the last one takes what is left.
const PLACES: u32 = 12;

impl Book<'_> {
    /// What a leaf lost and why. They add up to its marks less its value, to the last decimal.
    pub fn losses(&self, leaf: usize) -> Vec<Loss> {
        let own = &self.whole.leaves[leaf];
        let grade = self.leaf_grade(leaf);
        let reached = if grade == Grade::Unknown && self.whole.standard.unknown == Unknown::Proportional {
            let grades: Vec<Grade> = (0..self.whole.leaves.len()).map(|leaf| self.leaf_grade(leaf)).collect();
            self.reached(&grades)
        } else {
            Decimal::ZERO
        };
        let (range, _) = leaf_score(grade, own.marks, reached);
        let lost = own.marks - range.value;
        let mut losses = match grade {
            Grade::NotApplicable => Vec::new(),
            Grade::Unknown => {
                let unknown = self.unknown_measures(leaf);
                let parts = share_out(lost, unknown.iter().map(|(_, weight)| *weight));
                let each = unknown.iter().zip(parts);
                each.flat_map(|((measure, _), part)| self.missing_losses(leaf, *measure, part)).collect()
            }
            Grade::Known(_) => {
                let shares = self.lost_by(leaf);
                let parts = share_out(lost, shares.iter().map(|(_, weight)| *weight));
                let each = shares.iter().zip(parts);
                each.flat_map(|((measure, _), part)| self.measure_losses(leaf, *measure, part)).collect()
            }
        };
        // A leaf at the top of the tree is a part, too.
        let rounds = match self.whole.standard.rounding.at {
            RoundingAt::Leaf => true,
            RoundingAt::Part => self.whole.places[own.place].parent.is_none(),
            RoundingAt::Total => false,
        };
        if rounds {
            let rounded = self.whole.standard.rounding.round(range.value);
            losses.push(self.loss(leaf, None, range.value - rounded, Cause::Rounding));
        }
        losses.retain(|loss| !loss.marks.is_zero());
        losses
    }

    /// The measures of which nothing is known, as they weigh.
    fn unknown_measures(&self, leaf: usize) -> Vec<(usize, Decimal)> {
        let own = &self.whole.leaves[leaf];
        let unknown = |n: &usize| self.measure_grade(leaf, *n) == Grade::Unknown;
        let weigh = |n: usize| {
            let weight = match own.combine {
                Combine::Weighted => own.measures[n].measure.weight.unwrap_or(Decimal::ONE),
                Combine::All | Combine::Any | Combine::Mean => Decimal::ONE,
            };
            (n, weight)
        };
        (0..own.measures.len()).filter(unknown).map(weigh).collect()
    }

    /// What is lost because something is not known yet, by each thing that is missing.
    fn missing_losses(&self, leaf: usize, measure: usize, lost: Decimal) -> Vec<Loss> {
        let loss = |item, marks| Loss { item, ..self.loss(leaf, Some(measure), marks, Cause::Unknown) };
        let missing = self.missing(leaf, measure);
        if missing.is_empty() {
            // A verdict on the leaf itself has no name of its own. A formula may come to no number though its figures are known:
            // these are told then.
            let observations: Vec<usize> = self.figures(leaf, measure).observations().collect();
            return vec![Loss { observations: self.ids(&observations), ..loss(None, lost) }];
        }
        let parts = share_out(lost, missing.iter().map(|_| Decimal::ONE));
        missing.into_iter().zip(parts).map(|(item, marks)| loss(Some(item), marks)).collect()
    }

    /// The statistics, materials, criteria or questions of a measure of which not all is known.
    fn missing(&self, leaf: usize, measure: usize) -> Vec<String> {
        match &self.whole.leaves[leaf].measures[measure].input {
            Input::Judgement => Vec::new(),
            Input::Statistic(_) | Input::Formula(_) => {
                self.missing_figures(leaf, measure).into_iter().map(str::to_owned).collect()
            }
            Input::Requirements(items) | Input::Criteria(items) | Input::Questions(items) => {
                let each = items.iter().zip(&self.tallies[leaf][measure]);
                let open = each.filter(|(_, tally)| tally.known < tally.all);
                open.map(|(item, _)| self.whole.items[*item].id.clone()).collect()
            }
        }
    }

    fn loss(&self, leaf: usize, measure: Option<usize>, marks: Decimal, cause: Cause) -> Loss {
        let own = &self.whole.leaves[leaf];
        Loss {
            leaf: self.whole.places[own.place].code.clone(),
            measure,
            method: measure.map(|measure| own.measures[measure].measure.method),
            cause,
            item: None,
            site: None,
            unit: None,
            marks: marks.normalize(),
            observations: Vec::new(),
            superseded: Vec::new(),
        }
    }

    /// Which measures lost a leaf's marks, and in what proportion.
    fn lost_by(&self, leaf: usize) -> Vec<(usize, Decimal)> {
        let own = &self.whole.leaves[leaf];
        let known: Vec<(usize, Decimal, Decimal)> = own
            .measures
            .iter()
            .enumerate()
            .filter_map(|(n, taken)| match self.measure_grade(leaf, n) {
                Grade::Known(range) => Some((n, range.value, taken.measure.weight.unwrap_or(Decimal::ONE))),
                Grade::NotApplicable | Grade::Unknown => None,
            })
            .collect();
        let values = known.iter().map(|(_, value, _)| *value);
        let deciding = match own.combine {
            Combine::All => values.min(),
            Combine::Any => values.max(),
            Combine::Mean | Combine::Weighted => None,
        };
        let weigh = |(n, value, weight): (usize, Decimal, Decimal)| {
            let weight = match own.combine {
                // Those that decided share alike.
                Combine::All | Combine::Any => Decimal::from(i32::from(Some(value) == deciding)),
                Combine::Mean => Decimal::ONE - value,
                Combine::Weighted => (Decimal::ONE - value) * weight,
            };
            (n, weight)
        };
        known.into_iter().map(weigh).collect()
    }

    fn measure_losses(&self, leaf: usize, measure: usize, lost: Decimal) -> Vec<Loss> {
        let shorts = self.shorts(leaf, measure);
        if shorts.is_empty() {
            // A count that is not reached yet, though nothing that was looked at fell short.
            return self.missing_losses(leaf, measure, lost);
        }
        let parts = share_out(lost, shorts.iter().map(|short| short.weight));
        let loss = |(short, marks): (Short, Decimal)| {
            let site = short.site.map(|site| self.sites[site]);
            let item = short.item.map(|item| self.whole.items[item].id.clone());
            Loss {
                item: item.or(short.statistic),
                site: site.map(|site| site.id.clone()),
                unit: site.and_then(|site| site.unit.clone()),
                observations: self.ids(&short.observations),
                superseded: self.ids(&short.superseded),
                ..self.loss(leaf, Some(measure), marks, short.cause)
            }
        };
        shorts.into_iter().zip(parts).map(loss).collect()
    }

    /// What of a measure fell short.
    fn shorts(&self, leaf: usize, measure: usize) -> Vec<Short> {
        let taken = &self.whole.leaves[leaf].measures[measure];
        match &taken.input {
            Input::Judgement => {
                let cell = Cell::Judgement(leaf, taken.measure.method);
                vec![self.short(cell, leaf, measure, Decimal::ONE, Cause::Found)]
            }
            Input::Statistic(_) | Input::Formula(_) => vec![self.short_by_figures(leaf, measure)],
            Input::Requirements(items) | Input::Criteria(items) => self.cells(leaf, measure, items),
            Input::Questions(items) => {
                let short = |(place, item): (usize, &usize)| {
                    let tally = &self.tallies[leaf][measure][place];
                    let short = Decimal::from(tally.known) - tally.sum;
                    let per_item = taken.measure.average == Average::Items && tally.known > 0;
                    let weight = if per_item { short / Decimal::from(tally.known) } else { short };
                    let counted = |number: &&usize| {
                        let group = match &self.observations[**number].fact {
                            Fact::Answers { group, .. } => group.as_deref(),
                            _ => None,
                        };
                        self.takes_answer(leaf, measure, **number, group)
                    };
                    Short {
                        weight,
                        cause: Cause::Answers,
                        item: Some(*item),
                        statistic: None,
                        site: None,
                        observations: self.answers[*item].iter().filter(counted).copied().collect(),
                        superseded: Vec::new(),
                    }
                };
                items.iter().enumerate().map(short).filter(|short| !short.weight.is_zero()).collect()
            }
        }
    }

    /// The criteria at sites, or materials, that were not fully met, in the order of the standard and of the sites.
    fn cells(&self, leaf: usize, measure: usize, items: &[usize]) -> Vec<Short> {
        let average = self.whole.leaves[leaf].measures[measure].measure.average;
        let mut shorts = Vec::new();
        for (place, item) in items.iter().enumerate() {
            let tally = &self.tallies[leaf][measure][place];
            let sites: Vec<Option<usize>> = match &self.whole.items[*item].kind {
                ItemKind::Criterion { site_type, .. } => {
                    let own =
                        |(n, site): (usize, &&super::Site)| (site.site_type == *site_type).then_some(Some(n));
                    self.sites.iter().enumerate().filter_map(own).collect()
                }
                ItemKind::Requirement { .. } | ItemKind::Question { .. } => vec![None],
            };
            for site in sites {
                let cell = Cell::Item(*item, site);
                let Some(Counts::Coefficient(counts)) = self.counting(cell, leaf, measure) else { continue };
                if counts < Decimal::ONE {
                    let weight = match average {
                        Average::Cells => Decimal::ONE - counts,
                        Average::Items => (Decimal::ONE - counts) / Decimal::from(tally.known.max(1)),
                    };
                    shorts.push(self.short(cell, leaf, measure, weight, Cause::Found));
                }
            }
        }
        shorts
    }

    fn short(&self, cell: Cell, leaf: usize, measure: usize, weight: Decimal, cause: Cause) -> Short {
        let newest = self.newest(cell, leaf, measure).map(|seen| seen.observation);
        let others = self.cells.get(&cell).into_iter().flatten().map(|seen| seen.observation);
        let (item, site) = match cell {
            Cell::Item(item, site) => (Some(item), site),
            Cell::Judgement(..) | Cell::Figure(_) => (None, None),
        };
        Short {
            weight,
            cause,
            item,
            statistic: None,
            site,
            observations: newest.into_iter().collect(),
            superseded: others.filter(|other| Some(*other) != newest).collect(),
        }
    }

    fn short_by_figures(&self, leaf: usize, measure: usize) -> Short {
        let names = self.names_of(leaf, measure);
        let statistic = match &self.whole.leaves[leaf].measures[measure].input {
            Input::Statistic(statistic) => Some(statistic.as_str()),
            _ => names.first().copied().filter(|_| names.len() == 1),
        };
        Short {
            weight: Decimal::ONE,
            cause: Cause::Figure,
            item: None,
            statistic: statistic.map(str::to_owned),
            site: None,
            observations: self.figures(leaf, measure).observations().collect(),
            superseded: Vec::new(),
        }
    }
}

/// Shares marks out by weight, so that the parts add up to them; alike where all weights are nothing.
pub(super) fn share_out(marks: Decimal, weights: impl Iterator<Item = Decimal>) -> Vec<Decimal> {
    let weights: Vec<Decimal> = weights.collect();
    let sum: Decimal = weights.iter().sum();
    let (mut before, mut shared) = (Decimal::ZERO, Decimal::ZERO);
    let even = Decimal::from(weights.len().max(1));
    let part = |weight: &Decimal| {
        // What all up to this one get, less what those before it got: nothing is left over.
        before += if sum.is_zero() { Decimal::ONE / even } else { *weight };
        let of = if sum.is_zero() { Decimal::ONE } else { sum };
        let upto =
            (marks * before / of).round_dp_with_strategy(PLACES, RoundingStrategy::MidpointAwayFromZero);
        let part = upto - shared;
        shared = upto;
        part
    };
    let mut parts: Vec<Decimal> = weights.iter().map(part).collect();
    let together: Decimal = parts.iter().sum();
    if let Some(last) = parts.last_mut() {
        *last += marks - together;
    }
    parts
}
