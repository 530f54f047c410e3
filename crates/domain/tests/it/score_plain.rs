//! The rules of scoring once more, written from their text alone and as plainly as can be: every place that can be judged
//! is looked at by itself, what is unknown is taken for the worst and for the best, and the score is worked out anew.

use std::collections::BTreeMap;

use chengjing_domain::{
    score::{Fact, Facts, Observation},
    standard::{Absent, Average, Combine, Grading, Measure, Node, RoundingAt, Scale, Standard, Step},
};
use rust_decimal::{Decimal, RoundingStrategy::MidpointAwayFromZero};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Taking {
    Worst,
    Known,
    Best,
}

/// A leaf's or the total's marks where everything unknown is the worst, is left out, or is the best.
pub(crate) fn total(standard: &Standard, facts: &Facts, taking: Taking) -> Decimal {
    let sum: Decimal = standard.tree.iter().map(|node| marks(standard, facts, node, taking)).sum();
    let sum = if standard.capped.is_some() { sum.min(standard.marks) } else { sum };
    let shares: Decimal = standard.contributions.iter().map(|one| one.share).sum();
    let mut total = sum * (Decimal::ONE - shares);
    for one in &standard.contributions {
        let other = facts.totals.get(&one.standard).map(|other| {
            let marks = match taking {
                Taking::Worst => other.low,
                Taking::Known => other.value,
                Taking::Best => other.high,
            };
            divided(marks, other.marks)
        });
        let unknown = if taking == Taking::Best { Decimal::ONE } else { Decimal::ZERO };
        total += one.share * standard.marks * other.unwrap_or(unknown);
    }
    for fact in counting(facts) {
        if let Fact::Event { entry } = &fact.fact {
            let entry = standard.negative_list.iter().find(|one| one.code == *entry).expect("an entry");
            if let chengjing_domain::standard::Sanction::Deduct { marks, at_most: None } = entry.sanction {
                total -= marks;
            }
        }
    }
    standard.rounding.round(total.max(Decimal::ZERO))
}

fn marks(standard: &Standard, facts: &Facts, node: &Node, taking: Taking) -> Decimal {
    if node.children.is_empty() {
        let share = match leaf(standard, facts, node, taking) {
            Leaf::NotApplicable => Decimal::ONE,
            Leaf::Unknown => Decimal::ZERO,
            Leaf::Share(share) => share,
        };
        let got = share * node.marks;
        return if standard.rounding.at == RoundingAt::Leaf { standard.rounding.round(got) } else { got };
    }
    let sum: Decimal = node.children.iter().map(|child| marks(standard, facts, child, taking)).sum();
    if node.capped.is_some() { sum.min(node.marks) } else { sum }
}

enum Leaf {
    NotApplicable,
    Unknown,
    Share(Decimal),
}

fn leaf(standard: &Standard, facts: &Facts, node: &Node, taking: Taking) -> Leaf {
    let mut grades: Vec<(Decimal, Decimal)> = Vec::new();
    let mut applies = false;
    let mut known = false;
    for measure in &node.measures {
        let weight = measure.weight.unwrap_or(Decimal::ONE);
        match measured(standard, facts, node, measure, taking) {
            Leaf::NotApplicable => {}
            Leaf::Unknown => {
                applies = true;
                match taking {
                    Taking::Worst => grades.push((Decimal::ZERO, weight)),
                    Taking::Best => grades.push((Decimal::ONE, weight)),
                    Taking::Known => {}
                }
            }
            Leaf::Share(share) => {
                (applies, known) = (true, true);
                grades.push((share, weight));
            }
        }
    }
    if !applies {
        return Leaf::NotApplicable;
    }
    if !known && taking == Taking::Known || grades.is_empty() {
        return Leaf::Unknown;
    }
    let shares = grades.iter().map(|(share, _)| *share);
    Leaf::Share(match node.combine {
        Combine::All => shares.min().expect("a grade"),
        Combine::Any => shares.max().expect("a grade"),
        Combine::Mean => divided(shares.sum(), grades.len().into()),
        Combine::Weighted => divided(
            grades.iter().map(|(share, weight)| share * weight).sum(),
            grades.iter().map(|(_, weight)| *weight).sum(),
        ),
    })
}

