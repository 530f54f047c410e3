//! How much of what stands in plans the reader finds.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::scoring::{Score, score};

/// Every `NAME.json` of `gold` with the `NAME.txt` of `texts`.
pub(crate) fn documents(gold: &Path, texts: &Path) -> Vec<(String, String, serde_json::Value)> {
    let mut found: Vec<PathBuf> = fs::read_dir(gold)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    found.sort();
    found
        .into_iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = fs::read_to_string(texts.join(format!("{name}.txt"))).unwrap();
            let gold = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            (name, text, gold)
        })
        .collect()
}

fn total(documents: &[(String, String, serde_json::Value)]) -> Score {
    let mut total = Score::default();
    for (name, text, gold) in documents {
        let outcome = chengjing_reader::read_text(&format!("{name}.txt"), text);
        let out = serde_json::to_value(&outcome.reading).unwrap();
        total.merge(score(gold, &out));
    }
    total
}

/// As [`documents`], for files of other formats: every `NAME.json` with the `NAME.docx`, `NAME.xlsx` or `NAME.html` beside it.
fn files(folder: &Path) -> Score {
    let mut total = Score::default();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            continue;
        }
        let gold = serde_json::from_str(&fs::read_to_string(path.with_extension("json")).unwrap()).unwrap();
        let name = path.file_name().unwrap().to_string_lossy();
        let outcome = chengjing_reader::read_bytes(&name, &fs::read(&path).unwrap()).unwrap();
        total.merge(score(&gold, &serde_json::to_value(&outcome.reading).unwrap()));
    }
    total
}

fn require(total: &Score, wanted: &[(&'static str, f64)]) {
    let short: Vec<String> = wanted
        .iter()
        .filter(|(metric, least)| total.f1(metric) < *least)
        .map(|(metric, least)| format!("{metric} is {:.3}, not {least}", total.f1(metric)))
        .collect();
    assert!(short.is_empty(), "{}\n{}", short.join("\n"), total.diff.join("\n"));
}

#[test]
fn accuracy_on_our_own_layouts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/layouts");
    let documents = documents(&folder, &folder);
    assert!(documents.len() >= 40, "{} documents", documents.len());
    let total = total(&documents);
    println!("{} documents of our own\n{}", documents.len(), total.table());
    let keys = [
        "plans",
        "kind",
        "phases",
        "duties",
        "units_all",
        "leads",
        "due_all",
        "start",
        "recurrence",
        "targets_all",
        "checklist_items",
        "grading",
        "assessment",
        "gates",
        "groups",
    ];
    require(&total, &keys.map(|key| (key, 0.95)));
}

/// From this one on each layout is there for a single rule of reading, and a fault in it is that rule's.
const OF_ONE_RULE: u32 = 239;

#[test]
fn layouts_of_one_rule_are_read_without_a_fault() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/layouts");
    let mut documents = documents(&folder, &folder);
    documents.retain(|(name, ..)| {
        name.split('_').next().and_then(|number| number.parse().ok()) >= Some(OF_ONE_RULE)
    });
    assert!(!documents.is_empty());
    let total = total(&documents);
    assert!(total.diff.is_empty(), "{}", total.diff.join("\n"));
}

#[test]
fn accuracy_on_files_of_other_formats() {
    let total = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/files"));
    println!("files of other formats\n{}", total.table());
    require(
        &total,
        &["plans", "duties", "units_all", "leads", "due_all", "recurrence", "targets_all"]
            .map(|key| (key, 0.95)),
    );
}

#[test]
fn accuracy_on_the_reference_documents() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    if !shared.join("gold").is_dir() {
        eprintln!(
            "skipped: {} is not there, so the reference documents cannot be read",
            shared.join("gold").display()
        );
        return;
    }
    let total = total(&documents(&shared.join("gold"), &shared.join("seeds")));
    println!("the reference documents\n{}", total.table());
    require(
        &total,
        &[
            ("duties", 0.97),
            ("units_all", 0.96),
            ("due_all", 0.93),
            ("targets_all", 0.93),
            ("checklist_items", 0.97),
            ("grading", 0.95),
            ("phases", 0.93),
            ("assessment", 0.93),
            ("groups", 0.90),
            ("plans", 0.90),
            ("kind", 0.90),
        ],
    );
}
