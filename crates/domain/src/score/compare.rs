use std::collections::{HashMap, HashSet};

use rust_decimal::Decimal;

use super::{
    card::{PlaceScore, Scorecard, Status, What},
    grade::Range,
};

/// A scorecard beside the one that it is compared with: of another moment, by another edition, or another campaign's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// How much more the total is.
    pub by: Range,
    /// How the difference of the totals comes about; they add up to it.
    pub lines: Vec<LineRow>,
    /// The places of both trees, each before its children, in the order of the own one.
    pub places: Vec<PlaceRow>,
}

/// A line of both sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRow {
    pub what: What,
    /// None: its sum has no such line.
    pub own: Option<Range>,
    pub with: Option<Range>,
    pub by: Range,
}

/// A place by its code, wherever in its tree it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceRow {
    pub code: String,
    pub title: String,
    /// What the other one calls it, where that is something else.
    pub with_title: Option<String>,
    /// 0 at the top.
    pub depth: usize,
    /// None: the tree has no such place.
    pub own: Option<PlaceSide>,
    pub with: Option<PlaceSide>,
    /// How much more it has; where a tree does not have it, that is nothing.
    pub by: Range,
    pub reasons: Vec<Reason>,
}

/// A place as one of them has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlaceSide {
    pub leaf: bool,
    pub marks: Decimal,
    pub range: Range,
    pub status: Status,
}

/// Why a place differs, as far as that can be known from the scorecards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The other tree does not have it.
    Added,
    /// Only the other tree has it.
    Removed,
    /// A leaf in one of them, with others below it in the other.
    Divided,
    /// It is worth other marks.
    Marks,
    /// More is known of it.
    MoreKnown,
    LessKnown,
    /// There is nothing to judge now: it counts in full.
    NotApplicable,
    /// There was nothing to judge.
    Applicable,
    /// It got a larger share of its marks.
    Better,
    Worse,
}

impl Comparison {
    /// Whether they say the same everywhere.
    pub fn is_empty(&self) -> bool {
        self.by == Range::NOTHING
            && self.lines.iter().all(|line| line.by == Range::NOTHING)
            && !self.places.iter().any(PlaceRow::is_changed)
    }
}

impl PlaceRow {
    pub fn is_changed(&self) -> bool {
        self.by != Range::NOTHING || !self.reasons.is_empty()
    }

    /// What its own leaf has more than the other's. Of all places they add up to the difference of the trees, where nothing is cut
    /// or rounded on the way up; also where a leaf of one of them has others below it in the other.
    pub fn by_leaf(&self) -> Range {
        let leaf =
            |side: Option<PlaceSide>| side.filter(|side| side.leaf).map_or(Range::NOTHING, |side| side.range);
        tidy(leaf(self.own).less(leaf(self.with)))
    }
}

/// What `own` has more or less than `with`, place by place. Swapped, they give the same with the opposite signs.
pub fn compare(own: &Scorecard, with: &Scorecard) -> Comparison {
    let (own_tree, with_tree) = (Tree::of(own), Tree::of(with));
    let row = |(code, depth): (&str, usize)| {
        let (here, there) = (own_tree.side(code), with_tree.side(code));
        let (here_title, there_title) = (own_tree.title(code), with_tree.title(code));
        PlaceRow {
            code: code.to_owned(),
            title: here_title.or(there_title).unwrap_or_default().to_owned(),
            with_title: there_title
                .filter(|title| here_title.is_some_and(|own| own != *title))
                .map(str::to_owned),
            depth,
            own: here,
            with: there,
            by: difference(here.map(|side| side.range), there.map(|side| side.range)),
            reasons: reasons(here, there),
        }
    };
    Comparison {
        by: tidy(own.total.less(with.total)),
        lines: lines(own, with),
        places: merged(&own_tree, &with_tree).into_iter().map(row).collect(),
    }
}

fn tidy(range: Range) -> Range {
    range.each(|marks| marks.normalize())
}

fn difference(own: Option<Range>, with: Option<Range>) -> Range {
    tidy(own.unwrap_or_default().less(with.unwrap_or_default()))
}

/// Where a line stands in a sum.
fn rank(what: &What) -> usize {
    match what {
        What::Tree => 0,
        What::Cut => 1,
        What::OwnShare => 2,
        What::Contribution { .. } => 3,
        What::Deduction { .. } => 4,
        What::Honour { .. } => 5,
        What::BonusCut => 6,
        What::Floor => 7,
        What::Rounding => 8,
    }
}

fn lines(own: &Scorecard, with: &Scorecard) -> Vec<LineRow> {
    let mut whats: Vec<&What> = Vec::new();
    for line in own.lines.iter().chain(&with.lines) {
        if !whats.contains(&&line.what) {
            whats.push(&line.what);
        }
    }
    whats.sort_by_key(|what| rank(what));
    let of = |card: &Scorecard, what: &What| {
        let same = card.lines.iter().filter(|line| line.what == *what);
        same.map(|line| Range { low: line.low, value: line.value, high: line.high }).reduce(Range::plus)
    };
    let row = |what: &What| {
        let (here, there) = (of(own, what), of(with, what));
        LineRow { what: what.clone(), own: here, with: there, by: difference(here, there) }
    };
    whats.into_iter().map(row).collect()
}

