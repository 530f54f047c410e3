use chrono::{DateTime, Months, Utc};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    book::Book,
    explain::Loss,
    fact::Facts,
    grade::{Grade, Range},
};
use crate::standard::{Contribution, Gate, Of, RoundingAt, Sanction, Unknown, Whole};

/// What a standard and the facts come to at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Scorecard {
    pub standard: String,
    pub edition: String,
    pub as_of: DateTime<Utc>,
    /// The marks of the whole.
    pub marks: Decimal,
    /// What is published.
    pub total: Range,
    /// How the total comes about; they add up to it.
    pub lines: Vec<Line>,
    pub gates: Vec<Said<GateState>>,
    /// Sanctions of the negative list that are no marks.
    pub sanctions: Vec<Said<Sanction>>,
    /// The places of the tree, each before its children.
    pub places: Vec<PlaceScore>,
    /// What was lost and why; of each leaf they add up to what it lost.
    pub losses: Vec<Loss>,
}

/// Something with its title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Said<T> {
    pub title: String,
    pub state: T,
    /// The observations that it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub observations: Vec<String>,
}

/// A gate is held or not whatever is still found out, or it is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GateState {
    Held,
    Open,
    Missed,
}

/// A line of the sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    #[serde(flatten)]
    pub what: What,
    pub low: Decimal,
    pub value: Decimal,
    pub high: Decimal,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub observations: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "line", rename_all = "snake_case")]
pub enum What {
    /// The tree's parts.
    Tree,
    /// What goes beyond the marks of the whole is cut.
    Cut,
    /// What the tree gives up to contributing standards.
    OwnShare,
    /// Another standard's total.
    Contribution {
        standard: String,
    },
    /// An entry of the negative list.
    Deduction {
        code: String,
    },
    /// Honours of one kind.
    Honour {
        code: String,
    },
    /// Honours beyond what is given at most.
    BonusCut,
    /// A total is never less than nothing.
    Floor,
    Rounding,
}

/// A place of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlaceScore {
    pub code: String,
    pub title: String,
    /// 0 at the top.
    pub depth: usize,
    pub marks: Decimal,
    pub low: Decimal,
    pub value: Decimal,
    pub high: Decimal,
    pub status: Status,
}

impl PlaceScore {
    pub fn range(&self) -> Range {
        Range { low: self.low, value: self.value, high: self.high }
    }
}

/// How much is known of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nothing.
    Unknown,
    /// Something, and it can still change by what is not known.
    Partly,
    /// All that can change it.
    Known,
    /// There is nothing to judge: it counts in full.
    NotApplicable,
}

impl Scorecard {
    /// The score of facts, with all explanations.
    pub fn of(whole: &Whole, facts: &Facts) -> Self {
        let mut book = Book::open(whole, facts);
        let mut card = book.card();
        for leaf in 0..whole.leaves.len() {
            card.losses.extend(book.losses(leaf));
        }
        card
    }
}

