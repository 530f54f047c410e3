//! Templates as offices write them, and what becomes of them.

use std::io::{Cursor, Read, Write};

use chengjing_domain::publication::{Form, Paper};
use chengjing_press::{
    paper::{built_in, docx_template, sample},
    template::{TemplateFault, Why, fill_docx},
};
use proptest::prelude::*;
use serde_json::{Value, json};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

fn docx(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a part");
        zip.write_all(text.as_bytes()).expect("its bytes");
    }
    zip.finish().expect("a zip").into_inner()
}

fn document(body: &str) -> String {
    format!(r#"<?xml version="1.0"?><w:document xmlns:w="x"><w:body>{body}</w:body></w:document>"#)
}

fn part(docx: &[u8], name: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(docx)).expect("a zip");
    let mut text = String::new();
    archive.by_name(name).expect("the part").read_to_string(&mut text).expect("text");
    text
}

/// A paragraph of runs.
fn p(runs: &[&str]) -> String {
    let runs: String = runs.iter().map(|run| format!("<w:r><w:t>{run}</w:t></w:r>")).collect();
    format!("<w:p>{runs}</w:p>")
}

fn row(cells: &[&str]) -> String {
    let cells: String = cells.iter().map(|cell| format!("<w:tc>{}</w:tc>", p(&[cell]))).collect();
    format!("<w:tr>{cells}</w:tr>")
}

/// The text of a filled in body, a line a paragraph.
fn lines(body: &str, data: &Value) -> Vec<String> {
    let filled = fill_docx(&docx(&[("word/document.xml", &document(body))]), data).expect("filled in");
    let source = chengjing_reader::source::extract("a.docx", &filled).expect("a docx that can be read");
    source.text.lines().map(str::to_owned).collect()
}

fn faults(body: &str, data: &Value) -> Vec<(usize, Why)> {
    let filled = fill_docx(&docx(&[("word/document.xml", &document(body))]), data);
    filled.expect_err("faults").into_iter().map(|fault| (fault.paragraph, fault.why)).collect()
}

fn data() -> Value {
    json!({
        "unit": "县教育局",
        "note": "",
        "late": 2,
        "duties": [
            { "title": "整治 <占道> & 经营", "units": [{ "name": "甲" }, { "name": "乙" }], "done": true },
            { "title": "清理\n楼道", "units": [], "done": false },
        ],
    })
}

#[test]
fn values_take_the_place_of_their_names_however_the_runs_are_cut() {
    let cases: &[(&[&str], &str)] = &[
        (&["致{{unit}}:"], "致县教育局:"),
        (&["致{", "{un", "it}", "}:"], "致县教育局:"),
        (&["{{ unit }}", "、{{unit}}"], "县教育局、县教育局"),
        (&["a{{note}}b"], "ab"),
        (&["{{#if late}}逾期{{late}}项{{/if}}{{#unless late}}无{{/unless}}"], "逾期2项"),
        (&["{{#if note}}{{no", "ne}}{{/if}}好"], "好"),
        (&["{{#each duties}}{{@number}}.{{#each units}}{{name}},{{/each}}{{/each}}"], "1.甲,乙,2."),
        (&["没有括号 { unit }"], "没有括号 { unit }"),
    ];
    for (runs, expected) in cases {
        assert_eq!(lines(&p(runs), &data()), [*expected], "{runs:?}");
    }
}

#[test]
fn rows_and_paragraphs_are_repeated_and_left_out() {
    let table = format!(
        "<w:tbl>{}{}</w:tbl>",
        row(&["序号", "任务", "单位"]),
        row(&["{{#each duties}}{{@number}}", "{{title}}", "{{unit}}{{/each}}"])
    );
    let expected = ["序号\t任务\t单位", "1\t整治 <占道> & 经营\t县教育局", "2\t清理 楼道\t县教育局"];
    assert_eq!(lines(&table, &data()), expected);
    let around = format!(
        "<w:tbl>{}{}{}{}</w:tbl>",
        row(&["{{#each duties}}", ""]),
        row(&["{{title}}", "头"]),
        row(&["{{#if done}}已办结{{/if}}", "尾"]),
        row(&["{{/each}}", ""])
    );
    assert_eq!(lines(&around, &data()), ["整治 <占道> & 经营\t头", "已办结\t尾", "清理 楼道\t头", "\t尾"]);
    let paragraphs = [
        p(&["{{#each duties}}"]),
        p(&["{{title}}"]),
        p(&["{{#if done}}"]),
        p(&["已办结"]),
        p(&["{{/if}}"]),
        p(&["{{/each}}"]),
        p(&["完"]),
    ];
    assert_eq!(lines(&paragraphs.concat(), &data()), ["整治 <占道> & 经营", "已办结", "清理", "楼道", "完"]);
}

