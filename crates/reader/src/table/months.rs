//! Columns of months: 1月 2月 3月 …, where a mark in a cell says when something is done.

use chengjing_domain::plan::{PlanDate, Recurrence};

use super::{
    header::{Column, column_of},
    rows::Cell,
};
use crate::{
    chars::{ends_with, starts_at},
    dates::{Says, mentions},
};

/// The heads of a row whose cells stand beside each other: as each names a column, and months where two or more of them
/// follow each other.
pub(super) fn columns_of(text: &[char], cells: &[Cell]) -> Vec<Option<Column>> {
    let mut columns: Vec<Option<Column>> =
        cells.iter().map(|&(from, to)| column_of(&text[from..to])).collect();
    let months: Vec<Option<(u8, u8)>> = cells.iter().map(|&(from, to)| months(&text[from..to])).collect();
    let follows = |pair: &[Option<(u8, u8)>]| matches!(pair, [Some(a), Some(b)] if a.1 < b.0);
    if months.windows(2).any(follows) {
        for (column, months) in columns.iter_mut().zip(months) {
            *column = column.or(months.map(|(first, last)| Column::Months(first, last)));
        }
    }
    columns
}

/// 3月, 三月份, 2026年3月, 第一季度, 下半年: the months that a head names, if it names nothing else.
fn months(head: &[char]) -> Option<(u8, u8)> {
    if head.is_empty() || head.len() > 10 {
        return None;
    }
    let found = mentions(head);
    let [mention] = found.as_slice() else { return None };
    if mention.at != 0 || mention.end != head.len() {
        return None;
    }
    let month = |date: PlanDate| date.month().and_then(|month| u8::try_from(month).ok());
    match mention.says {
        Says::At(date) if date.day().is_none() => {
            let last = month(date)?;
            let span = if ends_with(head, "季度") {
                2
            } else if ends_with(head, "半年") {
                5
            } else {
                0
            };
            Some((last.saturating_sub(span).max(1), last))
        }
        Says::Stretch(Some(from), Some(to)) if from.day().is_none() && to.day().is_none() => {
            Some((month(from)?, month(to)?))
        }
        _ => None,
    }
}

/// What the marks of a row say.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Marked {
    pub(super) start: Option<PlanDate>,
    pub(super) due: Option<PlanDate>,
    pub(super) recurrence: Option<Recurrence>,
}

/// Months one after the other are a stretch of time, every month or every third is a rhythm, and of months that stand apart
/// the last is the deadline.
pub(super) fn marked(text: &[char], columns: &[Option<Column>], row: &[Option<Cell>]) -> Marked {
    let all = columns.iter().filter(|column| matches!(column, Some(Column::Months(..)))).count();
    let hit: Vec<(u8, u8)> = columns
        .iter()
        .zip(row)
        .filter_map(|(column, cell)| match (column, cell) {
            (Some(Column::Months(first, last)), Some((from, to))) if says_yes(&text[*from..*to]) => {
                Some((*first, *last))
            }
            _ => None,
        })
        .collect();
    let (Some(&(first, first_end)), Some(&(_, last))) = (hit.first(), hit.last()) else {
        return Marked::default();
    };
    let month = |month: u8| PlanDate::new(None, Some(u32::from(month)), None);
    let steps: Vec<u8> = hit.windows(2).map(|pair| pair[1].0.saturating_sub(pair[0].0)).collect();
    if all >= 4 && hit.len() == all {
        let recurrence =
            if first == first_end { Some(Recurrence::Monthly) } else { Some(Recurrence::Quarterly) };
        return Marked { recurrence, ..Marked::default() };
    }
    if hit.len() >= 4 && steps.iter().all(|&step| step == 3) {
        return Marked { recurrence: Some(Recurrence::Quarterly), ..Marked::default() };
    }
    let joined = hit.windows(2).all(|pair| pair[1].0 == pair[0].1 + 1);
    Marked { start: month(first).filter(|_| joined && hit.len() > 1), due: month(last), recurrence: None }
}

/// √, ●, 是: a mark; an empty cell, a dash and 否 are none.
fn says_yes(cell: &[char]) -> bool {
    !cell.is_empty()
        && !cell.iter().all(|c| matches!(c, '—' | '-' | '–' | '/' | '×' | '0' | ' '))
        && !starts_at(cell, 0, "否")
        && !starts_at(cell, 0, "无")
}
