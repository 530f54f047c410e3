//! Series of figures: a statistic of the whole place or of one unit, period by period, as somebody types or pastes it.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{KeptObservation, Period};
use crate::{
    id::{ObservationId, UnitId},
    standard::{Versus, formula::Formula, unworkable},
};

/// Whose figures of what: of a unit, or of the whole place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Series {
    pub statistic: String,
    pub unit: Option<UnitId>,
}

/// A figure as somebody typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    pub series: Series,
    pub period: Period,
    /// Blank: it says nothing of this period, and what stands stays.
    pub text: String,
    /// What it rests on.
    pub source: String,
}

/// A figure that stands in a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stands {
    pub id: ObservationId,
    pub value: Decimal,
}

/// What stands where, of figures that nothing has superseded.
pub type Standing = HashMap<(Series, Period), Stands>;

/// A figure that is to be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Its number among those that were typed.
    pub at: usize,
    pub value: Decimal,
    /// What it supersedes.
    pub before: Option<Stands>,
}

/// What is wrong with something that was typed, and with which part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// No standard of the campaign asks for this statistic.
    UnknownStatistic,
    NoNumber,
    /// So large, or with so many places, that nothing is worked out from it.
    Unworkable {
        zh: String,
        en: String,
    },
    /// The period has not begun.
    NotYet,
    /// The same figure was typed before, under this number.
    Twice {
        first: usize,
    },
    NoSource,
    /// The source is longer than [`KeptObservation::LONGEST`] allows.
    LongSource,
}

/// A number as people write it: `1,234.5`, `８４．９`, and `84.9%` where the statistic is measured in `%`. None: it is none.
pub fn read_number(text: &str, measured_in: Option<&str>) -> Option<Decimal> {
    let half = |sign: char| match sign {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign),
        other => other,
    };
    let plain: String = text.chars().map(half).filter(|sign| !sign.is_whitespace()).collect();
    let plain = measured_in.and_then(|unit| plain.strip_suffix(unit)).unwrap_or(&plain);
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", plain),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let groups: Vec<&str> = whole.split(',').collect();
    // Commas stand before three digits each, or nowhere: 1,5 is no fifteen.
    let grouped = match groups.split_first() {
        Some((first, rest)) if !rest.is_empty() => {
            (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3)
        }
        _ => true,
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !grouped || !digits(fraction) || !digits(&groups.concat()) {
        return None;
    }
    Decimal::from_str_exact(&format!("{sign}{}.{fraction}", groups.concat()))
        .ok()
        .map(|number| number.normalize())
}

/// What was typed, compared with what stands: what is the same is no change, what differs supersedes.
///
/// `asked`: the statistics that standards ask for, with what each is measured in.
///
/// # Errors
/// All that is wrong, with the number of what it is wrong with.
pub fn compare(
    typed: &[Typed],
    asked: &BTreeMap<&str, Option<&str>>,
    standing: &Standing,
    today: NaiveDate,
) -> Result<Vec<Change>, Vec<(usize, Why)>> {
    let (mut changes, mut faults) = (Vec::new(), Vec::new());
    let mut first: HashMap<(&Series, Period), usize> = HashMap::new();
    for (at, one) in typed.iter().enumerate().filter(|(_, one)| !one.text.trim().is_empty()) {
        let Some(measured_in) = asked.get(one.series.statistic.as_str()) else {
            faults.push((at, Why::UnknownStatistic));
            continue;
        };
        if let Some(first) = first.insert((&one.series, one.period), at) {
            faults.push((at, Why::Twice { first }));
            continue;
        }
        let Some(value) = read_number(&one.text, *measured_in) else {
            faults.push((at, Why::NoNumber));
            continue;
        };
        if let Some((zh, en)) = unworkable(value) {
            faults.push((at, Why::Unworkable { zh, en }));
            continue;
        }
        let before = standing.get(&(one.series.clone(), one.period)).copied();
        if before.is_some_and(|stands| stands.value == value) {
            continue;
        }
        if one.period.first_day() > today {
            faults.push((at, Why::NotYet));
        }
        let source = one.source.trim();
        if source.is_empty() {
            faults.push((at, Why::NoSource));
        } else if source.chars().count() > KeptObservation::LONGEST.0 {
            faults.push((at, Why::LongSource));
        }
        changes.push(Change { at, value, before });
    }
    if faults.is_empty() { Ok(changes) } else { Err(faults) }
}

/// Decimal places of a figure that a formula comes to; what a leaf scores is worked out from the unrounded one.
const PLACES: u32 = 4;

/// What a formula comes to in each of these periods, from the figures of that period alone; a period in which one of them is
/// not known, or in which it divides by nothing, has none.
pub fn worked_out(
    formula: &Formula,
    periods: &[Period],
    known: impl Fn(&str, Period) -> Option<Decimal>,
) -> Vec<(Period, Decimal)> {
    let of = |period: &Period| {
        let value = formula.evaluate(&|name: &str| known(name, *period)).ok()?;
        Some((*period, value.round_dp(PLACES).normalize()))
    };
    periods.iter().filter_map(of).collect()
}

/// A figure beside the one that it is compared with, as the city's mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beside {
    pub period: Period,
    pub value: Decimal,
    pub with: Decimal,
}

impl Beside {
    pub fn versus(&self) -> Versus {
        Versus::of(self.value, self.with)
    }
}

