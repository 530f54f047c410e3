//! Tables of the rules that are drawn on a page: which rules make a grid, and which of its fields are one cell.

use std::collections::BTreeMap;

use super::{
    rules::{Rule, Rules},
    table::Columns,
};
use crate::source::grid::WIDEST;

/// Rules that lie so near, in points, are one: those of two cells side by side, drawn one by one.
const SAME: f32 = 1.0;

/// A gap in a rule that nobody sees.
const GAP: f32 = 2.0;

/// Rules that come so near to each other meet: the lines of a double border do not touch.
const MEETING: f32 = 3.0;

/// No column is narrower, no row lower than a character.
const NARROWEST: f32 = 6.0;
const LOWEST: f32 = 4.0;

/// More rules of one page, put together, are those of a drawing.
const MOST_RULES: usize = 3_000;

/// More tables on one page are boxes of a form. The boxes of a number's figures are a row alone, and not counted.
const MOST_TABLES: usize = 32;

/// Rows of one page.
const MOST_ROWS: usize = 600;

/// What lies between the boxes of a chart is no part of a table; so much of a table may be cut out at its corners.
const OUTSIDE: f32 = 0.25;

/// What looking for tables may cost in all pages of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    /// Rules that are compared.
    steps: usize,
    /// Fields of grids.
    fields: usize,
}

impl Default for Effort {
    fn default() -> Self {
        Self { steps: 50_000_000, fields: 1_000_000 }
    }
}

impl Effort {
    fn step(&mut self, steps: usize) -> Option<()> {
        self.steps = self.steps.checked_sub(steps)?;
        Some(())
    }
}

/// A cell: where its sides are, how high it is, its first row and how many it covers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub(super) left: f32,
    pub(super) right: f32,
    pub(super) high: f32,
    pub(super) row: usize,
    pub(super) rows: usize,
}

/// A table as it is drawn. Heights count downwards.
#[derive(Debug, Clone)]
pub(super) struct Ruled {
    xs: Vec<f32>,
    ys: Vec<f32>,
    /// For each field of the grid, row by row, the cell that it belongs to.
    owners: Vec<Option<usize>>,
    pub(super) cells: Vec<Place>,
    pub(super) rows: usize,
}

/// The tables of a page from its top to its bottom. A grid of a single row is one only where it may go on with a table
/// of the page before, whose columns are `open`.
pub(super) fn find(rules: &mut Rules, open: Option<&Columns>, effort: &mut Effort) -> Vec<Ruled> {
    if rules.across.len() < 2 || rules.down.is_empty() || rules.too_many() {
        return Vec::new();
    }
    let (across, down) = (whole(&mut rules.across), whole(&mut rules.down));
    if across.len() + down.len() > MOST_RULES {
        return Vec::new();
    }
    let Some(groups) = meeting(&across, &down, effort) else { return Vec::new() };
    let goes_on = |table: &Ruled| open.is_some_and(|open| open.fit(&table.columns()));
    let mut found: Vec<Ruled> =
        groups.iter().filter_map(|(across, down)| Ruled::new(across, down, effort)).collect();
    found.retain(|table| table.rows > 1 || goes_on(table));
    if found.len() > MOST_TABLES {
        return Vec::new();
    }
    // A table inside a cell is read as that cell's text.
    let inner: Vec<bool> =
        found.iter().map(|table| found.iter().any(|other| other.is_around(table))).collect();
    let mut inner = inner.into_iter();
    found.retain(|_| !inner.next().unwrap_or_default());
    found.sort_by(|a, b| a.top().total_cmp(&b.top()).then(a.left().total_cmp(&b.left())));
    found
}

