//! The program as it is installed: started, spoken to over its socket, killed.

#![allow(unreachable_pub, reason = "a test binary has no outside")]
#![allow(clippy::print_stderr, reason = "a skipped half says so")]

mod bad_input;
mod county;
mod endings;
mod full_disk;
mod kills;
mod sent_once;
mod server;
mod standards;
mod typesetting;
mod uploads;
