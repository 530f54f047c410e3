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
fn a_check_remarks_what_would_be_looked_at_for_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("one.yaml").display().to_string();
    let text = "id: one\nedition: \"1\"\ntitle: 甲\nmarks: 10\ncatalogue:\n  site_types:\n    - id: market\n      title: 市场\n      \
                criteria:\n        - { id: clean, text: 干净 }\n        - { id: order, text: 有序 }\n  requirements:\n    \
                - { id: plan, title: 方案, filings: [{ kind: report }] }\ntree:\n  - code: \"1\"\n    title: 一\n    marks: 10\n    \
                measures: [{ method: visit, criteria: [market/clean], grading: { form: ratio } }]\n";
    fs::write(&path, text).expect("a file");
    let (status, said) = run(&["standard", "check", &path]);
    assert_eq!(status.code(), Some(0));
    assert!(said.contains("2 count for no leaf: plan, market/order"), "{said}");
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
        ("/no/such/file.yaml:1:".to_owned(), "there is no such file"),
    ] {
        assert!(
            faults.iter().any(|fault| fault.starts_with(&place) && fault.contains(words)),
            "{place} in {said}"
        );
    }
}

#[test]
fn a_field_that_is_there_twice_hides_no_other_fault_and_a_gate_closes_a_circle_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, rest: &str| {
        let path = folder.path().join(name).display().to_string();
        let text = format!(
            "id: {name}\nedition: \"1\"\ntitle: 甲\nmarks: 100\ntree:\n  - code: \"1\"\n    title: 一\n    \
             marks: 100\n    measures: [{{ method: report, grading: {{ form: binary }} }}]\n{rest}"
        );
        fs::write(&path, text).expect("a file");
        path
    };
    let one = write("one", "contributions:\n  - { standard: other, share: 0.2 }\n");
    let other = write("other", "gates:\n  - { title: 门槛, of: { standard: one }, at_least: 60 }\n");
    let twice = write("twice", "title: 乙\nmarks: 90\nrest: 1\n");
    let output = Command::new(PROGRAM).args(["standard", "check", &one, &other, &twice]).output();
    let output = output.expect("the program");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    for (place, words) in [
        (format!("{one}:11: contributions[0].standard:"), "a circle"),
        (format!("{other}:11: gates[0].of:"), "a circle"),
        (format!("{twice}:10: title:"), "is there twice"),
        (format!("{twice}:11: marks:"), "is there twice"),
        (format!("{twice}:12: rest:"), "there is no field"),
    ] {
        assert!(
            said.lines().any(|fault| fault.starts_with(&place) && fault.contains(words)),
            "{place} in {said}"
        );
    }
    assert_eq!(said.lines().count(), 5, "{said}");
}

