//! `cargo xtask bench`: the figures of `docs/BENCHMARKS.md`.

use anyhow::{Result, bail};

use crate::{
    postgres::Cluster,
    run::{cargo, must, step},
    setup,
};

/// (name, package, targets) of every benchmark.
const BENCHES: &[(&str, &str, &[&str])] = &[
    ("read", "chengjing-reader", &["read", "read_memory"]),
    ("photo", "chengjing-reader", &["photo"]),
    ("score", "chengjing-reader", &["score"]),
    ("server", "chengjing", &["server", "evening"]),
    ("filing", "chengjing", &["filing"]),
];

/// `arguments`: names of benchmarks, none for all, and after `--` what they are given.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    let mut parts = arguments.splitn(2, |argument| *argument == "--");
    let (names, given) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if let Some(unknown) = names.iter().find(|name| BENCHES.iter().all(|(bench, ..)| bench != *name)) {
        let known: Vec<&str> = BENCHES.iter().map(|(name, ..)| *name).collect();
        bail!("there is no benchmark “{unknown}”; there are: {}", known.join(", "));
    }
    step("set-up", setup::system)?;
    let cluster = Cluster::start()?;
    for (name, package, targets) in
        BENCHES.iter().filter(|(name, ..)| names.is_empty() || names.contains(name))
    {
        step(name, || {
            targets.iter().try_for_each(|target| {
                let mut bench = cargo(&["bench", "--package", package, "--bench", target]);
                must(bench.arg("--").args(given).env("CHENGJING_TEST_POSTGRES", cluster.url()))
            })
        })?;
    }
    Ok(())
}
