//! The commands, one file each.

mod backup;
mod demo;
mod doctor;
mod generate;
mod ledger;
mod migrate;
mod read;
mod restore;
mod score;
mod serve;
mod standard;
mod token;
mod typeset;
mod user;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
pub(crate) use user::told;

/// 城镜: a city campaign, from the plan on paper to the published result
#[derive(Debug, Parser)]
#[command(name = "chengjing", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Say more on standard error; twice: everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the server
    Serve(serve::Serve),
    /// Run a made-up county to look around in
    Demo(demo::Demo),
    /// Read a plan document into duties, units, deadlines and targets
    Read(read::Read),
    /// Check and show assessment standards
    Standard(standard::StandardCommand),
    /// Score a campaign, or facts by a standard without any database
    Score(score::Score),
    /// Set a typst source as a PDF, to try a template
    Typeset(typeset::Typeset),
    /// Bring the database's schema up to date
    Migrate(migrate::Migrate),
    /// Add, list, disable users
    User(user::User),
    /// Make tokens for programs
    Token(token::Token),
    /// Check the ledger
    Ledger(ledger::Ledger),
    /// Copy database and files into one file, also while the server runs
    Backup(backup::Backup),
    /// Make a new installation from a backup, and prove it
    Restore(restore::Restore),
    /// Look for what is wrong with an installation
    Doctor(doctor::Doctor),
    /// Print files that are made from the program
    #[command(hide = true)]
    Generate(generate::Generate),
    /// Set one document within limits; the server starts it
    #[command(hide = true)]
    TypesetOne(typeset::TypesetOne),
}

pub(crate) async fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Serve(serve) => serve.run().await,
        Command::Demo(demo) => demo.run().await,
        Command::Read(read) => read.run(),
        Command::Standard(standard) => standard.run(),
        Command::Score(score) => score.run().await,
        Command::Migrate(migrate) => migrate.run().await,
        Command::User(user) => user.run().await,
        Command::Token(token) => token.run().await,
        Command::Ledger(ledger) => ledger.run().await,
        Command::Backup(backup) => backup.run().await,
        Command::Restore(restore) => restore.run().await,
        Command::Doctor(doctor) => doctor.run().await,
        Command::Generate(generate) => generate.run(),
        Command::Typeset(typeset) => typeset.run().await,
        Command::TypesetOne(one) => one.run(),
    }
}
