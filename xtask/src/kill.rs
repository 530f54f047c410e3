//! `cargo xtask kill`: the server is killed under write load, more often than the ordinary suite has time for.

use anyhow::{Context, Result, bail};

use crate::{
    postgres::Cluster,
    run::{cargo, must, step},
    setup,
};

const USAGE: &str = "cargo xtask kill [--rounds N] [--database sqlite|postgres]";

pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    let (mut rounds, mut database) = (200_usize, "sqlite");
    let mut rest = arguments.iter();
    while let Some(option) = rest.next() {
        let value = rest.next().with_context(|| format!("{option} lacks its value: {USAGE}"))?;
        match *option {
            "--rounds" => rounds = value.parse().with_context(|| format!("“{value}” is no number"))?,
            "--database" => database = value,
            unknown => bail!("there is no option “{unknown}”: {USAGE}"),
        }
    }
    let story = match database {
        "sqlite" => "on_sqlite",
        "postgres" => "on_postgres",
        unknown => bail!("there is no database “{unknown}”: {USAGE}"),
    };
    let mut test =
        cargo(&["test", "--quiet", "--package", "chengjing", "--test", "it", "--", "--nocapture", story]);
    test.env("CHENGJING_KILL_ROUNDS", rounds.to_string());
    if database == "sqlite" {
        return step("kills", || must(&mut test));
    }
    step("set-up", setup::system)?;
    let cluster = Cluster::start()?;
    step("kills", || must(test.env("CHENGJING_TEST_POSTGRES", cluster.url())))
}
