//! Rules of the domain, checked by data and by properties.

mod adoption;
mod comparison;
mod undo;
