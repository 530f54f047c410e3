//! `cargo xtask demo`: the made-up county on this machine.

use anyhow::Result;

use crate::{
    run::{binary, cargo, must, step},
    setup,
};

pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    let address = arguments.first().copied().unwrap_or("127.0.0.1:8080");
    setup::node()?;
    setup::font()?;
    step("web app", setup::web)?;
    step("build", || must(&mut cargo(&["build", "--quiet", "--package", "chengjing"])))?;
    println!("\nThe demo city is at http://{address} (Ctrl-C ends it).");
    must(std::process::Command::new(binary()).args(["demo", "--listen", address]))
}