impl Book<'_> {
    /// The score from what is counted, without the losses: those of one leaf are asked for by [`Book::losses`]. Only leaves
    /// for which something was counted since the last time are graded anew.
    pub fn card(&mut self) -> Scorecard {
        let mut graded = std::mem::take(&mut self.grades);
        let grades: Vec<Grade> = graded
            .iter_mut()
            .enumerate()
            .map(|(leaf, grade)| *grade.get_or_insert_with(|| self.leaf_grade(leaf)))
            .collect();
        self.grades = graded;
        let whole = self.whole;
        let standard = &whole.standard;
        let scores = self.places(&grades);
        let top = |scores: &[(Range, Status)]| {
            let own = whole.places.iter().zip(scores).filter(|(place, _)| place.parent.is_none());
            own.fold(Range::NOTHING, |sum, (_, (range, _))| sum.plus(*range))
        };
        let tree = top(&scores);
        let mut sum = Sum::default();
        sum.add(What::Tree, tree, Vec::new());
        let whole_marks = standard.marks;
        if standard.capped.is_some() {
            let kept = tree.each(|marks| marks.min(whole_marks));
            sum.reach(What::Cut, kept);
        }
        let own = sum.now;
        let shares: Decimal = standard.contributions.iter().map(|one| one.share).sum();
        if !shares.is_zero() {
            sum.reach(What::OwnShare, own.each(|marks| marks * (Decimal::ONE - shares)));
        }
        for contribution in &standard.contributions {
            let what = What::Contribution { standard: contribution.standard.clone() };
            sum.add(what, self.contribution(contribution, own), Vec::new());
        }
        let mut sanctions = Vec::new();
        for entry in &standard.negative_list {
            let weighing = |number: &&usize| {
                let since =
                    entry.months.and_then(|months| self.as_of.checked_sub_months(Months::new(months)));
                since.is_none_or(|since| self.observations[**number].at > since)
            };
            let events: Vec<usize> = self
                .events
                .get(entry.code.as_str())
                .into_iter()
                .flatten()
                .filter(weighing)
                .copied()
                .collect();
            if events.is_empty() {
                continue;
            }
            let observations = self.ids(&events);
            if let Sanction::Deduct { marks, at_most } = &entry.sanction {
                let off = *marks * Decimal::from(events.len());
                let off = at_most.map_or(off, |most| off.min(most));
                sum.add(What::Deduction { code: entry.code.clone() }, Range::exactly(-off), observations);
            } else {
                let (title, state) = (entry.title.clone(), entry.sanction.clone());
                sanctions.push(Said { title, state, observations });
            }
        }
        if let Some(bonus) = &standard.bonus {
            let mut together = Decimal::ZERO;
            for honour in &bonus.honours {
                let Some(won) = self.honours.get(honour.code.as_str()) else { continue };
                let marks = honour.marks * Decimal::from(won.len());
                let marks = honour.at_most.map_or(marks, |most| marks.min(most));
                together += marks;
                sum.add(What::Honour { code: honour.code.clone() }, Range::exactly(marks), self.ids(won));
            }
            if together > bonus.at_most {
                sum.add(What::BonusCut, Range::exactly(bonus.at_most - together), Vec::new());
            }
        }
        let above_nothing = sum.now.each(|marks| marks.max(Decimal::ZERO));
        sum.reach(What::Floor, above_nothing);
        let rounded = sum.now.each(|marks| standard.rounding.round(marks));
        sum.reach(What::Rounding, rounded);
        let gates = standard.gates.iter().map(|gate| self.gate(gate, sum.now, &scores)).collect();
        let place = |(place, (range, status)): (&crate::standard::Place, &(Range, Status))| PlaceScore {
            code: place.code.clone(),
            title: place.title.clone(),
            depth: place.depth,
            marks: place.marks,
            low: range.low.normalize(),
            value: range.value.normalize(),
            high: range.high.normalize(),
            status: *status,
        };
        Scorecard {
            standard: standard.id.clone(),
            edition: standard.edition.clone(),
            as_of: self.as_of,
            marks: whole_marks,
            total: sum.now.each(|marks| marks.normalize()),
            lines: sum.lines,
            gates,
            sanctions,
            places: whole.places.iter().zip(&scores).map(place).collect(),
            losses: Vec::new(),
        }
    }

    /// Their ids, the oldest first, in whatever order they came.
    pub(super) fn ids(&self, observations: &[usize]) -> Vec<String> {
        let mut all: Vec<_> = observations.iter().map(|number| self.observations[*number]).collect();
        all.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
        all.into_iter().map(|one| one.id.clone()).collect()
    }

    /// What each place has, and how much of it is known.
    fn places(&self, grades: &[Grade]) -> Vec<(Range, Status)> {
        let whole = self.whole;
        let standard = &whole.standard;
        let reached = self.reached(grades);
        let mut scores = vec![(Range::NOTHING, Status::Unknown); whole.places.len()];
        let mut seen: Vec<(bool, bool)> = vec![(false, false); whole.places.len()];
        // Children stand behind their parents: backwards, each is complete when it is added to its parent.
        for number in (0..whole.places.len()).rev() {
            let place = &whole.places[number];
            if let Some(leaf) = place.leaf {
                let (range, status) = leaf_score(grades[leaf], place.marks, reached);
                let rounded = standard.rounding.at == RoundingAt::Leaf;
                let range = if rounded { range.each(|marks| standard.rounding.round(marks)) } else { range };
                scores[number] = (range, status);
                seen[number] = match status {
                    Status::Unknown => (false, true),
                    Status::Partly => (true, true),
                    Status::Known | Status::NotApplicable => (true, false),
                };
            } else {
                let (something, open) = seen[number];
                let status = match (something, open) {
                    (false, _) => Status::Unknown,
                    (true, true) => Status::Partly,
                    (true, false) => Status::Known,
                };
                scores[number].1 = status;
                if place.capped {
                    scores[number].0 = scores[number].0.each(|marks| marks.min(place.marks));
                }
            }
            match place.parent {
                Some(parent) => {
                    scores[parent].0 = scores[parent].0.plus(scores[number].0);
                    let (something, open) = seen[number];
                    seen[parent] = (seen[parent].0 || something, seen[parent].1 || open);
                }
                None if standard.rounding.at == RoundingAt::Part => {
                    scores[number].0 = scores[number].0.each(|marks| standard.rounding.round(marks));
                }
                None => {}
            }
        }
        scores
    }

    /// Which share of its marks an unknown leaf counts.
    pub(super) fn reached(&self, grades: &[Grade]) -> Decimal {
        if self.whole.standard.unknown == Unknown::Nothing {
            return Decimal::ZERO;
        }
        let (mut got, mut of) = (Decimal::ZERO, Decimal::ZERO);
        for (leaf, grade) in self.whole.leaves.iter().zip(grades) {
            if let Grade::Known(range) = grade {
                got += range.value * leaf.marks;
                of += leaf.marks;
            }
        }
        if of.is_zero() { Decimal::ZERO } else { crate::standard::grading::quotient(got, of) }
    }

    /// What another standard gives: never more than its share, though its total may go beyond its marks by a bonus.
    fn contribution(&self, contribution: &Contribution, own: Range) -> Range {
        let full = contribution.share * self.whole.standard.marks;
        let quotient = crate::standard::grading::quotient;
        match self.totals.get(&contribution.standard) {
            Some(total) => {
                let other = Range { low: total.low, value: total.value, high: total.high };
                other.each(|marks| (full * quotient(marks, total.marks)).min(full))
            }
            None => {
                let value = match self.whole.standard.unknown {
                    Unknown::Nothing => Decimal::ZERO,
                    Unknown::Proportional => full * quotient(own.value, self.whole.standard.marks),
                };
                Range { low: Decimal::ZERO, value: value.min(full), high: full }
            }
        }
    }

    fn gate(&self, gate: &Gate, total: Range, scores: &[(Range, Status)]) -> Said<GateState> {
        let bounds = match &gate.of {
            Of::Total => Some((total.low, total.high)),
            Of::Node(code) => {
                let place = self.whole.places.iter().position(|place| place.code == *code);
                place.map(|place| (scores[place].0.low, scores[place].0.high))
            }
            Of::Standard(id) => self.totals.get(id).map(|total| (total.low, total.high)),
        };
        let state = match bounds {
            Some((low, _)) if low >= gate.at_least => GateState::Held,
            Some((_, high)) if high < gate.at_least => GateState::Missed,
            Some(_) | None => GateState::Open,
        };
        Said { title: gate.title.clone(), state, observations: Vec::new() }
    }
}

