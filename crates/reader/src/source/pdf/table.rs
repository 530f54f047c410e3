//! A table over all its pages, and the text of a document put together.

use std::collections::HashSet;

use super::sheet::{Page, Part, is_latin};
use crate::{
    chars::ends_sentence,
    source::{
        CONTINUED_CELL,
        grid::{Grid, WIDEST},
    },
    table::header::heads_by_blanks,
};

/// Sides that lie so near, in points, are the same column's on another page.
const NEAR: f32 = 4.0;

/// Rows of heads that each page repeats.
const HEADS: usize = 3;

/// Tables without rules that are told of; nobody reads of more.
const MOST_UNRULED: usize = 20;

/// A cell: its sides, how many rows it covers, its text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cell {
    pub(super) left: f32,
    pub(super) right: f32,
    pub(super) rows: usize,
    pub(super) text: String,
    /// It goes on with the cell above, on the page before.
    pub(super) continued: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    columns: Columns,
    /// The cells that begin in each row, from left to right.
    rows: Vec<Vec<Cell>>,
    /// Where the rows of its last page begin.
    page: usize,
}

/// Where the columns of a table begin, from left to right, and where the last one ends.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Columns {
    starts: Vec<f32>,
    end: f32,
}

impl Columns {
    pub(super) fn new(starts: impl Iterator<Item = f32>, end: f32) -> Self {
        let mut columns = Self { starts: Vec::new(), end };
        columns.add(starts);
        columns
    }

    fn add(&mut self, starts: impl Iterator<Item = f32>) {
        let mut all: Vec<f32> = starts.chain(self.starts.drain(..)).collect();
        all.sort_unstable_by(f32::total_cmp);
        for start in all {
            let beside = self.starts.last().is_none_or(|last| start > last + NEAR);
            if beside && self.starts.len() < WIDEST {
                self.starts.push(start);
            }
        }
    }

    fn left(&self) -> f32 {
        self.starts.first().copied().unwrap_or_default()
    }

    /// Whether these can be the same table's: it is as wide, and most of the sides of the one that has fewer are the
    /// other's too. The page may lie differently.
    pub(super) fn fit(&self, other: &Self) -> bool {
        let moved = self.left() - other.left();
        if (self.end - other.end - moved).abs() > NEAR {
            return false;
        }
        let is_own = |at: f32| {
            let nearest = self.starts.partition_point(|own| *own < at - NEAR);
            self.starts.get(nearest).is_some_and(|own| *own <= at + NEAR)
        };
        let shared = other.starts.iter().filter(|start| is_own(**start + moved)).count();
        let fewer = self.starts.len().min(other.starts.len());
        shared >= 2 && shared * 3 >= fewer * 2
    }

    /// How many of them a cell covers.
    fn covered(&self, cell: &Cell) -> usize {
        let first = self.starts.partition_point(|start| *start <= cell.left).saturating_sub(1);
        let behind = self.starts.partition_point(|start| *start < cell.right - NEAR);
        behind.saturating_sub(first).max(1)
    }
}

impl Table {
    pub(super) fn new(columns: Columns, rows: Vec<Vec<Cell>>) -> Self {
        Self { columns, rows, page: 0 }
    }

    /// Adds what stands of it on the next page.
    fn append(&mut self, mut next: Self) {
        let moved = self.columns.left() - next.columns.left();
        for cell in next.rows.iter_mut().flatten() {
            cell.left += moved;
            cell.right += moved;
        }
        next.drop_heads(&self.rows);
        if let Some(first) = next.rows.first_mut() {
            let ends = self.ends();
            for cell in first.iter_mut().filter(|cell| cell.text.is_empty()) {
                let above = ends.iter().find(|above| (above.left - cell.left).abs() <= NEAR);
                cell.continued = above.is_some_and(|above| {
                    above.continued || above.rows.max(cell.rows) > 1 && !above.text.is_empty()
                });
            }
        }
        self.columns.add(next.rows.iter().flatten().map(|cell| cell.left));
        if self.takes_rest(&next) {
            self.take_rest(&mut next);
        }
        if !next.rows.is_empty() {
            self.page = self.rows.len();
        }
        self.rows.append(&mut next.rows);
    }