/// A statistic beside another one in each of these periods in which both are known.
pub fn beside(
    (statistic, with): (&str, &str),
    periods: &[Period],
    known: impl Fn(&str, Period) -> Option<Decimal>,
) -> Vec<Beside> {
    let of = |period: &Period| {
        let (value, with) = (known(statistic, *period)?, known(with, *period)?);
        Some(Beside { period: *period, value, with })
    };
    periods.iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn typed(statistic: &str, period: &str, text: &str) -> Typed {
        Typed {
            series: Series { statistic: statistic.to_owned(), unit: None },
            period: period.parse().expect("a period"),
            text: text.to_owned(),
            source: "月报".to_owned(),
        }
    }

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 6, 15).expect("a day")
    }

    fn number(text: &str) -> Decimal {
        text.parse().expect("a number")
    }

    #[test]
    fn numbers_are_read_as_people_write_them_and_what_could_be_two_is_none() {
        for (text, measured_in, value) in [
            ("84.90", None, "84.9"),
            (" 1,234.5 ", None, "1234.5"),
            ("-12,345,678", None, "-12345678"),
            ("８４．９％", Some("%"), "84.9"),
            ("36.5 平方米", Some("平方米"), "36.5"),
            ("0", None, "0"),
        ] {
            assert_eq!(read_number(text, measured_in), Some(number(value)), "{text}");
        }
        for (text, measured_in) in [
            ("", None),
            ("约84", None),
            ("84.9%", Some("元")),
            ("1,5", None),
            ("12,34,567", None),
            ("1.2.3", None),
            (".5", None),
            ("5.", None),
            ("1e3", None),
            ("--1", None),
        ] {
            assert_eq!(read_number(text, measured_in), None, "{text}");
        }
    }

    #[test]
    fn what_stands_already_is_no_change_and_what_differs_supersedes_it() {
        let asked = BTreeMap::from([("air", Some("%"))]);
        let id = ObservationId(Uuid::from_u128(1));
        let stands = Stands { id, value: number("84.90") };
        let key = |period: &str| {
            (Series { statistic: "air".to_owned(), unit: None }, period.parse::<Period>().expect("a period"))
        };
        let standing = HashMap::from([(key("2026-03"), stands), (key("2026-04"), stands)]);
        let given = [
            typed("air", "2026-03", "84.9%"),
            typed("air", "2026-04", "85"),
            typed("air", "2026-05", "86.1"),
            typed("air", "2026-07", " "),
            typed("unheard", "2026-05", ""),
        ];
        let changes = compare(&given, &asked, &standing, today()).expect("no faults");
        let expected = [
            Change { at: 1, value: number("85"), before: Some(stands) },
            Change { at: 2, value: number("86.1"), before: None },
        ];
        assert_eq!(changes, expected);
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let asked = BTreeMap::from([("air", Some("%"))]);
        let unsaid = Typed { source: " ".to_owned(), ..typed("air", "2026-02", "80") };
        let long = Typed { source: "源".repeat(501), ..typed("air", "2026-01", "80") };
        let given = [
            typed("rain", "2026-05", "1"),
            typed("air", "2026-05", "很好"),
            typed("air", "2026-05", "86"),
            typed("air", "2026-07", "86"),
            typed("air", "2026-04", "0.123456789"),
            unsaid,
            long,
        ];
        let faults = compare(&given, &asked, &Standing::new(), today()).expect_err("faults");
        let (zh, en) = unworkable(number("0.123456789")).expect("too many places");
        let expected = [
            (0, Why::UnknownStatistic),
            (1, Why::NoNumber),
            (2, Why::Twice { first: 1 }),
            (3, Why::NotYet),
            (4, Why::Unworkable { zh, en }),
            (5, Why::NoSource),
            (6, Why::LongSource),
        ];
        assert_eq!(faults, expected);
    }

    #[test]
    fn a_formula_is_worked_out_where_all_that_it_needs_is_known_and_has_an_answer() {
        let formula = Formula::parse("cases * 10000 / households").expect("a formula");
        let periods: Vec<Period> =
            ["2026-01", "2026-02", "2026-03", "2026-04"].map(|text| text.parse().expect("a period")).to_vec();
        let known = |name: &str, period: Period| match (name, period.to_string().as_str()) {
            ("cases", "2026-04") => None,
            ("cases", _) => Some(number("7")),
            ("households", "2026-02") => Some(number("0")),
            ("households", "2026-03") => Some(number("30000")),
            _ => Some(number("35000")),
        };
        let expected = vec![(periods[0], number("2")), (periods[2], number("2.3333"))];
        assert_eq!(worked_out(&formula, &periods, known), expected);
    }

    #[test]
    fn a_statistic_stands_beside_another_where_both_are_known() {
        let periods: Vec<Period> =
            ["2023", "2024", "2025", "2026"].map(|text| text.parse().expect("a period")).to_vec();
        let known = |name: &str, period: Period| match (name, period.to_string().as_str()) {
            (_, "2026") => None,
            ("income", "2025") => Some(number("30100")),
            ("income", "2024") => Some(number("29000.0")),
            ("income", _) => Some(number("28000")),
            (_, "2023") => Some(number("28001")),
            _ => Some(number("29000")),
        };
        let seen = beside(("income", "mean"), &periods, known);
        let seen: Vec<(Period, Versus)> = seen.iter().map(|one| (one.period, one.versus())).collect();
        assert_eq!(
            seen,
            [(periods[0], Versus::Below), (periods[1], Versus::Equal), (periods[2], Versus::Above)]
        );
    }
}
