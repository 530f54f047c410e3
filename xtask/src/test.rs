//! `cargo xtask test`: everything, as CI runs it.

use std::{
    fs::File,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::{
    passed::{Now, Sees},
    postgres::Cluster,
    run::{self, cargo, command, exists, must, root, target},
    s3::Bucket,
    setup, stories, tidy, update,
};

struct Step {
    name: &'static str,
    sees: Sees,
    take: fn() -> Result<()>,
}

const fn each_time(name: &'static str, take: fn() -> Result<()>) -> Step {
    Step { name, sees: Sees::Anew, take }
}

const fn where_changed(name: &'static str, sees: Sees, take: fn() -> Result<()>) -> Step {
    Step { name, sees, take }
}

/// In this order: what fails fast comes first, what needs the build after it.
const STEPS: &[Step] = &[
    each_time("setup", setup::system),
    each_time("web", web),
    each_time("format", format),
    each_time("lint", lint),
    where_changed("web-checks", Sees::Only(&["web"]), web_checks),
    where_changed("rust", Sees::AllBut(&["e2e"]), rust),
    each_time("update", || update::run(update::Mode::Check)),
    each_time("tidy", tidy::run),
    where_changed("api", Sees::AllBut(&[]), stories::api),
    where_changed("webhooks", Sees::AllBut(&[]), stories::webhooks),
    where_changed("formats", Sees::AllBut(&[]), stories::formats),
    where_changed("stories", Sees::AllBut(&[]), stories::browser),
];

/// Steps that others run beside, where both are wanted: they wait as much as they work, for a disk or for a browser. Those
/// beside them have a server and a folder of their own, if they need any.
const BESIDE: &[(&str, &[&str])] = &[("rust", &["web-checks"]), ("stories", &["api", "webhooks", "formats"])];

/// Takes the steps that are named, or all; one that has passed on the very files that are there only with `--again`, or
/// where it is named.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    let (options, names): (Vec<&str>, Vec<&str>) = arguments.iter().partition(|one| one.starts_with("--"));
    if let Some(unknown) = options.iter().find(|option| **option != "--again") {
        bail!("there is no option “{unknown}”; there is: --again");
    }
    if let Some(unknown) = names.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        let known: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        bail!("there is no step “{unknown}”; there are: {}", known.join(", "));
    }
    let now = Now::look();
    let is_named = |name: &str| names.contains(&name);
    let has_passed = |step: &Step| {
        options.is_empty()
            && !is_named(step.name)
            && now.as_ref().is_some_and(|now| now.has_passed(step.name, step.sees))
    };
    let passed: Vec<&str> = STEPS.iter().filter(|step| has_passed(step)).map(|step| step.name).collect();
    let is_wanted = |name: &str| (names.is_empty() || is_named(name)) && !passed.contains(&name);
    for step in STEPS.iter().filter(|step| is_wanted(step.name)) {
        if BESIDE.iter().any(|(host, guests)| guests.contains(&step.name) && is_wanted(host)) {
            continue;
        }
        let guests = BESIDE.iter().filter(|(host, _)| *host == step.name).flat_map(|(_, guests)| *guests);
        let guests: Vec<&str> = guests.copied().filter(|guest| is_wanted(guest)).collect();
        let beside = if guests.is_empty() { None } else { Some(Beside::start(step.name, &guests)?) };
        let own = run::step(step.name, step.take);
        own.and(beside.map_or(Ok(()), Beside::end))?;
        // The guests remember for themselves, in their own process.
        now.iter().for_each(|now| now.remember(step.name, step.sees));
    }
    if names.is_empty() && !passed.is_empty() {
        println!(
            "\n── passed before on these very files, and not repeated: {} (--again repeats them)",
            passed.join(", ")
        );
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
