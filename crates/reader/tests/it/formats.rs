//! Every format gives the same plan, and what can't be read says what to do instead.

use std::io::{Cursor, Write};

use chengjing_reader::{read_bytes, source::Unreadable};
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
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let document = format!(r#"<?xml version="1.0"?><w:document><w:body>{body}</w:body></w:document>"#);
    for (name, text) in [("word/document.xml", document.as_str()), ("word/numbering.xml", NUMBERING)] {
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
    for (row, task, due) in [(2_u32, "清扫背街小巷", "2026年6月底前"), (3, "修补破损路面", "2026年9月底前")]
    {
        sheet.write_number(row, 0, f64::from(row - 1)).expect("a number");
        sheet.write_string(row, 1, task).expect("a task");
        sheet.write_string(row, 3, due).expect("a date");
    }
    sheet.merge_range(2, 2, 3, 2, "县城管局", &plain).expect("a unit");
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
                ("修补破损路面", Some("县城管局"), "2026-09".to_owned())
            ],
            "{name}: {}",
            outcome.cleaned
        );
    }
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
