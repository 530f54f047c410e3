//! Spreadsheets: each sheet's rows as lines of cells.

use std::{collections::HashMap, io::Cursor};

use calamine::{Data, Dimensions, Reader, Xlsx};

use super::{
    Source, Unreadable,
    archive::Archive,
    grid::{Grid, one_line},
};

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
    for sheet in book.sheet_names() {
        let Ok(range) = book.worksheet_range(&sheet) else { continue };
        let (top, left) = range.start().unwrap_or_default();
        let covered = covered(&book.merge_cells_by_sheet_name(&sheet).map_err(|_| damaged())?);
        let mut grid = Grid::default();
        for (row, cells) in (top..).zip(range.rows().take(ROWS)) {
            grid.begin_row();
            for (column, cell) in (left..).zip(cells) {
                match covered.get(&(row, column)) {
                    Some(Cover::FromLeft) => grid.cell("", 1, 1),
                    Some(Cover::FromAbove) => grid.continued(1),
                    None => grid.cell(&words(cell), 1, 1),
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

/// From where a merged cell reaches over this one.
enum Cover {
    FromLeft,
    FromAbove,
}

/// The cells that merged cells reach over. Regions that would cover more than a sheet has rows are no table's.
fn covered(regions: &[Dimensions]) -> HashMap<(u32, u32), Cover> {
    let mut covered = HashMap::new();
    for region in regions {
        let ((top, left), (bottom, right)) = (region.start, region.end);
        if u64::from(bottom.saturating_sub(top) + 1) * u64::from(right.saturating_sub(left) + 1) > ROWS as u64
            || covered.len() > ROWS
        {
            continue;
        }
        for row in top..=bottom {
            for column in left..=right {
                if column != left {
                    covered.insert((row, column), Cover::FromLeft);
                } else if row != top {
                    covered.insert((row, column), Cover::FromAbove);
                }
            }
        }
    }
    covered
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
