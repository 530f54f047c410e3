//! The one program. Here the database, the clock and the source of randomness are chosen, and nowhere else.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the program speaks to a terminal")]

mod assets;
mod command;
mod demo;
mod typesetter;
mod world;

use std::{num::NonZero, process::ExitCode};

use clap::Parser;

#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Threads that may wait for the disk or work for long. Each keeps some memory that it once used: with as many as there are
/// uploads at once, the program grew by two megabytes an upload. Far more than work of which a part waits for another such thread.
const WAITING_THREADS: usize = 32;

/// Memory in pages of 4 KiB. In pages of 2 MB each thread would hold some that are nearly empty: what a server at rest held of its
/// own was about twice as much. The allocator does not ask for them; this is for systems that give them unasked.
fn keep_to_small_pages() {
    #[cfg(target_os = "linux")]
    rustix::thread::disable_transparent_huge_pages(true).ok();
}

fn main() -> ExitCode {
    keep_to_small_pages();
    let arguments = command::Arguments::parse();
    world::start_log(arguments.verbose);
    // A statement to SQLite holds the thread of the request that asks (ADR 0004): more threads than cores, so that a slow
    // one holds up nobody else.
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get).saturating_mul(2).max(4);
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(threads).max_blocking_threads(WAITING_THREADS).enable_all();
    let runtime = match builder.build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: the program can't start its threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(command::run(arguments.command)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
