//! The assessment standard 测评体系 as data: what is asked, how it is measured, how it is graded, what it is worth.
//!
//! Whatever differs from place to place and year to year stands in the standard's file, never in code. A file of
//! standards or catalogues is checked as a whole ([`Whole::of`]), and what passed is a [`Whole`] that can be scored.

pub mod assessed;
mod catalogue;
mod check;
pub mod comparison;
pub mod edition;
pub mod formula;
pub mod from_plan;
mod gaps;
pub mod grading;
pub mod owner;
pub mod owner_sheet;
pub mod plain;
mod rule;
pub mod sheet;
mod tree;
mod whole;

pub use catalogue::{
    Absent, Asked, Catalogue, CatalogueFile, Criterion, Exception, Filing, FilingKind, Proof, Question,
    Quota, Requirement, SiteType, Statistic,
};
pub(crate) use check::unworkable;
pub use check::{Fault, check_catalogue, check_circles, check_twins};
pub use gaps::Gaps;
pub use grading::{Grading, Scale, Step, Versus};
pub use rule::{
    Bonus, Contribution, Gate, Honour, NegativeEntry, Of, Rounding, RoundingAt, RoundingMode, Sampling,
    Sanction, Unknown, Window,
};
pub use tree::{Average, Combine, Measure, Method, Node};
pub use whole::{Input, Item, ItemKind, Leaf, Place, Taken, Whole, used};

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An assessment standard of one edition. A published one is never changed: what changes is another edition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Standard {
    /// The same in all editions: small letters, digits and `-`.
    pub id: String,
    /// Which edition, such as `2026`.
    pub edition: String,
    pub title: String,
    /// Where its figures come from, and whatever its readers should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// The marks of the whole, such as 100; children add up to it.
    pub marks: Decimal,
    /// What the levels of the tree are called, from the top: 测评项目, 测评内容, 测评标准.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<String>,
    /// Why the parts at the top do not add up to `marks`; with a reason the total is cut at `marks`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capped: Option<String>,
    /// Catalogues that it shares with other standards, so that one fact counts in all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<Uses>,
    /// What is its own: site types, material requirements, questions, statistics.
    #[serde(default, skip_serializing_if = "Catalogue::is_empty")]
    pub catalogue: Catalogue,
    pub tree: Vec<Node>,
    /// What a leaf counts of which nothing is known.
    #[serde(default)]
    pub unknown: Unknown,
    /// How old an observation may be, where a measure does not say so itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    #[serde(default)]
    pub rounding: Rounding,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sampling: Vec<Sampling>,
    /// Below them the city may not apply.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<Gate>,
    /// 负面清单.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub negative_list: Vec<NegativeEntry>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bonus: Option<Bonus>,
    /// Other standards whose total counts in this one's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contributions: Vec<Contribution>,
}

/// A catalogue that a standard takes its site types, requirements, questions and statistics from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Uses {
    pub catalogue: String,
    pub edition: String,
}