#[test]
fn what_is_no_file_of_a_standard_is_told_in_the_same_words_by_every_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name).display().to_string();
    let (here, called, large) = (folder.path().display().to_string(), file("a.xlsx"), file("large.yaml"));
    fs::write(&called, "id: a").expect("a file");
    // Of which nothing stands on the disk.
    fs::File::create(&large).and_then(|file| file.set_len(8 << 30)).expect("a file");
    let standard = example("standard.yaml");
    for (path, expected) in [
        (&here, "是文件夹，不是文件 / it is a folder, not a file"),
        (&file("none.json"), "找不到文件 / there is no such file"),
        (&large, "文件超过 32 MB / the file is larger than 32 MB"),
        (&called, "不是 xlsx 工作簿 / it is no workbook (xlsx)"),
    ] {
        let (yaml, workbook) = (file("out.yaml"), file("out.xlsx"));
        let commands = [
            vec!["standard", "check", path],
            vec!["standard", "show", path],
            vec!["standard", "export", path, "-o", &workbook],
            vec!["standard", "import", path, "-o", &yaml],
            vec!["score", "--standard", path, "--facts", path],
            vec!["score", "--standard", &standard, "--facts", path],
        ];
        // Facts are never in a workbook, and what they are in is not told by its name.
        let facts = usize::from(path == &called);
        for arguments in &commands[..commands.len() - facts] {
            let output = Command::new(PROGRAM).args(arguments).output().expect("the program");
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(
                (output.status.code(), said.trim_end()),
                (Some(1), format!("{path}:1: {expected}").as_str()),
                "{arguments:?}"
            );
        }
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

fn shipped(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../standards").join(name).display().to_string()
}

/// The lines that `standard check` says, each without its folder.
fn said(folder: &Path, files: &[&str]) -> Vec<String> {
    let output = Command::new(PROGRAM).current_dir(folder).args(["standard", "check"]).args(files).output();
    let output = output.expect("the program");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8_lossy(&output.stderr).lines().map(str::to_owned).collect()
}

#[test]
fn a_fault_of_shape_hides_no_fault_of_meaning_in_its_file_or_in_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str, changes: &[(&str, &str)]| {
        let text = changes.iter().fold(text.to_owned(), |text, (old, new)| {
            assert!(text.contains(old), "{old}");
            text.replacen(old, new, 1)
        });
        fs::write(folder.path().join(name), text).expect("a file");
    };
    let read = |name: &str| fs::read_to_string(example(name)).expect("the example");
    write(
        "standard.yaml",
        &read("standard.yaml"),
        &[
            ("mode: half_up", "mode: half_off"),
            ("marks: 6\n", "marks: 7\n"),
            ("[plan-document]", "[plan]"),
            ("[satisfied]", "[content]"),
        ],
    );
    write(
        "catalogue.yaml",
        &read("catalogue.yaml"),
        &[("id: plan-document", "id:"), ("enough: 10", "enough: 0")],
    );
    let standard = [
        "standard.yaml:11: rounding.mode: “half_off”不可用，应是：half_even, half_up, down / “half_off” is not known; one of \
         half_even, half_up, down is expected",
        "standard.yaml:15: tree[0].marks: 下级分值之和 31 与 30 不等；确实如此的，写明封顶说明 / the children add up to 31, \
         not to 30; where that is meant, say why it is capped",
        "standard.yaml:102: tree[2].children[0].measures[0].questions[0]: 找不到问卷题目“content” / there is no question “content”",
    ];
    let catalogue = [
        "catalogue.yaml:46: catalogue.requirements[0].id: 编号“”不合要求，应以小写字母开头，只含小写字母、数字和 - / the id “” \
         must begin with a small letter and hold only small letters, digits and -",
        "catalogue.yaml:59: catalogue.questions[0].enough: 至少 1 份答卷 / one answer at least",
    ];
    let all = said(folder.path(), &["standard.yaml", "catalogue.yaml"]);
    assert_eq!(all, [&catalogue[..], &standard[..]].concat());
    // So is what is wrong with the catalogue that stands beside it.
    let beside = said(folder.path(), &["standard.yaml"]);
    assert_eq!(beside.iter().map(|line| line.trim_start_matches("./")).collect::<Vec<_>>(), all);
    // A catalogue that nobody can read is not told to be missing as well.
    fs::write(folder.path().join("catalogue.yaml"), "id: [").expect("a file");
    let all = said(folder.path(), &["standard.yaml", "catalogue.yaml"]);
    assert_eq!(all.len(), 3, "{all:#?}");
    assert!(all[0].starts_with("catalogue.yaml:2: "), "{all:#?}");
    assert_eq!(all[1..], standard[..2]);
}

