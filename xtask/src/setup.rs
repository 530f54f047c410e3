//! What the machine must have. As root it is installed; otherwise what is missing is named exactly.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result, bail};

use crate::run::{command, exists, must, output, root};

/// Something the tests or the demo need from the system.
struct Need {
    what: &'static str,
    package: &'static str,
    there: fn() -> bool,
}

/// What the PDFs are set in.
const FONT: Need = Need { what: "a Chinese font (Noto CJK)", package: "fonts-noto-cjk", there: chinese_font };

const NEEDS: &[Need] = &[
    Need {
        what: "PostgreSQL 15 or later (server)",
        package: "postgresql",
        there: || postgres_bin().is_some(),
    },
    Need { what: "Chromium", package: "chromium", there: || chromium().is_some() },
    FONT,
    Need { what: "Python 3 with its venv module", package: "python3-venv", there: venv },
    Need { what: "git", package: "git", there: || exists("git") },
];

/// Makes sure that all needs are met.
pub(crate) fn system() -> Result<()> {
    let node = node();
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| !(need.there)()).collect();
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    let mut advice = Vec::new();
    if !missing.is_empty() {
        let names: Vec<&str> = missing.iter().map(|need| need.what).collect();
        advice.push(format!(
            "missing: {}; as root: apt-get install {}",
            names.join(", "),
            packages.join(" ")
        ));
    }
    let installs = is_root() && exists("apt-get");
    // Debian's own Node.js may be too old, so that one is left to whoever owns the machine.
    if node.is_err() || !(missing.is_empty() || installs) {
        advice.extend(node.err().map(|error| error.to_string()));
        bail!(advice.join("\n       "));
    }
    if missing.is_empty() {
        return Ok(());
    }
    println!("{}", advice.join("\n"));
    install(&packages)
}

/// The font for the demo's PDFs. Without the right to install one the demo goes on and says what will be missing.
pub(crate) fn font() -> Result<()> {
    if (FONT.there)() {
        return Ok(());
    }
    if is_root() && exists("apt-get") {
        return install(&[FONT.package]);
    }
    println!(
        "missing: {}; PDFs will lack Chinese characters; as root: apt-get install {}",
        FONT.what, FONT.package
    );
    Ok(())
}

fn install(packages: &[&str]) -> Result<()> {
    must(&mut command("apt-get", &["update", "-qq"]))?;
    let mut install = command("apt-get", &["install", "-y", "-qq", "--no-install-recommends"]);
    must(install.args(packages).env("DEBIAN_FRONTEND", "noninteractive"))
}

/// Node.js 20 or later with npm.
pub(crate) fn node() -> Result<()> {
    if !exists("node") || !exists("npm") {
        bail!("missing: Node.js 20 or later with npm (https://nodejs.org)");
    }
    let version = output(&mut command("node", &["--version"]))?;
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok());
    if major.is_none_or(|major: u32| major < 20) {
        bail!("Node.js {} is too old; 20 or later is needed (https://nodejs.org)", version.trim());
    }
    Ok(())
}

/// Whether Python can make environments of its own.
fn venv() -> bool {
    let mut python = command("python3", &["-c", "import ensurepip, venv"]);
    python.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

pub(crate) fn is_root() -> bool {
    output(&mut command("id", &["-u"])).is_ok_and(|id| id.trim() == "0")
}

/// The folder with `initdb` and `postgres`, the newest version where there are several.
pub(crate) fn postgres_bin() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(version, bin)| *version >= 15 && bin.join("initdb").exists())
        .collect();
    versions.sort();
    versions.pop().map(|(_, bin)| bin)
}

pub(crate) fn chromium() -> Option<&'static str> {
    ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
        .into_iter()
        .find(|path| Path::new(path).exists())
}

fn chinese_font() -> bool {
    ["/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk", "/usr/share/fonts/truetype/wqy"]
        .iter()
        .any(|folder| fs::read_dir(folder).is_ok_and(|entries| entries.count() > 0))
}

/// `npm ci` in a folder, once for each state of its lock file.
pub(crate) fn npm(folder: &str) -> Result<()> {
    let folder = root().join(folder);
    let lock = fs::read(folder.join("package-lock.json")).context("package-lock.json is missing")?;
    let stamp = folder.join("node_modules/.lock-of-last-install");
    if fs::read(&stamp).is_ok_and(|last| last == lock) {
        return Ok(());
    }
    must(command("npm", &["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(&folder))?;
    fs::write(stamp, lock)?;
    Ok(())
}

/// A Python environment of our own with the packages of `e2e/requirements.txt`; returns its `bin` folder.
pub(crate) fn python() -> Result<PathBuf> {
    let environment = crate::run::target().join("python");
    let wanted = fs::read(root().join("e2e/requirements.txt")).context("e2e/requirements.txt is missing")?;
    let stamp = environment.join("requirements-of-last-install");
    if !fs::read(&stamp).is_ok_and(|last| last == wanted) {
        let path = environment.display().to_string();
        must(&mut command("python3", &["-m", "venv", "--clear", &path]))?;
        let pip = environment.join("bin/pip").display().to_string();
        must(&mut command(
            &pip,
            &["install", "--quiet", "--disable-pip-version-check", "-r", "e2e/requirements.txt"],
        ))?;
        fs::write(stamp, wanted)?;
    }
    Ok(environment.join("bin"))
}

/// Builds the web app where its sources are newer than the last build.
pub(crate) fn web() -> Result<()> {
    npm("web")?;
    let built = newest(&root().join("web/dist"), &[]);
    let sources = newest(&root().join("web"), &["node_modules", "dist"]);
    if built.is_some() && built >= sources {
        return Ok(());
    }
    must(command("npm", &["run", "--silent", "build"]).current_dir(root().join("web")))
}

/// When anything under a folder was last changed.
fn newest(folder: &Path, without: &[&str]) -> Option<std::time::SystemTime> {
    let mut latest = None;
    for entry in fs::read_dir(folder).ok()?.flatten() {
        if without.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        let path = entry.path();
        let time =
            if path.is_dir() { newest(&path, &[]) } else { entry.metadata().and_then(|m| m.modified()).ok() };
        latest = latest.max(time);
    }
    latest
}
