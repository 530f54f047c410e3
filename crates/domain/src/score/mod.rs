//! What a standard and the observations up to a moment come to: the score 得分, with every lost mark's address.
//!
//! A pure function. Leaves of which nothing is known are neither zero nor full: every place carries what it has at least
//! (`low`), what it can still have (`high`) and what it has by the standard's own rules for what is known (`value`).
//! All arithmetic is in decimals; the only rounding is that of a division (twelve places) and the standard's own.

mod book;
mod card;
mod compare;
mod count;
mod day;
mod explain;
mod fact;
mod figures;
mod grade;
mod leaf;
mod unit;

pub use book::Book;
pub use card::{GateState, Line, PlaceScore, Said, Scorecard, Status, What};
pub use compare::{Comparison, LineRow, PlaceRow, PlaceSide, Reason, compare};
pub use count::{CountKey, Counters, Outcome, Scope, When, month_of};
pub use day::DayScore;
pub use explain::{Cause, Loss};
pub use fact::{Fact, FactKind, Facts, Fit, Observation, Site, Total};
pub use grade::Range;
pub use leaf::MeasureScore;
pub use unit::{Held, HeldLeaf, UnitScore, UnitScores, by_unit};
