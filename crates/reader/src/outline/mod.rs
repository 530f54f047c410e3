//! The outline of a document: which numbers stand where, and which item stands under which.

mod closing;
pub(crate) mod numbering;
pub(crate) mod tree;
