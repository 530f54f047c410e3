//! Counters from which a score is worked out without reading what was observed: how many places stand how.
//!
//! They are kept apart by month, because a measure may take only what is young enough. Of the month in which such a
//! measure's window begins, and of no other, what was observed has to be looked at one by one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    Book,
    book::counts_of,
    fact::{Fact, Found},
};
use crate::standard::ItemKind;

/// The observations among which the newest of a place is looked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// All of them.
    Any,
    /// Those of one round, or those of none.
    Round(Option<String>),
}

impl Scope {
    /// As it is kept: `*`, `=`, `=round`.
    pub fn code(&self) -> String {
        match self {
            Self::Any => "*".to_owned(),
            Self::Round(round) => format!("={}", round.as_deref().unwrap_or_default()),
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        match code.split_at_checked(1)? {
            ("*", "") => Some(Self::Any),
            ("=", "") => Some(Self::Round(None)),
            ("=", round) => Some(Self::Round(Some(round.to_owned()))),
            _ => None,
        }
    }
}

/// What is counted: places that stand alike, or answers that are alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountKey {
    /// The criterion, or the question.
    pub about: String,
    pub scope: Scope,
    /// `2026-03`, in UTC.
    pub month: String,
    pub outcome: Outcome,
}

/// How a place stands, or what was answered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// What a visit found.
    Found {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        verdict: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<Decimal>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        metres: Option<Decimal>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        absent: bool,
    },
    /// An option that somebody of a population group chose.
    Answered {
        option: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<String>,
    },
}

/// When it was observed, as exactly as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When<'a> {
    /// Some time in a month in which no window begins ([`Book::edges`]).
    In(&'a str),
    At(DateTime<Utc>),
}

/// The month of a moment, as counters are kept apart by it.
pub fn month_of(at: DateTime<Utc>) -> String {
    at.format("%Y-%m").to_string()
}

impl Fact {
    /// What it adds to the counters, where it is of a kind that is counted: how often each outcome.
    pub fn outcomes(&self) -> Vec<(Outcome, u32)> {
        match self {
            Self::Visit { verdict, number, metres, absent, .. } => {
                let (verdict, absent) = (verdict.clone(), *absent);
                vec![(Outcome::Found { verdict, number: *number, metres: *metres, absent }, 1)]
            }
            Self::Answers { options, group, .. } => {
                let each = options.iter().filter(|(_, times)| **times > 0);
                let outcome = |(option, times): (&String, &u32)| {
                    (Outcome::Answered { option: option.clone(), group: group.clone() }, *times)
                };
                each.map(outcome).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Book<'_> {
    /// The months in which the window of some measure begins. Of these, what was observed is counted one by one.
    pub fn edges(&self) -> BTreeSet<String> {
        let mut months = BTreeSet::new();
        for (leaf, own) in self.whole.leaves.iter().enumerate() {
            for measure in 0..own.measures.len() {
                months.extend(self.since(self.window(leaf, measure)).map(month_of));
            }
        }
        months
    }

    /// Counts so many visits' places, or answers, that are alike. It stands for the observations themselves: nothing may be
    /// counted in both ways.
    pub fn count(&mut self, about: &str, scope: &Scope, when: When<'_>, outcome: &Outcome, times: u64) {
        let whole = self.whole;
        let Some(item) = whole.item(about) else { return };
        let kind = &whole.items[item].kind;
        for (leaf, measure, place) in self.fed[item].clone() {
            self.grades[leaf] = None;
            let window = self.window(leaf, measure);
            let young = self.since(window).is_none_or(|since| match when {
                When::In(month) => month > month_of(since).as_str(),
                When::At(at) => at > since,
            });
            let of_round = *scope == Scope::Round(self.round.clone());
            match (kind, outcome) {
                (ItemKind::Question { counts, enough }, Outcome::Answered { option, group }) => {
                    let asked = self.asks(leaf, measure, group.as_deref());
                    if young && asked && (of_round || !window.this_round) {
                        let counts = counts.get(option).copied().unwrap_or_default();
                        let tally = &mut self.tallies[leaf][measure][place];
                        tally.known += times;
                        tally.sum += counts * Decimal::from(times);
                        tally.all = tally.known.max(u64::from(*enough));
                    }
                }
                (ItemKind::Criterion { .. }, Outcome::Found { verdict, number, metres, absent }) => {
                    let counted = if window.this_round { of_round } else { *scope == Scope::Any };
                    let found = Found {
                        verdict: verdict.as_deref(),
                        number: *number,
                        metres: *metres,
                        absent: *absent,
                    };
                    if young
                        && counted
                        && let Some(counts) = counts_of(kind, Some(found))
                    {
                        let times = i64::try_from(times).unwrap_or(i64::MAX);
                        self.tallies[leaf][measure][place].count(counts, false, times);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Counters, each with how much there is of it.
pub type Counters = BTreeMap<CountKey, i64>;