    /// The heads that the table had on its first page.
    fn drop_heads(&mut self, heads: &[Vec<Cell>]) {
        let same = |(own, head): &(&Vec<Cell>, &Vec<Cell>)| {
            own.iter().any(|cell| !cell.text.is_empty())
                && own.iter().map(|cell| &cell.text).eq(head.iter().map(|cell| &cell.text))
        };
        let count = self.rows.iter().zip(heads).take(HEADS).take_while(same).count();
        let within = |(row, cells): (usize, &Vec<Cell>)| cells.iter().all(|cell| row + cell.rows <= count);
        if self.rows.iter().take(count).enumerate().all(within) {
            self.rows.drain(..count);
        }
    }

    /// The cells that reach to the table's end, the last row's first; none reaches there from an earlier page.
    fn ends(&self) -> Vec<&Cell> {
        let rows = self.rows.iter().skip(self.page).rev();
        rows.enumerate().flat_map(|(below, row)| row.iter().filter(move |cell| cell.rows > below)).collect()
    }

    /// Whether the next page begins with the rest of this one's last row: there is no number where that has one, and its
    /// longest text is not at its end.
    fn takes_rest(&self, next: &Self) -> bool {
        let (Some(last), Some(first)) = (self.rows.last(), next.rows.first()) else { return false };
        let twin = |cell: &Cell| last.iter().find(|own| (own.left - cell.left).abs() <= NEAR);
        let counted = |cell: &Cell| {
            (1..=3).contains(&cell.text.len()) && cell.text.bytes().all(|byte| byte.is_ascii_digit())
        };
        let longest = first.iter().max_by_key(|cell| cell.text.len());
        let broken = longest.and_then(twin).and_then(|own| own.text.chars().next_back());
        broken.is_some_and(|last| !ends_sentence(last))
            && first
                .iter()
                .any(|cell| cell.text.is_empty() && !cell.continued && twin(cell).is_some_and(counted))
            && first.iter().all(|cell| {
                cell.text.is_empty() || cell.rows == 1 && twin(cell).is_some_and(|own| !own.text.is_empty())
            })
    }

    fn take_rest(&mut self, next: &mut Self) {
        let Some(last) = self.rows.last_mut() else { return };
        let mut below = Vec::new();
        for cell in next.rows.remove(0) {
            if cell.rows > 1 {
                below.push(Cell { rows: cell.rows - 1, ..cell });
            } else if let Some(own) = last.iter_mut().find(|own| (own.left - cell.left).abs() <= NEAR) {
                if is_latin(own.text.chars().next_back(), cell.text.chars().next()) {
                    own.text.push(' ');
                }
                own.text.push_str(&cell.text);
            }
        }
        if let Some(row) = next.rows.first_mut() {
            row.append(&mut below);
            row.sort_by(|a, b| a.left.total_cmp(&b.left));
        }
    }

    /// A line for each row, its cells apart by TABs; how many there are.
    fn push_lines(&self, out: &mut String) -> usize {
        let mut lines = 0;
        let ditto = CONTINUED_CELL.to_string();
        let mut grid = Grid::default();
        for row in &self.rows {
            grid.begin_row();
            for cell in row {
                let text = if cell.continued { &ditto } else { &cell.text };
                grid.cell(text, self.columns.covered(cell), cell.rows);
            }
            if let Some(line) = grid.end_row() {
                out.push_str(&line);
                out.push('\n');
                lines += 1;
            }
        }
        lines
    }
}

/// The pages of a document, put together as they come.
#[derive(Default)]
pub(super) struct Pages {
    parts: Vec<Part>,
    /// The table that the last page ends with, if it does.
    open: Option<usize>,
    /// What stands below it, and the lines of its page outside of tables.
    below: String,
    around: HashSet<String>,
    pub(super) visible: usize,
}

