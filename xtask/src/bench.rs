//! `cargo xtask bench`: the figures of `docs/BENCHMARKS.md`.

use anyhow::{Result, bail};

use crate::{
    postgres::Cluster,
    run::{cargo, must, step},
    setup,
};

/// (name, package) of every benchmark.
const BENCHES: &[(&str, &str)] = &[("read", "chengjing-reader"), ("server", "chengjing")];

pub(crate) fn run(names: &[&str]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| BENCHES.iter().all(|(bench, _)| bench != *name)) {
        let known: Vec<&str> = BENCHES.iter().map(|(name, _)| *name).collect();
        bail!("there is no benchmark “{unknown}”; there are: {}", known.join(", "));
    }
    step("set-up", setup::system)?;
    let cluster = Cluster::start()?;
    for (name, package) in BENCHES.iter().filter(|(name, _)| names.is_empty() || names.contains(name)) {
        step(name, || {
            let mut bench = cargo(&["bench", "--package", package, "--bench", name]);
            must(bench.env("CHENGJING_TEST_POSTGRES", cluster.url()))
        })?;
    }
    Ok(())
}
