#![allow(clippy::print_stdout, reason = "a bench speaks to the terminal")]
//! x
fn main() {}
