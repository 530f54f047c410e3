//! Tables with merged cells, on their way to lines of cells.

use super::CONTINUED_CELL;

/// Builds the lines of one table. Cells that a cell above reaches down into hold [`CONTINUED_CELL`]; those that a cell
/// to the left covers are empty.
#[derive(Debug, Default)]
pub(super) struct Grid {
    /// For each column: how many rows more the cell above reaches down.
    reaching: Vec<usize>,
    row: Vec<String>,
}

/// Wider tables are no tables of a plan; what lies beyond is dropped with its row's line kept.
pub(super) const WIDEST: usize = 200;

impl Grid {
    pub(super) fn begin_row(&mut self) {
        self.row.clear();
    }

    /// A cell that covers so many columns and rows; both at least 1.
    pub(super) fn cell(&mut self, text: &str, columns: usize, rows: usize) {
        self.skip_covered();
        for column in 0..columns.clamp(1, WIDEST) {
            if self.row.len() >= WIDEST {
                return;
            }
            if self.reaching.len() <= self.row.len() {
                self.reaching.resize(self.row.len() + 1, 0);
            }
            self.reaching[self.row.len()] = rows.clamp(1, 10_000) - 1;
            self.row.push(if column == 0 { one_line(text) } else { String::new() });
        }
    }

    /// A cell that the file itself marks as continuing the one above.
    pub(super) fn continued(&mut self, columns: usize) {
        for column in 0..columns.clamp(1, WIDEST) {
            if self.row.len() < WIDEST {
                self.row.push(if column == 0 { CONTINUED_CELL.to_string() } else { String::new() });
            }
        }
    }

    fn skip_covered(&mut self) {
        while self.reaching.get(self.row.len()).is_some_and(|rows| *rows > 0) {
            self.reaching[self.row.len()] -= 1;
            self.row.push(CONTINUED_CELL.to_string());
        }
    }

    /// The row's line; None where nothing stands in it.
    pub(super) fn end_row(&mut self) -> Option<String> {
        self.skip_covered();
        let blank = self.row.iter().all(|cell| cell.is_empty() || cell.starts_with(CONTINUED_CELL));
        (!blank).then(|| self.row.join("\t").trim_end_matches('\t').to_owned())
    }
}

/// A cell's text in one line: line ends and tabs become single blanks.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for part in text.split(['\n', '\r', '\t', '\u{b}']).map(str::trim).filter(|part| !part.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(part);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merged_cells_leave_their_marks() {
        let mut grid = Grid::default();
        let mut lines = Vec::new();
        grid.begin_row();
        grid.cell("甲\n乙", 1, 2);
        grid.cell("丙", 2, 1);
        lines.extend(grid.end_row());
        grid.begin_row();
        grid.cell("丁", 1, 1);
        grid.cell("戊", 1, 1);
        lines.extend(grid.end_row());
        grid.begin_row();
        lines.extend(grid.end_row());
        assert_eq!(lines, ["甲 乙\t丙", "〃\t丁\t戊"]);
    }
}
