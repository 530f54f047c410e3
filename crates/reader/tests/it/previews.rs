//! What a document is looked at as: its structure, its displayed texts, and the limits.

use std::io::{Cursor, Write};

use chengjing_domain::attachment::MediaKind;
use chengjing_reader::source::{
    Unreadable,
    preview::{Block, Document, Preview, Workbook, preview},
};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook as Book};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::formats::{docx, paragraph, run};

fn document(bytes: &[u8]) -> Document {
    match preview(MediaKind::Docx, bytes) {
        Ok(Preview::Document(document)) => document,
        other => panic!("{other:?}"),
    }
}

fn workbook(book: &mut Book) -> Workbook {
    match preview(MediaKind::Xlsx, &book.save_to_buffer().expect("a workbook")) {
        Ok(Preview::Workbook(workbook)) => workbook,
        other => panic!("{other:?}"),
    }
}

/// Each block in one line: `#2 一、 text`, tables as cells with what they cover.
fn drawn(document: &Document) -> Vec<String> {
    let block = |block: &Block| match block {
        Block::Paragraph(paragraph) => {
            let heading = paragraph.heading.map(|level| format!("#{level} ")).unwrap_or_default();
            let middle = if paragraph.centred { "| " } else { "" };
            let marker = paragraph.marker.as_ref().map(|marker| format!("{marker} ")).unwrap_or_default();
            format!("{}{middle}{heading}{marker}{}", ">".repeat(paragraph.level.into()), paragraph.text)
        }
        Block::Table(rows) => {
            let row = |row: &Vec<chengjing_reader::source::preview::Cell>| {
                let cells = row.iter().map(|cell| {
                    format!("{}@{}:{}x{}", cell.text.replace('\n', "/"), cell.column, cell.columns, cell.rows)
                });
                cells.collect::<Vec<_>>().join(" ")
            };
            rows.iter().map(row).collect::<Vec<_>>().join(" ; ")
        }
    };
    document.blocks.iter().map(block).collect()
}

