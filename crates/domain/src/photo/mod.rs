//! `photo` 照片: whether a photograph is what it claims to be. Whatever is found is told to the reviewer, beside its twin;
//! nothing is refused for it.
//!
//! What a picture looks like is kept as a [`Fingerprint`], which `chengjing_reader::picture` takes from its pixels; an
//! [`Album`] holds those of a campaign and finds the twins of one more. `docs/PHOTOS.md` says how, and how well.

mod album;
mod fingerprint;
mod likeness;

pub use album::{Album, Twin};
pub use fingerprint::{Fingerprint, LEAST_MARKS, MOST_MARKS, Mark, code_bits};
pub use likeness::{Likeness, compare};
