//! Burden 负担: how much a campaign asks of its units and their people, so that its office sees who is asked too much.
//!
//! A unit's people see what is their units'; who runs, leads or audits the campaign sees all.

pub mod list;
pub mod look_up;

use chengjing_domain::{burden::Load, publication::Week};
use chrono::{DateTime, Utc};

use crate::duty::Names;

/// How many weeks are told together, the one that is asked for last.
const WEEKS: usize = 8;

/// What somebody is called, with what they had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Burdened<T> {
    pub of: T,
    pub name: String,
    pub load: Load,
}

/// A week with what there was in it.
pub type InWeek = (Week, Load);

/// The week of a moment where the campaigns are.
fn week_of(now: DateTime<Utc>) -> Week {
    Week::of(chengjing_domain::clock::day_of(now))
}

/// The weeks that end with that one, the earliest first.
fn weeks_up_to(week: Week) -> Vec<Week> {
    let mut weeks = vec![week];
    while weeks.len() < WEEKS {
        let Some(before) = weeks.last().and_then(|last| last.monday().pred_opt()) else { break };
        weeks.push(Week::of(before));
    }
    weeks.reverse();
    weeks
}

/// Who was asked most first; of those alike who it cost most, then by name.
fn sort<T>(all: &mut [Burdened<T>]) {
    all.sort_by(|one, other| {
        let key = |of: &Burdened<T>| (of.load.asked(), of.load.minutes());
        key(other).cmp(&key(one)).then_with(|| one.name.cmp(&other.name))
    });
}

fn called(names: &Names, unit: chengjing_domain::id::UnitId) -> String {
    names.unit(unit).name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_weeks_end_with_the_one_that_is_asked_for() {
        let week = Week::of("2026-01-07".parse().expect("a day"));
        let weeks = weeks_up_to(week);
        assert_eq!((weeks.len(), weeks[7]), (8, week));
        assert!(weeks.windows(2).all(|pair| pair[0].next() == pair[1]), "{weeks:?}");
    }

    #[test]
    fn who_is_asked_most_comes_first() {
        let one = |name: &str, requests, files| Burdened {
            of: (),
            name: name.to_owned(),
            load: Load { requests, files, ..Load::default() },
        };
        let mut all = [one("乙", 1, 0), one("甲", 1, 0), one("丙", 1, 9), one("丁", 2, 0)];
        sort(&mut all);
        assert_eq!(all.map(|one| one.name), ["丁", "丙", "乙", "甲"]);
    }
}
