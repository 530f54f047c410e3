//! Which characters are the cells of which row.

use super::{
    fitting::{in_place, narrow_breaks, place, plausible, suits},
    header::{Column, column_of, heads, is_header},
    headless,
    months::columns_of,
};
use crate::{
    chars::{squeezed, trim},
    numbers::cn_integer,
    outline::numbering::{Style, marker_at},
    rules::markers::Field,
    source::CONTINUED_CELL,
};

/// A cell: characters `[start, end)` of the text, trimmed.
pub(crate) type Cell = (usize, usize);

/// A table: where it stands, its columns, its rows. A row has one entry for each column.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) columns: Vec<Option<Column>>,
    pub(crate) rows: Vec<Vec<Option<Cell>>>,
    /// Rows that hold one cell alone, by the index of the row they stand before: headings inside the table.
    pub(crate) headings: Vec<(usize, Cell)>,
    /// The file knows which cells continue the one above, since its format or some cell says so: an empty one is empty.
    pub(crate) marked: bool,
    /// Where rows begin that have fewer units than columns of units, and no empty cell to say which one is missing.
    pub(crate) guessed: Vec<usize>,
}

/// Every table of the text, in order. `marked`: the file's format says itself which cells are merged.
pub(crate) fn tables(text: &[char], lines: &[(usize, usize)], marked: bool) -> Vec<Table> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < lines.len() {
        let line = &text[lines[i].0..lines[i].1];
        if line.contains(&'\t') {
            let end = tabbed_end(text, lines, i);
            found.extend(
                tabbed(text, lines, i, end, marked).or_else(|| without_heads(text, lines, i, end, marked)),
            );
            i = end.max(i + 1);
            continue;
        }
        let (columns, used) = heads(text, lines, i);
        if columns.len() >= 3 {
            let (rows, end) = one_cell_rows(text, lines, i + used, &columns);
            if !rows.is_empty() {
                let mut guessed = Vec::new();
                let placed = rows.iter().map(|row| {
                    let placed = place(text, row, &columns);
                    guessed.extend(is_guessed(row, &placed, &columns).then(|| row[0].0));
                    placed
                });
                found.push(Table {
                    start: lines[i].0,
                    end: lines[end - 1].1,
                    rows: placed.collect(),
                    headings: Vec::new(),
                    marked: false,
                    guessed,
                    columns,
                });
                i = end.max(i + 1);
                continue;
            }
        }
        if let Some((rows, end)) = headless::counted_rows(text, lines, i)
            && let Some((columns, 0)) = headless::columns(text, &rows)
        {
            let rows = rows.into_iter().map(|row| fit(text, row, &columns, false)).collect();
            let (start, stop) = (lines[i].0, lines[end - 1].1);
            found.push(Table {
                start,
                end: stop,
                columns,
                rows,
                headings: Vec::new(),
                marked: false,
                guessed: Vec::new(),
            });
            i = end;
            continue;
        }
        i += 1;
    }
    found
}

fn cells(text: &[char], (start, end): (usize, usize)) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut from = start;
    for i in start..=end {
        if i == end || text[i] == '\t' {
            cells.push(trim(text, from, i));
            from = i + 1;
        }
    }
    cells
}

