//! What an extractor of a file format hands to the reader.
//!
//! A paragraph is a line. A table row is a line whose cells are separated by TAB; a line end inside a cell becomes a
//! blank. A cell that continues a vertically merged cell from the row above holds [`CONTINUED_CELL`] and nothing else;
//! the cells that a horizontally merged cell covers are empty. Automatic numbering is written out as the reader of the
//! page sees it (`1.`, `(一)`).

mod archive;
mod docx;
mod encoding;
mod grid;
mod html;
mod pdf;
pub mod preview;
mod running;
mod sheet;
mod unreadable;
mod xlsx;
mod xml;

pub use running::running_text;
pub use sheet::{Row, Sheet, TypedSheet, Value, read_sheet, read_sheets, read_typed_sheets};
pub use unreadable::Unreadable;

use crate::problem::Problem;

/// The ditto mark, which people write in tables for "as above" too.
pub const CONTINUED_CELL: char = '〃';

/// More text than any plan holds, in bytes. Merged cells and texts that cells share can make much of little.
const TEXT: usize = 32 << 20;

/// A document's text and what could not be read of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// The document's file name.
    pub name: String,
    pub text: String,
    /// What the extractor has to say; it stands before the reader's own remarks.
    pub problems: Vec<Problem>,
    /// The format knows which cells are merged: every one that is holds [`CONTINUED_CELL`], and an empty one is empty.
    pub merges_known: bool,
}

impl Source {
    /// A document that is plain text already.
    pub fn plain(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), text: text.to_owned(), problems: Vec::new(), merges_known: false }
    }

    fn checked(self) -> Result<Self, Unreadable> {
        if self.text.len() > TEXT { Err(Unreadable::TooLarge) } else { Ok(self) }
    }
}

/// The text of a document of any kind that the reader knows; what kind it is, its bytes tell.
///
/// # Errors
/// [`Unreadable`]: why not, and what to do instead.
pub fn extract(name: &str, bytes: &[u8]) -> Result<Source, Unreadable> {
    if bytes.is_empty() {
        return Err(Unreadable::Empty);
    }
    if let Some(why) = refused(bytes) {
        return Err(why);
    }
    if bytes.starts_with(b"PK") {
        let mut archive = archive::Archive::open(bytes)?;
        return if archive.has(docx::DOCUMENT) {
            docx::extract(name, &mut archive).and_then(Source::checked)
        } else if archive.has(xlsx::WORKBOOK) {
            xlsx::extract(name, bytes, &mut archive).and_then(Source::checked)
        } else {
            Err(Unreadable::UnknownKind)
        };
    }
    // Some programs write a few bytes in front of a pdf's first line.
    if find(&bytes[..bytes.len().min(1024)], b"%PDF-").is_some() {
        return pdf::extract(name, bytes).and_then(Source::checked);
    }
    if html::looks_like(bytes) {
        return html::extract(name, bytes).and_then(Source::checked);
    }
    let text = encoding::decode(bytes);
    if is_no_text(&text) { Err(Unreadable::UnknownKind) } else { Source::plain(name, &text).checked() }
}

/// Texts have no control characters but those of lines; where one in fifty is one it is some other file's bytes.
fn is_no_text(text: &str) -> bool {
    let control = |c: char| matches!(c, '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}');
    let (controls, all) = text
        .chars()
        .fold((0_usize, 0_usize), |(controls, all), c| (controls + usize::from(control(c)), all + 1));
    controls * 50 > all
}

/// Kinds that are known by their first bytes and not read.
fn refused(bytes: &[u8]) -> Option<Unreadable> {
    const PICTURES: &[&[u8]] = &[b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*"];
    const PROGRAMS: &[&[u8]] = &[b"\x7fELF", b"MZ\x90", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b"];
    if PICTURES.iter().any(|start| bytes.starts_with(start)) {
        return Some(Unreadable::Picture);
    }
    if PROGRAMS.iter().any(|start| bytes.starts_with(start)) {
        return Some(Unreadable::UnknownKind);
    }
    // The container of old Office files, and of new ones behind a password; its parts' names are UTF-16.
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        let has = |name: &str| {
            let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            find(bytes, &name).is_some()
        };
        return Some(if has("EncryptedPackage") {
            Unreadable::Encrypted
        } else if has("Workbook") {
            Unreadable::OldExcel
        } else {
            Unreadable::OldWord
        });
    }
    None
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// How often it stands there.
fn count(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes.windows(wanted.len()).filter(|window| *window == wanted).count()
}
