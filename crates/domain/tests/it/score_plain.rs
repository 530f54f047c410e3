//! The rules of scoring once more, written from their text alone and as plainly as can be: every place that can be judged
//! is looked at by itself, what is unknown is taken for the worst and for the best, and the score is worked out anew.

use std::collections::BTreeMap;

use chengjing_domain::{
    observation::Period,
    score::{Fact, Facts, GateState, Observation},
    standard::{
        Absent, Average, Combine, Gate, Grading, Measure, Node, Of, RoundingAt, RoundingMode, Sanction,
        Scale, Standard, Step, Unknown, Window, grading::Counted,
    },
};
use chrono::Months;
use rust_decimal::Decimal;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Taking {
    Worst,
    Known,
    Best,
}

/// A standard and what was observed, where everything unknown is the worst, is left out, or is the best.
pub(crate) struct Plain<'a> {
    standard: &'a Standard,
    facts: &'a Facts,
    taking: Taking,
    /// Which share of their marks the leaves reached of which something is known.
    reached: Decimal,
}

enum Leaf {
    NotApplicable,
    Unknown,
    Share(Decimal),
}

/// What one place that can be judged counts: known, unknown, or not there.
#[derive(Clone, Copy)]
enum Place {
    Counts(Decimal),
    /// Nothing, where the worst is taken.
    AtMost(Decimal),
    Unknown,
    NotThere,
}

/// A number to so many places, on its digits.
pub(crate) fn rounded(number: Decimal, places: u32, mode: RoundingMode) -> Decimal {
    let (digits, scale) = (number.mantissa(), number.scale());
    if scale <= places {
        return number;
    }
    let unit = 10_i128.pow(scale - places);
    let (whole, rest) = (digits / unit, (digits % unit).abs());
    let further = match mode {
        RoundingMode::HalfUp => rest * 2 >= unit,
        RoundingMode::HalfEven => rest * 2 > unit || (rest * 2 == unit && whole % 2 != 0),
        RoundingMode::Down => false,
    };
    let whole = if further { whole + digits.signum() } else { whole };
    Decimal::from_i128_with_scale(whole, places)
}

/// A division, to twelve places.
fn divided(one: Decimal, other: Decimal) -> Decimal {
    rounded(one / other, 12, RoundingMode::HalfUp)
}

fn leaves(nodes: &[Node]) -> Vec<&Node> {
    nodes
        .iter()
        .flat_map(|node| if node.children.is_empty() { vec![node] } else { leaves(&node.children) })
        .collect()
}

/// Whether a gate is held or missed whatever is still found out.
pub(crate) fn gate(standard: &Standard, facts: &Facts, gate: &Gate) -> GateState {
    let bounds = [Taking::Worst, Taking::Best].map(|taking| {
        let plain = Plain::new(standard, facts, taking);
        match &gate.of {
            Of::Total => Some(plain.total()),
            Of::Node(code) => Some(plain.place(code)),
            Of::Standard(id) => {
                let total = facts.totals.get(id)?;
                Some(if taking == Taking::Worst { total.low } else { total.high })
            }
        }
    });
    match bounds {
        [Some(worst), _] if worst >= gate.at_least => GateState::Held,
        [_, Some(best)] if best < gate.at_least => GateState::Missed,
        _ => GateState::Open,
    }
}

/// The entries of the negative list that are no marks and weigh.
pub(crate) fn sanctions(standard: &Standard, facts: &Facts) -> Vec<String> {
    let plain = Plain::new(standard, facts, Taking::Known);
    let entries = standard.negative_list.iter();
    let own = entries.filter(|entry| {
        !matches!(entry.sanction, Sanction::Deduct { .. }) && plain.events(&entry.code, entry.months) > 0
    });
    own.map(|entry| entry.title.clone()).collect()
}

impl<'a> Plain<'a> {
    pub(crate) fn new(standard: &'a Standard, facts: &'a Facts, taking: Taking) -> Self {
        let mut plain = Self { standard, facts, taking, reached: Decimal::ZERO };
        if standard.unknown == Unknown::Proportional && taking == Taking::Known {
            let (mut got, mut of) = (Decimal::ZERO, Decimal::ZERO);
            for node in leaves(&standard.tree) {
                if let Leaf::Share(share) = plain.leaf(node) {
                    got += share * node.marks;
                    of += node.marks;
                }
            }
            if !of.is_zero() {
                plain.reached = divided(got, of);
            }
        }
        plain
    }

