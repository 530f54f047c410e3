//! Spreadsheets that people fill in for the program: rows of cells with the places that a person sees.

use std::{collections::BTreeMap, io::Cursor};

use calamine::{Data, Reader, Xlsx};

use super::{Unreadable, archive::Archive, xlsx};

/// Rows that hold something, and columns that are looked at.
const ROWS: usize = 20_000;
const COLUMNS: u32 = 64;

/// The first sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    pub name: String,
    /// The rows that hold something, from above.
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// As the program of the sheet numbers it, from 1.
    pub number: u32,
    /// From column A on, as long as the row has cells.
    pub cells: Vec<String>,
}

/// A sheet whose cells say what they are.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TypedSheet {
    pub name: String,
    /// By row and column, from 0; without empty ones.
    pub cells: BTreeMap<(u32, u32), Value>,
    /// The cells that a merged cell reaches over, with the one that holds its value.
    pub covered: BTreeMap<(u32, u32), (u32, u32)>,
    /// Something stands so far to the right that it was not looked at.
    pub beyond: bool,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// With its line ends.
    Text(String),
    Number(f64),
    Truth(bool),
    /// A date or a time, also where the spreadsheet made one of `1-1`.
    Moment,
    /// What went wrong in a formula: `#REF!`.
    Error(String),
}

pub(super) fn open(bytes: &[u8]) -> Result<Xlsx<Cursor<&[u8]>>, Unreadable> {
    if let Some(refusal) = super::refused(bytes) {
        return Err(refusal);
    }
    if !bytes.starts_with(b"PK") {
        return Err(Unreadable::UnknownKind);
    }
    let mut archive = Archive::open(bytes)?;
    if !archive.has(xlsx::WORKBOOK) {
        return Err(Unreadable::UnknownKind);
    }
    archive.check_whole()?;
    Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
        calamine::XlsxError::Password => Unreadable::Encrypted,
        _ => Unreadable::Damaged { what: "xlsx" },
    })
}

