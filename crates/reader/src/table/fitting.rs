//! Which cell belongs to which column where some are missing or broken.

use chengjing_domain::plan::UnitRole;

use super::{
    header::Column,
    rows::{Cell, is_number_line},
};
use crate::{
    chars::is_han,
    dates,
    recurrence::recurrence,
    rules::{markers::Field, units::looks_like_list},
};

pub(super) fn plausible(text: &[char], row: &[Cell], columns: &[Option<Column>]) -> bool {
    row.iter().zip(columns).all(|(&(from, to), column)| {
        let cell = &text[from..to];
        match column {
            Some(Column::Field(Field::Unit(_))) => looks_like_list(cell) || cell.len() <= 12,
            Some(Column::Field(Field::Due)) => cell.len() <= 24,
            Some(Column::Field(Field::Person)) => cell.len() <= 24,
            _ => true,
        }
    })
}

/// How well a cell fits a column.
pub(super) fn suits(text: &[char], (from, to): Cell, column: Option<Column>) -> i32 {
    let cell = &text[from..to];
    let list = looks_like_list(cell);
    let dated = || {
        cell.len() <= 24
            && (!dates::mentions(cell).is_empty()
                || recurrence(cell).is_some()
                // 编制中长期规划 is a task
                || ["长期", "持续", "常态", "全年", "立即", "即时"].iter().any(|word| {
                    crate::chars::starts_at(cell, 0, word)
                        || cell.len() <= 8 && crate::chars::contains(cell, word)
                }))
    };
    match column {
        Some(Column::Number) => {
            if is_number_line(cell) {
                6
            } else {
                -8
            }
        }
        Some(Column::Field(Field::Unit(_))) => {
            if list {
                5
            } else if dated() {
                -4
            } else if cell.len() <= 8 {
                0
            } else {
                -5
            }
        }
        Some(Column::Field(Field::Due)) => {
            if dated() {
                6
            } else {
                -5
            }
        }
        Some(Column::Field(Field::Person)) => {
            if (2..=4).contains(&cell.len()) && cell.iter().all(|&c| is_han(c)) { 2 } else { -2 }
        }
        Some(Column::Task | Column::Content | Column::Criterion) => {
            if list || dated() || is_number_line(cell) { -3 } else { 3 }
        }
        Some(Column::Target | Column::Grading) => {
            if list || is_number_line(cell) {
                -3
            } else {
                2 + i32::from(cell.iter().any(char::is_ascii_digit))
            }
        }
        Some(Column::Category) => {
            if cell.len() > 20 || list || is_number_line(cell) {
                -4
            } else {
                1
            }
        }
        Some(_) | None => -1,
    }
}

/// A narrow column breaks its cells (市容 / 整治, 县城 / 管局): behind which cells of the row such a piece goes on, as long
/// as there are more than columns.
pub(super) fn narrow_breaks(text: &[char], row: &[Cell], columns: usize) -> Vec<usize> {
    let surplus = row.len().saturating_sub(columns);
    let goes_on = |pair: &&[Cell]| {
        let (last, piece) = (&text[pair[0].0..pair[0].1], &text[pair[1].0..pair[1].1]);
        !is_number_line(last)
            && !is_number_line(piece)
            && (last.len() <= 4
                && piece.len() <= 4
                && !(looks_like_list(last) && (last.len() > 2 || looks_like_list(piece)))
                && !(last.len() > 1 && whole_name(piece))
                && piece.first().is_some_and(|&c| is_han(c))
                || last.last().is_some_and(|&c| matches!(c, ',' | '、')))
    };
    row.windows(2).filter(goes_on).map(|pair| pair[0].1).take(surplus).collect()
}

/// 县卫健局: begins with its seat and ends like an office, so no cell before it goes on with it.
fn whole_name(piece: &[char]) -> bool {
    piece.len() >= 3 && matches!(piece[0], '县' | '市' | '区' | '州' | '旗' | '省') && looks_like_list(piece)
}

/// What it costs a row to have nothing in the only column that says what is to be done.
const WITHOUT_TASK: i32 = -10;

/// Gives each cell a column, in order, so that together they suit best; what has no cell stays empty. A unit that suits two
/// columns stands in the first: a task without others that support it is met more often than one without a lead.
pub(super) fn place(text: &[char], row: &[Cell], columns: &[Option<Column>]) -> Vec<Option<Cell>> {
    if row.len() == columns.len() {
        return row.iter().copied().map(Some).collect();
    }
    let (n, m) = (row.len().min(40), columns.len());
    // a row may lack a unit or a date, but not what is to be done, where one column alone says it
    let says = |column: &Option<Column>| {
        matches!(column, Some(Column::Task | Column::Content | Column::Target | Column::Criterion))
    };
    let sole = columns.iter().position(says).filter(|&at| !columns[at + 1..].iter().any(says));
    // best[i][j]: the first i cells in the first j columns; a cell more than there are columns joins the one before it
    let mut best = vec![vec![i32::MIN / 2; m + 1]; n + 1];
    let mut step = vec![vec![0_u8; m + 1]; n + 1];
    let left_out = |j: usize| if sole == Some(j - 1) { WITHOUT_TASK } else { 0 };
    best[0][0] = 0;
    for j in 1..=m {
        best[0][j] = best[0][j - 1] + left_out(j);
    }
    for i in 1..=n {
        for j in 1..=m {
            let fit = suits(text, row[i - 1], columns[j - 1]);
            let join = if matches!(
                columns[j - 1],
                Some(Column::Task | Column::Content | Column::Target | Column::Grading | Column::Criterion)
            ) {
                fit - 2
            } else if matches!(columns[j - 1], Some(Column::Field(Field::Unit(role))) if role != UnitRole::Lead)
            {
                fit - 3
            } else {
                fit - 8
            };
            let options = [
                (best[i][j - 1] + left_out(j), 2),
                (best[i - 1][j - 1] + fit, 1),
                (if i >= 2 { best[i - 1][j] + join } else { i32::MIN / 2 }, 3),
            ];
            for (value, how) in options {
                if value > best[i][j] {
                    best[i][j] = value;
                    step[i][j] = how;
                }
            }
        }
    }
    let mut placed: Vec<Option<Cell>> = vec![None; m];
    let (mut i, mut j) = (n, m);
    while i > 0 && j > 0 {
        match step[i][j] {
            1 => {
                join(&mut placed[j - 1], row[i - 1]);
                i -= 1;
                j -= 1;
            }
            3 => {
                join(&mut placed[j - 1], row[i - 1]);
                i -= 1;
            }
            _ => j -= 1,
        }
    }
    placed
}

fn join(place: &mut Option<Cell>, cell: Cell) {
    *place = Some(place.map_or(cell, |old| (old.0.min(cell.0), old.1.max(cell.1))));
}

/// Does every cell of a shorter row suit the column that it stands under? Then only empty cells at its end are missing.
pub(super) fn in_place(text: &[char], row: &[Cell], columns: &[Option<Column>]) -> bool {
    let mut sure = 0;
    for (&cell, column) in row.iter().zip(columns) {
        let telling = matches!(column, Some(Column::Number | Column::Field(Field::Unit(_) | Field::Due)));
        if cell.0 == cell.1 || !telling {
            continue;
        }
        if suits(text, cell, *column) < 5 {
            return false;
        }
        sure += 1;
    }
    sure >= 2 && row.len() + 2 >= columns.len()
}