#[test]
fn a_word_document_is_headings_lists_and_tables() {
    let styled =
        |properties: &str, text: &str| format!("<w:p><w:pPr>{properties}</w:pPr>{}</w:p>", run(text));
    let cell = |properties: &str, text: &str| {
        format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", paragraph(None, &run(text)))
    };
    let row = |cells: &[String]| format!("<w:tr>{}</w:tr>", cells.concat());
    let nested = format!("<w:tc><w:tbl>{}</w:tbl>{}</w:tc>", row(&[cell("", "内")]), paragraph(None, ""));
    let table = [
        row(&[cell(r#"<w:gridSpan w:val="2"/>"#, "点位"), cell("", "情况")]),
        row(&[cell(r#"<w:vMerge w:val="restart"/>"#, "城关"), cell("", "甲"), cell("", "好")]),
        row(&[cell("<w:vMerge/>", ""), nested, cell("", "")]),
    ]
    .concat();
    let picture = "<w:r><w:drawing><a:blip r:embed=\"rId1\"/></w:drawing></w:r>";
    let body = [
        styled(r#"<w:outlineLvl w:val="0"/><w:jc w:val="center"/>"#, "自查报告"),
        paragraph(Some(0), &run("基本情况")),
        paragraph(Some(1), &run("已办结&lt;三&gt;项。")),
        paragraph(None, ""),
        paragraph(None, picture),
        format!("<w:tbl>{table}</w:tbl>"),
        paragraph(None, &run("特此报告。")),
    ]
    .concat();
    let read = document(&docx(&body));
    assert_eq!(
        drawn(&read),
        [
            "| #1 自查报告",
            "一、 基本情况",
            ">1. 已办结<三>项。",
            "点位@0:2x1 情况@2:1x1 ; 城关@0:1x2 甲@1:1x1 好@2:1x1 ; 内@1:1x1 @2:1x1",
            "特此报告。"
        ]
    );
    assert_eq!((read.more, read.pictures), (0, 1));
}

#[test]
fn what_is_beyond_the_limits_of_a_document_is_counted() {
    let rows = "<w:tr><w:tc><w:p><w:r><w:t>行</w:t></w:r></w:p></w:tc></w:tr>".repeat(600);
    for (body, blocks, more) in [
        (paragraph(None, &run("段")).repeat(2_000), 2_000, 0),
        (paragraph(None, &run("段")).repeat(2_345), 2_000, 345),
        (format!("{}<w:tbl>{rows}</w:tbl>", paragraph(None, &run("段")).repeat(1_500)), 1_501, 100),
        (paragraph(None, &run(&"长".repeat(1 << 20))), 0, 1),
    ] {
        let read = document(&docx(&body));
        assert_eq!((read.blocks.len(), read.more), (blocks, more));
    }
    let cells = format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", "<w:tc/>".repeat(600_000));
    assert_eq!(preview(MediaKind::Docx, &docx(&cells)), Err(Unreadable::TooLarge));
    let cut = docx("<w:p><w:r>");
    assert_eq!(preview(MediaKind::Docx, &cut), Err(Unreadable::Damaged { what: "docx" }));
}

#[test]
fn cells_are_displayed_as_excel_displays_them() {
    let mut book = Book::new();
    let sheet = book.add_worksheet();
    sheet.set_name("台账").expect("a name");
    sheet.merge_range(0, 0, 0, 3, "统计表", &Format::new()).expect("a title");
    sheet.write(2, 0, " 普法\r\n参加率 ").expect("a cell");
    sheet.write_with_format(2, 1, 0.8754, &Format::new().set_num_format("0.0%")).expect("a cell");
    let day = ExcelDateTime::from_ymd(2026, 6, 5).expect("a day");
    let format = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    sheet.write_with_format(2, 2, &day, &format).expect("a cell");
    sheet.write(2, 3, 0.1 + 0.2).expect("a cell");
    sheet.merge_range(3, 0, 4, 0, "合计", &Format::new()).expect("a cell");
    sheet.write(3, 1, true).expect("a cell");
    sheet.write_with_format(4, 1, 1_234_567.5, &Format::new().set_num_format("#,##0.00")).expect("a cell");
    let other = book.add_worksheet();
    other.set_name("选项").expect("a name");
    other.set_hidden(true);
    let read = workbook(&mut book);
    assert_eq!((read.sheets.len(), read.more, read.hidden), (1, 0, 1));
    let sheet = &read.sheets[0];
    assert_eq!((sheet.name.as_str(), sheet.columns, sheet.more_rows, sheet.more_columns), ("台账", 4, 0, 0));
    let rows: Vec<String> = sheet
        .rows
        .iter()
        .map(|row| {
            let cells = row.cells.iter().map(|cell| {
                let end = if cell.number { "→" } else { "" };
                format!(
                    "{}@{}:{}x{}{end}",
                    cell.text.replace('\n', "/"),
                    cell.column,
                    cell.columns,
                    cell.rows
                )
            });
            format!("{} {}", row.number, cells.collect::<Vec<_>>().join(" "))
        })
        .collect();
    assert_eq!(
        rows,
        [
            "1 统计表@0:4x1",
            "3 普法/参加率@0:1x1 87.5%@1:1x1→ 2026年6月5日@2:1x1→ 0.3@3:1x1→",
            "4 合计@0:1x2 TRUE@1:1x1",
            "5 1,234,567.50@1:1x1→"
        ]
    );
}

#[test]
fn what_is_beyond_the_limits_of_a_workbook_is_counted() {
    let mut book = Book::new();
    let tall = book.add_worksheet();
    for row in 0..520 {
        tall.write(row * 2, 0, row).expect("a cell");
    }
    let wide = book.add_worksheet();
    for column in 0..75 {
        wide.write(0, column, "列").expect("a cell");
    }
    wide.merge_range(1, 0, 700, 70, "全表", &Format::new()).expect("a cell");
    let full = book.add_worksheet();
    for row in 0..3 {
        full.write(row, 0, "长".repeat(10_000)).expect("a cell");
    }
    let full_of_cells = book.add_worksheet();
    for (row, column) in (0..500).flat_map(|row| (0..60).map(move |column| (row, column))) {
        full_of_cells.write(row, column, "满").expect("a cell");
    }
    let beyond = book.add_worksheet();
    for (row, column) in (0..500).flat_map(|row| (0..60).map(move |column| (row, column))) {
        beyond.write(row, column, "满").expect("a cell");
    }
    for _ in 0..18 {
        book.add_worksheet();
    }
    let read = workbook(&mut book);
    assert_eq!((read.sheets.len(), read.more), (20, 3));
    let sizes: Vec<_> = read.sheets[..5]
        .iter()
        .map(|sheet| (sheet.columns, sheet.rows.len(), sheet.more_rows, sheet.more_columns))
        .collect();
    assert_eq!(sizes[..4], [(1, 500, 20, 0), (60, 2, 0, 15), (1, 3, 0, 0), (60, 500, 0, 0)]);
    let (columns, rows, more, _) = sizes[4];
    assert!(columns == 60 && rows < 500 && rows + more >= 500, "{rows} and {more}");
    let merged = &read.sheets[1].rows[1].cells[0];
    assert_eq!((merged.columns, merged.rows), (60, 1), "over the rows that are given");
    let cells: usize = read.sheets.iter().flat_map(|sheet| &sheet.rows).map(|row| row.cells.len()).sum();
    assert_eq!(cells, 50_000);
}

#[test]
fn what_cannot_be_looked_at_says_why() {
    let with_part = |name: &str, text: &[u8]| {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file(name, SimpleFileOptions::default()).expect("a part");
        zip.write_all(text).expect("its bytes");
        zip.finish().expect("a zip").into_inner()
    };
    let zeros = vec![b' '; 65 << 20];
    for (kind, bytes, expected) in [
        (MediaKind::Docx, with_part("word/styles.xml", b"<a/>"), Unreadable::Damaged { what: "docx" }),
        (MediaKind::Docx, with_part("word/document.xml", &zeros), Unreadable::TooLarge),
        (MediaKind::Docx, with_part("word/document.xml", b"<w:p"), Unreadable::Damaged { what: "docx" }),
        (MediaKind::Xlsx, with_part("xl/workbook.xml", &zeros), Unreadable::TooLarge),
        (MediaKind::Xlsx, with_part("xl/other.xml", b"<a/>"), Unreadable::UnknownKind),
        (MediaKind::Xlsx, with_part("xl/workbook.xml", b"<a"), Unreadable::Damaged { what: "xlsx" }),
    ] {
        assert_eq!(preview(kind, &bytes), Err(expected), "{kind:?}");
    }
}