/// Puts the pieces of each rule together.
fn whole(rules: &mut [Rule]) -> Vec<Rule> {
    rules.sort_unstable_by(|a, b| a.at.total_cmp(&b.at));
    let mut merged: Vec<Rule> = Vec::new();
    let mut rest = rules;
    while let Some(first) = rest.first() {
        let at = first.at;
        let count = rest.partition_point(|rule| rule.at <= at + SAME);
        let (line, after) = std::mem::take(&mut rest).split_at_mut(count);
        rest = after;
        line.sort_unstable_by(|a, b| a.from.total_cmp(&b.from));
        let mut current: Option<Rule> = None;
        for rule in line {
            match &mut current {
                Some(current) if rule.from <= current.to + GAP => current.to = current.to.max(rule.to),
                _ => merged.extend(current.replace(*rule)),
            }
        }
        merged.extend(current);
    }
    merged.retain(|rule| rule.to - rule.from >= NARROWEST);
    merged
}

type Group = (Vec<Rule>, Vec<Rule>);

/// The rules that hang together, by the points where one across and one down meet; None where it takes too long. Both are
/// in order of their places.
fn meeting(across: &[Rule], down: &[Rule], effort: &mut Effort) -> Option<Vec<Group>> {
    let mut parents: Vec<usize> = (0..across.len() + down.len()).collect();
    for (i, line) in across.iter().enumerate() {
        let first = down.partition_point(|rule| rule.at < line.from - MEETING);
        for (j, rule) in down.iter().enumerate().skip(first) {
            if rule.at > line.to + MEETING {
                break;
            }
            effort.step(1)?;
            if rule.from - MEETING <= line.at && line.at <= rule.to + MEETING {
                let (a, b) = (root(&mut parents, i), root(&mut parents, across.len() + j));
                parents[a] = b;
            }
        }
    }
    let mut groups: BTreeMap<usize, Group> = BTreeMap::new();
    for (i, rule) in across.iter().enumerate() {
        groups.entry(root(&mut parents, i)).or_default().0.push(*rule);
    }
    for (j, rule) in down.iter().enumerate() {
        groups.entry(root(&mut parents, across.len() + j)).or_default().1.push(*rule);
    }
    Some(groups.into_values().filter(|(across, down)| across.len() >= 2 && !down.is_empty()).collect())
}

fn root(parents: &mut [usize], mut of: usize) -> usize {
    while parents[of] != of {
        parents[of] = parents[parents[of]];
        of = parents[of];
    }
    of
}

/// Where rules lie, those that are as good as the same taken as one. The rules are in order.
fn stops(rules: &[Rule], near: f32) -> Vec<f32> {
    let mut stops = Vec::new();
    let mut rest = rules;
    while let Some(first) = rest.first() {
        let count = rest.partition_point(|rule| rule.at <= first.at + near);
        let (same, after) = rest.split_at(count);
        stops.push(f32::midpoint(first.at, same.last().map_or(first.at, |last| last.at)));
        rest = after;
    }
    stops
}

fn nearest(stops: &[f32], at: f32) -> usize {
    let behind = stops.partition_point(|stop| *stop < at);
    match (behind.checked_sub(1), stops.get(behind)) {
        (Some(before), Some(stop)) if at - stops[before] > stop - at => behind,
        (Some(before), _) => before,
        (None, _) => 0,
    }
}

/// How far the rules at both ends reach beyond all that cross them: to the left and to the right of a table that has no
/// sides.
fn beyond(ends: [&[Rule]; 2], stops: &[f32], near: f32) -> (Option<f32>, Option<f32>) {
    let from = |rules: &[Rule]| rules.iter().map(|rule| rule.from).fold(f32::INFINITY, f32::min);
    let to = |rules: &[Rule]| rules.iter().map(|rule| rule.to).fold(f32::NEG_INFINITY, f32::max);
    let (from, to) = (from(ends[0]).max(from(ends[1])), to(ends[0]).min(to(ends[1])));
    let before = stops.first().filter(|first| from < *first - near).map(|_| from);
    let after = stops.last().filter(|last| to > *last + near).map(|_| to);
    (before, after)
}

