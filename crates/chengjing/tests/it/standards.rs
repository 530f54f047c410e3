//! Standards and scores on the command line.

use std::{fs, path::Path, process::Command};

use serde_json::Value;

use crate::server::{PROGRAM, run};

fn example(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../standards/example").join(name).display().to_string()
}

#[test]
fn a_standard_is_checked_shown_and_scored_without_any_database() {
    let (standard, catalogue, facts) =
        (example("standard.yaml"), example("catalogue.yaml"), example("facts.json"));
    assert_eq!(run(&["standard", "check", &standard, &catalogue]).0.code(), Some(0));
    let (status, shown) = run(&["standard", "show", &standard, "--format", "json"]);
    assert_eq!(status.code(), Some(0));
    assert_eq!(serde_json::from_str::<Value>(&shown).expect("json")["id"], "example");
    let (status, card) = run(&["score", "--standard", &standard, "--facts", &facts, "--format", "json"]);
    assert_eq!(status.code(), Some(0));
    let card: Value = serde_json::from_str(&card).expect("json");
    assert_eq!(card["total"]["value"], "71.19");
    let again = run(&["score", "--standard", &standard, "--facts", &facts, "--format", "json"]).1;
    assert_eq!(serde_json::from_str::<Value>(&again).expect("json"), card);
    let (status, table) = run(&["score", "--standard", &standard, "--facts", &facts]);
    assert_eq!(status.code(), Some(0));
    assert!(table.contains("总分 71.19 / 100"), "{table}");
}

#[test]
fn all_faults_of_all_files_are_told_a_line_each_and_standards_that_need_each_other_are_a_fault() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, other: &str, marks: &str| {
        let path = folder.path().join(name).display().to_string();
        let text = format!(
            "id: {name}\nedition: \"1\"\ntitle: 甲\nmarks: 100\ntree:\n  - code: \"1\"\n    title: 一\n    \
             marks: {marks}\n    measures: [{{ method: report, grading: {{ form: binary }} }}]\n\
             contributions:\n  - {{ standard: {other}, share: 0.2 }}\n"
        );
        fs::write(&path, text).expect("a file");
        path
    };
    let (one, other) = (write("one", "other", "90"), write("other", "one", "100"));
    let check = ["standard", "check", &one, &other, "/no/such/file.yaml"];
    let output = Command::new(PROGRAM).args(check).output().expect("the program");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    let faults: Vec<&str> = said.lines().collect();
    assert_eq!(faults.len(), 4, "{said}");
    for (place, words) in [
        (format!("{one}:4: marks:"), "the children add up to 90, not to 100"),
        (format!("{one}:11: contributions[0].standard:"), "a circle"),
        (format!("{other}:11: contributions[0].standard:"), "a circle"),
        ("/no/such/file.yaml:1:".to_owned(), "can't be opened"),
    ] {
        assert!(
            faults.iter().any(|fault| fault.starts_with(&place) && fault.contains(words)),
            "{place} in {said}"
        );
    }
}
