//! `photo` 照片: whether a photograph is what it claims to be. Whatever is found is told to the reviewer, beside its twin;
//! nothing is refused for it.
//!
//! What a picture looks like is kept as a [`Fingerprint`], which `chengjing_reader::picture` takes from its pixels; an
//! [`Album`] holds those of a campaign and finds the twins of one more. What there is to be looked at is a [`Doubt`].
//! `docs/PHOTOS.md` says how, and how well.

mod album;
pub mod doubt;
mod fingerprint;
mod ground;
mod likeness;
mod traces;
mod uncompared;

pub use album::{Album, Twin};
pub use doubt::{Doubt, DoubtKind, DoubtState, Found};
pub use fingerprint::{Fingerprint, LEAST_MARKS, MOST_MARKS, Mark, code_bits};
pub use ground::Ground;
pub use likeness::{Likeness, compare};
pub use traces::{Sign, Traces};
pub use uncompared::Uncompared;