/// The rules at the first and at the last of their stops.
fn ends(rules: &[Rule], near: f32) -> [&[Rule]; 2] {
    let (Some(first), Some(last)) = (rules.first(), rules.last()) else { return [&[], &[]] };
    let head = rules.partition_point(|rule| rule.at <= first.at + near);
    let tail = rules.partition_point(|rule| rule.at < last.at - near);
    [&rules[..head], &rules[tail..]]
}

impl Ruled {
    /// The table that rules make which hang together; both kinds in order of their places.
    fn new(across: &[Rule], down: &[Rule], effort: &mut Effort) -> Option<Self> {
        let (mut xs, mut ys) = (stops(down, NARROWEST), stops(across, LOWEST));
        // A table may have no sides, or none at its top and bottom where it goes on over pages.
        let (left, right) = beyond(ends(across, LOWEST), &xs, NARROWEST);
        let (top, bottom) =
            if xs.len() >= 2 { beyond(ends(down, NARROWEST), &ys, LOWEST) } else { (None, None) };
        let open = [left, right, top, bottom].map(|side| side.is_some());
        xs.splice(0..0, left);
        xs.extend(right);
        ys.splice(0..0, top);
        ys.extend(bottom);
        if !(3..=WIDEST).contains(&xs.len()) || !(2..=MOST_ROWS).contains(&ys.len()) {
            return None;
        }
        let fields = (xs.len() - 1) * (ys.len() - 1);
        effort.fields = effort.fields.checked_sub(fields)?;
        effort.step(across.len() * xs.len() + down.len() * ys.len())?;
        let lines = Lines::new(across, down, &xs, &ys, open);
        let areas = lines.areas(&xs, &ys)?;

        let mut owners = vec![None; fields];
        let mut starts: Vec<usize> = areas.iter().map(|area| area.top).collect();
        let mut columns: Vec<usize> = areas.iter().map(|area| area.left).collect();
        for list in [&mut starts, &mut columns] {
            list.sort_unstable();
            list.dedup();
        }
        if columns.len() < 2 || areas.len() < 2 {
            return None;
        }
        // Rows in which no cell begins are none.
        let row = |line: usize| starts.partition_point(|start| *start < line);
        let cells = areas
            .iter()
            .enumerate()
            .map(|(cell, area)| {
                for y in area.top..area.bottom {
                    owners[y * lines.columns + area.left..y * lines.columns + area.right].fill(Some(cell));
                }
                Place {
                    left: xs[area.left],
                    right: xs[area.right],
                    high: ys[area.bottom] - ys[area.top],
                    row: row(area.top),
                    rows: row(area.bottom) - row(area.top),
                }
            })
            .collect();
        Some(Self { owners, cells, rows: starts.len(), xs, ys })
    }

    fn left(&self) -> f32 {
        self.xs.first().copied().unwrap_or_default()
    }

    fn right(&self) -> f32 {
        self.xs.last().copied().unwrap_or_default()
    }

    pub(super) fn top(&self) -> f32 {
        self.ys.first().copied().unwrap_or_default()
    }

    pub(super) fn bottom(&self) -> f32 {
        self.ys.last().copied().unwrap_or_default()
    }

    pub(super) fn columns(&self) -> Columns {
        Columns::new(self.cells.iter().map(|cell| cell.left), self.right())
    }

    fn is_around(&self, other: &Self) -> bool {
        let wide = self.left() < other.left() && other.right() < self.right();
        wide && self.top() < other.top() && other.bottom() < self.bottom()
    }

    /// The cell in which a point lies.
    pub(super) fn at(&self, x: f32, y: f32) -> Option<usize> {
        let column = self.xs.partition_point(|stop| *stop <= x).checked_sub(1)?;
        let row = self.ys.partition_point(|stop| *stop <= y).checked_sub(1)?;
        let columns = self.xs.len() - 1;
        if column >= columns { None } else { self.owners.get(row * columns + column).copied().flatten() }
    }
}

