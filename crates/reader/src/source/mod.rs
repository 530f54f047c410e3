//! What an extractor of a file format hands to the reader.
//!
//! A paragraph is a line. A table row is a line whose cells are separated by TAB; a line end inside a cell becomes a
//! blank. A cell that continues a vertically merged cell from the row above holds [`CONTINUED_CELL`] and nothing else;
//! the cells that a horizontally merged cell covers are empty. Automatic numbering is written out as the reader of the
//! page sees it (`1.`, `(一)`).

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
