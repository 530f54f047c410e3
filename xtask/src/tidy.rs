//! The walls of the house, checked: edges between rooms, paths named in docs, licences, file lengths.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::run::{cargo, command, output, root};

/// A source file longer than this says why in a line that holds `long because:`.
const LONGEST: usize = 600;

pub(crate) fn run() -> Result<()> {
    let metadata: Value =
        serde_json::from_str(&output(&mut cargo(&["metadata", "--format-version=1", "--locked"]))?)?;
    let files = tracked()?;
    let mut faults = Vec::new();
    edges(&metadata, &mut faults)?;
    licences(&metadata, &mut faults)?;
    paths_in_docs(&files, &mut faults)?;
    lengths(&files, &mut faults)?;
    twins(&mut faults)?;
    fuzzing(&mut faults);
    if faults.is_empty() {
        return Ok(());
    }
    bail!("{} faults\n  {}", faults.len(), faults.join("\n  "))
}

/// The fuzz targets are a workspace of their own, which no other step builds: what it has locked must follow the rooms.
fn fuzzing(faults: &mut Vec<String>) {
    let mut locked = cargo(&["update", "--quiet", "--workspace", "--locked"]);
    locked.current_dir(root().join("crates/reader/fuzz"));
    if output(&mut locked).is_err() {
        faults.push("crates/reader/fuzz/Cargo.lock is old: run `cargo update --workspace` there".into());
    }
}

/// What git tracks or would track.
fn tracked() -> Result<Vec<PathBuf>> {
    let list = output(&mut command("git", &["ls-files", "-co", "--exclude-standard"]))?;
    Ok(list.lines().map(PathBuf::from).filter(|file| root().join(file).is_file()).collect())
}

/// The block between ```edges and ``` in ARCHITECTURE.md: `room: rooms it uses`, and `room without: crates`.
fn edges(metadata: &Value, faults: &mut Vec<String>) -> Result<()> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md"))?;
    let block = text.split("```edges").nth(1).and_then(|rest| rest.split("```").next());
    let block = block.context("ARCHITECTURE.md has no block of edges")?;
    let mut allowed: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut banned: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in block.lines().filter(|line| !line.trim().is_empty()) {
        let (room, names) = line.split_once(':').with_context(|| format!("no colon in the edge “{line}”"))?;
        let names = names.split_whitespace().collect();
        match room.trim().strip_suffix(" without") {
            Some(room) => banned.insert(room, names),
            None => allowed.insert(room.trim(), names),
        };
    }
    let rooms =
        metadata["packages"].as_array().into_iter().flatten().filter(|package| package["source"].is_null());
    for package in rooms {
        let room = short(package["name"].as_str().unwrap_or_default());
        let Some(may) = allowed.remove(room) else {
            faults.push(format!("the room {room} is not in ARCHITECTURE.md's edges"));
            continue;
        };
        let uses: BTreeSet<&str> = package["dependencies"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|dependency| dependency["kind"].is_null())
            .filter_map(|dependency| dependency["name"].as_str())
            .collect();
        let inside: BTreeSet<&str> =
            uses.iter().filter(|name| is_room(name)).map(|name| short(name)).collect();
        if inside != may {
            faults.push(format!("{room} uses {inside:?}, ARCHITECTURE.md says {may:?}"));
        }
        for name in banned.get(room).into_iter().flatten().filter(|name| uses.contains(*name)) {
            faults.push(format!("{room} must not use {name}"));
        }
    }
    faults.extend(
        allowed.keys().map(|room| format!("ARCHITECTURE.md names the room {room}, which is not there")),
    );
    Ok(())
}

fn is_room(name: &str) -> bool {
    name == "chengjing" || name.starts_with("chengjing-") || name == "xtask"
}

fn short(name: &str) -> &str {
    name.strip_prefix("chengjing-").unwrap_or(name)
}

/// Every dependency's licence is one that `deny.toml` allows; the same list serves `cargo deny`.
fn licences(metadata: &Value, faults: &mut Vec<String>) -> Result<()> {
    let text = fs::read_to_string(root().join("deny.toml"))?;
    let list = text.split("allow = [").nth(1).and_then(|rest| rest.split(']').next());
    let list = list.context("deny.toml has no list of allowed licences")?;
    let allowed: BTreeSet<&str> = list.split('"').skip(1).step_by(2).collect();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        let licence = package["license"].as_str().unwrap_or_default().replace('/', " OR ");
        // `A OR B`: one is enough; `A AND B`: all are needed. Exceptions (`WITH …`) only widen.
        let fine = licence.split(" OR ").any(|choice| {
            choice.split(" AND ").all(|part| {
                let part = part.trim_matches(|c: char| c == '(' || c == ')' || c.is_whitespace());
                allowed.contains(part.split(" WITH ").next().unwrap_or(part))
            })
        });
        if !fine {
            faults.push(format!("{name} has the licence “{licence}”, which deny.toml does not allow"));
        }
    }
    Ok(())
}

/// Whatever stands in `code` in a document and looks like a path of this project must exist.
fn paths_in_docs(files: &[PathBuf], faults: &mut Vec<String>) -> Result<()> {
    const TOPS: &[&str] = &["crates/", "web/", "e2e/", "docs/", "xtask/", "standards/", ".ci/"];
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "md")) {
        let text = fs::read_to_string(root().join(file))?;
        for (number, line) in text.lines().enumerate() {
            for code in line.split('`').skip(1).step_by(2) {
                let path = code.split([' ', ':', '{', '*', '<']).next().unwrap_or(code).trim_end_matches('/');
                let whole = !code.contains(['{', '*', '<']);
                if whole && TOPS.iter().any(|top| path.starts_with(top)) && !root().join(path).exists() {
                    faults.push(format!("{}:{}: {path} is not there", file.display(), number + 1));
                }
            }
        }
    }
    Ok(())
}

fn lengths(files: &[PathBuf], faults: &mut Vec<String>) -> Result<()> {
    let source = |file: &Path| {
        let code = file
            .extension()
            .and_then(|end| end.to_str())
            .is_some_and(|end| ["rs", "ts", "vue"].contains(&end));
        code && !file.ends_with("schema.d.ts")
    };
    for file in files.iter().filter(|file| source(file)) {
        let text = fs::read_to_string(root().join(file))
            .with_context(|| format!("{} is no text", file.display()))?;
        let lines = text.lines().count();
        if lines > LONGEST && !text.contains("long because:") {
            faults.push(format!("{} has {lines} lines and does not say why", file.display()));
        }
    }
    Ok(())
}

/// README.md and its Chinese twin have the same headings at the same depth.
fn twins(faults: &mut Vec<String>) -> Result<()> {
    let depths = |file: &str| -> Result<Vec<usize>> {
        let text = fs::read_to_string(root().join(file)).with_context(|| format!("{file} is missing"))?;
        let headings = text.lines().filter(|line| line.starts_with('#'));
        Ok(headings.map(|line| line.chars().take_while(|c| *c == '#').count()).collect())
    };
    if depths("README.md")? != depths("README.zh-CN.md")? {
        faults.push("README.md and README.zh-CN.md do not have the same headings".to_owned());
    }
    Ok(())
}
