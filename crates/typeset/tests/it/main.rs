//! What is set can be read again, and what can't be set says where and why.

use std::collections::BTreeMap;

use chengjing_typeset::{Fonts, MAIN, PACKAGE, Task, Trouble, typeset};

const LETTER: &str = r#"#import "fonts.typ": fonts
#let data = json("data.json")
#set page(paper: "a4", footer: context align(center)[— #counter(page).display() —])
#set text(font: fonts.body, size: 16pt, lang: "zh")
#align(center, text(font: fonts.title, size: 22pt, data.title))
#for duty in data.duties [
  + #duty
]
"#;

fn task(source: &str, data: &str) -> Task {
    let files = BTreeMap::from([("data.json".to_owned(), data.to_owned())]);
    Task { source: source.to_owned(), files }
}

fn read(pdf: &[u8]) -> String {
    let source = chengjing_reader::source::extract("a.pdf", pdf).expect("a PDF with text");
    source.text.split_whitespace().collect()
}

#[test]
fn the_text_of_what_is_set_is_in_the_pdf_and_the_same_source_gives_the_same_bytes() {
    let task = task(LETTER, r#"{"title": "目标责任书", "duties": ["清理背街小巷", "修补堤岸"]}"#);
    let fonts = Fonts::of_the_system();
    let pdf = typeset(&task, &fonts).expect("set");
    assert!(pdf.starts_with(b"%PDF-"));
    let text = read(&pdf);
    for words in ["目标责任书", "清理背街小巷", "修补堤岸", "—1—"] {
        assert!(text.contains(words), "{words} is not in {text}");
    }
    assert_eq!(typeset(&task, &fonts).expect("set again"), pdf);
}

#[test]
fn all_faults_are_told_with_their_lines() {
    let source = "好\n#let a = (\n#unknown-one\n";
    let Err(Trouble::Faulty(faults)) = typeset(&task(source, "{}"), &Fonts::of_the_system()) else {
        panic!("it was set");
    };
    assert!(
        faults.iter().all(|fault| fault.file == MAIN && fault.line.is_some_and(|line| line >= 2)),
        "{faults:?}"
    );
    assert!(!faults.is_empty());
}

#[test]
fn a_source_sees_neither_files_nor_packages_nor_the_day() {
    let cases = [
        ("#read(\"/etc/passwd\")", "not found"),
        ("#read(\"../../../etc/passwd\")", "escape"),
        ("#import \"@preview/cetz:0.3.0\": *", "access"),
        ("#datetime.today()", "date"),
    ];
    for (source, expected) in cases {
        let Err(Trouble::Faulty(faults)) = typeset(&task(source, "{}"), &Fonts::of_the_system()) else {
            panic!("{source} was set");
        };
        let message = faults[0].message.to_lowercase();
        assert!(message.contains(expected), "{source}: {message}");
        assert_eq!(faults[0].line, Some(1), "{source}");
    }
}

#[test]
fn a_machine_without_chinese_fonts_says_what_to_install() {
    let empty = tempfile::tempdir().expect("a folder");
    let fonts = Fonts::in_folder(empty.path());
    let trouble = typeset(&task(LETTER, "{}"), &fonts).expect_err("no font");
    let Trouble::NoChineseFont { looked_for, package } = &trouble else { panic!("{trouble}") };
    assert_eq!(package, PACKAGE);
    assert!(looked_for.iter().any(|family| family == "仿宋_GB2312"));
    assert!(trouble.to_string().contains("fonts-noto-cjk"));
}