fn reasons(own: Option<PlaceSide>, with: Option<PlaceSide>) -> Vec<Reason> {
    let (own, with) = match (own, with) {
        (Some(own), Some(with)) => (own, with),
        (Some(_), None) => return vec![Reason::Added],
        (None, _) => return vec![Reason::Removed],
    };
    let mut reasons = Vec::new();
    if own.leaf != with.leaf {
        reasons.push(Reason::Divided);
    }
    if own.marks != with.marks {
        reasons.push(Reason::Marks);
    }
    if !(own.leaf && with.leaf) {
        return reasons;
    }
    let known = |side: PlaceSide| match side.status {
        Status::Unknown => 0,
        Status::Partly => 1,
        Status::Known | Status::NotApplicable => 2,
    };
    match known(own).cmp(&known(with)) {
        std::cmp::Ordering::Greater => reasons.push(Reason::MoreKnown),
        std::cmp::Ordering::Less => reasons.push(Reason::LessKnown),
        std::cmp::Ordering::Equal => {}
    }
    match (own.status == Status::NotApplicable, with.status == Status::NotApplicable) {
        (true, false) => reasons.push(Reason::NotApplicable),
        (false, true) => reasons.push(Reason::Applicable),
        _ => {}
    }
    // What an unknown leaf counts is the standard's rule, and nothing that it got.
    if own.status != Status::Unknown && with.status != Status::Unknown {
        // As shares of the marks of each, without a division.
        match (own.range.value * with.marks).cmp(&(with.range.value * own.marks)) {
            std::cmp::Ordering::Greater => reasons.push(Reason::Better),
            std::cmp::Ordering::Less => reasons.push(Reason::Worse),
            std::cmp::Ordering::Equal => {}
        }
    }
    reasons
}

/// The places of a scorecard by their codes.
struct Tree<'a> {
    places: &'a [PlaceScore],
    /// The code of the place above each.
    above: Vec<Option<&'a str>>,
    numbers: HashMap<&'a str, usize>,
}

impl<'a> Tree<'a> {
    fn of(card: &'a Scorecard) -> Self {
        let mut path: Vec<&str> = Vec::new();
        let mut above = Vec::with_capacity(card.places.len());
        for place in &card.places {
            path.truncate(place.depth);
            above.push(path.last().copied());
            path.push(&place.code);
        }
        let numbers = card.places.iter().zip(0..).map(|(place, number)| (place.code.as_str(), number));
        Self { places: &card.places, above, numbers: numbers.collect() }
    }

    fn side(&self, code: &str) -> Option<PlaceSide> {
        let number = *self.numbers.get(code)?;
        let place = &self.places[number];
        Some(PlaceSide {
            leaf: is_leaf(self.places, number),
            marks: place.marks,
            range: place.range(),
            status: place.status,
        })
    }

    fn title(&self, code: &str) -> Option<&'a str> {
        self.numbers.get(code).map(|number| self.places[*number].title.as_str())
    }
}

/// Whether none stands below it.
pub(super) fn is_leaf(places: &[PlaceScore], number: usize) -> bool {
    places.get(number + 1).is_none_or(|next| next.depth <= places[number].depth)
}

/// The codes of both trees with their depths. What only the other one has stands under its parent, behind the sibling that it
/// follows there.
fn merged<'a>(own: &Tree<'a>, with: &Tree<'a>) -> Vec<(&'a str, usize)> {
    let mut below: HashMap<Option<&str>, Vec<&'a str>> = HashMap::new();
    for (place, above) in own.places.iter().zip(&own.above) {
        below.entry(*above).or_default().push(&place.code);
    }
    for (number, place) in with.places.iter().enumerate() {
        if own.numbers.contains_key(place.code.as_str()) {
            continue;
        }
        let above = with.above[number];
        let siblings = below.entry(above).or_default();
        let follows = (0..number)
            .rev()
            .filter(|other| with.above[*other] == above)
            .find_map(|other| siblings.iter().position(|sibling| *sibling == with.places[other].code));
        siblings.insert(follows.map_or(0, |place| place + 1), &place.code);
    }
    let children = |code: Option<&str>, depth: usize| {
        let own = below.get(&code).into_iter().flatten().rev();
        own.map(|child| (*child, depth)).collect::<Vec<_>>()
    };
    let mut order = Vec::new();
    let mut left = children(None, 0);
    let mut seen = HashSet::new();
    while let Some((code, depth)) = left.pop() {
        if seen.insert(code) {
            order.push((code, depth));
            left.extend(children(Some(code), depth + 1));
        }
    }
    order
}
