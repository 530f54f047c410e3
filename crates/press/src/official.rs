//! A plan's text as the document that an office issues (GB/T 9704-2012): red head, title, text, attached table.

use docx_rs::{
    AlignmentType, Docx, Footer, LineSpacing, LineSpacingType, PageMargin, PageNum, Paragraph,
    SpecialIndentType, Table, TableCell, TableLayoutType, TableRow, WidthType,
};

use crate::{
    PressError,
    docx::{fonts, millimetres, pack, repeat_first_row, text},
};

/// A4 upright with the margins of the standard (天头 37, 订口 28, 右 26, 下 35 mm).
const PAGE: (u32, u32) = (millimetres(210.0), millimetres(297.0));
const TOP: u32 = millimetres(37.0);
const RIGHT: u32 = millimetres(26.0);
const BOTTOM: u32 = millimetres(35.0);
const LEFT: u32 = millimetres(28.0);
const WIDTH: u32 = PAGE.0 - LEFT - RIGHT;

/// 二号, 三号 and 五号 in half points; 三号's width in twentieths of a point.
const TITLE: usize = 44;
const BODY: usize = 32;
const CELL: usize = 21;
const CHARACTER: i32 = 320;

/// What a line is, as an office sets it.
#[derive(Clone, Copy)]
enum Look {
    /// 发文机关标志.
    Head,
    /// 发文字号.
    Number,
    Title,
    /// 一、
    First,
    /// (一)
    Second,
    /// 附件, at the head of a page of its own.
    Annex,
    Body,
}

/// Sets a text, a line a paragraph and its tab separated lines as a table, as an office issues it.
///
/// # Errors
/// Where the document can't be packed.
pub fn plan_to_docx(plan: &str) -> Result<Vec<u8>, PressError> {
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
        .page_margin(margin)
        .default_fonts(fonts("仿宋_GB2312"))
        .footer(Footer::new().add_paragraph(page));
    let mut rows: Vec<Vec<&str>> = Vec::new();
    let mut titled = false;
    // The title of an annex stands below the word 附件.
    let mut annexed = false;
    for line in plan.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
        if line.contains('\t') {
            rows.push(line.split('\t').collect());
            continue;
        }
        if !rows.is_empty() {
            document = document.add_table(table(&std::mem::take(&mut rows)));
        }
        let look = match line {
            _ if !titled && line.ends_with("文件") => Look::Head,
            _ if !titled && line.contains('〔') => Look::Number,
            _ if !titled || annexed => Look::Title,
            "附件" => Look::Annex,
            _ if ordinal(line).is_some_and(|rest| rest.starts_with('、')) => Look::First,
            // A whole sentence behind (一) is text.
            _ if line.contains('。') => Look::Body,
            _ if line.strip_prefix('（').and_then(ordinal).is_some_and(|rest| rest.starts_with('）')) => {
                Look::Second
            }
            _ => Look::Body,
        };
        titled |= matches!(look, Look::Title);
        annexed = matches!(look, Look::Annex);
        document = document.add_paragraph(paragraph(line, look));
    }
    if !rows.is_empty() {
        document = document.add_table(table(&rows));
    }
    let mut built = document.build();
    built.document = repeat_first_row(&built.document);
    pack(built)
}

/// What follows the Chinese numeral at the beginning of a line.
fn ordinal(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(['一', '二', '三', '四', '五', '六', '七', '八', '九', '十']);
    (rest.len() < line.len()).then_some(rest)
}

fn paragraph(line: &str, look: Look) -> Paragraph {
    let spaced = |before, after| LineSpacing::new().before(before).after(after);
    let exact = LineSpacing::new().line_rule(LineSpacingType::Exact).line(560);
    let plain = |font: &str| {
        let indent = Some(SpecialIndentType::FirstLine(2 * CHARACTER));
        Paragraph::new()
            .add_run(text(line, font, BODY))
            .indent(None, indent, None, None)
            .line_spacing(exact.clone())
    };
    match look {
        Look::Head => Paragraph::new()
            .add_run(text(line, "方正小标宋简体", 48).color("C00000"))
            .align(AlignmentType::Center)
            .line_spacing(spaced(600, 400)),
        Look::Number => Paragraph::new()
            .add_run(text(line, "仿宋_GB2312", BODY))
            .align(AlignmentType::Center)
            .line_spacing(spaced(0, 500)),
        Look::Title => Paragraph::new()
            .add_run(text(line, "方正小标宋简体", TITLE))
            .align(AlignmentType::Center)
            .line_spacing(spaced(200, 400)),
        Look::First => plain("黑体").outline_lvl(0).keep_next(true),
        Look::Second => plain("楷体_GB2312").outline_lvl(1).keep_next(true),
        Look::Annex => Paragraph::new().add_run(text(line, "黑体", BODY)).page_break_before(true),
        Look::Body => plain("仿宋_GB2312"),
    }
}

/// Columns as wide as what stands in them needs, within the page.
fn table(rows: &[Vec<&str>]) -> Table {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let needed: Vec<u32> = (0..columns)
        .map(|column| {
            let longest =
                rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
            // Beyond so many characters a cell breaks its line.
            u32::try_from(longest.unwrap_or(0).clamp(3, 14)).unwrap_or(3)
        })
        .collect();
    let total = needed.iter().sum::<u32>().max(1);
    let widths: Vec<usize> = needed.iter().map(|part| (part * WIDTH / total) as usize).collect();
    let row = |(index, row): (usize, &Vec<&str>)| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| {
            let words = text(cell, if index == 0 { "黑体" } else { "仿宋_GB2312" }, CELL);
            let paragraph = Paragraph::new().add_run(words).align(AlignmentType::Center);
            TableCell::new().add_paragraph(paragraph).width(*width, WidthType::Dxa)
        });
        TableRow::new(cells.collect()).cant_split()
    };
    Table::new(rows.iter().enumerate().map(row).collect())
        .set_grid(widths.clone())
        .layout(TableLayoutType::Fixed)
        .width(WIDTH as usize, WidthType::Dxa)
}