fn divided(one: Decimal, other: Decimal) -> Decimal {
    (one / other).round_dp_with_strategy(12, MidpointAwayFromZero)
}

fn counting(facts: &Facts) -> impl Iterator<Item = &Observation> {
    facts.observations.iter().filter(|one| {
        one.at <= facts.as_of
            && one.accepted_at.is_some_and(|at| at <= facts.as_of)
            && (!one.covert || one.released_at.is_some_and(|at| at <= facts.as_of))
    })
}

/// The newest observation of those that `is` takes.
fn newest(facts: &Facts, is: impl Fn(&Fact) -> bool) -> Option<&Fact> {
    let mut newest: Option<&Observation> = None;
    for one in counting(facts) {
        if is(&one.fact) && newest.is_none_or(|other| (other.at, &other.id) < (one.at, &one.id)) {
            newest = Some(one);
        }
    }
    newest.map(|one| &one.fact)
}

/// What one place that can be judged counts: known, unknown, or not there.
#[derive(Clone, Copy)]
enum Place {
    Counts(Decimal),
    Unknown,
    NotThere,
}

fn judged(scale: &Scale, verdict: Option<&str>, number: Option<Decimal>, metres: Option<Decimal>) -> Decimal {
    match (scale, verdict) {
        (Scale::Letters { grades }, Some(word)) => {
            grades.iter().find(|grade| grade.name == word).expect("a grade").counts
        }
        (Scale::ThreeStep { partly }, Some("partly")) => *partly,
        (Scale::Count { along, steps, otherwise }, _) => {
            let number = number.expect("a number");
            let number = along.map_or(number, |along| divided(number * along, metres.expect("a length")));
            stepped(steps, *otherwise, number)
        }
        (_, Some("met")) => Decimal::ONE,
        _ => Decimal::ZERO,
    }
}

fn stepped(steps: &[Step], otherwise: Decimal, number: Decimal) -> Decimal {
    for step in steps {
        let above =
            step.from.is_none_or(|bound| bound <= number) && step.above.is_none_or(|bound| bound < number);
        let below =
            step.up_to.is_none_or(|bound| number <= bound) && step.below.is_none_or(|bound| number < bound);
        if above && below {
            return step.counts;
        }
    }
    otherwise
}

/// The places of each thing that a measure takes.
fn places(standard: &Standard, facts: &Facts, measure: &Measure) -> Vec<Vec<Place>> {
    let mut all = Vec::new();
    for id in &measure.requirements {
        let requirement =
            standard.catalogue.requirements.iter().find(|one| one.id == *id).expect("a requirement");
        let seen =
            newest(facts, |fact| matches!(fact, Fact::Review { requirement, .. } if requirement == id));
        all.push(vec![match seen {
            Some(Fact::Review { verdict, .. }) => {
                Place::Counts(judged(&requirement.scale, Some(verdict), None, None))
            }
            _ => Place::Unknown,
        }]);
    }
    for id in &measure.criteria {
        let (site_type, criterion_id) = id.split_once('/').expect("type/criterion");
        let site_type = standard.catalogue.site_types.iter().find(|one| one.id == site_type).expect("a type");
        let criterion = site_type.criteria.iter().find(|one| one.id == criterion_id).expect("a criterion");
        let not_there = match criterion.absent {
            Absent::Met => Place::Counts(Decimal::ONE),
            Absent::NotApplicable => Place::NotThere,
        };
        let mut places = Vec::new();
        for own in facts.sites.iter().filter(|site| site.site_type == site_type.id) {
            let seen = newest(
                facts,
                |fact| matches!(fact, Fact::Visit { site, criterion, .. } if *site == own.id && criterion == id),
            );
            places.push(match seen {
                Some(Fact::Visit { absent: true, .. }) => not_there,
                Some(Fact::Visit { verdict, number, metres, .. }) => {
                    Place::Counts(judged(&criterion.scale, verdict.as_deref(), *number, *metres))
                }
                _ => Place::Unknown,
            });
        }
        if places.is_empty() {
            let none = newest(
                facts,
                |fact| matches!(fact, Fact::NoSites { site_type: own } if *own == site_type.id),
            );
            places.push(if none.is_some() { not_there } else { Place::Unknown });
        }
        all.push(places);
    }
    for id in &measure.questions {
        let question = standard.catalogue.questions.iter().find(|one| one.id == *id).expect("a question");
        let worth: BTreeMap<&str, Decimal> =
            question.options.iter().map(|one| (one.option.as_str(), one.counts)).collect();
        let mut places = Vec::new();
        for one in counting(facts) {
            if let Fact::Answers { question, options, .. } = &one.fact
                && question == id
            {
                for (option, times) in options {
                    places.extend((0..*times).map(|_| Place::Counts(worth[option.as_str()])));
                }
            }
        }
        let enough = question.enough.unwrap_or(1) as usize;
        while places.len() < enough {
            places.push(Place::Unknown);
        }
        all.push(places);
    }
    all
}

