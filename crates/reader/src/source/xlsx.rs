//! Spreadsheets: each sheet's rows as lines of cells.

use std::{
    collections::{BTreeMap, HashMap},
    io::Cursor,
};

use calamine::{Data, Dimensions, Reader, Xlsx};

use super::{
    Source, TEXT, Unreadable,
    archive::Archive,
    grid::{Grid, WIDEST, one_line},
};

pub(super) const WORKBOOK: &str = "xl/workbook.xml";

/// More cells than any task table has; what a sheet holds beyond them would only fill memory.
const CELLS: usize = 2_000_000;

/// Regions that would cover more than a table has are no table's.
const MOST_COVERED: u64 = 200_000;

pub(super) fn extract(name: &str, bytes: &[u8], archive: &mut Archive<'_>) -> Result<Source, Unreadable> {
    archive.check_whole()?;
    let damaged = || Unreadable::Damaged { what: "xlsx" };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
        calamine::XlsxError::Password => Unreadable::Encrypted,
        _ => damaged(),
    })?;
    let mut text = String::new();
    for sheet in book.sheet_names() {
        let merged = Merged::new(&book.merge_cells_by_sheet_name(&sheet).map_err(|_| damaged())?);
        let Ok(mut reader) = book.worksheet_cells_reader(&sheet) else { continue };
        // One cell after the other: two cells at a sheet's far corners must not make a grid of everything between.
        let mut cells: Vec<((u32, u32), String)> = Vec::new();
        let mut length = text.len();
        while let Some(cell) = reader.next_cell().map_err(|_| damaged())? {
            let place = cell.get_position();
            let words = words(&Data::from(cell.get_value().clone()));
            length += words.len();
            // A long shared text may stand in every cell.
            if cells.len() == CELLS || length > TEXT {
                return Err(Unreadable::TooLarge);
            }
            if !words.is_empty() {
                cells.push((place, words));
            }
        }
        // Well-made sheets are in order already.
        cells.sort_by_key(|(place, _)| *place);
        let left = cells.iter().map(|((_, column), _)| *column).min().unwrap_or(0);
        for row in cells.chunk_by(|one, other| one.0.0 == other.0.0) {
            if let Some(line) = line(row, left, &merged) {
                text.push_str(&line);
                text.push('\n');
            }
            if text.len() > TEXT {
                return Err(Unreadable::TooLarge);
            }
        }
        text.push('\n');
    }
    Ok(Source { merges_known: true, ..Source::plain(name, &text) })
}

/// A row's cells, from the sheet's leftmost column on.
fn line(cells: &[((u32, u32), String)], left: u32, merged: &Merged) -> Option<String> {
    let &((row, last), _) = cells.last()?;
    let last = last.max(merged.last.get(&row).copied().unwrap_or(0)).min(left.saturating_add(WIDEST as u32));
    let mut cells = cells.iter().peekable();
    let mut grid = Grid::default();
    grid.begin_row();
    for column in left..=last {
        let words = cells.next_if(|((_, at), _)| *at == column).map_or("", |(_, words)| words);
        match merged.covered.get(&(row, column)) {
            Some(Cover::FromLeft) => grid.cell("", 1, 1),
            Some(Cover::FromAbove) => grid.continued(1),
            None => grid.cell(words, 1, 1),
        }
        // Places that are named twice.
        while cells.next_if(|((_, at), _)| *at == column).is_some() {}
    }
    grid.end_row()
}

/// From where a merged cell reaches over this one.
enum Cover {
    FromLeft,
    FromAbove,
}

/// The cells that merged cells reach over, and the last such column of each row.
#[derive(Default)]
struct Merged {
    covered: HashMap<(u32, u32), Cover>,
    last: HashMap<u32, u32>,
}

impl Merged {
    fn new(regions: &[Dimensions]) -> Self {
        let mut merged = Self::default();
        for region in regions {
            let ((top, left), (bottom, right)) = (region.start, region.end);
            let rows = u64::from(bottom.saturating_sub(top)) + 1;
            let columns = u64::from(right.saturating_sub(left)) + 1;
            if rows * columns > MOST_COVERED || merged.covered.len() as u64 > MOST_COVERED {
                continue;
            }
            for row in top..=bottom {
                let last = merged.last.entry(row).or_default();
                *last = (*last).max(right);
                for column in left..=right {
                    if column != left {
                        merged.covered.insert((row, column), Cover::FromLeft);
                    } else if row != top {
                        merged.covered.insert((row, column), Cover::FromAbove);
                    }
                }
            }
        }
        merged
    }
}

/// The cells that merged cells reach over, with the one that holds the value.
pub(super) fn covered(regions: &[Dimensions]) -> BTreeMap<(u32, u32), (u32, u32)> {
    let mut covered = BTreeMap::new();
    for region in regions {
        let ((top, left), (bottom, right)) = (region.start, region.end);
        let rows = u64::from(bottom.saturating_sub(top)) + 1;
        let columns = u64::from(right.saturating_sub(left)) + 1;
        if rows * columns > MOST_COVERED || covered.len() as u64 > MOST_COVERED {
            continue;
        }
        for cell in (top..=bottom).flat_map(|row| (left..=right).map(move |column| (row, column))) {
            if cell != (top, left) {
                covered.insert(cell, (top, left));
            }
        }
    }
    covered
}

pub(super) fn words(cell: &Data) -> String {
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
