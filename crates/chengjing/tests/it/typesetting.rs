//! Documents are set in a process of their own, which may die of a template.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
    time::{Duration, Instant},
};

use crate::server::PROGRAM;

fn set(folder: &Path, source: &str) -> Output {
    fs::write(folder.join("letter.typ"), source).expect("a source");
    fs::write(folder.join("data.json"), r#"{"title": "目标责任书"}"#).expect("its data");
    let mut program = Command::new(PROGRAM);
    program.current_dir(folder).args([
        "typeset",
        "letter.typ",
        "--file",
        "data.json",
        "--output",
        "letter.pdf",
    ]);
    program.output().expect("the program")
}

#[test]
fn a_source_becomes_a_pdf_and_its_faults_are_told_with_their_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = "#import \"fonts.typ\": fonts\n#set text(font: fonts.body)\n#json(\"data.json\").title\n";
    let output = set(folder.path(), source);
    assert!(output.status.success(), "{output:?}");
    assert!(fs::read(folder.path().join("letter.pdf")).expect("a PDF").starts_with(b"%PDF-"));
    let output = set(folder.path(), "好\n\n#neither-here-nor-there\n");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("letter.typ:3: unknown variable"), "{said}");
}

#[test]
fn a_source_that_takes_time_or_memory_without_end_is_stopped() {
    let folder = tempfile::tempdir().expect("a folder");
    let endless = "#let n = 0\n#for a in range(100000) { for b in range(100000) { for c in range(100000) { n += 1 } } }\n";
    let greedy = "#let a = \"城\" * 100000000\n#let all = ()\n#for n in range(100) { all.push(a + str(n)) }\n#all.len()\n";
    for source in [endless, greedy] {
        let start = Instant::now();
        let output = set(folder.path(), source);
        assert_eq!(output.status.code(), Some(1), "{source}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("more than 30 seconds, or too much memory"), "{source}: {said}");
        assert!(start.elapsed() < Duration::from_secs(45), "{source}");
    }
}
