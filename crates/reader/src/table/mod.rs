//! Tables in text: rows with TAB between the cells, and tables copied to plain text with one cell on a line.

mod fitting;
pub(crate) mod header;
mod headless;
mod months;
pub(crate) mod read;
pub(crate) mod rows;
