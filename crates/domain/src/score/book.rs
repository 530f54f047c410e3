use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Months, Utc};
use rust_decimal::Decimal;

use super::{
    fact::{Fact, Facts, Found, Observation, Site},
    grade::Grade,
};
use crate::standard::{
    Absent, Grading, Input, ItemKind, Method, Taken, Whole, Window,
    grading::{Counted, brought_to},
};

/// What the observations come to, counted so that one more costs as little as it changes: for every measure and every
/// thing that it takes, how many are known and what they count.
#[derive(Debug, Clone)]
pub struct Book<'a> {
    pub(super) whole: &'a Whole,
    pub(super) as_of: DateTime<Utc>,
    pub(super) round: Option<String>,
    pub(super) observations: Vec<&'a Observation>,
    pub(super) sites: Vec<&'a Site>,
    site_of: HashMap<&'a str, usize>,
    /// How many sites there are of each type that has any.
    sites_of: HashMap<&'a str, u64>,
    /// Types of which the city has said that it has none.
    pub(super) none_of: BTreeSet<&'a str>,
    /// All that was seen at each place that can be judged, the oldest first.
    pub(super) cells: HashMap<Cell, Vec<Seen>>,
    /// By leaf and measure: what is known of each item that it takes.
    pub(super) tallies: Vec<Vec<Vec<ItemTally>>>,
    /// What each leaf came to when it was last asked for; nothing where something was counted for it since.
    pub(super) grades: Vec<Option<Grade>>,
    /// By leaf and measure: what is young enough and of the right round.
    spans: Vec<Vec<Span>>,
    /// Leaves that take figures.
    figured: Vec<usize>,
    /// By item: the leaf, the measure and the place within the measure.
    pub(super) fed: Vec<Vec<(usize, usize, usize)>>,
    pub(super) events: BTreeMap<&'a str, Vec<usize>>,
    pub(super) honours: BTreeMap<&'a str, Vec<usize>>,
    /// Answers by question, in the order in which they came.
    pub(super) answers: Vec<Vec<usize>>,
    pub(super) totals: &'a BTreeMap<String, super::Total>,
}

/// A place that can be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Cell {
    /// The item, and the site where it is a criterion.
    Item(usize, Option<usize>),
    /// A leaf's own verdict by a method.
    Judgement(usize, Method),
    /// A statistic, by its place in the catalogue.
    Figure(usize),
}

/// What a measure's window comes to at the moment of the score.
#[derive(Debug, Clone, Copy)]
struct Span {
    since: Option<DateTime<Utc>>,
    this_round: bool,
}

impl Span {
    fn takes(self, observation: &Observation, round: Option<&String>) -> bool {
        self.since.is_none_or(|since| observation.at > since)
            && (!self.this_round || observation.round.as_ref() == round)
    }
}

/// An observation as it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) observation: usize,
    pub(super) counts: Counts,
    /// At the least it counts nothing.
    pub(super) unsure: bool,
}

