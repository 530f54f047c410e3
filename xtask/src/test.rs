//! `cargo xtask test`: everything, as CI runs it.

use std::{
    fs::File,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::{
    postgres::Cluster,
    run::{cargo, command, exists, must, root, step, target},
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
    ("web-checks", web_checks),
    ("rust", rust),
    ("update", || update::run(update::Mode::Check)),
    ("tidy", tidy::run),
    ("api", stories::api),
    ("webhooks", stories::webhooks),
    ("formats", stories::formats),
    ("stories", stories::browser),
];

/// Steps that others run beside, where both are wanted: they wait as much as they work, for a disk or for a browser. Those
/// beside them have a server and a folder of their own, if they need any.
const BESIDE: &[(&str, &[&str])] = &[("rust", &["web-checks"]), ("stories", &["api", "webhooks", "formats"])];

pub(crate) fn run(names: &[&str]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| STEPS.iter().all(|(step, _)| step != *name)) {
        let known: Vec<&str> = STEPS.iter().map(|(name, _)| *name).collect();
        bail!("there is no step “{unknown}”; there are: {}", known.join(", "));
    }
    let is_wanted = |name: &str| names.is_empty() || names.contains(&name);
    for (name, work) in STEPS.iter().filter(|(name, _)| is_wanted(name)) {
        if BESIDE.iter().any(|(host, guests)| guests.contains(name) && is_wanted(host)) {
            continue;
        }
        let guests = BESIDE.iter().filter(|(host, _)| host == name).flat_map(|(_, guests)| *guests);
        let guests: Vec<&str> = guests.copied().filter(|guest| is_wanted(guest)).collect();
        let beside = if guests.is_empty() { None } else { Some(Beside::start(name, &guests)?) };
        let own = step(name, work);
        own.and(beside.map_or(Ok(()), Beside::end))?;
    }
    Ok(())
}

/// Steps that another process of this same program takes; what it prints is shown when it has ended.
struct Beside {
    process: Child,
    log: std::path::PathBuf,
}

impl Beside {
    fn start(host: &str, names: &[&str]) -> Result<Self> {
        println!("\n── {} beside what follows", names.join(", "));
        let log = target().join(format!("beside-{host}.log"));
        let file = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let mut own = Command::new(std::env::current_exe()?);
        own.arg("test").args(names).current_dir(root()).stdin(Stdio::null());
        let process = own.stdout(file.try_clone()?).stderr(file).spawn()?;
        Ok(Self { process, log })
    }

    fn end(mut self) -> Result<()> {
        let status = self.process.wait()?;
        print!("{}", String::from_utf8_lossy(&std::fs::read(&self.log)?));
        if !status.success() {
            bail!("what ran beside failed: {status}");
        }
        Ok(())
    }
}

fn web() -> Result<()> {
    setup::npm("web")?;
    setup::web()?;
    // The budget of the first page is looked after on the built files.
    must(command("node", &["scripts/weigh.mjs"]).current_dir(root().join("web")))
}

fn web_checks() -> Result<()> {
    setup::npm("web")?;
    must(command("npm", &["run", "--silent", "check"]).current_dir(root().join("web")))
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
    if runner.contains(&"nextest") {
        // Many wait: for a killed server, a lease that ends, a client that hangs.
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        tests.args(["--test-threads", &(2 * cores).to_string()]);
    }
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
