use std::{cmp::Reverse, collections::HashMap};

use rust_decimal::Decimal;

use super::{
    card::{Scorecard, Status},
    compare::is_leaf,
    explain::share_out,
    grade::Range,
};
use crate::id::UnitId;

/// A scorecard by the units that hold its leaves. Rows and `cut` add up to the tree of the standard, in marks and in each of the
/// three numbers, to the last decimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitScores {
    /// What lost most first; what nobody holds at the end.
    pub units: Vec<UnitScore>,
    /// What caps and the rounding of parts take from the leaves, or give: no unit's doing. Nothing where the tree adds up.
    pub cut: Held,
}

/// What a unit holds of a standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitScore {
    /// None: leaves that nobody holds.
    pub unit: Option<UnitId>,
    pub held: Held,
    /// In the order of the tree.
    pub leaves: Vec<HeldLeaf>,
}

/// A leaf, or a unit's part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldLeaf {
    pub code: String,
    pub title: String,
    /// The unit's part.
    pub held: Held,
    pub status: Status,
    /// How many units share it alike.
    pub holders: usize,
}

/// Marks that somebody holds, with what became of them: got, lost and still open, which add up to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Held {
    pub marks: Decimal,
    /// `value` is what was got.
    pub range: Range,
}

impl Held {
    /// What it can't get any more by all that is known: the marks less the most that it can have.
    pub fn lost(self) -> Decimal {
        (self.marks - self.range.high).normalize()
    }

    /// What it can still gain by what is not known yet: the most that it can have less the value.
    pub fn open(self) -> Decimal {
        (self.range.high - self.range.value).normalize()
    }

    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { marks: self.marks + other.marks, range: self.range.plus(other.range) }.tidy()
    }

    fn tidy(self) -> Self {
        Self { marks: self.marks.normalize(), range: self.range.each(|marks| marks.normalize()) }
    }

    /// In so many parts that are alike as far as twelve places allow, and add up to it.
    fn parts(self, count: usize) -> Vec<Self> {
        let alike = |marks: Decimal| share_out(marks, std::iter::repeat_n(Decimal::ONE, count));
        let Range { low, value, high } = self.range;
        let (low, value, high) = (alike(low), alike(value), alike(high));
        let part = |(number, marks): (usize, Decimal)| {
            let range = Range { low: low[number], value: value[number], high: high[number] };
            Self { marks, range }.tidy()
        };
        alike(self.marks).into_iter().enumerate().map(part).collect()
    }
}

/// What each unit holds, given who holds which leaf ([`crate::standard::owner::holders`]), by the leaves' codes. Several holders of
/// a leaf share it alike.
pub fn by_unit(card: &Scorecard, holders: &HashMap<String, Vec<UnitId>>) -> UnitScores {
    let mut units: HashMap<Option<UnitId>, UnitScore> = HashMap::new();
    let mut leaves = Held::default();
    let mut tree = Held::default();
    for (number, place) in card.places.iter().enumerate() {
        let whole = Held { marks: place.marks, range: place.range() };
        if place.depth == 0 {
            tree = tree.plus(whole);
        }
        if !is_leaf(&card.places, number) {
            continue;
        }
        leaves = leaves.plus(whole);
        let of: Vec<Option<UnitId>> = match holders.get(&place.code).map(Vec::as_slice) {
            None | Some([]) => vec![None],
            Some(some) => some.iter().copied().map(Some).collect(),
        };
        for (unit, held) in of.iter().zip(whole.parts(of.len())) {
            let nothing = || UnitScore { unit: *unit, held: Held::default(), leaves: Vec::new() };
            let own = units.entry(*unit).or_insert_with(nothing);
            own.held = own.held.plus(held);
            own.leaves.push(HeldLeaf {
                code: place.code.clone(),
                title: place.title.clone(),
                held,
                status: place.status,
                holders: of.len(),
            });
        }
    }
    let mut units: Vec<UnitScore> = units.into_values().collect();
    units.sort_by_key(|one| (one.unit.is_none(), Reverse((one.held.lost(), one.held.open())), one.unit));
    let cut = Held { marks: tree.marks - leaves.marks, range: tree.range.less(leaves.range) };
    UnitScores { units, cut: cut.tidy() }
}