impl Seen {
    fn sure(observation: usize, counts: Counts) -> Self {
        Self { observation, counts, unsure: false }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counts {
    Coefficient(Decimal),
    Number(Decimal),
    NotApplicable,
}

/// What is known of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct ItemTally {
    /// How many there are to be judged: sites that have the thing, materials, answers.
    pub(super) all: u64,
    pub(super) known: u64,
    /// Known, and fully met.
    pub(super) met: u64,
    /// What the known ones count together.
    pub(super) sum: Decimal,
    /// Of those and of the met, what may still come to nothing.
    pub(super) unsure_met: u64,
    pub(super) unsure_sum: Decimal,
}

impl ItemTally {
    pub(super) fn count(&mut self, counts: Counts, unsure: bool, by: i64) {
        let (known, met, sum) = match counts {
            Counts::Coefficient(counts) => (1, i64::from(counts == Decimal::ONE), counts),
            // It is not among those that are to be judged.
            Counts::NotApplicable => {
                self.all = self.all.saturating_add_signed(-by);
                return;
            }
            Counts::Number(_) => return,
        };
        self.known = self.known.saturating_add_signed(known * by);
        self.met = self.met.saturating_add_signed(met * by);
        self.sum += sum * Decimal::from(by);
        if unsure {
            self.unsure_met = self.unsure_met.saturating_add_signed(met * by);
            self.unsure_sum += sum * Decimal::from(by);
        }
    }
}

impl<'a> Book<'a> {
    /// Counts all facts that count at their moment. They were checked against the standard ([`Facts::check`]); what does
    /// not fit is left out.
    pub fn open(whole: &'a Whole, facts: &'a Facts) -> Self {
        let mut fed = vec![Vec::new(); whole.items.len()];
        for (leaf_number, leaf) in whole.leaves.iter().enumerate() {
            for (measure, taken) in leaf.measures.iter().enumerate() {
                if let Input::Requirements(items) | Input::Criteria(items) | Input::Questions(items) =
                    &taken.input
                {
                    for (place, item) in items.iter().enumerate() {
                        fed[*item].push((leaf_number, measure, place));
                    }
                }
            }
        }
        let mut book = Self {
            whole,
            as_of: facts.as_of,
            round: facts.round.clone(),
            observations: Vec::with_capacity(facts.observations.len()),
            sites: facts.sites.iter().collect(),
            site_of: facts.sites.iter().zip(0..).map(|(site, number)| (site.id.as_str(), number)).collect(),
            sites_of: HashMap::new(),
            none_of: BTreeSet::new(),
            cells: HashMap::new(),
            tallies: Vec::new(),
            grades: vec![None; whole.leaves.len()],
            spans: Vec::new(),
            figured: Vec::new(),
            fed,
            events: BTreeMap::new(),
            honours: BTreeMap::new(),
            answers: vec![Vec::new(); whole.items.len()],
            totals: &facts.totals,
        };
        for site in &facts.sites {
            *book.sites_of.entry(&site.site_type).or_default() += 1;
        }
        book.tallies = whole
            .leaves
            .iter()
            .map(|leaf| leaf.measures.iter().map(|taken| book.nothing_known(taken)).collect())
            .collect();
        for (number, leaf) in whole.leaves.iter().enumerate() {
            let span = |measure| {
                let window = book.window(number, measure);
                Span { since: book.since(window), this_round: window.this_round }
            };
            let spans = (0..leaf.measures.len()).map(span).collect();
            book.spans.push(spans);
            if leaf
                .measures
                .iter()
                .any(|taken| matches!(taken.input, Input::Statistic(_) | Input::Formula(_)))
            {
                book.figured.push(number);
            }
        }
        // By age, so that what is newest does not depend on the order in which it came.
        let mut sorted: Vec<&Observation> = facts.observations.iter().collect();
        sorted.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
        for observation in sorted {
            book.add(observation);
        }
        book
    }

    /// Counts one more. What it supersedes stays in the history of its place.
    pub fn add(&mut self, observation: &'a Observation) {
        if !counts_at(observation, self.as_of) {
            return;
        }
        let number = self.observations.len();
        self.observations.push(observation);
        let whole = self.whole;
        let found = observation.fact.found();
        match &observation.fact {
            Fact::Visit { site, criterion, .. } => {
                let (Some(item), Some(site)) = (whole.item(criterion), self.site_of.get(site.as_str()))
                else {
                    return;
                };
                if let Some(counts) = counts_of(&whole.items[item].kind, found) {
                    self.see(Cell::Item(item, Some(*site)), Seen::sure(number, counts));
                }
            }
            Fact::Review { requirement, incomplete, .. } => {
                let Some(item) = whole.item(requirement) else { return };
                if let Some(counts) = counts_of(&whole.items[item].kind, found) {
                    let seen = Seen { observation: number, counts, unsure: *incomplete };
                    self.see(Cell::Item(item, None), seen);
                }
            }
            Fact::Judgement { leaf, method, .. } => {
                let Some(leaf) = whole.leaf(leaf) else { return };
                let judged =
                    |taken: &&Taken| taken.input == Input::Judgement && taken.measure.method == *method;
                let Some(taken) = whole.leaves[leaf].measures.iter().find(judged) else { return };
                if let Some(counts) = judgement(&taken.measure.grading, found) {
                    self.see(Cell::Judgement(leaf, *method), Seen::sure(number, counts));
                }
            }
            Fact::Figure { statistic, value } => {
                let place = whole.catalogue.statistics.iter().position(|one| one.id == *statistic);
                let Some(place) = place else { return };
                self.see(Cell::Figure(place), Seen::sure(number, Counts::Number(*value)));
            }
            Fact::Answers { question, group, options } => {
                let Some(item) = whole.item(question) else { return };
                self.answer(item, number, group.as_deref(), options);
            }
            Fact::NoSites { site_type } => {
                if !self.sites_of.contains_key(site_type.as_str()) && self.none_of.insert(site_type) {
                    self.has_none(site_type);
                }
            }
            Fact::Event { entry } => self.events.entry(entry).or_default().push(number),
            Fact::Honour { honour } => self.honours.entry(honour).or_default().push(number),
        }
    }