/// What a leaf has of its marks, before any rounding.
pub(super) fn leaf_score(grade: Grade, marks: Decimal, reached: Decimal) -> (Range, Status) {
    match grade {
        Grade::NotApplicable => (Range::exactly(marks), Status::NotApplicable),
        Grade::Unknown => {
            (Range { low: Decimal::ZERO, value: marks * reached, high: marks }, Status::Unknown)
        }
        Grade::Known(range) => {
            let status = if range.low == range.high { Status::Known } else { Status::Partly };
            (range.each(|share| share * marks), status)
        }
    }
}

/// A sum that remembers its lines.
#[derive(Debug, Default)]
struct Sum {
    lines: Vec<Line>,
    now: Range,
}

impl Default for Range {
    fn default() -> Self {
        Self::NOTHING
    }
}

impl Sum {
    fn add(&mut self, what: What, by: Range, observations: Vec<String>) {
        self.now = self.now.plus(by);
        let Range { low, value, high } = by.each(|marks| marks.normalize());
        self.lines.push(Line { what, low, value, high, observations });
    }

    /// Adds what is missing to `to`, where something is.
    fn reach(&mut self, what: What, to: Range) {
        let by = to.less(self.now);
        if by != Range::NOTHING {
            self.add(what, by, Vec::new());
        }
    }
}