/// Rows follow each other; a line without TAB between two rows is part of a cell that was broken.
fn tabbed_end(text: &[char], lines: &[(usize, usize)], start: usize) -> usize {
    let tabbed = |i: usize| lines.get(i).is_some_and(|&(from, to)| text[from..to].contains(&'\t'));
    let mut heads = only_heads(text, lines[start]);
    let mut has_rows = false;
    let mut end = start + 1;
    while end < lines.len() {
        if tabbed(end) {
            match only_heads(text, lines[end]) {
                // other heads below rows are another table's, as on the next sheet
                Some(other) if has_rows && heads.as_ref().is_some_and(|heads| *heads != other) => break,
                Some(other) => _ = heads.get_or_insert(other),
                None => has_rows |= heads.is_some(),
            }
            end += 1;
            continue;
        }
        let line = &text[lines[end].0..lines[end].1];
        let next = (end + 1..end + 4).find(|&i| tabbed(i));
        // 一、环境提升 between rows of one width is a heading of the table's
        let inside = heads_rows(line) && next == Some(end + 1) && {
            let width = cells(text, lines[end + 1]).len();
            width >= 3 && width == cells(text, lines[start]).len()
        };
        let breaks = marker_at(line, 0)
            .is_some_and(|marker| matches!(marker.style, Style::Cn | Style::Chapter(_)))
            && !inside
            || line.len() > 200
            || crate::parts::is_title(line);
        let new_table = next.is_some_and(|next| is_header(&columns_of(text, &cells(text, lines[next]))));
        match next {
            Some(next) if !breaks && !new_table => end = next + 1,
            _ => break,
        }
    }
    end
}

/// The columns of a row of heads; one of them may be unknown.
fn only_heads(text: &[char], line: (usize, usize)) -> Option<Vec<Option<Column>>> {
    // no head is a figure, and all of them together are short
    if line.1 - line.0 > 200 || text[line.0..line.1].iter().any(char::is_ascii_digit) {
        return None;
    }
    let cells = cells(text, line);
    let columns = columns_of(text, &cells);
    let filled = cells.iter().filter(|cell| cell.0 < cell.1).count();
    (is_header(&columns) && columns.iter().flatten().count() * 3 >= filled * 2).then_some(columns)
}

/// 一、环境提升, (二)秩序提升: a short heading with a number.
fn heads_rows(line: &[char]) -> bool {
    line.len() <= 24
        && !line.iter().any(|&c| crate::chars::ends_clause(c))
        && marker_at(line, 0)
            .is_some_and(|marker| matches!(marker.style, Style::Cn | Style::CnParen) && !marker.open)
}

/// `whole`: the format knows its cells, so that none of them is split over lines and an empty one is empty.
fn tabbed(text: &[char], lines: &[(usize, usize)], start: usize, end: usize, whole: bool) -> Option<Table> {
    // the header is among the first rows
    let mut head = None;
    for (i, &line) in lines.iter().enumerate().take(end.min(start + 6)).skip(start) {
        let columns = columns_of(text, &cells(text, line));
        if is_header(&columns) {
            head = Some((i, columns));
            break;
        }
    }
    let (mut at, mut columns) = head?;
    // a second row of heads below merged ones
    if at + 1 < end {
        let below = columns_of(text, &cells(text, lines[at + 1]));
        let merged = |(from, to): Cell| text[from..to].iter().all(|&c| c == CONTINUED_CELL);
        let second: Vec<Cell> = cells(text, lines[at + 1]);
        let filled = second.iter().filter(|&&cell| cell.0 < cell.1 && !merged(cell)).count();
        let known = below.iter().flatten().count();
        // 〃 | 〃 | 基期值 | 目标值 | 牵头单位: what merged heads reach down beside is a head, though no list has its word
        let reached = second.iter().filter(|&&cell| cell.0 < cell.1 && merged(cell)).count() >= 2
            && second
                .iter()
                .all(|&(from, to)| to - from <= 8 && !text[from..to].iter().any(char::is_ascii_digit));
        if known >= 2
            && (known == filled || reached && known * 2 >= filled)
            && below.len() <= columns.len() + 2
        {
            columns.resize(below.len().max(columns.len()), None);
            for (column, below) in columns.iter_mut().zip(below) {
                *column = below.or(*column);
            }
            at += 1;
        }
    }
    // merged heads say nothing of the rows below
    let marked = whole || is_marked(text, &lines[at + 1..end]);
    let mut rows: Vec<Vec<Option<Cell>>> = Vec::new();
    let mut headings = Vec::new();
    let mut i = at + 1;
    while i < end {
        let mut row = cells(text, lines[i]);
        i += 1;
        if !text[lines[i - 1].0..lines[i - 1].1].contains(&'\t') {
            let (from, to) = lines[i - 1];
            if heads_rows(&text[from..to]) {
                headings.push((rows.len(), (from, to)));
                continue;
            }
            // a broken cell's rest
            if let Some(last) = rows.last_mut().and_then(|row| row.iter_mut().rev().flatten().next())
                && !is_number_line(&text[from..to])
            {
                last.1 = trim(text, last.0, to).1;
            }
            continue;
        }
        // a row that broken cells have split: its pieces together have one cell too many at each break
        if !whole && let Some((whole, next)) = mended(text, lines, &row, i, end, &columns) {
            row = whole;
            i = next;
        }
        let filled: Vec<Cell> = row.iter().copied().filter(|(from, to)| from < to).collect();
        if filled.is_empty() {
            continue;
        }
        let repeated: Vec<Option<Column>> =
            row.iter().map(|&(from, to)| column_of(&text[from..to])).collect();
        if is_header(&repeated) && repeated.iter().flatten().count() == filled.len() {
            continue; // the header of the next page
        }
        if filled.len() == 1
            && columns.len() > 2
            && row[0].0 < row[0].1
            && !is_number_line(&text[row[0].0..row[0].1])
            && row.len() != 2
        {
            headings.push((rows.len(), filled[0]));
            continue;
        }
        // 一 | 教育惠民 between rows that are counted 1, 2, 3: a heading
        let chapter = |&(from, to): &Cell| {
            is_number_line(&text[from..to]) && text[from..to].iter().all(|&c| crate::chars::is_cn_number(c))
        };
        if filled.len() == 2 && columns.len() > 3 && chapter(&filled[0]) && filled[0] == row[0] {
            headings.push((rows.len(), filled[1]));
            continue;
        }
        rows.push(fit(text, row, &columns, marked));
    }
    headless::unnamed(text, &rows, &mut columns);
    (!rows.is_empty()).then(|| Table {
        start: lines[start].0,
        end: lines[end - 1].1,
        columns,
        rows,
        headings,
        marked,
        guessed: Vec::new(),
    })
}

