use rust_xlsxwriter::{Format, FormatAlign, Workbook};

use crate::{
    PressError,
    xlsx::{FONT, body, heading},
};

/// Who answers for which indicator, as it is printed and filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnersTable {
    pub title: String,
    /// What the levels above the leaves are called, from the top; empty where the standard does not say.
    pub levels: Vec<String>,
    pub rows: Vec<OwnersRow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnersRow {
    /// The titles of the places above, from the top.
    pub above: Vec<String>,
    pub code: String,
    pub title: String,
    pub marks: String,
    /// 牵头, 责任, 配合: names of units, 、 between them.
    pub roles: [String; 3],
    /// What it was taken from.
    pub duties: String,
}

/// The table 责任分解一体表: a row an indicator, places above it merged where they span several.
///
/// # Errors
/// [`PressError::Xlsx`].
pub fn owners_to_xlsx(table: &OwnersTable) -> Result<Vec<u8>, PressError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("责任分解")?;
    let mut columns: Vec<(String, f64)> = Vec::new();
    for (number, level) in table.levels.iter().enumerate() {
        let named = if level.is_empty() { format!("第{}级", number + 1) } else { level.clone() };
        columns.push((named, 16.0));
    }
    let own = table.levels.len();
    for (named, width) in [
        ("指标编号", 12.0),
        ("指标", 40.0),
        ("分值", 8.0),
        ("牵头单位", 20.0),
        ("责任单位", 32.0),
        ("配合单位", 32.0),
        ("依据任务", 40.0),
    ] {
        columns.push((named.to_owned(), width));
    }
    let at = |column: usize| u16::try_from(column).unwrap_or(u16::MAX);
    let last = at(columns.len() - 1);
    let title = Format::new()
        .set_font_name(FONT)
        .set_font_size(18)
        .set_bold()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter);
    sheet.merge_range(0, 0, 0, last, &table.title, &title)?;
    sheet.set_row_height(0, 34)?;
    const HEAD: u32 = 1;
    for (column, (named, width)) in columns.iter().enumerate() {
        sheet.set_column_width(at(column), *width)?;
        sheet.write_with_format(HEAD, at(column), named, &heading())?;
    }
    let (plain, centred) = (body(), body().set_align(FormatAlign::Center));
    let line = |row: usize| HEAD + 1 + u32::try_from(row).unwrap_or(u32::MAX - HEAD - 1);
    for (number, row) in table.rows.iter().enumerate() {
        let here = line(number);
        sheet.write_string_with_format(here, at(own), &row.code, &centred)?;
        sheet.write_string_with_format(here, at(own + 1), &row.title, &plain)?;
        sheet.write_string_with_format(here, at(own + 2), &row.marks, &centred)?;
        for (role, units) in row.roles.iter().enumerate() {
            sheet.write_string_with_format(here, at(own + 3 + role), units, &plain)?;
        }
        sheet.write_string_with_format(here, last, &row.duties, &plain)?;
    }
    for level in 0..own {
        let mut first = 0;
        while first < table.rows.len() {
            let above = |row: &OwnersRow| row.above.get(..=level).map(<[String]>::to_vec);
            let same = above(&table.rows[first]);
            let run = table.rows[first..].iter().take_while(|row| above(row) == same).count();
            let text = table.rows[first].above.get(level).map_or("", String::as_str);
            if run > 1 && same.is_some() {
                sheet.merge_range(line(first), at(level), line(first + run - 1), at(level), text, &plain)?;
            } else {
                for row in first..first + run {
                    sheet.write_string_with_format(line(row), at(level), text, &plain)?;
                }
            }
            first += run;
        }
    }
    sheet.set_freeze_panes(HEAD + 1, 0)?;
    sheet.set_repeat_rows(HEAD, HEAD)?;
    sheet.set_landscape().set_paper_size(8).set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
    sheet.set_footer("&C第 &P 页 共 &N 页");
    Ok(workbook.save_to_buffer()?)
}