#[test]
fn a_table_that_lost_its_rows_and_a_cell_that_lost_its_words_leave_a_valid_document() {
    let body = format!("<w:tbl>{}</w:tbl>{}", row(&["{{#each duties}}{{title}}{{/each}}"]), p(&["完"]));
    let filled = fill_docx(&docx(&[("word/document.xml", &document(&body))]), &json!({ "duties": [] }));
    assert!(!part(&filled.expect("filled in"), "word/document.xml").contains("w:tbl"));
    let cell = format!(
        "<w:tbl><w:tr><w:tc>{}{}{}</w:tc></w:tr></w:tbl>",
        p(&["{{#if note}}"]),
        p(&["x"]),
        p(&["{{/if}}"])
    );
    let filled = fill_docx(&docx(&[("word/document.xml", &document(&cell))]), &data()).expect("filled in");
    assert!(part(&filled, "word/document.xml").contains("<w:tc><w:p/></w:tc>"));
}

#[test]
fn all_faults_are_told_at_once_with_their_paragraphs() {
    let body = [
        p(&["{{nobody}}"]),
        p(&["好"]),
        p(&["{{duties}}和{{#each unit}}x{{/each}}"]),
        p(&["{{#each duties}}"]),
        p(&["{{title}}{{colour}}"]),
        p(&["{{/each}}"]),
        p(&["{{/if}}"]),
        p(&["{{#each duties}}没有结束"]),
        p(&["{{a + b}}{{unit"]),
        p(&["{{#if late}}"]),
    ];
    let expected = [
        (1, Why::NoSuchData("nobody".into())),
        (3, Why::NoValue("duties".into())),
        (3, Why::NoList("unit".into())),
        (5, Why::NoSuchData("colour".into())),
        (7, Why::NotOpened("{{/if}}".into())),
        (8, Why::NotClosed("{{#each duties}}".into())),
        (9, Why::NotClosed("{{unit".into())),
        (9, Why::NotUnderstood("{{a + b}}".into())),
        (10, Why::NotClosed("{{#if late}}".into())),
    ];
    assert_eq!(faults(&body.concat(), &data()), expected);
    let fault =
        TemplateFault { part: "word/document.xml".into(), paragraph: 3, why: Why::NoList("unit".into()) };
    assert_eq!(fault.zh(), "正文第3段：“unit”不是列表，不能用 each");
    assert_eq!(fault.en(), "text, paragraph 3: “unit” is no list, so each does not go over it");
}

#[test]
fn what_would_run_or_be_fetched_is_refused_and_so_is_what_is_no_docx() {
    let body = document(&p(&["好"]));
    let external = r#"<Relationships><Relationship Id="a" Type="http://x/relationships/attachedTemplate" Target="http://evil/a.dotm" TargetMode="External"/></Relationships>"#;
    let link = r#"<Relationships><Relationship Id="a" Type="http://x/relationships/hyperlink" Target="http://fine/" TargetMode="External"/></Relationships>"#;
    let cases: &[(&str, &str, bool)] = &[
        ("word/vbaProject.bin", "x", false),
        ("word/embeddings/a.bin", "x", false),
        ("word/_rels/settings.xml.rels", external, false),
        ("word/_rels/document.xml.rels", link, true),
        ("word/media/a.png", "x", true),
    ];
    for (name, text, fine) in cases {
        let template = docx(&[("word/document.xml", &body), (name, text)]);
        assert_eq!(fill_docx(&template, &data()).is_ok(), *fine, "{name}");
    }
    let entities = r#"<!DOCTYPE a [<!ENTITY b "c">]><w:document><w:body/></w:document>"#;
    for template in
        [docx(&[("word/document.xml", entities)]), docx(&[("a.txt", "x")]), b"PK".to_vec(), Vec::new()]
    {
        let faults = fill_docx(&template, &data()).expect_err("no docx");
        assert!(faults.iter().all(|fault| fault.why == Why::Damaged), "{faults:?}");
    }
}

