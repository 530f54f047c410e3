//! The API as its callers meet it, on both engines.

mod harness;
mod office;
mod refusals;