    /// What a measure has before anything is known.
    fn nothing_known(&self, taken: &Taken) -> Vec<ItemTally> {
        let all = |item: &usize| match &self.whole.items[*item].kind {
            ItemKind::Requirement { .. } => 1,
            // A type of which no site is registered is as unknown as one site would be.
            ItemKind::Criterion { site_type, .. } => {
                self.sites_of.get(site_type.as_str()).copied().unwrap_or(1)
            }
            ItemKind::Question { enough, .. } => u64::from(*enough),
        };
        match &taken.input {
            Input::Requirements(items) | Input::Criteria(items) | Input::Questions(items) => {
                items.iter().map(|item| ItemTally { all: all(item), ..ItemTally::default() }).collect()
            }
            Input::Judgement | Input::Statistic(_) | Input::Formula(_) => Vec::new(),
        }
    }

    fn see(&mut self, cell: Cell, seen: Seen) {
        let history = self.cells.entry(cell).or_default();
        let key =
            |seen: &Seen| (self.observations[seen.observation].at, &self.observations[seen.observation].id);
        let at = history.partition_point(|other| key(other) <= key(&seen));
        history.insert(at, seen);
        match cell {
            Cell::Item(item, _) => {
                for (leaf, measure, place) in &self.fed[item] {
                    let span = self.spans[*leaf][*measure];
                    let taken =
                        |one: &Seen| span.takes(self.observations[one.observation], self.round.as_ref());
                    // A newer one that counts already stands in its place.
                    if !taken(&seen) || history[at + 1..].iter().any(taken) {
                        continue;
                    }
                    let item = &mut self.tallies[*leaf][*measure][*place];
                    if let Some(before) = history[..at].iter().rev().find(|one| taken(one)) {
                        item.count(before.counts, before.unsure, -1);
                    }
                    item.count(seen.counts, seen.unsure, 1);
                    self.grades[*leaf] = None;
                }
            }
            Cell::Judgement(leaf, _) => self.grades[leaf] = None,
            // Formulas take several: they are looked up when the score is worked out.
            Cell::Figure(_) => self.figured.iter().for_each(|leaf| self.grades[*leaf] = None),
        }
    }

    /// What counts at a place for a measure: the newest that is in its window.
    pub(super) fn counting(&self, cell: Cell, leaf: usize, measure: usize) -> Option<Counts> {
        self.newest(cell, leaf, measure).map(|seen| seen.counts)
    }

    pub(super) fn newest(&self, cell: Cell, leaf: usize, measure: usize) -> Option<Seen> {
        self.cells.get(&cell)?.iter().rev().find(|seen| self.is_in(leaf, measure, seen.observation)).copied()
    }

    pub(super) fn window(&self, leaf: usize, measure: usize) -> Window {
        let own = self.whole.leaves[leaf].measures[measure].measure.window;
        own.or(self.whole.standard.window).unwrap_or_default()
    }

    /// The moment after which something is young enough.
    pub(super) fn since(&self, window: Window) -> Option<DateTime<Utc>> {
        window.months.and_then(|months| self.as_of.checked_sub_months(Months::new(months)))
    }

