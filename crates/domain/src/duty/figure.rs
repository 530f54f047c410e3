//! Figures 数据 against the targets of a duty, over time, and what they say of a target.
//!
//! Reached, not reached and unknown are three things: a target without a figure is never taken for reached, nor a unit
//! blamed for a number that nobody has measured.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    duty::{DutyUnit, task::StateKind},
    id::{CampaignId, FigureId, TargetId, TaskId, UnitId},
    ledger::Author,
    plan::{Comparator, Target, UnitRole},
};

/// The longest source, in characters.
pub const LONGEST_SOURCE: usize = 500;
/// The longest unit of measure, in characters.
pub const LONGEST_UNIT: usize = 20;

/// One figure. It is never changed: a correction is another figure that supersedes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    pub campaign: CampaignId,
    pub id: FigureId,
    pub target: TargetId,
    /// The task that it was filed with, and by it the unit whose figure it is.
    pub task: TaskId,
    /// Exact: stored as text, never through a float.
    pub value: Decimal,
    /// `%`, `处`, `起/万户` …; empty where the target has none.
    pub unit: String,
    /// Where it was taken from: a statistic, a ledger, a count on the spot.
    pub source: String,
    /// The day that it tells of, not the day on which it was filed.
    pub on: NaiveDate,
    pub by: Author,
    pub at: DateTime<Utc>,
    /// The figure that corrects it.
    pub superseded_by: Option<FigureId>,
}

/// What is wrong with a figure that is filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FigureFault {
    #[error("a figure names its source")]
    NoSource,
    #[error("the source has {0} characters; at most {LONGEST_SOURCE} are possible")]
    SourceTooLong(usize),
    #[error("the unit has {0} characters; at most {LONGEST_UNIT} are possible")]
    UnitTooLong(usize),
    #[error("{0} has not come yet")]
    Future(NaiveDate),
}

/// Why a figure can't be corrected by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FigureRefusal {
    /// Correct the newest one: a figure has one successor, so that its history is a line.
    #[error("it was corrected already, by {0}")]
    AlreadySuperseded(FigureId),
    #[error("a figure does not correct itself")]
    Itself,
    #[error("the correction is of another target or another task")]
    OfSomethingElse,
}

impl Figure {
    /// Whether figures can be filed with a task that stands there: somebody has taken it on, and it is not withdrawn.
    pub fn can_be_filed(state: StateKind) -> bool {
        !matches!(state, StateKind::Assigned | StateKind::Returned | StateKind::Withdrawn)
    }

    /// Looks a new figure over, on that day where the campaign is, and trims its words.
    ///
    /// # Errors
    /// All faults at once.
    pub fn checked(self, today: NaiveDate) -> Result<Self, Vec<FigureFault>> {
        let figure = Self { unit: self.unit.trim().into(), source: self.source.trim().into(), ..self };
        let mut faults = Vec::new();
        match figure.source.chars().count() {
            0 => faults.push(FigureFault::NoSource),
            long if long > LONGEST_SOURCE => faults.push(FigureFault::SourceTooLong(long)),
            _ => {}
        }
        let long = figure.unit.chars().count();
        if long > LONGEST_UNIT {
            faults.push(FigureFault::UnitTooLong(long));
        }
        if figure.on > today {
            faults.push(FigureFault::Future(figure.on));
        }
        if faults.is_empty() { Ok(figure) } else { Err(faults) }
    }

    /// This figure, corrected by that one.
    ///
    /// # Errors
    /// [`FigureRefusal`]; the stored figure stays what it was.
    pub fn superseded(self, by: &Self) -> Result<Self, FigureRefusal> {
        match self.superseded_by {
            Some(other) => Err(FigureRefusal::AlreadySuperseded(other)),
            None if self.id == by.id => Err(FigureRefusal::Itself),
            None if (self.target, self.task) != (by.target, by.task) => Err(FigureRefusal::OfSomethingElse),
            None => Ok(Self { superseded_by: Some(by.id), ..self }),
        }
    }
}

/// Whether a target is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reached {
    Yes,
    No,
    Unknown,
}

impl Reached {
    pub const ALL: [Self; 3] = [Self::Yes, Self::No, Self::Unknown];

    pub fn code(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reached| reached.code() == code)
    }

    /// Of several units with one target: one that does not reach it decides, then one of which nothing is known.
    pub fn together(all: impl IntoIterator<Item = Self>) -> Self {
        let all: Vec<Self> = all.into_iter().collect();
        if all.contains(&Self::No) {
            Self::No
        } else if all.is_empty() || all.contains(&Self::Unknown) {
            Self::Unknown
        } else {
            Self::Yes
        }
    }
}

