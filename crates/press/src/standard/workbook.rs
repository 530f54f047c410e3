use chengjing_domain::standard::{
    CatalogueFile, Standard,
    sheet::{
        Cell, Column, GUIDE, KIND_OF_FILE, Kind, Layout, Line, Table, catalogue_tables, standard_tables,
    },
};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use rust_xlsxwriter::{DataValidation, Format, FormatAlign, Workbook, Worksheet};

use crate::{
    PressError,
    xlsx::{body, heading},
};

/// Rows below what is there in which people go on.
const ROOM: u32 = 500;

/// The width of the column of a level, in characters.
const LEVEL: f64 = 18.0;

/// A standard as a workbook; what stands in catalogues that it uses stands in theirs.
///
/// # Errors
/// [`PressError::Xlsx`], where a text is longer than a cell holds.
pub fn standard_to_xlsx(standard: &Standard) -> Result<Vec<u8>, PressError> {
    workbook(&standard.title, &standard_tables(standard))
}

/// A catalogue as a workbook.
///
/// # Errors
/// [`PressError::Xlsx`], where a text is longer than a cell holds.
pub fn catalogue_to_xlsx(file: &CatalogueFile) -> Result<Vec<u8>, PressError> {
    workbook(&file.title, &catalogue_tables(file))
}

fn workbook(title: &str, tables: &[Table]) -> Result<Vec<u8>, PressError> {
    let mut workbook = Workbook::new();
    guide(workbook.add_worksheet(), title, tables)?;
    for table in tables {
        fill(workbook.add_worksheet(), table)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// What each sheet and column takes.
fn guide(sheet: &mut Worksheet, title: &str, tables: &[Table]) -> Result<(), PressError> {
    const NOTES: &[&str] = &[
        "填好后用 chengjing standard import 读回，有错会逐格指出。工作表和列的名称不要改；列的次序可以变，多出的列不会读入。",
        "一个单元格里有几样东西时用顿号或分号隔开；文字本身含有分号、等号之类，或者首尾有空格，整段写在英文双引号里。",
        "系数在 0 到 1 之间，也可以写成百分数。等于某数写 ≥ 或 ≤，不含写 > 或 <。",
        "“引用目录”里的共用内容不在这份工作簿里，要改请另外导出目录的工作簿。",
    ];
    sheet.set_name(GUIDE)?;
    let bold = Format::new().set_bold().set_font_size(14);
    sheet.write_string_with_format(0, 0, title, &bold)?;
    let note = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let mut row = 1;
    for text in NOTES {
        sheet.merge_range(row, 0, row, 4, text, &note)?;
        sheet.set_row_height(row, 32)?;
        row += 1;
    }
    let columns = [("工作表", 12.0), ("列", 16.0), ("必填", 8.0), ("填什么", 80.0), ("可选的词", 48.0)];
    for ((name, width), place) in columns.into_iter().zip(0_u16..) {
        sheet.set_column_width(place, width)?;
        sheet.write_with_format(row, place, name, &heading())?;
    }
    sheet.set_freeze_panes(row + 1, 0)?;
    let (plain, shaded) = (body(), body().set_bold().set_background_color("#F6F7FA"));
    for table in tables {
        row += 1;
        for (text, place) in [table.sheet.name, "", "", table.sheet.about, ""].into_iter().zip(0_u16..) {
            sheet.write_string_with_format(row, place, text, &shaded)?;
        }
        let form = table.sheet.layout == Layout::Form;
        for column in form.then_some(&KIND_OF_FILE).into_iter().chain(table.sheet.columns) {
            row += 1;
            let cells =
                [table.sheet.name, column.heading, needed(column), column.about, &words(column).join("、")]
                    .map(str::to_owned);
            for (text, place) in cells.into_iter().zip(0_u16..) {
                sheet.write_string_with_format(row, place, text, &plain)?;
            }
        }
    }
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}

fn needed(column: &Column) -> &'static str {
    match (column.needed, column.only) {
        (false, _) => "",
        (true, None) => "必填",
        (true, Some(_)) => "视情况",
    }
}

/// The few words that a column takes.
fn words(column: &Column) -> Vec<&'static str> {
    match column.kind {
        Kind::Word(words) => words.iter().map(|(_, word)| *word).collect(),
        _ => Vec::new(),
    }
}

