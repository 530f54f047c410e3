//! Every format gives the same plan, and what can't be read says what to do instead.

use std::io::{Cursor, Write};

use chengjing_domain::plan::UnitRole::{Lead, Support};
use chengjing_reader::{ProblemKind, read_bytes, source::Unreadable};
use zip::{ZipWriter, write::SimpleFileOptions};

const NUMBERING: &str = r#"<w:numbering>
<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum>
<w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num></w:numbering>"#;

pub(crate) fn paragraph(level: Option<u8>, content: &str) -> String {
    let numbered = level.map_or(String::new(), |level| {
        format!(r#"<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr></w:pPr>"#)
    });
    format!("<w:p>{numbered}{content}</w:p>")
}

pub(crate) fn run(text: &str) -> String {
    format!("<w:r><w:t>{text}</w:t></w:r>")
}

pub(crate) fn docx(body: &str) -> Vec<u8> {
    docx_with(body, NUMBERING)
}

fn docx_with(body: &str, numbering: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let document = format!(r#"<?xml version="1.0"?><w:document><w:body>{body}</w:body></w:document>"#);
    for (name, text) in [("word/document.xml", document.as_str()), ("word/numbering.xml", numbering)] {
        zip.start_file(name, SimpleFileOptions::default()).expect("a part");
        zip.write_all(text.as_bytes()).expect("its bytes");
    }
    zip.finish().expect("a zip").into_inner()
}

#[test]
fn how_a_character_is_read_is_no_part_of_the_text() {
    let ruby = "<w:r><w:ruby><w:rt><w:r><w:t>qú</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>渠</w:t></w:r></w:rubyBase></w:ruby></w:r>";
    let body = paragraph(None, &format!("{}{ruby}{}", run("疏浚沟"), run("12公里。")));
    let read = read_bytes("plan.docx", &docx(&body)).expect("a document");
    assert_eq!(read.cleaned.trim(), "疏浚沟渠12公里。");
    let page =
        "<html><body><p>疏浚沟<ruby>渠<rp>(</rp><rt>qú</rt><rp>)</rp></ruby>12公里。</p></body></html>";
    let read = read_bytes("plan.html", page.as_bytes()).expect("a page");
    assert_eq!(read.cleaned.trim(), "疏浚沟渠12公里。");
}

#[test]
fn a_number_that_word_draws_without_a_sign_stands_apart_from_the_text() {
    let numbering = r#"<w:numbering><w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>
<w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num></w:numbering>"#;
    let body = [
        paragraph(None, &run("云溪县绿化工作安排")),
        paragraph(Some(0), &run("绿地建设")),
        paragraph(Some(1), &run("家庭园艺评选2次。责任单位:县妇联")),
        paragraph(Some(1), &run("公园游径达到12公里。责任单位:县园林中心")),
    ]
    .concat();
    let outcome = read_bytes("a.docx", &docx_with(&body, numbering)).expect("reads");
    let numbers: Vec<_> = outcome.reading.plans[0].duties.iter().map(|duty| duty.number.as_deref()).collect();
    assert_eq!(numbers, [Some("1.1"), Some("1.2")], "{}", outcome.cleaned);
}

#[test]
fn a_word_document_is_read_as_it_looks_on_paper() {
    let body = [
        paragraph(None, &run("云溪县河岸整治方案")),
        paragraph(Some(0), &run("重点任务")),
        paragraph(
            Some(1),
            &format!(
                "{}<w:del><w:r><w:delText>拆除</w:delText></w:r></w:del><w:ins>{}</w:ins>{}",
                run("清理"),
                run("河道&amp;沟渠"),
                run("。")
            ),
        ),
        paragraph(None, &run("责任单位:县水利局")),
        paragraph(None, ""),
        paragraph(Some(1), &run("修补堤岸。")),
        paragraph(
            None,
            &format!(
                "{}<mc:AlternateContent><mc:Choice><w:txbxContent>{}</w:txbxContent></mc:Choice>\
                 <mc:Fallback><w:txbxContent>{}</w:txbxContent></mc:Fallback></mc:AlternateContent>",
                run("责任单位:县住建局"),
                paragraph(None, &run("框内文字")),
                paragraph(None, &run("框内文字"))
            ),
        ),
    ]
    .concat();
    let outcome = read_bytes("a.docx", &docx(&body)).expect("reads");
    assert!(outcome.cleaned.contains("一、重点任务"), "{}", outcome.cleaned);
    assert_eq!(outcome.cleaned.matches("框内文字").count(), 1, "{}", outcome.cleaned);
    let duties = &outcome.reading.plans[0].duties;
    let found: Vec<_> = duties
        .iter()
        .map(|duty| (duty.number.as_deref(), duty.title.as_str(), duty.units[0].name.as_str()))
        .collect();
    assert_eq!(found, [(Some("1"), "清理河道&沟渠", "县水利局"), (Some("2"), "修补堤岸", "县住建局")]);
}

const HEADS: [&str; 4] = ["序号", "工作任务", "责任单位", "完成时限"];

#[test]
fn a_task_table_with_merged_cells_is_read_from_word_and_from_a_spreadsheet() {
    let cell = |properties: &str, text: &str| {
        format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", paragraph(None, &run(text)))
    };
    let row = |cells: &[String]| format!("<w:tr>{}</w:tr>", cells.concat());
    let table = [
        row(&HEADS.map(|head| cell("", head))),
        row(&[
            cell("", "1"),
            cell("", "清扫背街小巷"),
            cell(r#"<w:vMerge w:val="restart"/>"#, "县城管局"),
            cell("", "2026年6月底前"),
        ]),
        row(&[cell("", "2"), cell("", "修补破损路面"), cell("<w:vMerge/>", ""), cell("", "2026年9月底前")]),
        row(&[cell("", "3"), cell("", "施划停车泊位"), cell("", ""), cell("", "2026年10月底前")]),
        row(&[cell("", "4"), cell("", "更新公益广告"), cell("", "县委宣传部"), cell("", "")]),
    ]
    .concat();
    let word = docx(&format!("{}<w:tbl>{table}</w:tbl>", paragraph(None, &run("云溪县市容整治任务分解表"))));

    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let plain = rust_xlsxwriter::Format::new();
    sheet.merge_range(0, 0, 0, 3, "云溪县市容整治任务分解表", &plain).expect("a title");
    for (head, column) in HEADS.iter().zip(0_u16..) {
        sheet.write_string(1, column, *head).expect("a head");
    }
    for (row, task, due) in [
        (2_u32, "清扫背街小巷", "2026年6月底前"),
        (3, "修补破损路面", "2026年9月底前"),
        (4, "施划停车泊位", "2026年10月底前"),
        (5, "更新公益广告", ""),
    ] {
        sheet.write_number(row, 0, f64::from(row - 1)).expect("a number");
        sheet.write_string(row, 1, task).expect("a task");
        sheet.write_string(row, 3, due).expect("a date");
    }
    sheet.merge_range(2, 2, 3, 2, "县城管局", &plain).expect("a unit");
    sheet.write_string(5, 2, "县委宣传部").expect("a unit");
    let excel = book.save_to_buffer().expect("a workbook");

    for (name, bytes) in [("a.docx", word), ("a.xlsx", excel)] {
        let outcome = read_bytes(name, &bytes).expect("reads");
        let duties = &outcome.reading.plans[0].duties;
        let found: Vec<_> = duties
            .iter()
            .map(|duty| {
                let due = duty.due.map(|due| due.to_string()).unwrap_or_default();
                (duty.title.as_str(), duty.units.first().map(|unit| unit.name.as_str()), due)
            })
            .collect();
        assert_eq!(
            found,
            [
                ("清扫背街小巷", Some("县城管局"), "2026-06".to_owned()),
                ("修补破损路面", Some("县城管局"), "2026-09".to_owned()),
                // The file knows what is merged: what is empty beside it is empty.
                ("施划停车泊位", None, "2026-10".to_owned()),
                ("更新公益广告", Some("县委宣传部"), String::new()),
            ],
            "{name}: {}",
            outcome.cleaned
        );
    }
}

#[test]
fn where_no_merged_cell_is_marked_an_empty_one_is_taken_for_merged_and_the_reader_says_so() {
    let table = "云溪县任务分解表\n序号\t工作任务\t责任单位\t完成时限\n1\t清扫背街小巷\t县城管局\t2026年6月底前\n\
        2\t修补破损路面\t\t2026年9月底前\n3\t施划停车泊位\t县公安局\t\n";
    let outcome = read_bytes("a.txt", table.as_bytes()).expect("reads");
    let units: Vec<&str> =
        outcome.reading.plans[0].duties.iter().map(|duty| duty.units[0].name.as_str()).collect();
    assert_eq!(units, ["县城管局", "县城管局", "县公安局"]);
    let [problem] = &outcome.problems[..] else { panic!("{:?}", outcome.problems) };
    assert_eq!((problem.line, problem.column), (4, 1));
    assert!(problem.zh().to_string().contains("2 个空格") && problem.zh().to_string().contains("县城管局"));
    // Where the table's own note says so there is nothing to doubt.
    let noted = read_bytes("a.txt", format!("{table}注:空白格为合并单元格,内容同上。\n").as_bytes());
    assert!(noted.expect("reads").problems.is_empty());
}

#[test]
fn an_empty_cell_of_a_spreadsheet_or_a_word_table_without_merged_ones_is_empty_and_sums_are_no_duties() {
    let rows = [
        ["序号", "工作任务", "责任单位", "责任人", "完成时限"],
        ["1", "清扫背街小巷", "县城管局", "周立", "5月底前"],
        ["2", "修补破损路面", "县住建局", "", "6月底前"],
        ["3", "更新公益广告", "县文明办", "陈静", ""],
        ["合计", "3", "", "", ""],
    ];
    let cell = |text: &&str| format!("<w:tc>{}</w:tc>", paragraph(None, &run(text)));
    let table = rows.map(|row| format!("<w:tr>{}</w:tr>", row.iter().map(cell).collect::<String>()));
    let word = docx(&format!("<w:tbl>{}</w:tbl>", table.concat()));
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0_u32..).zip(&rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            sheet.write_string(row, column, *cell).expect("a cell");
        }
    }
    for (name, bytes) in [("a.docx", word), ("a.xlsx", book.save_to_buffer().expect("a workbook"))] {
        let outcome = read_bytes(name, &bytes).expect("reads");
        let found: Vec<_> = outcome.reading.plans[0]
            .duties
            .iter()
            .map(|duty| {
                let due = duty.due.map(|due| due.to_string()).unwrap_or_default();
                (duty.title.as_str(), duty.leads.concat(), due)
            })
            .collect();
        assert_eq!(
            found,
            [
                ("清扫背街小巷", "周立".to_owned(), "XXXX-05".to_owned()),
                ("修补破损路面", String::new(), "XXXX-06".to_owned()),
                ("更新公益广告", "陈静".to_owned(), String::new()),
            ],
            "{name}: {}",
            outcome.cleaned
        );
        assert!(outcome.problems.is_empty(), "{:?}", outcome.problems);
    }
}

#[test]
fn a_row_with_one_cell_a_line_and_one_unit_too_few_names_its_lead_and_the_reader_says_that_it_guessed() {
    let text = "云溪县任务分解表\n序号\n工作任务\n牵头单位\n配合单位\n完成时限\n1\n清扫背街小巷\n县城管局\n各镇\n2026年6月底前\n\
        2\n修补破损路面\n县住建局\n\n2026年9月底前\n3\n施划停车泊位\n县公安局\n县交通局\n2026年10月底前\n";
    let outcome = read_bytes("a.txt", text.as_bytes()).expect("reads");
    let units: Vec<Vec<_>> = outcome.reading.plans[0]
        .duties
        .iter()
        .map(|duty| duty.units.iter().map(|unit| (unit.name.as_str(), unit.role)).collect())
        .collect();
    assert_eq!(
        units,
        [
            vec![("县城管局", Lead), ("各镇", Support)],
            vec![("县住建局", Lead)],
            vec![("县公安局", Lead), ("县交通局", Support)]
        ]
    );
    let [problem] = &outcome.problems[..] else { panic!("{:?}", outcome.problems) };
    assert_eq!((problem.line, &problem.kind), (12, &ProblemKind::CellsMissing { times: 1 }));
}

#[test]
fn what_is_wrong_in_many_places_is_told_once_with_their_number() {
    let line = "1.清扫街道æ\u{b8}\u{85}河县。\n";
    for (lines, told) in [(20, 20), (300, 1)] {
        let text = format!("云溪县方案\n{}", line.repeat(lines));
        let outcome = read_bytes("a.txt", text.as_bytes()).expect("reads");
        let problems: Vec<_> = outcome
            .problems
            .iter()
            .filter(|problem| problem.zh().to_string().contains("无法还原的乱码"))
            .collect();
        assert_eq!(problems.len(), told, "{problems:?}");
        assert_eq!((problems[0].line, problems[0].column), (2, 7));
        assert_eq!(problems[0].zh().to_string().contains("共 300 处"), told == 1);
    }
    // Markers without a name are told by another part of the reader.
    let text = format!("云溪县方案\n{}", "1.清扫街道。责任单位:\n".repeat(30));
    let outcome = read_bytes("a.txt", text.as_bytes()).expect("reads");
    let [problem] = &outcome.problems[..] else { panic!("{:?}", outcome.problems) };
    let ProblemKind::Repeated { first, times: 30 } = &problem.kind else { panic!("{problem:?}") };
    assert!(matches!(**first, ProblemKind::MarkerWithoutName { .. }), "{first:?}");
}

#[test]
fn each_sheet_of_a_workbook_has_its_own_heads() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheets = [
        (
            HEADS,
            vec![
                ["1", "清扫背街小巷", "县城管局", "2026年6月底前"],
                ["2", "修补路面", "县住建局", "2026年9月底前"],
            ],
        ),
        (
            ["工作任务", "序号", "完成时限", "责任单位"],
            vec![["施划停车泊位", "1", "2026年10月底前", "县公安局"]],
        ),
        (
            ["工作任务", "牵头单位", "配合单位", "完成时限"],
            vec![["评选文明家庭", "县妇联", "各镇", "2026年11月底前"]],
        ),
    ];
    for (heads, rows) in &sheets {
        let sheet = book.add_worksheet();
        for (row, cells) in (0_u32..).zip(std::iter::once(heads).chain(rows)) {
            for (column, cell) in (0_u16..).zip(cells) {
                sheet.write_string(row, column, *cell).expect("a cell");
            }
        }
    }
    let outcome = read_bytes("a.xlsx", &book.save_to_buffer().expect("a workbook")).expect("reads");
    let told: Vec<String> = outcome.reading.plans[0]
        .duties
        .iter()
        .map(|duty| {
            let units: Vec<String> =
                duty.units.iter().map(|unit| format!("{} {:?}", unit.name, unit.role)).collect();
            let due = duty.due.map(|due| due.to_string()).unwrap_or_default();
            format!("{} | {} | {due}", duty.title, units.join(", "))
        })
        .collect();
    assert_eq!(
        told,
        [
            "清扫背街小巷 | 县城管局 Responsible | 2026-06",
            "修补路面 | 县住建局 Responsible | 2026-09",
            "施划停车泊位 | 县公安局 Responsible | 2026-10",
            "评选文明家庭 | 县妇联 Lead, 各镇 Support | 2026-11",
        ],
        "{}",
        outcome.cleaned
    );
}

