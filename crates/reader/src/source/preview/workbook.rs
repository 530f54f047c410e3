//! A workbook as it is looked at: each cell's text as its own program displays it.

use std::collections::BTreeMap;

use calamine::{DataRef, Dimensions, Reader, SheetVisible};

use super::{BYTES, CELLS, COLUMNS, Cell, ROWS, Row, SHEETS, Sheet, Workbook, display::Format};
use crate::source::{Unreadable, sheet};

/// More merged cells than any sheet has.
const MERGED: usize = 20_000;

pub(super) fn read(bytes: &[u8]) -> Result<Workbook, Unreadable> {
    let mut book = sheet::open(bytes)?;
    let damaged = |_| Unreadable::Damaged { what: "xlsx" };
    let all = book.sheets_metadata().to_vec();
    let (shown, hidden): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|sheet| sheet.visible == SheetVisible::Visible);
    let mut workbook =
        Workbook { sheets: Vec::new(), more: shown.len().saturating_sub(SHEETS), hidden: hidden.len() };
    let mut room = Room { cells: CELLS, bytes: BYTES };
    let mut formats: Option<Vec<Format>> = None;
    for sheet in shown.into_iter().take(SHEETS) {
        // Those of a sheet of charts can't be read, and it has none.
        let regions = book.merge_cells_by_sheet_name(&sheet.name).unwrap_or_default();
        let mut grid = Grid::default();
        if let Ok(mut cells) = book.worksheet_cells_reader(&sheet.name) {
            let formats = formats.get_or_insert_with(|| {
                let codes = cells.styles().iter().map(|style| style.number_format.as_ref());
                codes
                    .map(|code| {
                        code.map_or_else(Format::default, |code| {
                            Format::new(&code.format_code, code.format_id)
                        })
                    })
                    .collect()
            });
            let general = Format::default();
            while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(damaged)? {
                let (text, number) = displayed(cell.get_value(), formats.get(style).unwrap_or(&general));
                if !text.is_empty() {
                    grid.put(cell.get_position(), text, number, &mut room);
                }
            }
        }
        for region in regions.iter().take(MERGED) {
            grid.merge(region);
        }
        workbook.sheets.push(grid.end(sheet.name));
    }
    Ok(workbook)
}

/// A value's text, and whether it is a number or a date.
fn displayed(value: &DataRef<'_>, format: &Format) -> (String, bool) {
    match value {
        DataRef::Int(number) => (format.number(*number as f64), true),
        DataRef::Float(number) => (format.number(*number), true),
        DataRef::DateTime(moment) if moment.is_duration() => (format.duration(moment.as_f64()), true),
        DataRef::DateTime(moment) => (format.moment(moment.to_ymd_hms_milli()), true),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => (text.clone(), true),
        DataRef::String(text) => (lines(text), false),
        DataRef::SharedString(text) => (lines(text), false),
        DataRef::Bool(truth) => (if *truth { "TRUE" } else { "FALSE" }.to_owned(), false),
        DataRef::Error(error) => (error.to_string(), false),
        DataRef::Empty => (String::new(), false),
    }
}

fn lines(text: &str) -> String {
    text.trim().replace("\r\n", "\n")
}

/// What still fits into the workbook.
struct Room {
    cells: usize,
    bytes: usize,
}

/// A sheet's cells by row and column, both from 0.
#[derive(Default)]
struct Grid {
    rows: BTreeMap<u32, BTreeMap<u32, Cell>>,
    /// Columns up to the last that holds something.
    width: u32,
    /// The last row that is left out, and how many are.
    left_out: (Option<u32>, usize),
}

impl Grid {
    fn put(&mut self, (row, column): (u32, u32), text: String, number: bool, room: &mut Room) {
        self.width = self.width.max(column.saturating_add(1));
        let full = self.rows.len() >= ROWS && !self.rows.contains_key(&row);
        // Nothing is missing in between: what comes after the first row that is left out is left out too.
        if self.left_out.1 > 0 || full || room.cells == 0 || text.len() > room.bytes {
            if self.left_out.0 != Some(row) {
                self.left_out = (Some(row), self.left_out.1 + 1);
            }
            return;
        }
        let cells = self.rows.entry(row).or_default();
        if column < COLUMNS {
            room.cells -= 1;
            room.bytes -= text.len();
            cells.insert(column, Cell { column, text, columns: 1, rows: 1, number });
        }
    }

    /// A cell that reaches over others, which are not seen then.
    fn merge(&mut self, region: &Dimensions) {
        let ((top, left), (bottom, right)) = (region.start, region.end);
        let right = right.min(COLUMNS - 1);
        if right < left || bottom < top || !self.rows.get(&top).is_some_and(|row| row.contains_key(&left)) {
            return;
        }
        let mut rows = 0;
        for (row, cells) in self.rows.range_mut(top..=bottom) {
            rows += 1;
            cells.retain(|column, _| !(left..=right).contains(column) || (*row, *column) == (top, left));
        }
        if let Some(cell) = self.rows.get_mut(&top).and_then(|row| row.get_mut(&left)) {
            (cell.columns, cell.rows) = (right - left + 1, rows);
        }
        self.width = self.width.max(right + 1);
    }

    fn end(self, name: String) -> Sheet {
        let row = |(number, cells): (u32, BTreeMap<u32, Cell>)| Row {
            number: number.saturating_add(1),
            cells: cells.into_values().collect(),
        };
        Sheet {
            name,
            columns: self.width.min(COLUMNS),
            rows: self.rows.into_iter().map(row).collect(),
            more_rows: self.left_out.1,
            more_columns: self.width.saturating_sub(COLUMNS),
        }
    }
}