#[test]
fn lists_within_lists_do_not_make_a_document_without_end() {
    let many: Vec<Value> = (0..200).map(|_| json!({ "a": 1 })).collect();
    let mut body = p(&["{{a}}"]);
    for _ in 0..6 {
        body = [p(&["{{#each many}}"]), body, p(&["{{/each}}"])].concat();
    }
    let data = json!({ "many": many, "long": "长".repeat(1 << 20) });
    // Around paragraphs, around words, around nothing, around much.
    let words = format!("{}{{{{a}}}}{}", "{{#each many}}".repeat(6), "{{/each}}".repeat(6));
    let nothing = format!("{}{}", "{{#each many}}".repeat(9), "{{/each}}".repeat(9));
    let much = "{{#each many}}{{long}}{{/each}}".to_owned();
    for body in [body, p(&[&words]), p(&[&nothing]), p(&[&much])] {
        let faults = faults(&body, &data);
        assert!(faults.iter().any(|(_, why)| *why == Why::TooLong), "{faults:?}");
    }
}

#[test]
fn headers_and_footers_are_filled_in_too_and_other_parts_stay_as_they_are() {
    let template = docx(&[
        ("word/document.xml", &document(&p(&["{{unit}}"]))),
        ("word/header1.xml", &format!("<w:hdr>{}</w:hdr>", p(&["{{unit}}"]))),
        ("word/styles.xml", "<w:styles>{{unit}}</w:styles>"),
    ]);
    let filled = fill_docx(&template, &data()).expect("filled in");
    assert!(part(&filled, "word/header1.xml").contains("县教育局"));
    assert_eq!(part(&filled, "word/styles.xml"), "<w:styles>{{unit}}</w:styles>");
}

#[test]
fn the_built_in_templates_are_those_that_the_program_writes_and_take_the_sample() {
    for paper in Paper::ALL {
        let template = built_in(paper, Form::Docx);
        assert!(docx_template(paper).expect("a template") == template, "{paper:?}: run `cargo xtask update`");
        let filled = fill_docx(template, &sample(paper)).expect("filled in");
        assert_eq!(fill_docx(template, &sample(paper)).expect("again"), filled);
        let source = chengjing_reader::source::extract("a.docx", &filled).expect("a docx that can be read");
        assert!(source.text.contains("整治背街小巷环境卫生"), "{}", source.text);
        assert!(!source.text.contains("{{"), "{}", source.text);
        let text = part(&filled, "word/document.xml");
        assert!(text.contains("w:eastAsia=\"仿宋_GB2312\"") && text.contains("<w:tblHeader"));
        assert!(part(&filled, "word/footer1.xml").contains("— "));
    }
}

proptest! {
    /// Whatever somebody writes between and across braces, the template is filled in or its faults are told.
    #[test]
    fn no_template_makes_the_press_panic(
        paragraphs in prop::collection::vec(prop::collection::vec(0_usize..WORDS.len(), 0..6), 0..8),
        in_rows: bool,
    ) {
        let lines = paragraphs.iter().map(|words| words.iter().map(|word| WORDS[*word]).collect::<Vec<_>>());
        let body: String = if in_rows {
            let rows: String = lines.map(|cells| row(&cells)).collect();
            format!("<w:tbl>{rows}</w:tbl>")
        } else {
            lines.map(|runs| p(&runs)).collect()
        };
        match fill_docx(&docx(&[("word/document.xml", &document(&body))]), &data()) {
            Ok(filled) => {
                prop_assert!(chengjing_reader::source::extract("a.docx", &filled).is_ok());
                prop_assert!(!part(&filled, "word/document.xml").contains("{{#"));
            }
            Err(faults) => prop_assert!(!faults.is_empty()),
        }
    }

    #[test]
    fn no_bytes_make_the_press_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(fill_docx(&bytes, &data()).is_err());
    }
}

const WORDS: &[&str] = &[
    "{{unit}}",
    "{{#each duties}}",
    "{{/each}}",
    "{{#if late}}",
    "{{/if}}",
    "{{#unless note}}",
    "{{/unless}}",
    "{{title}}",
    "{{@number}}",
    "{{nobody}}",
    "{{",
    "}}",
    "{",
    "}",
    "好",
    " ",
    "{{#each units}}",
    "{{name}}",
    "#each",
    "{{/}}",
];
