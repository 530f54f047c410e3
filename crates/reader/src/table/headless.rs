//! Tables that lost their heads, or whose heads no list has: what stands in a column says what it is.

use chengjing_domain::plan::UnitRole::{Responsible, Support};

use super::{
    header::Column,
    rows::{Cell, number_of},
};
use crate::{
    chars::{is_colon, is_han, skip_blanks, trim},
    dates,
    outline::numbering::{Style, marker_at},
    recurrence::recurrence,
    rules::{
        markers::{self, Field},
        units,
    },
};

/// The columns of rows without heads, and how many of the first rows are heads after all. None where the rows are no table
/// of duties: one column has to say what is to be done, another who does it or until when.
pub(super) fn columns(text: &[char], rows: &[Vec<Cell>]) -> Option<(Vec<Option<Column>>, usize)> {
    let width = rows.first()?.len();
    if !(3..=8).contains(&width) || rows.iter().any(|row| row.len() != width) {
        return None;
    }
    let counted =
        |row: &[Cell]| row.iter().take(2).position(|&(from, to)| number_of(&text[from..to]).is_some());
    // a first row that does not count, where all others do, holds heads
    let heads = usize::from(
        rows.len() > 2 && counted(&rows[0]).is_none() && rows[1..].iter().all(|row| counted(row).is_some()),
    );
    let rows = &rows[heads..];
    if rows.len() < 2 {
        return None;
    }
    let mut columns: Vec<Option<Column>> = vec![None; width];
    // the columns of running text, each with the length of its cells on the whole
    let mut told: Vec<(usize, usize)> = Vec::new();
    for at in 0..width {
        let cells: Vec<&[char]> =
            rows.iter().map(|row| &text[row[at].0..row[at].1]).filter(|cell| !cell.is_empty()).collect();
        if cells.is_empty() {
            continue;
        }
        let most = |holds: &dyn Fn(&[char]) -> bool| {
            cells.iter().filter(|cell| holds(cell)).count() * 5 >= cells.len() * 4
        };
        let numbers: Vec<u32> = cells.iter().filter_map(|cell| number_of(cell)).collect();
        let ascending = numbers.windows(2).all(|pair| pair[1] == pair[0] + 1);
        if at < 2 && numbers.len() == rows.len() && ascending && !columns.contains(&Some(Column::Number)) {
            columns[at] = Some(Column::Number);
        } else if most(&|cell| {
            units::in_bracket(cell).is_some() || cell.len() == 2 && units::looks_like_unit(cell)
        }) {
            let role = if columns.contains(&Some(Column::Field(Field::Unit(Responsible)))) {
                Support
            } else {
                Responsible
            };
            columns[at] = Some(Column::Field(Field::Unit(role)));
        } else if most(&|cell| says_when(cell)) {
            columns[at] = Some(Column::Field(Field::Due));
        } else {
            let han: usize = cells.iter().map(|cell| cell.iter().filter(|&&c| is_han(c)).count()).sum();
            told.push((at, han));
        }
    }
    let longest = told.iter().map(|&(_, han)| han).max().filter(|&han| han >= rows.len() * 5)?;
    let says = told.iter().position(|&(_, han)| han == longest)?;
    // what stands right before the longest column is its name, what stands before that a heading for several rows
    let named = says > 0 && rows.iter().all(|row| row[told[says - 1].0].0 < row[told[says - 1].0].1);
    columns[told[says].0] = Some(if named { Column::Content } else { Column::Task });
    for (before, &(at, _)) in told[..says].iter().enumerate() {
        columns[at] = Some(if named && before + 1 == says { Column::Task } else { Column::Category });
    }
    let who = columns.contains(&Some(Column::Field(Field::Unit(Responsible))));
    let number = columns.contains(&Some(Column::Number));
    let when = columns.contains(&Some(Column::Field(Field::Due)));
    (who && (number || when || rows.len() > 2) || number && when).then_some((columns, heads))
}

/// A head that no list has: where no column says what is to be done in full, and a column without a known head holds
/// sentences, that one does.
pub(super) fn unnamed(text: &[char], rows: &[Vec<Option<Cell>>], columns: &mut [Option<Column>]) {
    if columns
        .iter()
        .flatten()
        .any(|column| matches!(column, Column::Content | Column::Criterion | Column::Grading))
    {
        return;
    }
    let unnamed = columns.iter_mut().enumerate().filter(|(_, column)| column.is_none());
    let holds = |at: usize| {
        let cells = || {
            rows.iter()
                .filter_map(move |row| row.get(at).copied().flatten())
                .map(|(from, to)| &text[from..to])
        };
        let told = |cell: &&[char]| {
            cell.iter().filter(|&&c| is_han(c)).count() >= 10 && units::in_bracket(cell).is_none()
        };
        cells().count() >= 2 && cells().filter(told).count() * 3 >= cells().count() * 2
    };
    if let Some((_, column)) = unnamed.into_iter().find(|(at, _)| holds(*at)) {
        *column = Some(Column::Content);
    }
}

/// Rows with one cell on a line that begin with a number and are all of one length: 1 清扫街巷 / 县城管局 / 2025年6月 / 2 …; the
/// first begins at line `at`. With the line behind the last.
pub(super) fn counted_rows(
    text: &[char],
    lines: &[(usize, usize)],
    at: usize,
) -> Option<(Vec<Vec<Cell>>, usize)> {
    let first = number_ahead(text, lines, at, 1)?;
    let length = (2..=6).find(|&length| number_ahead(text, lines, at + length, 2).is_some())?;
    let mut rows = Vec::new();
    let mut next = Some(first);
    let mut i = at;
    while let Some((printed, head)) = next {
        let row = lines.get(i..i + length)?;
        // 责任单位:…: labels say what they are, no place has to
        let labelled = row[1..].iter().any(|&(from, to)| {
            let line = &text[from..to];
            line.iter().take(12).any(|&c| is_colon(c)) || markers::starts_at(line, 0)
        });
        if labelled || row.iter().any(|&(from, to)| text[from..to].contains(&'\t')) {
            return None;
        }
        let mut cells = vec![printed, trim(text, head, row[0].1)];
        cells.extend(row[1..].iter().map(|&(from, to)| trim(text, from, to)));
        rows.push(cells);
        i += length;
        next = u32::try_from(rows.len() + 1).ok().and_then(|number| number_ahead(text, lines, i, number));
    }
    (rows.len() >= 3).then_some((rows, i))
}

/// The item's number that a line begins with, if it is this one, and where its text begins.
fn number_ahead(text: &[char], lines: &[(usize, usize)], at: usize, number: u32) -> Option<(Cell, usize)> {
    let &(from, to) = lines.get(at)?;
    if !text.get(from)?.is_ascii_digit() {
        return None;
    }
    let marker = marker_at(&text[from..to], 0)?;
    (marker.style == Style::Num && marker.number == number)
        .then(|| ((from, from + marker.printed), (from + marker.end).min(to)))
}

/// 2025年6月底前, 每月, 长期: a cell that says when, and nothing else.
fn says_when(cell: &[char]) -> bool {
    cell.len() <= 24
        && (dates::mentions(cell).first().is_some_and(|time| skip_blanks(cell, 0) == time.at)
            || recurrence(cell).is_some() && cell.len() <= 12
            || cell.len() <= 6
                && ["长期", "持续", "常态", "全年", "立即", "即时"]
                    .iter()
                    .any(|word| crate::chars::starts_at(cell, 0, word)))
}
