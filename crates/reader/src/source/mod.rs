//! What an extractor of a file format hands to the reader.
//!
//! A paragraph is a line. A table row is a line whose cells are separated by TAB; a line end inside a cell becomes a
//! blank. A cell that continues a vertically merged cell from the row above holds [`CONTINUED_CELL`] and nothing else;
//! the cells that a horizontally merged cell covers are empty. Automatic numbering is written out as the reader of the
//! page sees it (`1.`, `(一)`).

mod encoding;
mod unreadable;

pub use unreadable::Unreadable;

use crate::problem::Problem;

/// The ditto mark, which people write in tables for "as above" too.
pub const CONTINUED_CELL: char = '〃';

/// A document's text and what could not be read of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// The document's file name.
    pub name: String,
    pub text: String,
    /// What the extractor has to say; it stands before the reader's own remarks.
    pub problems: Vec<Problem>,
}

impl Source {
    /// A document that is plain text already.
    pub fn plain(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), text: text.to_owned(), problems: Vec::new() }
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
    match Kind::of(bytes) {
        Kind::Text => Ok(Source::plain(name, &encoding::decode(bytes))),
        Kind::Refused(why) => Err(why),
    }
}

/// What the first bytes say.
enum Kind {
    Text,
    Refused(Unreadable),
}

impl Kind {
    fn of(bytes: &[u8]) -> Self {
        const PICTURES: &[&[u8]] = &[b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*"];
        if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
            return Self::Refused(Unreadable::OldWord);
        }
        if PICTURES.iter().any(|start| bytes.starts_with(start)) {
            return Self::Refused(Unreadable::Picture);
        }
        Self::Text
    }
}