fn without_heads(
    text: &[char],
    lines: &[(usize, usize)],
    start: usize,
    end: usize,
    marked: bool,
) -> Option<Table> {
    let rows: Vec<Vec<Cell>> = lines[start..end].iter().map(|&line| cells(text, line)).collect();
    let (columns, heads) = headless::columns(text, &rows)?;
    let marked = marked || is_marked(text, &lines[start..end]);
    let rows = rows.into_iter().skip(heads).map(|row| fit(text, row, &columns, marked)).collect();
    let (start, end) = (lines[start].0, lines[end - 1].1);
    Some(Table { start, end, columns, rows, headings: Vec::new(), marked, guessed: Vec::new() })
}

fn is_marked(text: &[char], lines: &[(usize, usize)]) -> bool {
    lines.iter().any(|&line| cells(text, line).iter().any(|&(from, to)| text[from..to] == [CONTINUED_CELL]))
}

/// A row that ends inside a cell, with the lines that go on with it; and the line behind them. Only where the pieces give
/// exactly a whole row and none of them begins one of its own.
fn mended(
    text: &[char],
    lines: &[(usize, usize)],
    row: &[Cell],
    at: usize,
    end: usize,
    columns: &[Option<Column>],
) -> Option<(Vec<Cell>, usize)> {
    let number = columns.iter().position(|column| *column == Some(Column::Number))?;
    let numbered = |row: &[Cell]| row.get(number).is_some_and(|&(from, to)| is_number_line(&text[from..to]));
    if row.len() >= columns.len() || !numbered(row) {
        return None;
    }
    let mut whole = row.to_vec();
    let mut i = at;
    while whole.len() < columns.len() && i < end && i < at + 5 {
        let next = cells(text, lines[i]);
        let (&first, rest) = next.split_first()?;
        if numbered(&next) || is_number_line(&text[first.0..first.1]) || first.0 == first.1 {
            return None;
        }
        if let Some(last) = whole.last_mut() {
            last.1 = first.1;
        }
        whole.extend_from_slice(rest);
        i += 1;
    }
    (i > at && whole.len() == columns.len()).then_some((whole, i))
}

