//! Which steps have passed on the very files that are there now, so that they need not be taken again.
//!
//! What a step sees is a tree of Git's, of the files as they lie there: changed, new and untracked ones count, ignored ones
//! don't. Beside it stand the tools' versions. A fresh checkout remembers nothing.

use std::{fs, path::PathBuf, time::Duration};

use anyhow::Result;

use crate::run::{command, output, root, target};

/// Of what is at the top of the project, that which a step depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sees {
    /// It is taken each time: what it does is not only to look, or it takes no time.
    Anew,
    Only(&'static [&'static str]),
    AllBut(&'static [&'static str]),
}

/// Tests may know what day it is; what passed longer ago says nothing of today.
const GOOD_FOR: Duration = Duration::from_secs(12 * 60 * 60);

/// What lies there now.
pub(crate) struct Now {
    /// A line for each entry at the top of the project: its name, a tab before it, and its hash.
    entries: Vec<String>,
    /// The tools, and the reference documents beside the project that some tests read.
    around: String,
}

impl Now {
    /// None where this is no checkout of Git's.
    pub(crate) fn look() -> Option<Self> {
        let tree = tree().ok()?;
        let entries = output(command("git", &["ls-tree", &tree]).envs(objects()?)).ok()?;
        // What it says beside is of no use here, nor where there is no such tool.
        let version =
            |tool: &str| command(tool, &["--version"]).output().map(|said| said.stdout).unwrap_or_default();
        let around = ["rustc", "node", "chromium"].map(version).concat();
        let around = String::from_utf8_lossy(&around).into_owned() + &beside();
        Some(Self { entries: entries.lines().map(str::to_owned).collect(), around })
    }

    fn seen(&self, sees: Sees) -> Option<String> {
        let sees = |name: &str| match sees {
            Sees::Anew => None,
            Sees::Only(names) => Some(names.contains(&name)),
            Sees::AllBut(names) => Some(!names.contains(&name)),
        };
        let mut seen = self.around.clone();
        for entry in &self.entries {
            if sees(entry.split('\t').nth(1).unwrap_or_default())? {
                seen.push_str(entry);
                seen.push('\n');
            }
        }
        Some(seen)
    }

    /// Whether the step has passed on what it would see now, and not long ago.
    pub(crate) fn has_passed(&self, step: &str, sees: Sees) -> bool {
        let stamp = stamp(step);
        let young = || Some(fs::metadata(&stamp).ok()?.modified().ok()?.elapsed().ok()? < GOOD_FOR);
        self.seen(sees).is_some_and(|seen| fs::read_to_string(&stamp).is_ok_and(|there| there == seen))
            && young().unwrap_or(false)
    }

    /// Remembers that the step has passed on what lay there when it began.
    pub(crate) fn remember(&self, step: &str, sees: Sees) {
        let Some(seen) = self.seen(sees) else { return };
        // Where it can't be remembered, the step is only taken again.
        fs::write(stamp(step), seen).ok();
    }
}

fn stamp(step: &str) -> PathBuf {
    target().join("passed").join(step)
}

/// The tree of the files as they lie there. Neither the index nor the objects of the checkout are touched.
fn tree() -> Result<String> {
    let folder = target().join("passed");
    fs::create_dir_all(folder.join("objects"))?;
    let git = |arguments: &[&str]| {
        let mut git = command("git", arguments);
        git.env("GIT_INDEX_FILE", folder.join("index")).envs(objects().into_iter().flatten());
        output(&mut git)
    };
    git(&["add", "--all"])?;
    Ok(git(&["write-tree"])?.trim().to_owned())
}

/// Where Git puts the objects of that tree, and where it finds those that are there.
fn objects() -> Option<[(&'static str, PathBuf); 2]> {
    let own = output(&mut command("git", &["rev-parse", "--git-path", "objects"])).ok()?;
    let own = root().join(own.trim());
    Some([
        ("GIT_OBJECT_DIRECTORY", target().join("passed/objects")),
        ("GIT_ALTERNATE_OBJECT_DIRECTORIES", own),
    ])
}

/// The names, sizes and times of the reference documents beside the project, where there are any.
fn beside() -> String {
    let mut folders = vec![root().join("../shared")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.metadata() {
                Ok(about) if about.is_dir() => folders.push(entry.path()),
                Ok(about) => {
                    files.push(format!("{:?} {} {:?}\n", entry.path(), about.len(), about.modified().ok()));
                }
                Err(_) => {}
            }
        }
    }
    files.sort_unstable();
    files.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now(entries: &[&str], around: &str) -> Now {
        Now { entries: entries.iter().map(|one| (*one).to_owned()).collect(), around: around.to_owned() }
    }

    #[test]
    fn a_step_sees_a_change_of_what_it_depends_on_of_the_tools_and_of_nothing_else() {
        let before = now(&["040000 tree aa\tcrates", "040000 tree bb\te2e"], "rustc 1");
        let stories = now(&["040000 tree aa\tcrates", "040000 tree cc\te2e"], "rustc 1");
        let tools = now(&["040000 tree aa\tcrates", "040000 tree bb\te2e"], "rustc 2");
        let gone = now(&["040000 tree bb\te2e"], "rustc 1");
        let (rust, all, e2e) = (Sees::AllBut(&["e2e"]), Sees::AllBut(&[]), Sees::Only(&["e2e"]));
        for (after, sees, same) in [
            (&stories, rust, true),
            (&stories, all, false),
            (&stories, e2e, false),
            (&tools, rust, false),
            (&tools, e2e, false),
            (&gone, rust, false),
            (&gone, e2e, true),
        ] {
            assert_eq!(before.seen(sees) == after.seen(sees), same, "{:?} {sees:?}", after.entries);
        }
        assert_eq!(before.seen(Sees::Anew), None, "what is taken each time is never known to have passed");
    }

    #[test]
    fn looking_at_the_files_leaves_the_index_of_the_checkout_as_it_is() {
        let index = || output(&mut command("git", &["diff", "--cached", "--name-only"])).ok();
        let before = index();
        let looked = Now::look();
        assert_eq!(index(), before);
        // A copy without Git remembers nothing.
        assert_eq!(looked.is_some(), before.is_some());
    }
}