/// A cell in fields of the grid; the ends are behind it.
struct Fields {
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
}

/// Which sides of the fields of a grid are drawn.
struct Lines {
    columns: usize,
    rows: usize,
    /// Above each field, and below the last row.
    across: Vec<bool>,
    /// To the left of each field, column by column, and to the right of the last.
    down: Vec<bool>,
}

impl Lines {
    /// `open`: whether left, right, top and bottom have no rules of their own.
    fn new(across: &[Rule], down: &[Rule], xs: &[f32], ys: &[f32], open: [bool; 4]) -> Self {
        let (columns, rows) = (xs.len() - 1, ys.len() - 1);
        let drawn = |rules: &[Rule], stops: &[f32], crossing: &[f32]| {
            let fields = crossing.len() - 1;
            let mut drawn = vec![false; stops.len() * fields];
            for rule in rules {
                let line = nearest(stops, rule.at) * fields;
                for (field, pair) in crossing.windows(2).enumerate() {
                    let middle = f32::midpoint(pair[0], pair[1]);
                    drawn[line + field] |= rule.from <= middle && middle <= rule.to;
                }
            }
            drawn
        };
        let (mut across, mut down) = (drawn(across, ys, xs), drawn(down, xs, ys));
        let [left, right, top, bottom] = open;
        if left {
            down[..rows].fill(true);
        }
        if right {
            down[columns * rows..].fill(true);
        }
        if top {
            across[..columns].fill(true);
        }
        if bottom {
            across[rows * columns..].fill(true);
        }
        Self { columns, rows, across, down }
    }

    /// Hands over the fields beside one that no rule parts from it; None for what lies outside of the grid.
    fn beside(&self, field: usize, mut each: impl FnMut(Option<usize>)) {
        let (row, column) = (field / self.columns, field % self.columns);
        if !self.across[row * self.columns + column] {
            each(row.checked_sub(1).map(|_| field - self.columns));
        }
        if !self.across[(row + 1) * self.columns + column] {
            each((row + 1 < self.rows).then_some(field + self.columns));
        }
        if !self.down[column * self.rows + row] {
            each(column.checked_sub(1).map(|_| field - 1));
        }
        if !self.down[(column + 1) * self.rows + row] {
            each((column + 1 < self.columns).then_some(field + 1));
        }
    }

