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

#[test]
fn a_standard_goes_into_a_workbook_and_comes_back_and_what_is_wrong_there_is_told_by_its_cell() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name).display().to_string();
    let (workbook, yaml, json) = (file("标准.xlsx"), file("again.yaml"), file("again.json"));
    let succeeds = |arguments: &[&str]| {
        let (status, said) = run(arguments);
        assert_eq!(status.code(), Some(0), "{arguments:?}");
        said
    };
    // The catalogue stands beside what is written.
    fs::copy(example("catalogue.yaml"), file("catalogue.yaml")).expect("a copy");
    let shown = succeeds(&["standard", "show", &example("standard.yaml"), "--format", "json"]);
    succeeds(&["standard", "export", &example("standard.yaml"), "-o", &workbook]);
    succeeds(&["standard", "check", &workbook]);
    assert_eq!(succeeds(&["standard", "show", &workbook, "--format", "json"]), shown);
    for again in [&yaml, &json] {
        succeeds(&["standard", "import", &workbook, "-o", again]);
        assert_eq!(succeeds(&["standard", "show", again, "--format", "json"]), shown);
    }
    let written = fs::read_to_string(&yaml).expect("the file");
    assert!(written.starts_with("id: example\nedition: \"2026\"\ntitle: 示例测评体系\n"), "{written}");

    // Without its catalogue at hand it is the same file, and what was not checked is said.
    fs::remove_file(file("catalogue.yaml")).expect("it was there");
    let alone = Command::new(PROGRAM).args(["standard", "import", &workbook, "-o", &json]).output();
    let alone = alone.expect("the program");
    assert_eq!(alone.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&alone.stderr).contains("没有找到目录"), "{alone:?}");
    fs::copy(example("catalogue.yaml"), file("catalogue.yaml")).expect("a copy");
    assert_eq!(succeeds(&["standard", "show", &json, "--format", "json"]), shown);

    // Parts that do not add up, and a material that is not there, are found in the workbook's cells.
    let wrong = written.replacen("marks: 30", "marks: 31", 1).replacen("[plan-document]", "[plan]", 1);
    fs::write(&yaml, wrong).expect("a file");
    succeeds(&["standard", "export", &yaml, "-o", &workbook]);
    fs::remove_file(&json).expect("it was there");
    let import = Command::new(PROGRAM).args(["standard", "import", &workbook, "-o", &json]).output();
    let import = import.expect("the program");
    assert_eq!(import.status.code(), Some(1));
    let said = String::from_utf8_lossy(&import.stderr);
    let faults: Vec<&str> = said.lines().collect();
    let cells = ["「基本信息」B7: ", "「指标」D2: ", "「指标」G3: "];
    assert_eq!(faults.len(), cells.len(), "{said}");
    for (fault, cell) in faults.iter().zip(cells) {
        assert!(fault.starts_with(&format!("{workbook}: {cell}")), "{said}");
    }
    assert!(!Path::new(&json).exists());
    // What is wrong without the catalogue is told without it.
    fs::remove_file(file("catalogue.yaml")).expect("it was there");
    let alone = Command::new(PROGRAM).args(["standard", "import", &workbook, "-o", &json]).output();
    let alone = alone.expect("the program");
    assert_eq!(alone.status.code(), Some(1));
    let said = String::from_utf8_lossy(&alone.stderr);
    assert!(said.contains("「指标」D2: ") && !said.contains("「指标」G3: "), "{said}");
    assert!(!Path::new(&json).exists());

    // A catalogue comes back too; a text is no workbook.
    succeeds(&["standard", "export", &example("catalogue.yaml"), "-o", &workbook]);
    succeeds(&["standard", "import", &workbook, "-o", &yaml]);
    succeeds(&["standard", "check", &yaml, &example("standard.yaml")]);
    assert_eq!(run(&["standard", "import", &yaml, "-o", &json]).0.code(), Some(1));
}