#[test]
fn what_cannot_be_read_says_what_to_do_instead() {
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let ole = |part: &str| [b"\xd0\xcf\x11\xe0".to_vec(), utf16(part)].concat();
    let whole = docx(&paragraph(None, &run("云溪县方案")));
    let mut bomb = ZipWriter::new(Cursor::new(Vec::new()));
    bomb.start_file("word/document.xml", SimpleFileOptions::default()).expect("a part");
    for _ in 0..65 {
        bomb.write_all(&vec![b' '; 1 << 20]).expect("a mebibyte");
    }
    let cases = [
        (Vec::new(), Unreadable::Empty),
        (ole("WordDocument"), Unreadable::OldWord),
        (ole("Workbook"), Unreadable::OldExcel),
        (ole("EncryptedPackage"), Unreadable::Encrypted),
        (b"\x89PNG\r\n".to_vec(), Unreadable::Picture),
        (b"\x7fELF".to_vec(), Unreadable::UnknownKind),
        ((0..=255).cycle().take(4096).collect(), Unreadable::UnknownKind),
        (b"%PDF-1.7\ngarbage".to_vec(), Unreadable::Damaged { what: "pdf" }),
        (whole[..whole.len() / 2].to_vec(), Unreadable::Damaged { what: "zip" }),
        (bomb.finish().expect("a zip").into_inner(), Unreadable::TooLarge),
    ];
    for (bytes, expected) in cases {
        assert_eq!(read_bytes("x", &bytes).err(), Some(expected));
    }
    // An entity of the document's own is never resolved.
    let entities = "<!DOCTYPE x [<!ENTITY a \"啊啊啊啊\">]><w:document><w:p><w:r><w:t>方案&a;</w:t></w:r></w:p></w:document>";
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", SimpleFileOptions::default()).expect("a part");
    zip.write_all(entities.as_bytes()).expect("its bytes");
    let outcome = read_bytes("x", &zip.finish().expect("a zip").into_inner()).expect("reads");
    assert!(!outcome.cleaned.contains('啊'));
}
