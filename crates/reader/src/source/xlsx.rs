//! Spreadsheets: each sheet's rows as lines of cells.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use super::{Source, Unreadable, archive::Archive, grid::{Grid, one_line}};

pub(super) const WORKBOOK: &str = "xl/workbook.xml";

/// More rows than any task table has; a sheet of empty formatted rows must not fill memory.
const ROWS: usize = 200_000;

pub(super) fn extract(name: &str, bytes: &[u8], archive: &mut Archive<'_>) -> Result<Source, Unreadable> {
    archive.check_whole()?;
    let damaged = || Unreadable::Damaged { what: "xlsx" };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
        calamine::XlsxError::Password => Unreadable::Encrypted,
        _ => damaged(),
    })?;
    let mut text = String::new();
    book.load_merged_regions().map_err(|_| damaged())?;
    for sheet in book.sheet_names() {
        let Ok(range) = book.worksheet_range(&sheet) else { continue };
        let (top, left) = range.start().unwrap_or_default();
        let merged: Vec<_> = book
            .merged_regions_by_sheet(&sheet)
            .into_iter()
            .map(|(_, _, region)| *region)
            .collect();
        let mut grid = Grid::default();
        for (row, cells) in (top..).zip(range.rows().take(ROWS)) {
            grid.begin_row();
            for (column, cell) in (left..).zip(cells) {
                let region = merged.iter().find(|region| {
                    (region.start.0..=region.end.0).contains(&row) && (region.start.1..=region.end.1).contains(&column)
                });
                match region {
                    Some(region) if region.start.1 != column => grid.cell("", 1, 1),
                    Some(region) if region.start.0 != row => grid.continued(1),
                    _ => grid.cell(&words(cell), 1, 1),
                }
            }
            if let Some(line) = grid.end_row() {
                text.push_str(&line);
                text.push('\n');
            }
        }
        text.push('\n');
    }
    Ok(Source::plain(name, &text))
}

fn words(cell: &Data) -> String {
    match cell {
        Data::String(text) => one_line(text),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(value) => value.to_string(),
        Data::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year}年{month}月{day}日")
        }
        Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        _ => String::new(),
    }
}