    /// What is published.
    pub(crate) fn total(&self) -> Decimal {
        let standard = self.standard;
        let tree: Decimal = standard.tree.iter().map(|node| self.part(node)).sum();
        let tree = if standard.capped.is_some() { tree.min(standard.marks) } else { tree };
        let shares: Decimal = standard.contributions.iter().map(|one| one.share).sum();
        let mut total = tree * (Decimal::ONE - shares);
        for one in &standard.contributions {
            let full = one.share * standard.marks;
            total += match (self.facts.totals.get(&one.standard), self.taking) {
                (Some(other), Taking::Worst) => (full * divided(other.low, other.marks)).min(full),
                (Some(other), Taking::Known) => (full * divided(other.value, other.marks)).min(full),
                (Some(other), Taking::Best) => (full * divided(other.high, other.marks)).min(full),
                (None, Taking::Worst) => Decimal::ZERO,
                (None, Taking::Known) if standard.unknown == Unknown::Nothing => Decimal::ZERO,
                // Of a total that nobody knows as much as this standard reached itself.
                (None, Taking::Known) => (full * divided(tree, standard.marks)).min(full),
                (None, Taking::Best) => full,
            };
        }
        for entry in &standard.negative_list {
            if let Sanction::Deduct { marks, at_most } = entry.sanction {
                let off = marks * Decimal::from(self.events(&entry.code, entry.months));
                total -= at_most.map_or(off, |most| off.min(most));
            }
        }
        if let Some(bonus) = &standard.bonus {
            let mut won = Decimal::ZERO;
            for honour in &bonus.honours {
                let times = self
                    .counting()
                    .filter(|one| matches!(&one.fact, Fact::Honour { honour: code } if *code == honour.code));
                let marks = honour.marks * Decimal::from(times.count());
                won += honour.at_most.map_or(marks, |most| marks.min(most));
            }
            total += won.min(bonus.at_most);
        }
        rounded(total.max(Decimal::ZERO), standard.rounding.places, standard.rounding.mode)
    }