/// Reads all sheets of an xlsx, each cell as what it is.
///
/// # Errors
/// [`Unreadable`] says why it can't be read and what to do instead.
pub fn read_typed_sheets(bytes: &[u8]) -> Result<Vec<TypedSheet>, Unreadable> {
    let mut book = open(bytes)?;
    let damaged = |_| Unreadable::Damaged { what: "xlsx" };
    let (mut sheets, mut length, mut count) = (Vec::new(), 0, 0);
    for name in book.sheet_names() {
        let regions = book.merge_cells_by_sheet_name(&name).map_err(damaged)?;
        // A sheet of charts has no cells.
        let Ok(mut reader) = book.worksheet_cells_reader(&name) else { continue };
        let mut sheet = TypedSheet { name, covered: xlsx::covered(&regions), ..TypedSheet::default() };
        while let Some(cell) = reader.next_cell().map_err(damaged)? {
            let value = match Data::from(cell.get_value().clone()) {
                Data::String(text) if text.trim().is_empty() => continue,
                Data::String(text) => Value::Text(text),
                Data::Int(number) => Value::Number(number as f64),
                Data::Float(number) => Value::Number(number),
                Data::Bool(truth) => Value::Truth(truth),
                Data::DateTime(_) | Data::DateTimeIso(_) | Data::DurationIso(_) => Value::Moment,
                Data::Error(error) => Value::Error(error.to_string()),
                Data::Empty => continue,
            };
            let (row, column) = cell.get_position();
            if column >= COLUMNS {
                sheet.beyond = true;
                continue;
            }
            length += if let Value::Text(text) = &value { text.len() } else { 0 };
            count += 1;
            // A long shared text may stand in every cell.
            if count > ROWS * COLUMNS as usize || length > super::TEXT {
                return Err(Unreadable::TooLarge);
            }
            sheet.cells.insert((row, column), value);
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

/// Reads the first sheet of an xlsx.
///
/// # Errors
/// [`Unreadable`] says why it can't be read and what to do instead.
pub fn read_sheet(bytes: &[u8]) -> Result<Sheet, Unreadable> {
    let mut book = open(bytes)?;
    let name = book.sheet_names().first().cloned().ok_or(Unreadable::Empty)?;
    let sheet = rows_of(&mut book, name)?;
    if sheet.rows.is_empty() { Err(Unreadable::Empty) } else { Ok(sheet) }
}

/// Reads all sheets of an xlsx that hold something.
///
/// # Errors
/// [`Unreadable`] says why it can't be read and what to do instead.
pub fn read_sheets(bytes: &[u8]) -> Result<Vec<Sheet>, Unreadable> {
    /// More than people fill in for the program.
    const SHEETS: usize = 20;
    let mut book = open(bytes)?;
    let names = book.sheet_names();
    if names.len() > SHEETS {
        return Err(Unreadable::TooLarge);
    }
    let mut sheets = Vec::with_capacity(names.len());
    for name in names {
        sheets.push(rows_of(&mut book, name)?);
    }
    sheets.retain(|sheet| !sheet.rows.is_empty());
    if sheets.is_empty() { Err(Unreadable::Empty) } else { Ok(sheets) }
}

fn rows_of(book: &mut Xlsx<Cursor<&[u8]>>, name: String) -> Result<Sheet, Unreadable> {
    let damaged = |_| Unreadable::Damaged { what: "xlsx" };
    let mut reader = book.worksheet_cells_reader(&name).map_err(damaged)?;
    let mut cells: Vec<((u32, u32), String)> = Vec::new();
    while let Some(cell) = reader.next_cell().map_err(damaged)? {
        let place = cell.get_position();
        let words = xlsx::words(&Data::from(cell.get_value().clone())).trim().to_owned();
        if words.is_empty() || place.1 >= COLUMNS {
            continue;
        }
        if cells.len() == ROWS * COLUMNS as usize {
            return Err(Unreadable::TooLarge);
        }
        cells.push((place, words));
    }
    cells.sort_by_key(|(place, _)| *place);
    let mut rows: Vec<Row> = Vec::new();
    for ((row, column), words) in cells {
        let number = row.saturating_add(1);
        if rows.last().is_none_or(|last| last.number != number) {
            if rows.len() == ROWS {
                return Err(Unreadable::TooLarge);
            }
            rows.push(Row { number, cells: Vec::new() });
        }
        if let Some(last) = rows.last_mut() {
            last.cells.resize(column as usize, String::new());
            last.cells.push(words);
        }
    }
    Ok(Sheet { name, rows })
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::Workbook;

    use super::*;

    #[test]
    fn cells_keep_their_places_and_blank_rows_their_numbers() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_name("单位").expect("a name");
        sheet.write(0, 0, "名称").expect("a cell");
        sheet.write(0, 2, "上级").expect("a cell");
        sheet.write(3, 1, " 部门 ").expect("a cell");
        sheet.write(3, 3, 12).expect("a cell");
        let read = read_sheet(&book.save_to_buffer().expect("bytes")).expect("read");
        let row = |number, cells: &[&str]| Row {
            number,
            cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
        };
        let rows = vec![row(1, &["名称", "", "上级"]), row(4, &["", "部门", "", "12"])];
        assert_eq!(read, Sheet { name: "单位".into(), rows });
    }

    #[test]
    fn what_is_no_workbook_is_refused_with_its_reason() {
        let empty = Workbook::new().save_to_buffer().expect("bytes");
        assert_eq!(read_sheet(&empty), Err(Unreadable::Empty));
        assert_eq!(read_sheet(b"name,kind"), Err(Unreadable::UnknownKind));
        assert_eq!(read_sheet(b"\x89PNG...."), Err(Unreadable::Picture));
        assert!(read_sheet(b"PK\x03\x04 cut off").is_err());
    }
}