fn measured(standard: &Standard, facts: &Facts, node: &Node, measure: &Measure, taking: Taking) -> Leaf {
    if measure.requirements.is_empty() && measure.criteria.is_empty() && measure.questions.is_empty() {
        let seen = newest(
            facts,
            |fact| matches!(fact, Fact::Judgement { leaf, method, .. } if *leaf == node.code && *method == measure.method),
        );
        return match (seen, measure.grading.scale()) {
            (Some(Fact::Judgement { absent: true, .. }), _) => Leaf::NotApplicable,
            (Some(Fact::Judgement { verdict, .. }), Some(scale)) => {
                Leaf::Share(judged(&scale, verdict.as_deref(), None, None))
            }
            _ => Leaf::Unknown,
        };
    }
    let all = places(standard, facts, measure);
    let there = all.iter().flatten().any(|place| !matches!(place, Place::NotThere));
    if !there {
        return Leaf::NotApplicable;
    }
    if !all.iter().flatten().any(|place| matches!(place, Place::Counts(_))) {
        return Leaf::Unknown;
    }
    // What is unknown is the worst or the best; where only what is known counts it is left out.
    let filled: Vec<Vec<Decimal>> = all
        .iter()
        .map(|places| {
            let fill = |place: &Place| match (place, taking) {
                (Place::Counts(counts), _) => Some(*counts),
                (Place::NotThere, _) | (Place::Unknown, Taking::Known) => None,
                (Place::Unknown, Taking::Worst) => Some(Decimal::ZERO),
                (Place::Unknown, Taking::Best) => Some(Decimal::ONE),
            };
            places.iter().filter_map(fill).collect()
        })
        .filter(|places: &Vec<Decimal>| !places.is_empty())
        .collect();
    let met = |counts: &&Decimal| **counts == Decimal::ONE;
    let every: Vec<Decimal> = filled.iter().flatten().copied().collect();
    let mean = |of: &[Decimal]| divided(of.iter().sum(), of.len().into());
    let share = match measure.average {
        Average::Cells => mean(&every),
        Average::Items => mean(&filled.iter().map(|places| mean(places)).collect::<Vec<_>>()),
    };
    Leaf::Share(match &measure.grading {
        Grading::Ratio { steps, .. } if steps.is_empty() => share,
        Grading::Ratio { steps, otherwise } | Grading::Thresholds { steps, otherwise } => {
            stepped(steps, *otherwise, share * Decimal::from(100))
        }
        Grading::CountToGrade { steps, otherwise, .. } => {
            stepped(steps, *otherwise, every.iter().filter(met).count().into())
        }
        Grading::Deduction { off, .. } => {
            let failed = every.len() - every.iter().filter(met).count();
            divided((node.marks - *off * Decimal::from(failed)).max(Decimal::ZERO), node.marks)
        }
        Grading::KOfN { missing, met_from } => {
            let missed = filled.iter().filter(|places| mean(places) < *met_from).count();
            missing.get(missed).copied().unwrap_or_default()
        }
        other => panic!("{} is not written plainly", other.form()),
    })
}
