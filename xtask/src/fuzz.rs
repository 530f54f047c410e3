//! `cargo xtask fuzz`: the reader against inputs that nobody thought of, on stable Rust.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::run::{command, must, output, root, step, target};

const FORMATS: &[&str] = &["text", "html", "docx", "xlsx", "pdf"];

/// What makes a build count which of its edges an input reaches. These are options of LLVM, which stable Rust passes on;
/// only sanitizers would need a nightly compiler, and the reader's rooms have no unsafe code for them to watch.
const FLAGS: &[&str] = &[
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/// Inputs longer than this reach nothing that shorter ones do not, and slow the search down.
const LONGEST: &str = "-max_len=16384";

/// What one input may take: 10 seconds, 1 GiB with all that the engine keeps itself.
const LIMITS: &[&str] = &["-timeout=10", "-rss_limit_mb=1024"];

pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    let mut formats = Vec::new();
    let (mut seconds, mut keep) = (600_u32, false);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match *argument {
            "--seconds" => seconds = rest.next().context("--seconds needs a number")?.parse()?,
            "--keep" => keep = true,
            format if FORMATS.contains(&format) => formats.push(format),
            unknown => bail!("there is no format “{unknown}”; there are: {}", FORMATS.join(", ")),
        }
    }
    if formats.is_empty() {
        formats = FORMATS.to_vec();
    }
    let programs = step("build", build)?;
    for format in formats {
        step(format, || {
            if seconds > 0 {
                search(&programs, format, seconds)?;
            }
            if keep { minimise(&programs, format) } else { Ok(()) }
        })?;
    }
    Ok(())
}

/// Builds the targets; with `--target`, so that the flags do not reach build scripts and macros.
fn build() -> Result<PathBuf> {
    let version = output(&mut command("rustc", &["-vV"]))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    let folder = target().join("fuzz");
    let mut cargo = command("cargo", &["build", "--release", "--locked", "--target", host]);
    cargo.current_dir(root().join("crates/reader/fuzz"));
    must(cargo.env("CARGO_TARGET_DIR", &folder).env("RUSTFLAGS", FLAGS.join(" ")))?;
    Ok(folder.join(host).join("release"))
}

/// What was found so far on this machine, and what is kept for everybody.
fn corpora(format: &str) -> Result<[PathBuf; 2]> {
    let own = target().join("fuzz/corpus").join(format);
    let kept = root().join("crates/reader/tests/data/corpus").join(format);
    for folder in [&own, &kept] {
        fs::create_dir_all(folder)?;
    }
    Ok([own, kept])
}

/// A run ends at the first input that panics, hangs or takes too much; libFuzzer leaves it among the artifacts.
fn search(programs: &Path, format: &str, seconds: u32) -> Result<()> {
    let [own, kept] = corpora(format)?;
    let fuzz = root().join("crates/reader/fuzz");
    let artifacts = fuzz.join("artifacts").join(format);
    fs::create_dir_all(&artifacts)?;
    let mut run = Command::new(programs.join(format));
    run.current_dir(root()).args([&own, &kept]).args(LIMITS).arg(LONGEST);
    run.arg(format!("-max_total_time={seconds}"));
    run.arg(format!("-dict={}", fuzz.join("dictionaries").join(format!("{format}.dict")).display()));
    run.arg(format!("-artifact_prefix={}/", artifacts.display()));
    must(&mut run)
        .with_context(|| format!("an input of {format} is not survived; see {}", artifacts.display()))
}

/// Adds to what is kept the inputs that reach something new.
fn minimise(programs: &Path, format: &str) -> Result<()> {
    let [own, kept] = corpora(format)?;
    let mut merge = Command::new(programs.join(format));
    merge.current_dir(root()).args(["-set_cover_merge=1", LONGEST]).args([&kept, &own]);
    must(&mut merge)
}
