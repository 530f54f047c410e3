//! What a document holds, so that it can be looked at without the program that made it: the paragraphs and tables of a
//! Word document, the cells of a workbook as they are displayed, the lines of a text.
//!
//! Limits keep what is given small, whatever the file holds. What they leave out is counted, and everything behind it is
//! left out too: nothing is missing in between.

mod display;
mod document;
mod workbook;

use chengjing_domain::attachment::MediaKind;

use self::document::Pages;
use super::{Unreadable, archive::Archive, docx, encoding, refused};

/// Paragraphs and rows of tables of a document, and lines of a text.
const BLOCKS: usize = 2_000;
const SHEETS: usize = 20;
/// Of each sheet.
const ROWS: usize = 500;
const COLUMNS: u32 = 60;
/// Of a whole workbook.
const CELLS: usize = 50_000;
/// Of text, in all.
const BYTES: usize = 2 << 20;

/// A document as it is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Preview {
    Document(Document),
    Workbook(Workbook),
    Text(Text),
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    pub blocks: Vec<Block>,
    /// How many paragraphs and rows are left out behind them.
    pub more: usize,
    /// How many pictures it holds, none of which is given.
    pub pictures: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    Paragraph(Paragraph),
    /// Rows of cells; what a cell reaches over is not in them.
    Table(Vec<Vec<Cell>>),
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paragraph {
    /// With its line ends.
    pub text: String,
    /// From 1 to 9; None where it is no heading.
    pub heading: Option<u8>,
    /// `1.`, `(一)`, or `•`: what Word draws in front of it.
    pub marker: Option<String>,
    /// How deep in its list, from 0.
    pub level: u8,
    pub centred: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// From 0.
    pub column: u32,
    pub text: String,
    /// Over so many columns and given rows it reaches; both at least 1.
    pub columns: u32,
    pub rows: u32,
    /// Numbers and dates stand at the right.
    pub number: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Workbook {
    /// Those that are not hidden.
    pub sheets: Vec<Sheet>,
    /// How many are left out behind them.
    pub more: usize,
    /// How many the workbook hides.
    pub hidden: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    pub name: String,
    pub columns: u32,
    /// The rows that hold something, from above.
    pub rows: Vec<Row>,
    /// How many rows that hold something are left out below.
    pub more_rows: usize,
    /// How many columns are left out at the right.
    pub more_columns: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// As the program of the workbook numbers it, from 1.
    pub number: u32,
    /// The cells that hold something, from the left.
    pub cells: Vec<Cell>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    pub lines: Vec<String>,
    /// How many lines are left out behind them.
    pub more: usize,
}

/// What still fits.
#[derive(Debug)]
struct Room {
    blocks: usize,
    bytes: usize,
    /// How many did not fit.
    more: usize,
}

impl Room {
    fn new(blocks: usize) -> Self {
        Self { blocks, bytes: BYTES, more: 0 }
    }

    /// Whether one more of so many bytes fits; nothing does behind one that did not.
    fn takes(&mut self, bytes: usize) -> bool {
        if self.more == 0 && self.blocks > 0 && bytes <= self.bytes {
            self.blocks -= 1;
            self.bytes -= bytes;
            true
        } else {
            self.more += 1;
            false
        }
    }
}

/// What a file of that kind holds.
///
/// # Errors
/// [`Unreadable`]; [`Unreadable::UnknownKind`] for kinds that are no text.
pub fn preview(kind: MediaKind, bytes: &[u8]) -> Result<Preview, Unreadable> {
    match kind {
        MediaKind::Text | MediaKind::Csv => Ok(Preview::Text(lines(bytes))),
        MediaKind::Docx => {
            let mut archive = Archive::open(bytes)?;
            let pages = Pages::new(docx::headings(&mut archive)?);
            docx::walk(&mut archive, pages).map(|pages| Preview::Document(pages.end()))
        }
        MediaKind::Xlsx => workbook::read(bytes).map(Preview::Workbook),
        _ => Err(refused(bytes).unwrap_or(Unreadable::UnknownKind)),
    }
}

fn lines(bytes: &[u8]) -> Text {
    let text = encoding::decode(bytes);
    let mut room = Room::new(BLOCKS);
    let lines = text.lines().filter(|line| room.takes(line.len())).map(str::to_owned).collect();
    Text { lines, more: room.more }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_given_by_lines_and_what_does_not_fit_is_counted() {
        let read = |bytes: &[u8]| match preview(MediaKind::Text, bytes) {
            Ok(Preview::Text(text)) => text,
            other => panic!("{other:?}"),
        };
        let short = Text { lines: vec!["一".into(), String::new(), "二".into()], more: 0 };
        assert_eq!(read("一\r\n\n二\n".as_bytes()), short);
        assert_eq!(read(&[0xd6, 0xd0, 0xce, 0xc4]).lines, ["中文"], "GBK, as older programs write it");
        let long = read("行\n".repeat(BLOCKS + 7).as_bytes());
        assert_eq!((long.lines.len(), long.more), (BLOCKS, 7));
        let wide = read(format!("短\n{}\n短\n", "长".repeat(BYTES)).as_bytes());
        assert_eq!((wide.lines, wide.more), (vec!["短".to_owned()], 2), "nothing is missing in between");
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_reason() {
        let office =
            [b"\xd0\xcf\x11\xe0".to_vec(), "Workbook".encode_utf16().flat_map(u16::to_le_bytes).collect()];
        for (kind, bytes, expected) in [
            (MediaKind::Office, office.concat(), Unreadable::OldExcel),
            (MediaKind::Jpeg, b"\xff\xd8\xff".to_vec(), Unreadable::Picture),
            (MediaKind::Pdf, b"%PDF-1.7".to_vec(), Unreadable::UnknownKind),
            (MediaKind::Docx, b"PK\x03\x04 cut off".to_vec(), Unreadable::Damaged { what: "zip" }),
            (MediaKind::Xlsx, b"PK\x03\x04 cut off".to_vec(), Unreadable::Damaged { what: "zip" }),
        ] {
            assert_eq!(preview(kind, &bytes), Err(expected), "{kind:?}");
        }
    }
}
