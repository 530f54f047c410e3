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

fn main() -> ExitCode {
    let arguments = command::Arguments::parse();
    world::start_log(arguments.verbose);
    // A statement to SQLite holds the thread of the request that asks (ADR 0004): more threads than cores, so that a slow
    // one holds up nobody else.
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get).saturating_mul(2).max(4);
    let runtime =
        match tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build() {
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
