//! `cargo xtask test`: everything, as CI runs it.

use anyhow::{Result, bail};

use crate::{
    postgres::Cluster,
    run::{cargo, command, exists, must, root, step},
    s3::Bucket,
    setup, stories, tidy, update,
};

type Step = (&'static str, fn() -> Result<()>);

/// In this order: what fails fast comes first, what needs the build after it.
const STEPS: &[Step] = &[
    ("setup", setup::system),
    ("web", web),
    ("format", format),
    ("lint", lint),
    ("rust", rust),
    ("update", || update::run(update::Mode::Check)),
    ("tidy", tidy::run),
    ("api", stories::api),
    ("webhooks", stories::webhooks),
    ("stories", stories::browser),
];

pub(crate) fn run(names: &[&str]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| STEPS.iter().all(|(step, _)| step != *name)) {
        let known: Vec<&str> = STEPS.iter().map(|(name, _)| *name).collect();
        bail!("there is no step “{unknown}”; there are: {}", known.join(", "));
    }
    for (name, work) in STEPS.iter().filter(|(name, _)| names.is_empty() || names.contains(name)) {
        step(name, work)?;
    }
    Ok(())
}

fn web() -> Result<()> {
    setup::npm("web")?;
    let web = root().join("web");
    must(command("npm", &["run", "--silent", "check"]).current_dir(&web))?;
    setup::web()?;
    // The budget of the first page is looked after on the built files.
    must(command("node", &["scripts/weigh.mjs"]).current_dir(&web))
}

fn format() -> Result<()> {
    must(&mut cargo(&["fmt", "--all", "--check"]))
}

fn lint() -> Result<()> {
    let lint = ["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"];
    must(&mut cargo(&lint))
}

fn rust() -> Result<()> {
    let cluster = Cluster::start()?;
    let runner: &[&str] = if exists("cargo-nextest") {
        &["nextest", "run", "--workspace", "--no-fail-fast"]
    } else {
        &["test", "--quiet", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"]
    };
    let mut tests = cargo(runner);
    tests.env("CHENGJING_TEST_POSTGRES", cluster.url());
    // Without it the tests of S3 say that they are skipped.
    let bucket = Bucket::start();
    match &bucket {
        Ok(bucket) => drop(tests.envs(bucket.environment())),
        Err(error) => eprintln!("the tests of S3 are skipped: {error:#}"),
    }
    must(&mut tests)?;
    must(&mut cargo(&["test", "--quiet", "--workspace", "--doc"]))?;
    // The same build serves the generated files, the API check and the browser stories.
    must(&mut cargo(&["build", "--quiet", "--package", "chengjing"]))
}