    /// The cells; None where what the rules enclose is no table.
    fn areas(&self, xs: &[f32], ys: &[f32]) -> Option<Vec<Fields>> {
        let mut seen = vec![false; self.columns * self.rows];
        let mut areas = Vec::new();
        let mut reached = Vec::new();
        let mut outside = 0.0;
        for field in 0..seen.len() {
            if std::mem::replace(&mut seen[field], true) {
                continue;
            }
            reached.clear();
            reached.push(field);
            let mut next = 0;
            let mut leaves = false;
            while let Some(&at) = reached.get(next) {
                next += 1;
                self.beside(at, |beside| match beside {
                    Some(beside) if !std::mem::replace(&mut seen[beside], true) => reached.push(beside),
                    Some(_) => {}
                    None => leaves = true,
                });
            }
            if leaves {
                let size = |at: usize| {
                    let (row, column) = (at / self.columns, at % self.columns);
                    (xs[column + 1] - xs[column]) * (ys[row + 1] - ys[row])
                };
                outside += reached.iter().map(|at| size(*at)).sum::<f32>();
                continue;
            }
            let rows = || reached.iter().map(|at| at / self.columns);
            let columns = || reached.iter().map(|at| at % self.columns);
            let area = Fields {
                left: columns().min()?,
                right: columns().max()? + 1,
                top: rows().min()?,
                bottom: rows().max()? + 1,
            };
            // No cell has a corner inside.
            if (area.right - area.left) * (area.bottom - area.top) != reached.len() {
                return None;
            }
            areas.push(area);
        }
        let size = (xs.last()? - xs.first()?) * (ys.last()? - ys.first()?);
        (outside <= OUTSIDE * size).then_some(areas)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `-`: from left to right at a height; `|`: from top to bottom at a distance from the left.
    fn tables(lines: &[(char, f32, f32, f32)]) -> Vec<Vec<(f32, f32, usize, usize)>> {
        let mut rules = Rules::default();
        for &(kind, at, from, to) in lines {
            let list = if kind == '-' { &mut rules.across } else { &mut rules.down };
            list.push(Rule { at, from, to });
        }
        let found = find(&mut rules, None, &mut Effort::default());
        let cell = |cell: &Place| (cell.left, cell.right, cell.row, cell.rows);
        found.iter().map(|table| table.cells.iter().map(cell).collect()).collect()
    }

    #[test]
    fn rules_that_hang_together_enclose_the_cells_of_a_table() {
        let frame =
            [('-', 0.0, 0.0, 100.0), ('-', 60.0, 0.0, 100.0), ('|', 0.0, 0.0, 60.0), ('|', 100.0, 0.0, 60.0)];
        let with = |more: &[(char, f32, f32, f32)]| tables(&[&frame, more].concat());
        assert_eq!(with(&[]), Vec::<Vec<_>>::new(), "a frame is no table");
        assert_eq!(with(&[('-', 30.0, 0.0, 100.0)]), Vec::<Vec<_>>::new(), "a column alone is none");
        let merged = vec![(0.0, 40.0, 0, 2), (40.0, 100.0, 0, 1), (40.0, 100.0, 1, 1)];
        for (lines, why) in [
            (vec![('|', 40.0, 0.0, 60.0), ('-', 30.0, 40.0, 100.0)], "a cell reaches over two rows"),
            (
                vec![
                    ('|', 40.0, 0.5, 29.0),
                    ('|', 40.5, 30.5, 59.0),
                    ('-', 30.0, 42.0, 70.0),
                    ('-', 30.0, 71.0, 98.0),
                ],
                "rules are drawn piece by piece",
            ),
            (
                vec![('|', 40.0, 0.0, 60.0), ('-', 30.0, 40.0, 100.0), ('-', 20.0, 46.0, 90.0)],
                "text is underlined in a cell",
            ),
        ] {
            assert_eq!(with(&lines).len(), 1, "{why}");
            let found: Vec<_> =
                with(&lines)[0].iter().map(|cell| (cell.0.round(), cell.1.round(), cell.2, cell.3)).collect();
            assert_eq!(found, merged, "{why}");
        }
        // No sides.
        let open = [
            ('-', 0.0, 0.0, 100.0),
            ('-', 30.0, 0.0, 100.0),
            ('-', 60.0, 0.0, 100.0),
            ('|', 40.0, 0.0, 60.0),
        ];
        assert_eq!(tables(&open)[0].len(), 4);
    }

    #[test]
    fn boxes_that_lines_join_and_crosses_are_no_table() {
        let boxed = |x: f32, y: f32| {
            [
                ('-', y, x, x + 30.0),
                ('-', y + 20.0, x, x + 30.0),
                ('|', x, y, y + 20.0),
                ('|', x + 30.0, y, y + 20.0),
            ]
        };
        let chart = [
            &boxed(40.0, 0.0)[..],
            &boxed(0.0, 60.0),
            &boxed(80.0, 60.0),
            &[
                ('|', 55.0, 20.0, 40.0),
                ('-', 40.0, 15.0, 95.0),
                ('|', 15.0, 40.0, 60.0),
                ('|', 95.0, 40.0, 60.0),
            ],
        ];
        assert_eq!(tables(&chart.concat()), Vec::<Vec<_>>::new());
        assert_eq!(tables(&[('-', 30.0, 0.0, 60.0), ('|', 30.0, 0.0, 60.0)]), Vec::<Vec<_>>::new());
    }
}