    /// What a place of the tree has.
    pub(crate) fn place(&self, code: &str) -> Decimal {
        fn find<'n>(nodes: &'n [Node], code: &str) -> Option<&'n Node> {
            let own = nodes.iter().find(|node| node.code == code);
            own.or_else(|| nodes.iter().find_map(|node| find(&node.children, code)))
        }
        let top = self.standard.tree.iter().find(|node| node.code == code);
        top.map_or_else(
            || self.marks(find(&self.standard.tree, code).expect("a place")),
            |node| self.part(node),
        )
    }

    fn part(&self, node: &Node) -> Decimal {
        let rounding = &self.standard.rounding;
        let marks = self.marks(node);
        if rounding.at == RoundingAt::Part { rounded(marks, rounding.places, rounding.mode) } else { marks }
    }

    fn marks(&self, node: &Node) -> Decimal {
        let rounding = &self.standard.rounding;
        if node.children.is_empty() {
            let share = match self.leaf(node) {
                Leaf::NotApplicable => Decimal::ONE,
                Leaf::Unknown if self.taking == Taking::Known => self.reached,
                Leaf::Unknown => Decimal::ZERO,
                Leaf::Share(share) => share,
            };
            let got = share * node.marks;
            return if rounding.at == RoundingAt::Leaf {
                rounded(got, rounding.places, rounding.mode)
            } else {
                got
            };
        }
        let sum: Decimal = node.children.iter().map(|child| self.marks(child)).sum();
        if node.capped.is_some() { sum.min(node.marks) } else { sum }
    }

    fn leaf(&self, node: &Node) -> Leaf {
        let mut grades: Vec<(Decimal, Decimal)> = Vec::new();
        let mut applies = false;
        let mut known = false;
        for measure in &node.measures {
            let weight = measure.weight.unwrap_or(Decimal::ONE);
            match self.measured(node, measure) {
                Leaf::NotApplicable => {}
                Leaf::Unknown => {
                    applies = true;
                    match self.taking {
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
        if !known && self.taking == Taking::Known || grades.is_empty() {
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

    /// What was accepted by the moment, and released where it was covert.
    fn counting(&self) -> impl Iterator<Item = &'a Observation> {
        let facts = self.facts;
        facts.observations.iter().filter(|one| {
            one.at <= facts.as_of
                && one.accepted_at.is_some_and(|at| at <= facts.as_of)
                && (!one.covert || one.released_at.is_some_and(|at| at <= facts.as_of))
        })
    }

    fn is_young(&self, one: &Observation, months: Option<u32>) -> bool {
        months.is_none_or(|months| one.at > self.facts.as_of - Months::new(months))
    }

    /// How many events of an entry weigh.
    fn events(&self, code: &str, months: Option<u32>) -> usize {
        let own = |one: &&Observation| matches!(&one.fact, Fact::Event { entry } if entry == code);
        self.counting().filter(own).filter(|one| self.is_young(one, months)).count()
    }

    /// What counts and is in the window that a measure, or else the standard, names.
    fn within(&self, measure: &Measure) -> impl Iterator<Item = &'a Observation> {
        let Window { months, this_round } = measure.window.or(self.standard.window).unwrap_or_default();
        let of_round = move |one: &&Observation| !this_round || one.round == self.facts.round;
        self.counting().filter(move |one| self.is_young(one, months)).filter(of_round)
    }

    /// The newest in the window of those that `is` takes.
    fn newest(&self, measure: &Measure, is: impl Fn(&Fact) -> bool) -> Option<&'a Fact> {
        let mut newest: Option<&Observation> = None;
        for one in self.within(measure) {
            if is(&one.fact) && newest.is_none_or(|other| (other.at, &other.id) < (one.at, &one.id)) {
                newest = Some(one);
            }
        }
        newest.map(|one| &one.fact)
    }

    /// The newest figure of a statistic of a span of time, or of none where there is none of that span.
    fn figure(&self, measure: &Measure, id: &str, span: Option<Period>) -> Option<Decimal> {
        let of = |span: Option<Period>| {
            let own = |one: &&Observation| {
                one.period == span && matches!(&one.fact, Fact::Figure { statistic, .. } if statistic == id)
            };
            let newest = self.within(measure).filter(own).max_by_key(|one| (one.at, one.id.clone()))?;
            match newest.fact {
                Fact::Figure { value, .. } => Some(value),
                _ => None,
            }
        };
        of(span).or_else(|| of(None))
    }

    /// What figures of one span of time come to: of the newest span of which they come to something. A year ends when its last
    /// quarter does, and is the longer; a figure of no span is as new as the day on which it was told.
    fn by_spans<T>(
        &self,
        measure: &Measure,
        names: &[&str],
        of: impl Fn(Option<Period>) -> Option<T>,
    ) -> Option<T> {
        let figures: Vec<&Observation> = self
            .within(measure)
            .filter(|one| matches!(&one.fact, Fact::Figure { statistic, .. } if names.contains(&statistic.as_str())))
            .collect();
        let mut left: Vec<Option<Period>> = figures.iter().map(|one| one.period).collect();
        while !left.is_empty() {
            let end = |span: &Option<Period>| match span {
                Some(period) => chengjing_domain::clock::end_of_day(period.last_day()),
                None => {
                    figures.iter().filter(|one| one.period.is_none()).map(|one| one.at).max().expect("one")
                }
            };
            let days = |span: &Option<Period>| {
                span.map(|period| (period.last_day() - period.first_day()).num_days())
            };
            let newest = *left.iter().max_by_key(|span| (end(span), days(span))).expect("one is left");
            if let Some(found) = of(newest) {
                return Some(found);
            }
            left.retain(|span| *span != newest);
        }
        None
    }

    /// The places of each thing that a measure takes.
    fn places(&self, measure: &Measure) -> Vec<Vec<Place>> {
        let catalogue = &self.standard.catalogue;
        let mut all = Vec::new();
        for id in &measure.requirements {
            let requirement = catalogue.requirements.iter().find(|one| one.id == *id).expect("a requirement");
            let own = |fact: &Fact| matches!(fact, Fact::Review { requirement, .. } if requirement == id);
            all.push(vec![match self.newest(measure, own) {
                Some(Fact::Review { verdict, incomplete, .. }) => {
                    let counts = judged(&requirement.scale, Some(verdict), None, None);
                    if *incomplete { Place::AtMost(counts) } else { Place::Counts(counts) }
                }
                _ => Place::Unknown,
            }]);
        }
        for id in &measure.criteria {
            let (site_type, criterion_id) = id.split_once('/').expect("type/criterion");
            let site_type = catalogue.site_types.iter().find(|one| one.id == site_type).expect("a type");
            let criterion =
                site_type.criteria.iter().find(|one| one.id == criterion_id).expect("a criterion");
            let not_there = match criterion.absent {
                Absent::Met => Place::Counts(Decimal::ONE),
                Absent::NotApplicable => Place::NotThere,
            };
            let mut places = Vec::new();
            for own in self.facts.sites.iter().filter(|site| site.site_type == site_type.id) {
                let here = |fact: &Fact| matches!(fact, Fact::Visit { site, criterion, .. } if *site == own.id && criterion == id);
                places.push(match self.newest(measure, here) {
                    Some(Fact::Visit { absent: true, .. }) => not_there,
                    Some(Fact::Visit { verdict, number, metres, .. }) => {
                        Place::Counts(judged(&criterion.scale, verdict.as_deref(), *number, *metres))
                    }
                    _ => Place::Unknown,
                });
            }
            if places.is_empty() {
                // That there is none is no observation of a place, and is in no window.
                let none = self
                    .counting()
                    .any(|one| matches!(&one.fact, Fact::NoSites { site_type: own } if *own == site_type.id));
                places.push(if none { not_there } else { Place::Unknown });
            }
            all.push(places);
        }
        for id in &measure.questions {
            let question = catalogue.questions.iter().find(|one| one.id == *id).expect("a question");
            let worth: BTreeMap<&str, Decimal> =
                question.options.iter().map(|one| (one.option.as_str(), one.counts)).collect();
            let mut places = Vec::new();
            for one in self.within(measure) {
                let Fact::Answers { question, group, options } = &one.fact else { continue };
                let asked = measure.groups.is_empty()
                    || group.as_ref().is_some_and(|own| measure.groups.contains(own));
                if question == id && asked {
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

    fn measured(&self, node: &Node, measure: &Measure) -> Leaf {
        if let Some(statistic) = &measure.statistic {
            return self.by_figure(measure, statistic);
        }
        if let Grading::Formula { expression, steps, otherwise, linear } = &measure.grading {
            let worked_out = |span| formula(expression, &|name| self.figure(measure, name, span));
            let Some(number) = self.by_spans(measure, &["x", "y"], worked_out) else { return Leaf::Unknown };
            return Leaf::Share(linear.map_or_else(
                || stepped(steps, *otherwise, number),
                |linear| {
                    let share = divided(number - linear.zero_at, linear.full_at - linear.zero_at);
                    share.max(Decimal::ZERO).min(Decimal::ONE)
                },
            ));
        }
        if measure.requirements.is_empty() && measure.criteria.is_empty() && measure.questions.is_empty() {
            return self.by_judgement(node, measure);
        }
        let all = self.places(measure);
        if all.iter().flatten().all(|place| matches!(place, Place::NotThere)) {
            return Leaf::NotApplicable;
        }
        if !all.iter().flatten().any(|place| matches!(place, Place::Counts(_) | Place::AtMost(_))) {
            return Leaf::Unknown;
        }
        // What is unknown is the worst or the best; where only what is known counts it is left out.
        let fill = |place: &Place| match (place, self.taking) {
            (Place::AtMost(_), Taking::Worst) => Some(Decimal::ZERO),
            (Place::Counts(counts) | Place::AtMost(counts), _) => Some(*counts),
            (Place::NotThere, _) | (Place::Unknown, Taking::Known) => None,
            (Place::Unknown, Taking::Worst) => Some(Decimal::ZERO),
            (Place::Unknown, Taking::Best) => Some(Decimal::ONE),
        };
        let filled: Vec<Vec<Decimal>> = all
            .iter()
            .map(|places| places.iter().filter_map(fill).collect())
            .filter(|places: &Vec<Decimal>| !places.is_empty())
            .collect();
        Leaf::Share(of_places(node, measure, &filled))
    }

    fn by_figure(&self, measure: &Measure, statistic: &str) -> Leaf {
        let with = match &measure.grading {
            Grading::Comparison { with, .. } => Some(with.as_str()),
            _ => None,
        };
        let names: Vec<&str> = [statistic].into_iter().chain(with).collect();
        let known = |span| {
            let other = with.map_or(Some(Decimal::ZERO), |with| self.figure(measure, with, span));
            self.figure(measure, statistic, span).zip(other)
        };
        let Some((figure, other)) = self.by_spans(measure, &names, known) else { return Leaf::Unknown };
        match &measure.grading {
            Grading::Thresholds { steps, otherwise } => Leaf::Share(stepped(steps, *otherwise, figure)),
            Grading::Comparison { above, equal, below, .. } => Leaf::Share(if figure > other {
                *above
            } else if figure == other {
                *equal
            } else {
                *below
            }),
            other => panic!("a figure is never graded by {}", other.form()),
        }
    }

    fn by_judgement(&self, node: &Node, measure: &Measure) -> Leaf {
        let own = |fact: &Fact| matches!(fact, Fact::Judgement { leaf, method, .. } if *leaf == node.code && *method == measure.method);
        let Some(Fact::Judgement { verdict, number, metres, absent, .. }) = self.newest(measure, own) else {
            return Leaf::Unknown;
        };
        if *absent {
            return Leaf::NotApplicable;
        }
        let counted = || number.expect("a number");
        Leaf::Share(match &measure.grading {
            Grading::Binary => judged(&Scale::Binary, verdict.as_deref(), None, None),
            Grading::ThreeStep { partly } => {
                judged(&Scale::ThreeStep { partly: *partly }, verdict.as_deref(), None, None)
            }
            Grading::Letters { grades } => {
                judged(&Scale::Letters { grades: grades.clone() }, verdict.as_deref(), None, None)
            }
            Grading::Thresholds { steps, otherwise } => stepped(steps, *otherwise, counted()),
            Grading::CountToGrade { along, steps, otherwise, .. } => {
                stepped(steps, *otherwise, brought(*along, counted(), *metres))
            }
            Grading::Deduction { off, at_most } => deducted(node, *off, *at_most, counted()),
            other => panic!("a judgement is never graded by {}", other.form()),
        })
    }
}

/// What all places of a measure come to, where each counts something.
fn of_places(node: &Node, measure: &Measure, filled: &[Vec<Decimal>]) -> Decimal {
    let every: Vec<Decimal> = filled.iter().flatten().copied().collect();
    let met = every.iter().filter(|counts| **counts == Decimal::ONE).count();
    let failed = every.len() - met;
    let mean = |of: &[Decimal]| divided(of.iter().sum(), of.len().into());
    let share = || match measure.average {
        Average::Cells => mean(&every),
        Average::Items => mean(&filled.iter().map(|places| mean(places)).collect::<Vec<_>>()),
    };
    match &measure.grading {
        Grading::Ratio { steps, .. } if steps.is_empty() => share(),
        Grading::Ratio { steps, otherwise } | Grading::Thresholds { steps, otherwise } => {
            stepped(steps, *otherwise, share() * Decimal::from(100))
        }
        Grading::CountToGrade { counted, steps, otherwise, .. } => {
            let number = if *counted == Counted::Failed { failed } else { met };
            stepped(steps, *otherwise, number.into())
        }
        Grading::Deduction { off, at_most } => deducted(node, *off, *at_most, failed.into()),
        Grading::KOfN { missing, met_from } => {
            let missed = filled.iter().filter(|places| mean(places) < *met_from).count();
            missing.get(missed).copied().unwrap_or_default()
        }
        // A standard that grades places so is refused.
        other => panic!("places are never graded by {}", other.form()),
    }
}

/// So many marks off for each occurrence, never more than there are.
fn deducted(node: &Node, off: Decimal, at_most: Option<Decimal>, occurrences: Decimal) -> Decimal {
    let off = off * occurrences;
    let off = at_most.map_or(off, |most| off.min(most));
    divided((node.marks - off).max(Decimal::ZERO), node.marks)
}

fn judged(scale: &Scale, verdict: Option<&str>, number: Option<Decimal>, metres: Option<Decimal>) -> Decimal {
    match (scale, verdict) {
        (Scale::Letters { grades }, Some(word)) => {
            grades.iter().find(|grade| grade.name == word).expect("a grade").counts
        }
        (Scale::ThreeStep { partly }, Some("partly")) => *partly,
        (Scale::Count { along, steps, otherwise }, _) => {
            stepped(steps, *otherwise, brought(*along, number.expect("a number"), metres))
        }
        (_, Some("met")) => Decimal::ONE,
        _ => Decimal::ZERO,
    }
}

/// A number that was counted along a way, as it would be along the length that the standard names.
fn brought(along: Option<Decimal>, number: Decimal, metres: Option<Decimal>) -> Decimal {
    along.map_or(number, |along| divided(number * along, metres.expect("a length")))
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

/// The formulas that are tried, worked out by hand; nothing where a figure is missing or it divides by nothing.
pub(crate) const FORMULAS: [&str; 3] = ["x - y", "x * 100.0 / y", "x > 4 ? x * 2 : 3.5 - y / 8"];

fn formula(expression: &str, figure: &dyn Fn(&str) -> Option<Decimal>) -> Option<Decimal> {
    let number = |digits, places| Decimal::new(digits, places);
    match FORMULAS.iter().position(|one| *one == expression).expect("a formula that is known here") {
        0 => Some(figure("x")? - figure("y")?),
        1 => {
            let (x, y) = (figure("x")?, figure("y")?);
            (!y.is_zero()).then(|| divided(x * number(100, 0), y))
        }
        _ if figure("x")? > number(4, 0) => Some(figure("x")? * number(2, 0)),
        _ => Some(number(35, 1) - divided(figure("y")?, number(8, 0))),
    }
}
