//! The text that is read: the layouts under `tests/data`, one after the other, up to a length.

use std::{fs, path::Path};

/// Names and lengths of the texts.
pub(crate) const SIZES: [(&str, usize); 4] =
    [("10 kB", 10_000), ("100 kB", 100_000), ("1 MB", 1_000_000), ("10 MB", 10_000_000)];

/// Every layout. Each is read once: tables of traditional characters and the like are loaded once and are no part of any
/// text.
pub(crate) fn layouts() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/layouts");
    let mut paths: Vec<_> =
        fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    let texts: Vec<String> = paths.iter().filter_map(|path| fs::read_to_string(path).ok()).collect();
    for text in &texts {
        chengjing_reader::read_text("warm.txt", text);
    }
    texts
}

pub(crate) fn text(layouts: &[String], size: usize) -> String {
    let mut text = String::with_capacity(size + 20_000);
    for piece in layouts.iter().cycle() {
        if text.len() >= size {
            break;
        }
        text.push_str(piece);
        text.push('\n');
    }
    text
}
