//! The weekly bulletin 工作进度周报: how a campaign's tasks stood in a week, unit by unit.
//!
//! It is put together once, and frozen: whoever prints it later, or prints it again, gets the same figures.

use std::cmp::{Ordering, Reverse};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::Week;
use crate::id::{BulletinId, CampaignId, UserId};

/// A bulletin as it was frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bulletin {
    pub campaign: CampaignId,
    pub id: BulletinId,
    pub week: Week,
    /// 第N期: from 1 within the campaign.
    pub number: i32,
    /// The day on which it was put together: what is late was late then.
    pub as_of: NaiveDate,
    pub made_by: UserId,
    pub made_at: DateTime<Utc>,
    pub content: Content,
    pub version: i64,
}

/// What stands in it, in words and figures of that day. A stored format.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Each unit that owes something, the best first.
    pub units: Vec<UnitLine>,
    pub late: Lines,
    /// Sent back and not reported anew.
    pub sent_back: Lines,
    /// Due in the week after.
    pub due_next: Lines,
    /// Targets that the week's figures reached. Left out where there are none, so that the seals of bulletins from before
    /// these were told still hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reached: Vec<TargetLine>,
}

/// A target that was reached, as a bulletin tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetLine {
    /// The duty's title.
    pub task: String,
    /// What is to be reached, in words: 停车泊位 ≥ 600个.
    pub target: String,
    /// The figure that reached it, with its unit of measure.
    pub value: String,
    pub on: NaiveDate,
    /// Whose figure it is.
    pub unit: String,
}

/// Some tasks, and how many there are beyond those that are told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    pub items: Vec<TaskLine>,
    pub more: u64,
}

/// So many tasks of a kind are told one by one: a bulletin is read by people.
pub const MOST_LINES: usize = 200;

/// A task as a bulletin tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskLine {
    pub unit: String,
    /// The duty's title.
    pub task: String,
    pub due_on: Option<NaiveDate>,
    /// Why it was sent back.
    pub reason: Option<String>,
}

/// How one unit stands, and what was done in the week.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitLine {
    pub unit: String,
    /// Units that stand equally share the better place.
    pub rank: u32,
    /// All tasks that it owes or owed.
    pub total: u64,
    pub confirmed: u64,
    /// Reported and not decided.
    pub waiting: u64,
    pub late: u64,
    pub missed: u64,
    pub due_next: u64,
    /// In the week: reports, confirmations, reports sent back, extensions granted.
    pub week: WeekDone,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekDone {
    pub reported: u64,
    pub confirmed: u64,
    pub sent_back: u64,
    pub extended: u64,
}

impl UnitLine {
    /// Tasks confirmed of all, in whole percent, rounded down: 100 only where nothing is left.
    pub fn percent(&self) -> u64 {
        (self.confirmed * 100).checked_div(self.total).unwrap_or(0)
    }

    fn overdue(&self) -> u64 {
        self.late + self.missed
    }

    /// By the share that was confirmed, then by what is overdue. Shares are compared exactly, not as they are printed.
    fn compare(&self, other: &Self) -> Ordering {
        let share = |one: &Self, two: &Self| u128::from(one.confirmed) * u128::from(two.total.max(1));
        share(other, self).cmp(&share(self, other)).then(self.overdue().cmp(&other.overdue()))
    }
}

/// Puts the units in order and gives each its place.
pub fn rank(units: &mut [UnitLine]) {
    units.sort_by(|one, other| one.compare(other).then_with(|| one.unit.cmp(&other.unit)));
    for index in 0..units.len() {
        let place = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let equal = index.checked_sub(1).filter(|before| units[*before].compare(&units[index]).is_eq());
        units[index].rank = equal.map_or(place, |before| units[before].rank);
    }
}

