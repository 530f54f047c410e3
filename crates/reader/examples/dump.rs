//! Prints the contract's JSON of a document: `cargo run -p chengjing-reader --example dump -- FILE [--cleaned]`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example speaks to the terminal")]

fn main() {
    let mut args = std::env::args().skip(1);
    let Some(path) = args.next() else {
        eprintln!("usage: dump FILE [--cleaned | --problems]");
        std::process::exit(2);
    };
    let option = args.next();
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("{path}: {error}");
            std::process::exit(1);
        }
    };
    let name = path.rsplit('/').next().unwrap_or(&path);
    let outcome = match chengjing_reader::read_bytes(name, &bytes) {
        Ok(outcome) => outcome,
        Err(why) => {
            eprintln!("{path}: {why}");
            std::process::exit(1);
        }
    };
    match option.as_deref() {
        Some("--cleaned") => print!("{}", outcome.cleaned),
        Some("--problems") => {
            for problem in &outcome.problems {
                println!("{}:{}: {} / {}", problem.line, problem.column, problem.zh(), problem.en());
            }
        }
        _ => match serde_json::to_string_pretty(&outcome.reading) {
            Ok(json) => println!("{json}"),
            Err(error) => eprintln!("{error}"),
        },
    }
}