/// One unit where two columns ask for units: it may stand in either.
fn is_guessed(row: &[Cell], placed: &[Option<Cell>], columns: &[Option<Column>]) -> bool {
    let units = || {
        let pairs = placed.iter().zip(columns);
        pairs
            .filter(|(_, column)| matches!(column, Some(Column::Field(Field::Unit(_)))))
            .map(|(cell, _)| cell)
    };
    row.len() < columns.len() && units().any(Option::is_some) && units().any(Option::is_none)
}

/// A row with as many cells as columns is taken as it stands; a shorter one lost cells that were merged or empty.
fn fit(text: &[char], row: Vec<Cell>, columns: &[Option<Column>], marked: bool) -> Vec<Option<Cell>> {
    let some = |(from, to): Cell| (from < to).then_some((from, to));
    // where months or merged cells are marked it is the place of a cell that tells; empty cells at the end of a row get lost
    let placed = marked || columns.iter().any(|column| matches!(column, Some(Column::Months(..))));
    if row.len() >= columns.len() || placed {
        let row = row.into_iter().map(some).chain(std::iter::repeat(None));
        return row.take(columns.len()).collect();
    }
    if in_place(text, &row, columns) {
        let row = row.into_iter().map(some).chain(std::iter::repeat(None));
        return row.take(columns.len()).collect();
    }
    let filled: Vec<Cell> = row.into_iter().filter(|(from, to)| from < to).collect();
    place(text, &filled, columns)
}

/// The number alone: 3, 3., 三.
pub(crate) fn is_number_line(line: &[char]) -> bool {
    number_of(line).is_some()
}

pub(crate) fn number_of(line: &[char]) -> Option<u32> {
    if line.len() > 12 {
        return None;
    }
    let line = squeezed(line);
    let core: Vec<char> = line.iter().copied().filter(|c| !matches!(c, '.' | '、' | '(' | ')')).collect();
    if core.is_empty() || core.len() > 4 {
        return None;
    }
    if core.iter().all(char::is_ascii_digit) {
        return Some(core.iter().fold(0, |sum, c| sum * 10 + c.to_digit(10).unwrap_or(0)));
    }
    if let [c @ '①'..='⑳'] = core[..] {
        return Some(c as u32 - 0x245f);
    }
    cn_integer(&core, 0).filter(|&(_, len)| len == core.len()).map(|(value, _)| value)
}

