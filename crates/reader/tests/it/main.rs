//! Everything that is tested on whole documents.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the accuracy tests print their tables")]

mod accuracy;
mod contract;
mod properties;
mod scoring;
