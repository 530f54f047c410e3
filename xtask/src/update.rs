//! Every generated file, made anew or compared with what is there.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::{
    run::{binary, bytes, cargo, command, must, output, root, target},
    setup,
};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Write,
    /// Fail where a file is stale.
    Check,
}

/// (file, what `chengjing generate` calls it).
const FROM_THE_BINARY: &[(&str, &str)] = &[
    ("docs/openapi.json", "openapi"),
    ("docs/PERMISSIONS.md", "permissions"),
    ("docs/DUTY-LIFE.md", "duty-life"),
    ("docs/schema/standard.json", "standard-schema"),
    ("docs/schema/catalogue.json", "catalogue-schema"),
    ("docs/schema/facts.json", "facts-schema"),
    (PLAN, "plan"),
    ("crates/press/templates/letter.docx", "letter"),
    ("crates/press/templates/bulletin.docx", "bulletin"),
];

/// Made from the text beside it, and imported by the demo county.
const PLAN: &str = "crates/chengjing/demo/plan.docx";

const TYPES: &str = "web/src/api/schema.d.ts";

pub(crate) fn run(mode: Mode) -> Result<()> {
    if mode == Mode::Write {
        setup::web()?;
        must(&mut cargo(&["build", "--quiet", "--package", "chengjing"]))?;
    }
    let program = binary().display().to_string();
    let mut stale = Vec::new();
    for (file, what) in FROM_THE_BINARY {
        let made = bytes(&mut command(&program, &["generate", what]))?;
        put(mode, file, &made, &mut stale)?;
    }
    let types = target().join("schema.d.ts");
    let path = types.display().to_string();
    let source = root().join("docs/openapi.json").display().to_string();
    let mut generate = command("node_modules/.bin/openapi-typescript", &[&source, "--output", &path]);
    output(generate.current_dir(root().join("web")))?;
    put(mode, TYPES, &fs::read(types)?, &mut stale)?;
    if !stale.is_empty() {
        bail!("stale: {}; run `cargo xtask update`", stale.join(", "));
    }
    Ok(())
}

fn put(mode: Mode, file: &'static str, made: &[u8], stale: &mut Vec<&'static str>) -> Result<()> {
    let path = root().join(file);
    if fs::read(&path).is_ok_and(|there| there == made) {
        return Ok(());
    }
    match mode {
        Mode::Write => {
            fs::write(&path, made).with_context(|| format!("cannot write {file}"))?;
            println!("{file}");
        }
        Mode::Check => stale.push(file),
    }
    Ok(())
}