/// What the figures say of a target, and by which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    pub reached: Reached,
    /// The figure that it rests on, or that has another unit of measure; None: there is none.
    pub figure: Option<FigureId>,
}

/// The figures as they stood before a moment: what was filed later is not among them, and corrects none of them yet.
pub fn as_of(figures: &[Figure], before: DateTime<Utc>) -> Vec<Figure> {
    let there = |id: FigureId| figures.iter().any(|other| other.id == id && other.at < before);
    let earlier = figures.iter().filter(|figure| figure.at < before);
    earlier
        .map(|figure| Figure {
            superseded_by: figure.superseded_by.filter(|by| there(*by)),
            ..figure.clone()
        })
        .collect()
}

/// Judges a target on a day by one unit's figures for it: the latest valid one decides.
///
/// Latest is the one that tells of the latest day up to `on`, of several of one day the one filed last. Where it is
/// measured in another unit than the target, the answer is unknown: 3 万元 and 3 元 are not compared, and no older
/// figure takes its place.
pub fn judge(target: &Target, figures: &[Figure], on: NaiveDate) -> Judgement {
    let latest = valid(figures).filter(|figure| figure.on <= on).max_by_key(|figure| order(figure));
    let reached = match latest {
        Some(figure) if same_unit(&figure.unit, &target.unit) => {
            if compares(target.comparator, figure.value, target.value) { Reached::Yes } else { Reached::No }
        }
        Some(_) | None => Reached::Unknown,
    };
    Judgement { reached, figure: latest.map(|figure| figure.id) }
}

/// What each unit's figures say of a target of a duty: of those of its units that have a task in it. `owners`: the tasks of
/// the duty that are not withdrawn, and whose they are.
pub fn of_units(
    target: &Target,
    units: &[DutyUnit],
    owners: &HashMap<TaskId, UnitId>,
    figures: &[Figure],
    on: NaiveDate,
) -> Vec<(UnitId, UnitRole, Judgement)> {
    let owing = units.iter().filter(|unit| owners.values().any(|owner| *owner == unit.unit));
    let judged = owing.map(|unit| {
        let own = figures.iter().filter(|figure| owners.get(&figure.task) == Some(&unit.unit));
        let own: Vec<Figure> = own.cloned().collect();
        (unit.unit, unit.role, judge(target, &own, on))
    });
    judged.collect()
}

/// What the units of a duty say of one target together. The lead unit's own figure is the whole's and decides alone;
/// without one, each responsible unit must reach it. Supporting units count only where there are no others.
pub fn of_whole(units: &[(UnitRole, Judgement)]) -> Reached {
    let of =
        |role: UnitRole| units.iter().filter(move |(own, _)| *own == role).map(|(_, judgement)| *judgement);
    let told = || of(UnitRole::Lead).filter(|judgement| judgement.figure.is_some());
    if told().next().is_some() {
        return Reached::together(told().map(|judgement| judgement.reached));
    }
    let counting = [UnitRole::Responsible, UnitRole::Lead, UnitRole::Support];
    let first = counting.into_iter().find(|role| of(*role).next().is_some());
    Reached::together(first.into_iter().flat_map(of).map(|judgement| judgement.reached))
}

/// The figures of a target for a chart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Series {
    /// One a day, in the order of days.
    pub points: Vec<Point>,
    /// Valid figures in other units of measure, which no axis could show.
    pub left_out: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    pub on: NaiveDate,
    pub value: Decimal,
    pub figure: FigureId,
}

/// One unit's figures in the target's unit of measure; of several of one day the one filed last.
pub fn series(target: &Target, figures: &[Figure]) -> Series {
    let (mut fitting, others): (Vec<&Figure>, Vec<&Figure>) =
        valid(figures).partition(|figure| same_unit(&figure.unit, &target.unit));
    fitting.sort_unstable_by_key(|figure| order(figure));
    let mut points: Vec<Point> = Vec::new();
    for figure in fitting {
        let point = Point { on: figure.on, value: figure.value, figure: figure.id };
        match points.last_mut().filter(|last| last.on == point.on) {
            Some(last) => *last = point,
            None => points.push(point),
        }
    }
    Series { points, left_out: others.len() }
}

fn valid(figures: &[Figure]) -> impl Iterator<Item = &Figure> {
    figures.iter().filter(|figure| figure.superseded_by.is_none())
}

fn order(figure: &Figure) -> (NaiveDate, DateTime<Utc>, FigureId) {
    (figure.on, figure.at, figure.id)
}

