//! What Chengjing knows about campaigns. Pure: no I/O, no clock, no randomness of its own.

pub mod plan;