    pub(super) fn is_in(&self, leaf: usize, measure: usize, observation: usize) -> bool {
        self.spans[leaf][measure].takes(self.observations[observation], self.round.as_ref())
    }

    fn answer(&mut self, item: usize, number: usize, group: Option<&str>, options: &BTreeMap<String, u32>) {
        let ItemKind::Question { counts, enough } = &self.whole.items[item].kind else { return };
        self.answers[item].push(number);
        let mut known = 0_u64;
        let mut sum = Decimal::ZERO;
        for (option, times) in options {
            known += u64::from(*times);
            sum += counts.get(option).copied().unwrap_or_default() * Decimal::from(*times);
        }
        for (leaf, measure, place) in self.fed[item].clone() {
            if self.takes_answer(leaf, measure, number, group) {
                let tally = &mut self.tallies[leaf][measure][place];
                tally.known += known;
                tally.sum += sum;
                tally.all = tally.known.max(u64::from(*enough));
                self.grades[leaf] = None;
            }
        }
    }

    pub(super) fn takes_answer(
        &self,
        leaf: usize,
        measure: usize,
        number: usize,
        group: Option<&str>,
    ) -> bool {
        self.asks(leaf, measure, group) && self.is_in(leaf, measure, number)
    }

    /// Whether a measure takes the answers of a population group.
    pub(super) fn asks(&self, leaf: usize, measure: usize, group: Option<&str>) -> bool {
        let groups = &self.whole.leaves[leaf].measures[measure].measure.groups;
        groups.is_empty() || group.is_some_and(|group| groups.iter().any(|one| one == group))
    }

    /// A type without sites: its criteria are met with a note, or do not count.
    fn has_none(&mut self, site_type: &str) {
        for item in self.whole.criteria(site_type) {
            let ItemKind::Criterion { absent, .. } = &self.whole.items[*item].kind else { continue };
            for (leaf, measure, place) in &self.fed[*item] {
                let counts = absent_counts(*absent);
                self.tallies[*leaf][*measure][*place].count(counts, false, 1);
                self.grades[*leaf] = None;
            }
        }
    }
}

/// Whether an observation counts at a moment: made, accepted, and released where it was covert.
fn counts_at(observation: &Observation, as_of: DateTime<Utc>) -> bool {
    let by_then = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at <= as_of);
    observation.at <= as_of
        && by_then(observation.accepted_at)
        && (!observation.covert || by_then(observation.released_at))
}

pub(super) fn absent_counts(absent: Absent) -> Counts {
    match absent {
        Absent::NotApplicable => Counts::NotApplicable,
        Absent::Met => Counts::Coefficient(Decimal::ONE),
    }
}

pub(super) fn counts_of(kind: &ItemKind, found: Option<Found<'_>>) -> Option<Counts> {
    let found = found?;
    let (scale, absent) = match kind {
        ItemKind::Criterion { scale, absent, .. } => (scale, *absent),
        ItemKind::Requirement { scale } => (scale, Absent::NotApplicable),
        ItemKind::Question { .. } => return None,
    };
    if found.absent {
        return Some(absent_counts(absent));
    }
    let counts = match (found.verdict, found.number) {
        (Some(verdict), None) => scale.verdict(verdict),
        (None, Some(number)) => scale.number(number, found.metres),
        _ => None,
    };
    counts.map(Counts::Coefficient)
}

fn judgement(grading: &Grading, found: Option<Found<'_>>) -> Option<Counts> {
    let found = found?;
    if found.absent {
        return Some(Counts::NotApplicable);
    }
    match (grading, found.verdict, found.number) {
        (_, Some(verdict), None) => grading.scale()?.verdict(verdict).map(Counts::Coefficient),
        (Grading::CountToGrade { along, counted: Counted::Number, .. }, None, Some(number)) => {
            brought_to(*along, number, found.metres).map(Counts::Number)
        }
        (_, None, Some(number)) if grading.scale().is_none() => Some(Counts::Number(number)),
        _ => None,
    }
}
