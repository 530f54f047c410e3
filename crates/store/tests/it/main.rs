//! The store's contract, told against both engines, and what each engine promises besides.
#![allow(unreachable_pub, reason = "the modules of a test are all there is of its crate")]
#![allow(clippy::print_stderr, reason = "a skipped half must be seen")]

mod attachments;
mod backups;
mod contract;
mod crashes;
mod evidence;
mod files;
mod groups;
mod harness;
mod initiatives;
mod jobs;
mod laws;
mod ledgers;
mod letters;
mod notices;
mod observations;
mod people;
mod photos;
mod publications;
mod reached;
mod search;
mod standards;
mod tasks;
mod units;
mod writes;