/// Rows of a table with one cell on a line whose first cell stands at line `at`; and the line behind the last cell.
pub(crate) fn one_cell_rows(
    text: &[char],
    lines: &[(usize, usize)],
    at: usize,
    columns: &[Option<Column>],
) -> (Vec<Vec<Cell>>, usize) {
    let run = columns.len();
    let line = |i: usize| &text[lines[i].0..lines[i].1];
    let cell = |i: usize| trim(text, lines[i].0, lines[i].1);
    let stops = |i: usize| {
        let line = line(i);
        line.contains(&'\t')
            || marker_at(line, 0).is_some_and(|marker| {
                matches!(marker.style, Style::Cn | Style::Chapter(_) | Style::CnParen)
                    && line.len() > marker.end
            })
            || ["附件", "附表", "备注:", "注:", "说明:"]
                .iter()
                .any(|word| crate::chars::starts_at(line, 0, word))
            || line.len() > 400
    };
    let mut rows = Vec::new();
    let mut i = at;
    let number_at = columns.iter().position(|column| *column == Some(Column::Number));
    if number_at.is_some() && columns.len() >= 2 {
        let mut expected = 1;
        let heads_rows = |i: usize, expected: u32| {
            line(i).len() <= 24
                && i + 1 < lines.len()
                && number_of(line(i + 1)) == Some(expected)
                && marker_at(line(i), 0).is_some()
        };
        while i < lines.len() {
            if heads_rows(i, expected) && number_of(line(i)) != Some(expected) {
                i += 1;
                continue;
            }
            if stops(i) {
                break;
            }
            if number_of(line(i)) != Some(expected) {
                // a category may stand before the number
                if i + 1 < lines.len()
                    && number_of(line(i + 1)) == Some(expected)
                    && line(i).len() <= 30
                    && !stops(i + 1)
                {
                    i += 1;
                    continue;
                }
                break;
            }
            let from = i;
            i += 1;
            // up to the next number, or as many cells as there are columns
            let most = (from + columns.len() * 3).min(lines.len());
            let next = (i..most)
                .take_while(|&j| !stops(j) || heads_rows(j, expected + 1))
                .find(|&j| number_of(line(j)) == Some(expected + 1) && j > from + 1);
            // the last row is as long as it has columns, and longer by what narrow columns have broken in the rows before
            let end = next.unwrap_or_else(|| {
                let broken = rows.iter().any(|row: &Vec<Cell>| row.len() > columns.len());
                let tail: Vec<Cell> = (from..most).map(cell).collect();
                let breaks = if broken { narrow_breaks(text, &tail, columns.len()).len() } else { 0 };
                let whole = (from + columns.len() + breaks).min(most);
                (i..whole)
                    .find(|&j| stops(j) || ends_table(text, line(j), columns, j - from))
                    .unwrap_or(whole)
            });
            if end <= from + 1 {
                break;
            }
            let last = if end > from + 2 && heads_rows(end - 1, expected + 1) && stops(end - 1) {
                end - 1
            } else {
                end
            };
            // the heads of the next page
            let repeated = (i..last).find(|&j| {
                columns.iter().enumerate().all(|(k, &column)| {
                    lines.get(j + k).is_some_and(|&(start, end)| column_of(&text[start..end]) == column)
                })
            });
            rows.push((from..repeated.unwrap_or(last)).map(cell).collect());
            i = end;
            expected += 1;
        }
        return (rows, i);
    }
    // a date in the last column shows where a row ends, though merged cells left some of its cells out
    if let Some(last @ Some(Column::Field(Field::Due))) = columns.last() {
        let mut from = i;
        while i < lines.len() && !stops(i) && i - from < run * 2 {
            // no cell was left out: a row of full length, though a cell in its middle may speak of time too
            let whole = i == from
                && i + run <= lines.len()
                && !(i..i + run).any(stops)
                && suits(text, cell(i + run - 1), *last) >= 5
                && plausible(text, &(i..i + run).map(cell).collect::<Vec<_>>(), columns);
            if whole {
                rows.push((i..i + run).map(cell).collect());
                i += run;
                from = i;
                continue;
            }
            i += 1;
            if i - from >= 2 && suits(text, cell(i - 1), *last) >= 5 {
                rows.push((from..i).map(cell).collect());
                from = i;
            }
        }
        if !rows.is_empty() {
            return (rows, from);
        }
        i = at;
    }
    while i + run <= lines.len() && !(i..i + run).any(stops) {
        // a paragraph behind the table is longer than its cells and closes with a full stop; a unit's column shows it
        let row: Vec<Cell> = (i..i + run).map(cell).collect();
        if !plausible(text, &row, columns) {
            break;
        }
        rows.push(row);
        i += run;
    }
    (rows, i)
}

/// In the last row: a long sentence where a unit or a date belongs is the paragraph behind the table.
fn ends_table(text: &[char], line: &[char], columns: &[Option<Column>], place: usize) -> bool {
    let _ = text;
    let left = columns.get(place..).unwrap_or(&[]);
    line.len() > 40
        && !left.iter().any(|column| {
            matches!(
                column,
                Some(
                    Column::Task
                        | Column::Content
                        | Column::Target
                        | Column::Note
                        | Column::Grading
                        | Column::Criterion
                )
            )
        })
}