fn fill(sheet: &mut Worksheet, table: &Table) -> Result<(), PressError> {
    sheet.set_name(table.sheet.name)?;
    let form = table.sheet.layout == Layout::Form;
    let widths: &[f64] = if form { &[18.0, 60.0, 70.0] } else { &[] };
    // Typed into a cell of text, 1.10 and 1-1 stay what they are.
    let text = body().set_num_format("@");
    for (head, place) in table.heads.iter().zip(0_u16..) {
        let width = head.column.map_or(LEVEL, |column| f64::from(column.width));
        sheet.set_column_width(place, widths.get(usize::from(place)).copied().unwrap_or(width))?;
        if head.column.is_none_or(|column| !is_number(&column)) {
            sheet.set_column_format(place, &text)?;
        }
        let needed = head.column.is_some_and(|column| column.needed) || (!form && head.column.is_none());
        let format = if needed { heading().set_font_color("#9C1C1C") } else { heading() };
        sheet.write_with_format(0, place, head.heading.as_str(), &format)?;
    }
    let last_row = u32::try_from(table.lines.len()).unwrap_or(u32::MAX - ROOM);
    for (line, row) in table.lines.iter().zip(1_u32..) {
        write(sheet, row, line)?;
    }
    let last = u16::try_from(table.heads.len().saturating_sub(1)).unwrap_or(u16::MAX);
    let choices = |column: &Column| {
        DataValidation::new()
            .allow_list_strings(&words(column))
            .and_then(|rule| rule.set_error_title("请从列表中选"))
            .and_then(|rule| rule.set_error_message(format!("可用：{}", words(column).join("、"))))
    };
    if form {
        for (column, row) in [&KIND_OF_FILE].into_iter().chain(table.sheet.columns).zip(1_u32..) {
            if !words(column).is_empty() {
                sheet.add_data_validation(row, 1, row, 1, &choices(column)?)?;
            }
        }
    } else {
        for (head, place) in table.heads.iter().zip(0_u16..) {
            let Some(column) = head.column.filter(|column| !words(column).is_empty()) else { continue };
            sheet.add_data_validation(1, place, last_row + ROOM, place, &choices(&column)?)?;
        }
        sheet.autofilter(0, 0, last_row.max(1), last)?;
    }
    // What tells a row stays in sight.
    let kept = match table.sheet.layout {
        Layout::Tree => table.heads.iter().position(|head| head.column.is_some()).unwrap_or(0),
        Layout::Nested { .. } => 2,
        Layout::List(_) | Layout::Form => 1,
    };
    sheet.set_freeze_panes(1, u16::try_from(kept).unwrap_or(0))?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}

fn is_number(column: &Column) -> bool {
    matches!(column.kind, Kind::Number | Kind::Share | Kind::Whole)
}

fn write(sheet: &mut Worksheet, row: u32, line: &Line) -> Result<(), PressError> {
    let shade = |format: Format| match line.above {
        true => format.set_bold().set_background_color("#F6F7FA"),
        false => format,
    };
    let (text, number) = (shade(body().set_num_format("@")), shade(body()));
    for (cell, place) in line.cells.iter().zip(0_u16..) {
        match cell {
            Cell::Empty => sheet.write_blank(row, place, &number)?,
            Cell::Text(words) => sheet.write_string_with_format(row, place, words, &text)?,
            Cell::Number(value) => match kept_by_float(*value) {
                Some(value) => sheet.write_number_with_format(row, place, value, &number)?,
                None => sheet.write_string_with_format(row, place, value.to_string(), &text)?,
            },
        };
    }
    Ok(())
}

/// The number as a spreadsheet keeps it; None where it has more digits than that keeps.
fn kept_by_float(number: Decimal) -> Option<f64> {
    const DIGITS: usize = 15;
    let digits = number.normalize().mantissa().unsigned_abs().to_string().len();
    (digits <= DIGITS).then(|| number.to_f64()).flatten()
}
