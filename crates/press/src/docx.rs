use docx_rs::{
    AlignmentType, Docx, Footer, LineSpacing, LineSpacingType, PageMargin, PageNum, PageOrientationType,
    Paragraph, Run, RunFonts, Shading, Table, TableCell, TableLayoutType, TableRow, VAlignType, WidthType,
    XMLDocx,
};

use crate::{PressError, task_table::TaskTable};

/// Twentieths of a point, docx's unit of length.
pub(crate) const fn millimetres(mm: f64) -> u32 {
    (mm * 56.6929) as u32
}

/// A4 lying on its side; the margins of GB/T 9704-2012 turned with it (天头 37, 订口 28, 右 26, 下 35 mm).
const PAGE: (u32, u32) = (millimetres(297.0), millimetres(210.0));
const TOP: u32 = millimetres(28.0);
const RIGHT: u32 = millimetres(37.0);
const BOTTOM: u32 = millimetres(26.0);
const LEFT: u32 = millimetres(35.0);
const WIDTH: u32 = PAGE.0 - LEFT - RIGHT;

/// Half points.
const TITLE: usize = 44;
const BODY: usize = 21;

pub(crate) fn fonts(name: &str) -> RunFonts {
    RunFonts::new().east_asia(name).ascii("Times New Roman").hi_ansi("Times New Roman")
}

pub(crate) fn text(words: &str, font: &str, size: usize) -> Run {
    // A newline inside a cell is a line break of the same paragraph.
    let mut run = Run::new().fonts(fonts(font)).size(size);
    for (index, line) in words.lines().enumerate() {
        if index > 0 {
            run = run.add_break(docx_rs::BreakType::TextWrapping);
        }
        run = run.add_text(line);
    }
    run
}

pub(crate) fn task_table(table: &TaskTable) -> Result<Vec<u8>, PressError> {
    let columns = table.columns();
    let total: u32 = columns.iter().map(|column| u32::from(column.width)).sum();
    let widths: Vec<usize> =
        columns.iter().map(|column| (u32::from(column.width) * WIDTH / total) as usize).collect();

    let cell = |words: &str, width: usize, bold: bool, centred: bool| {
        let mut run = text(words, "仿宋_GB2312", BODY);
        if bold {
            run = run.bold();
        }
        let align = if centred { AlignmentType::Center } else { AlignmentType::Left };
        let spacing = LineSpacing::new().line_rule(LineSpacingType::Exact).line(320);
        let paragraph = Paragraph::new().add_run(run).align(align).line_spacing(spacing);
        TableCell::new()
            .add_paragraph(paragraph)
            .vertical_align(VAlignType::Center)
            .width(width, WidthType::Dxa)
    };
    let head = columns
        .iter()
        .zip(&widths)
        .map(|(column, width)| {
            cell(column.heading, *width, true, true).shading(Shading::new().fill("EEF1F6"))
        })
        .collect();
    let mut rows = vec![TableRow::new(head).cant_split()];
    for (index, row) in table.rows.iter().enumerate() {
        let cells = columns
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(place, (column, width))| cell(&(column.cell)(index, row), *width, false, place < 2));
        rows.push(TableRow::new(cells.collect()));
    }

    let title = Paragraph::new()
        .add_run(text(&table.title, "方正小标宋简体", TITLE))
        .align(AlignmentType::Center)
        .line_spacing(LineSpacing::new().after(120));
    let as_of = table.as_of.format("%Y年%-m月%-d日").to_string();
    let words: Vec<&str> = [table.note.as_deref().unwrap_or(""), &table.office, &as_of]
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect();
    let under =
        Paragraph::new().add_run(text(&words.join("    "), "仿宋_GB2312", 24)).align(AlignmentType::Right);
    let page = Paragraph::new()
        .add_run(text("— ", "宋体", 28))
        .add_page_num(PageNum::new())
        .add_run(text(" —", "宋体", 28))
        .align(AlignmentType::Center);
    let margin = PageMargin::new()
        .top(TOP as i32)
        .right(RIGHT as i32)
        .bottom(BOTTOM as i32)
        .left(LEFT as i32)
        .header(720)
        .footer(720);
    let mut document = Docx::new()
        .page_size(PAGE.0, PAGE.1)
        .page_orient(PageOrientationType::Landscape)
        .page_margin(margin)
        .default_fonts(fonts("仿宋_GB2312"))
        .footer(Footer::new().add_paragraph(page))
        .add_paragraph(title)
        .add_paragraph(under)
        .add_table(
            Table::new(rows)
                .set_grid(widths)
                .layout(TableLayoutType::Fixed)
                .width(WIDTH as usize, WidthType::Dxa),
        )
        .build();
    document.document = repeat_first_row(&document.document);
    pack(document)
}

pub(crate) fn pack(document: XMLDocx) -> Result<Vec<u8>, PressError> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    document.pack(&mut bytes).map_err(|error| PressError::Docx(std::io::Error::other(error)))?;
    Ok(bytes.into_inner())
}

/// Makes the head of the table stand on every page. The library has no word for it, so it is put in beside the
/// first row's own `cantSplit`, which is the first in the document.
pub(crate) fn repeat_first_row(document: &[u8]) -> Vec<u8> {
    const BEFORE: &[u8] = b"<w:cantSplit />";
    let Some(place) = document.windows(BEFORE.len()).position(|window| window == BEFORE) else {
        return document.to_vec();
    };
    let end = place + BEFORE.len();
    [&document[..end], b"<w:tblHeader />", &document[end..]].concat()
}