impl Content {
    /// The figures of all units together.
    pub fn total(&self) -> UnitLine {
        let mut sum = UnitLine::default();
        for unit in &self.units {
            sum.total += unit.total;
            sum.confirmed += unit.confirmed;
            sum.waiting += unit.waiting;
            sum.late += unit.late;
            sum.missed += unit.missed;
            sum.due_next += unit.due_next;
            sum.week.reported += unit.week.reported;
            sum.week.confirmed += unit.week.confirmed;
            sum.week.sent_back += unit.week.sent_back;
            sum.week.extended += unit.week.extended;
        }
        sum
    }

    /// The units with something overdue, the one with the most first.
    pub fn overdue(&self) -> Vec<&UnitLine> {
        let mut units: Vec<&UnitLine> = self.units.iter().filter(|unit| unit.overdue() > 0).collect();
        units.sort_by_key(|unit| (Reverse(unit.overdue()), unit.rank));
        units
    }
}

/// Why a week can't be frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrongWeek {
    NotBegun,
    /// What was late then is not known any more.
    Over,
}

/// Whether a bulletin of that week can be put together on that day: of the week that runs, and of the one before it.
///
/// # Errors
/// [`WrongWeek`] for all others.
pub fn may_freeze(week: Week, today: NaiveDate) -> Result<(), WrongWeek> {
    let running = Week::of(today);
    if week > running {
        Err(WrongWeek::NotBegun)
    } else if week.next() < running {
        Err(WrongWeek::Over)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(unit: &str, total: u64, confirmed: u64, late: u64) -> UnitLine {
        UnitLine { unit: unit.to_owned(), total, confirmed, late, ..UnitLine::default() }
    }

    #[test]
    fn units_are_ranked_by_their_share_and_then_by_what_is_overdue() {
        let mut units = [
            line("县住建局", 10, 5, 3),
            line("县教育局", 4, 4, 0),
            line("县城管局", 10, 5, 1),
            line("城关镇", 20, 10, 1),
            line("县公安局", 3, 1, 0),
            line("县民政局", 0, 0, 0),
        ];
        rank(&mut units);
        let places: Vec<(&str, u32)> = units.iter().map(|unit| (unit.unit.as_str(), unit.rank)).collect();
        let expected = [
            ("县教育局", 1),
            ("县城管局", 2),
            ("城关镇", 2),
            ("县住建局", 4),
            ("县公安局", 5),
            ("县民政局", 6),
        ];
        let sorted = |places: &[(&str, u32)]| {
            let mut places: Vec<(u32, String)> =
                places.iter().map(|(unit, rank)| (*rank, (*unit).to_owned())).collect();
            places.sort();
            places
        };
        assert_eq!(sorted(&places), sorted(&expected));
    }

    #[test]
    fn only_the_running_week_and_the_one_before_it_can_be_frozen() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let today = day("2026-07-08");
        let cases = [
            ("2026-07-13", Err(WrongWeek::NotBegun)),
            ("2026-07-06", Ok(())),
            ("2026-06-29", Ok(())),
            ("2026-06-22", Err(WrongWeek::Over)),
        ];
        for (monday, expected) in cases {
            assert_eq!(may_freeze(Week::of(day(monday)), today), expected, "{monday}");
        }
    }

    proptest! {
        #[test]
        fn ranking_loses_nobody_and_never_puts_a_worse_unit_first(
            figures in prop::collection::vec((0_u64..50, 0_u64..50, 0_u64..5), 0..20)
        ) {
            let mut units: Vec<UnitLine> = figures
                .iter()
                .enumerate()
                .map(|(index, (more, confirmed, late))| line(&index.to_string(), confirmed + more, *confirmed, *late))
                .collect();
            rank(&mut units);
            prop_assert_eq!(units.len(), figures.len());
            for (index, pair) in units.windows(2).enumerate() {
                prop_assert!(pair[0].compare(&pair[1]).is_le());
                let shared = pair[0].rank == pair[1].rank;
                prop_assert_eq!(shared, pair[0].compare(&pair[1]).is_eq());
                prop_assert!(shared || pair[1].rank as usize == index + 2);
            }
        }
    }
}