impl Pages {
    /// The columns of the table that may go on at the top of the next page.
    pub(super) fn open(&self) -> Option<&Columns> {
        match self.parts.get(self.open?) {
            Some(Part::Table(table)) => Some(&table.columns),
            _ => None,
        }
    }

    pub(super) fn add(&mut self, page: Page) {
        self.visible += page.visible;
        let tables = page.parts.iter().filter(|part| matches!(part, Part::Table(_))).count();
        if tables == 0 {
            self.open = None;
            self.parts.extend(page.parts);
            return;
        }
        let around = lines_around(&page.parts);
        let mut goes_on = is_running(&self.below, &around) && is_running(&page.above, &self.around);
        for part in page.parts {
            match part {
                Part::Table(table) => {
                    goes_on &= self.open().is_some_and(|open| open.fit(&table.columns));
                    let open = self.open.filter(|_| goes_on);
                    goes_on = false;
                    if let Some(Part::Table(open)) = open.and_then(|open| self.parts.get_mut(open)) {
                        open.append(table);
                    } else {
                        self.open = Some(self.parts.len());
                        self.parts.push(Part::Table(table));
                    }
                }
                Part::Text(text) => self.parts.push(Part::Text(text)),
            }
        }
        (self.below, self.around) = (page.below, around);
    }

    /// The text, and what is to be said of it.
    pub(super) fn finish(self) -> Text {
        let mut text = Text::default();
        // The last line that reads like the heads of a table, and how many lines there are.
        let mut heads = String::new();
        let mut lines = 0;
        for part in self.parts {
            match part {
                Part::Text(part) => {
                    for line in part.lines().map(str::trim).filter(|line| !line.is_empty()) {
                        text.out.push_str(line);
                        text.out.push('\n');
                        lines += 1;
                        if text.unruled.len() < MOST_UNRULED && line != heads && are_heads(line) {
                            line.clone_into(&mut heads);
                            text.unruled.push(lines);
                        }
                    }
                }
                Part::Table(table) => {
                    text.tables = true;
                    lines += table.push_lines(&mut text.out);
                }
            }
        }
        text
    }
}

/// The text of a document.
#[derive(Debug, Default)]
pub(super) struct Text {
    pub(super) out: String,
    /// Whether there are ruled tables in it.
    pub(super) tables: bool,
    /// Lines, from 1, that are the heads of tables without rules; the first of them.
    pub(super) unruled: Vec<usize>,
}

/// The heads of a table whose cells nothing but blanks parts.
fn are_heads(line: &str) -> bool {
    let parted = line.bytes().filter(|byte| *byte == b' ').count() >= 2 && line.len() <= 240;
    parted && {
        let line: Vec<char> = line.chars().collect();
        !heads_by_blanks(&line).is_empty()
    }
}

/// Text beside a table each line of which is no more than a page's number, or stands on the other page too.
fn is_running(text: &str, other: &HashSet<String>) -> bool {
    text.lines().map(unnumbered).all(|line| line.is_empty() || other.contains(&line))
}

fn lines_around(parts: &[Part]) -> HashSet<String> {
    let texts = parts.iter().filter_map(|part| match part {
        Part::Text(text) => Some(text),
        Part::Table(_) => None,
    });
    texts.flat_map(|text| text.lines()).map(unnumbered).collect()
}