#[test]
fn what_comes_with_the_program_is_shown_the_same_after_a_workbook_and_after_a_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name).display().to_string();
    let succeeds = |arguments: &[&str]| {
        let (status, said) = run(arguments);
        assert_eq!(status.code(), Some(0), "{arguments:?}");
        said
    };
    let show = |file: &str| succeeds(&["standard", "show", file, "--format", "json"]);
    for name in ["shared", "civilised-county", "minors", "hygiene-city"] {
        let before = show(&shipped(&format!("{name}.yaml")));
        let [book, yaml, json, again] =
            [".xlsx", ".yaml", ".json", "-again.xlsx"].map(|ending| file(&format!("{name}{ending}")));
        succeeds(&["standard", "export", &shipped(&format!("{name}.yaml")), "-o", &book]);
        succeeds(&["standard", "import", &book, "-o", &yaml]);
        succeeds(&["standard", "import", &book, "-o", &json]);
        succeeds(&["standard", "export", &yaml, "-o", &again]);
        for after in [&book, &yaml, &json, &again] {
            assert_eq!(show(after), before, "{after}");
        }
    }
    // However its numbers are written.
    let odd = fs::read_to_string(example("standard.yaml")).expect("the example");
    let odd = odd.replacen("marks: 15", "marks: 15.00", 1).replacen("partly: 0.5", "partly: 0.50", 1);
    fs::copy(example("catalogue.yaml"), file("catalogue.yaml")).expect("a copy");
    fs::write(file("odd.yaml"), odd).expect("a file");
    let before = show(&example("standard.yaml"));
    succeeds(&["standard", "export", &file("odd.yaml"), "-o", &file("odd.xlsx")]);
    assert_eq!([show(&file("odd.yaml")), show(&file("odd.xlsx"))], [before.clone(), before]);
}

#[test]
fn a_catalogue_is_shown_too() {
    let (status, json) = run(&["standard", "show", &shipped("shared.yaml"), "--format", "json"]);
    assert_eq!(status.code(), Some(0));
    let json: Value = serde_json::from_str(&json).expect("json");
    assert_eq!(json["id"], "shared");
    assert_eq!(json["catalogue"]["site_types"][0]["id"], "main-road");
    let (status, table) = run(&["standard", "show", &shipped("shared.yaml")]);
    assert_eq!(status.code(), Some(0));
    assert!(
        table.starts_with("城市创建共用目录  2026 版\nmain-road  主次干道、商业大街\n  lane-intact  "),
        "{table}"
    );
    assert!(table.contains("\n点位类型 29 类，检查标准 "), "{table}");
    // No score is made of one.
    let facts = example("facts.json");
    let score = run(&["score", "--standard", &shipped("shared.yaml"), "--facts", &facts]);
    assert_eq!(score.0.code(), Some(1));
}

#[test]
fn files_that_say_something_else_under_the_same_id_and_edition_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: String| fs::write(folder.path().join(name), text).expect("a file");
    let (standard, catalogue) = (
        fs::read_to_string(example("standard.yaml")).expect("the example"),
        fs::read_to_string(example("catalogue.yaml")).expect("the example"),
    );
    write("a.yaml", standard.clone());
    write("b.yaml", standard.replacen("示例测评体系", "另一个测评体系", 1));
    write("c.yaml", catalogue.clone());
    write("d.yaml", catalogue.replacen("示例共用目录", "另一个目录", 1));
    // The same once more is no other one.
    write("e.yaml", catalogue.clone());
    write("f.yaml", catalogue.replacen("edition: \"2026\"", "edition: \"2027\"", 1));
    let expected = [
        "b.yaml:3: edition: 与 a.yaml 的编号“example”和版本“2026”相同，内容不同 / a.yaml has the same id “example” and edition \
         “2026”, and says something else",
        "d.yaml:3: edition: 与 c.yaml 的编号“example-shared”和版本“2026”相同，内容不同 / c.yaml has the same id “example-shared” \
         and edition “2026”, and says something else",
    ];
    assert_eq!(said(folder.path(), &["a.yaml", "b.yaml", "c.yaml", "d.yaml", "e.yaml", "f.yaml"]), expected);
    // What was given goes before what stands beside it.
    let given = folder.path().join("a.yaml").display().to_string();
    let taken = folder.path().join("c.yaml").display().to_string();
    assert_eq!(run(&["standard", "check", &given, &taken]).0.code(), Some(0));
    // Of two that stand beside it nobody can tell which is meant.
    assert_eq!(run(&["standard", "check", &given]).0.code(), Some(1));
}
