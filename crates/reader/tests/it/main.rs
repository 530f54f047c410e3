//! Everything that is tested on whole documents.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the accuracy tests print their tables")]

mod accuracy;
mod contract;
mod formats;
mod partly;
mod photos;
mod previews;
mod properties;
mod ruled;
mod scoring;
mod standards;
#[path = "../street/mod.rs"]
mod street;