fn compares(comparator: Comparator, value: Decimal, wanted: Decimal) -> bool {
    match comparator {
        Comparator::AtLeast => value >= wanted,
        Comparator::AtMost => value <= wanted,
        Comparator::MoreThan => value > wanted,
        Comparator::LessThan => value < wanted,
        Comparator::Exactly => value == wanted,
    }
}

/// Equal but for blanks and full-width letters (％, ㎡ stays what it is).
fn same_unit(one: &str, other: &str) -> bool {
    let plain = |text: &str| -> String {
        let narrow = |c: char| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            other => other,
        };
        text.chars().filter(|c| !c.is_whitespace()).map(narrow).collect()
    };
    plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 6, number).expect("a day")
    }

    /// The `id`th figure filed: of that day, that value and unit.
    fn figure(id: u32, on: u32, value: &str, unit: &str) -> Figure {
        Figure {
            campaign: CampaignId(Uuid::from_u128(40)),
            id: FigureId(Uuid::from_u128(id.into())),
            target: TargetId(Uuid::from_u128(50)),
            task: TaskId(Uuid::from_u128(60)),
            value: value.parse().expect("a number"),
            unit: unit.into(),
            source: "统计月报".into(),
            on: day(on),
            by: Author::System,
            at: DateTime::from_timestamp(i64::from(id), 0).expect("a moment"),
            superseded_by: None,
        }
    }

    fn target(comparator: Comparator, value: &str, unit: &str) -> Target {
        let value = value.parse().expect("a number");
        Target { subject: "绿化覆盖率".into(), comparator, value, unit: unit.into() }
    }

    #[test]
    fn the_latest_valid_figure_decides_and_without_one_nothing_is_known() {
        use Comparator::{AtLeast, AtMost, Exactly, LessThan, MoreThan};
        use Reached::{No, Unknown, Yes};
        let corrected =
            Figure { superseded_by: Some(FigureId(Uuid::from_u128(2))), ..figure(1, 9, "50", "%") };
        let at_35 = || vec![figure(1, 5, "35.0", "%")];
        let cases = [
            (AtLeast, vec![], Unknown, None),
            (AtLeast, at_35(), Yes, Some(1)),
            (AtMost, at_35(), Yes, Some(1)),
            (Exactly, at_35(), Yes, Some(1)),
            (MoreThan, at_35(), No, Some(1)),
            (LessThan, at_35(), No, Some(1)),
            (AtLeast, vec![figure(1, 5, "34.99", "%")], No, Some(1)),
            // The day that it tells of goes before the day on which it was filed; then the one filed last.
            (AtLeast, vec![figure(1, 6, "36", "%"), figure(2, 5, "10", "%")], Yes, Some(1)),
            (AtLeast, vec![figure(1, 6, "36", "%"), figure(2, 6, "10", "%")], No, Some(2)),
            (AtLeast, vec![corrected.clone(), figure(2, 4, "10", "%")], No, Some(2)),
            (AtLeast, vec![corrected], Unknown, None),
            (AtLeast, vec![figure(1, 5, "36", "%"), figure(2, 6, "3600", "公顷")], Unknown, Some(2)),
            (AtLeast, vec![figure(1, 5, "36", "")], Unknown, Some(1)),
            (AtLeast, vec![figure(1, 5, "36", " ％")], Yes, Some(1)),
            (AtLeast, vec![figure(1, 5, "36", "%"), figure(2, 21, "1", "%")], Yes, Some(1)),
        ];
        for (comparator, figures, reached, by) in cases {
            let judgement = judge(&target(comparator, "35", "%"), &figures, day(20));
            let figure = by.map(|id| FigureId(Uuid::from_u128(id)));
            assert_eq!(judgement, Judgement { reached, figure }, "{comparator:?} {figures:?}");
        }
    }

    #[test]
    fn before_a_moment_what_came_later_neither_counts_nor_corrects() {
        let moment = |seconds| DateTime::from_timestamp(seconds, 0).expect("a moment");
        let corrected =
            Figure { superseded_by: Some(FigureId(Uuid::from_u128(2))), ..figure(1, 9, "30", "%") };
        let figures = [corrected.clone(), figure(2, 9, "36", "%")];
        let judged = |before| {
            judge(&target(Comparator::AtLeast, "35", "%"), &as_of(&figures, moment(before)), day(20))
        };
        assert_eq!(judged(1).reached, Reached::Unknown);
        assert_eq!(judged(2).reached, Reached::No, "it was not corrected yet");
        assert_eq!(judged(3).reached, Reached::Yes);
        assert_eq!(as_of(&figures, moment(3)), figures);
    }

    #[test]
    fn one_unit_that_does_not_reach_it_decides_for_all() {
        use Reached::{No, Unknown, Yes};
        let cases: &[(&[Reached], Reached)] =
            &[(&[], Unknown), (&[Yes, Yes], Yes), (&[Yes, Unknown], Unknown), (&[Unknown, No, Yes], No)];
        for (all, expected) in cases {
            assert_eq!(Reached::together(all.iter().copied()), *expected, "{all:?}");
        }
        for reached in Reached::ALL {
            assert_eq!(Reached::from_code(reached.code()), Some(reached));
        }
    }

    #[test]
    fn the_lead_units_own_figure_speaks_for_the_whole_and_without_one_each_responsible_unit_does() {
        use Reached::{No, Unknown, Yes};
        use UnitRole::{Lead, Responsible, Support};
        let told = |reached| Judgement { reached, figure: Some(FigureId(Uuid::from_u128(1))) };
        let nothing = Judgement { reached: Unknown, figure: None };
        let cases: &[(&[(UnitRole, Judgement)], Reached)] = &[
            (&[], Unknown),
            (&[(Lead, told(Yes)), (Responsible, told(No)), (Support, nothing)], Yes),
            (&[(Lead, told(Unknown)), (Responsible, told(Yes))], Unknown),
            (&[(Lead, nothing), (Responsible, told(Yes)), (Responsible, told(Yes))], Yes),
            (&[(Lead, nothing), (Responsible, told(Yes)), (Responsible, nothing)], Unknown),
            (&[(Responsible, told(No)), (Responsible, nothing), (Support, told(Yes))], No),
            (&[(Responsible, told(Yes)), (Support, told(No))], Yes),
            (&[(Support, told(Yes)), (Support, told(Yes))], Yes),
            (&[(Lead, nothing)], Unknown),
        ];
        for (units, expected) in cases {
            assert_eq!(of_whole(units), *expected, "{units:?}");
        }
    }

    #[test]
    fn a_series_has_one_point_a_day_and_says_what_it_leaves_out() {
        let superseded =
            Figure { superseded_by: Some(FigureId(Uuid::from_u128(9))), ..figure(8, 3, "1", "%") };
        let figures = [
            figure(4, 9, "36", "％"),
            figure(1, 2, "30", "%"),
            figure(3, 2, "31", "%"),
            figure(5, 4, "12", "公顷"),
            superseded,
        ];
        let series = series(&target(Comparator::AtLeast, "35", "%"), &figures);
        let points: Vec<(u32, String)> = series
            .points
            .iter()
            .map(|point| (chrono::Datelike::day(&point.on), point.value.to_string()))
            .collect();
        assert_eq!(points, [(2, "31".to_owned()), (9, "36".to_owned())]);
        assert_eq!(series.left_out, 1);
    }

    #[test]
    fn all_faults_of_a_figure_are_named_at_once() {
        let bad = Figure { source: " ".into(), unit: "长".repeat(21), ..figure(1, 21, "1", "") };
        assert_eq!(
            bad.checked(day(20)),
            Err(vec![FigureFault::NoSource, FigureFault::UnitTooLong(21), FigureFault::Future(day(21))])
        );
        let long = Figure { source: "长".repeat(501), ..figure(1, 20, "1", "") };
        assert_eq!(long.checked(day(20)), Err(vec![FigureFault::SourceTooLong(501)]));
        let fine = Figure { source: " 年鉴 ".into(), ..figure(1, 20, "1", " 处") }.checked(day(20));
        assert_eq!(fine.map(|figure| (figure.source, figure.unit)), Ok(("年鉴".into(), "处".into())));
    }

    #[test]
    fn a_figure_is_corrected_once_by_another_of_the_same_thing() {
        let (first, second, third) = (figure(1, 5, "3", ""), figure(2, 5, "4", ""), figure(3, 5, "5", ""));
        let corrected = first.clone().superseded(&second).expect("is corrected");
        assert_eq!(corrected.superseded_by, Some(second.id));
        assert_eq!(corrected.superseded(&third), Err(FigureRefusal::AlreadySuperseded(second.id)));
        assert_eq!(first.clone().superseded(&first), Err(FigureRefusal::Itself));
        let other = Figure { task: TaskId(Uuid::from_u128(61)), ..second };
        assert_eq!(first.superseded(&other), Err(FigureRefusal::OfSomethingElse));
    }

    #[test]
    fn a_value_is_stored_without_losing_a_digit() {
        let exact = figure(1, 5, "1234567890123456789.123456789", "元");
        let json = serde_json::to_string(&exact).expect("json");
        assert_eq!(serde_json::from_str::<Figure>(&json).expect("a figure"), exact);
    }
}