/// A line without its blanks and the page's number at its ends. Other numbers are part of what it says: 附件1 and 附件2
/// are over two tables.
fn unnumbered(line: &str) -> String {
    let numbers = |c: char| {
        c.is_whitespace()
            || c.is_ascii_digit()
            || matches!(c, '-' | '—' | '–' | '第' | '页' | '共' | '/' | '·' | '~')
    };
    // A gap or a sign parts a page's number from the words beside it.
    let parted = |c: Option<char>| c.is_none_or(|c| numbers(c) && !c.is_ascii_digit());
    let counted = |c: Option<char>| c.is_some_and(|c| "年月日周季度批期号章节条项".contains(c));
    let counts = ["附件", "附表", "附图"];
    let mut words = line.trim();
    let rest = words.trim_start_matches(numbers);
    if rest.is_empty() {
        return String::new();
    }
    let before = &words[..words.len() - rest.len()];
    if parted(before.chars().next_back()) && !counted(rest.chars().next()) {
        words = rest;
    }
    let rest = words.trim_end_matches(numbers);
    let behind = &words[rest.len()..];
    let is_name = matches!(rest, "表" | "图" | "续表") || counts.iter().any(|name| rest.ends_with(name));
    if parted(behind.chars().next()) && !is_name {
        words = rest;
    }
    words.chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_many_as_a_row_may_have_and_the_same_where_most_lie_alike() {
        let columns = |starts: &[f32], end: f32| Columns::new(starts.iter().copied(), end);
        let own = columns(&[10.0, 60.0, 110.0], 200.0);
        for (starts, end, same) in [
            (&[10.0, 60.0, 110.0][..], 200.0, true),
            (&[30.0, 83.0, 127.0], 220.0, true),
            (&[10.0, 110.0], 203.0, true),
            (&[10.0, 60.0, 110.0], 210.0, false),
            (&[10.0, 66.0, 120.0], 200.0, false),
        ] {
            assert_eq!(own.fit(&columns(starts, end)), same, "{starts:?}");
        }
        let mut many = own;
        for page in 0..5_u8 {
            many.add((0..150_u8).map(|start| f32::from(page) + 5.0 * f32::from(start)));
        }
        many.add((0..1_000_u16).map(|start| 5.0 * f32::from(start)));
        assert_eq!(many.starts.len(), WIDEST);
    }

    #[test]
    fn a_cell_goes_on_with_the_one_that_reaches_to_the_end_of_the_page_before() {
        let cell = |left: f32, rows: usize, text: &str| Cell {
            left,
            right: left + 50.0,
            rows,
            text: text.to_owned(),
            continued: false,
        };
        let page =
            |rows: Vec<Vec<Cell>>| Table::new(Columns::new([0.0, 50.0, 100.0].into_iter(), 150.0), rows);
        let mut table = page(vec![
            vec![cell(0.0, 2, "重点领域"), cell(50.0, 1, "清扫。"), cell(100.0, 1, "县城管局")],
            vec![cell(50.0, 1, "修补。"), cell(100.0, 1, "县住建局")],
        ]);
        for _ in 0..2 {
            table.append(page(vec![vec![cell(0.0, 1, ""), cell(50.0, 1, "更新。"), cell(100.0, 1, "")]]));
            let last: Vec<bool> = table.rows[table.page].iter().map(|cell| cell.continued).collect();
            assert_eq!(last, [true, false, false]);
        }
        assert_eq!(table.rows.len(), 4);
    }

    #[test]
    fn only_the_number_of_a_page_may_differ_in_what_runs_over_pages() {
        for (line, other, same) in [
            ("第 3 页 共 9 页", "", true),
            ("- 3 -", "", true),
            ("12", "", true),
            ("云溪县创建手册 3", "云溪县创建手册 4", true),
            ("4 云溪县创建手册", "云溪县创建手册 · 5 ·", true),
            ("2026年手册 第3页", "2026年手册 第4页", true),
            ("2026年手册 3", "2025年手册 3", false),
            ("附件1", "附件2", false),
            ("附件 1", "附件 2", false),
            ("表 1", "表 2", false),
            ("任务分解表  1", "任务分解表  2", true),
            ("表1-2", "表1-3", false),
            ("1月份", "2月份", false),
            ("2025 年度重点任务", "2026 年度重点任务", false),
            ("第1批任务", "第2批任务", false),
        ] {
            assert_eq!(is_running(line, &HashSet::from([unnumbered(other)])), same, "{line}");
        }
    }
}
