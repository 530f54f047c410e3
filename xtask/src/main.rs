//! Every development command of the project. `cargo xtask` alone lists them.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "development commands speak to a terminal")]

mod bench;
mod demo;
mod fuzz;
mod kill;
mod passed;
mod postgres;
mod run;
mod s3;
mod setup;
mod stories;
mod test;
mod tidy;
mod update;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  demo [ADDRESS]     build what is missing and serve the demo city (http://127.0.0.1:8080)
  test [STEP …] [--again]
                     everything as CI runs it, or only the steps named: setup web format lint web-checks rust
                     update tidy api webhooks formats stories; what has passed on these very files within the last
                     twelve hours is taken again only where it is named, or with --again
  tidy               the walls of the house: edges between rooms, paths in docs, licences, file lengths
  update             make every generated file anew
  bench [NAME …]     run the benchmarks
  kill [--rounds 200] [--database sqlite|postgres]
                     kill the server under write load, and see that nothing acknowledged is lost
  fuzz [FORMAT …] [--seconds N] [--keep]
                     read inputs that nobody thought of: text html docx xlsx pdf, 600 seconds each;
                     --keep adds what reached new code to the inputs that the tests read
  postgres           start a PostgreSQL cluster of our own and print its URL until Ctrl-C";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rest: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
    let result = match arguments.first().map(String::as_str) {
        Some("demo") => demo::run(&rest),
        Some("test") => test::run(&rest),
        Some("tidy") => tidy::run(),
        Some("update") => update::run(update::Mode::Write),
        Some("bench") => bench::run(&rest),
        Some("kill") => kill::run(&rest),
        Some("fuzz") => fuzz::run(&rest),
        Some("postgres") => postgres::run(),
        None | Some("help" | "--help" | "-h") => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Some(unknown) => {
            eprintln!("there is no command “{unknown}”\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
