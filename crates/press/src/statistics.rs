use rust_xlsxwriter::{Format, FormatAlign, Workbook};

use crate::{
    PressError,
    xlsx::{FONT, body, heading},
};

/// Series of figures, as they are given out and filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatisticsTable {
    pub title: String,
    /// What the first columns are called: code, title, unit of measure, unit, source.
    pub headings: [String; 5],
    /// What the columns of figures are called.
    pub periods: Vec<String>,
    pub rows: Vec<StatisticsRow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatisticsRow {
    pub code: String,
    pub title: String,
    pub measured_in: String,
    /// Whose figures; empty: the whole place's.
    pub unit: String,
    pub source: String,
    /// As many as there are periods.
    pub figures: Vec<Option<String>>,
}

/// A row a series, a column a period.
///
/// # Errors
/// [`PressError::Xlsx`].
pub fn statistics_to_xlsx(table: &StatisticsTable) -> Result<Vec<u8>, PressError> {
    const HEAD: u32 = 1;
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("统计")?;
    let at = |column: usize| u16::try_from(column).unwrap_or(u16::MAX);
    let last = at(table.headings.len() + table.periods.len() - 1);
    let title = Format::new()
        .set_font_name(FONT)
        .set_font_size(18)
        .set_bold()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter);
    sheet.merge_range(0, 0, 0, last, &table.title, &title)?;
    sheet.set_row_height(0, 34)?;
    for (column, (named, width)) in table.headings.iter().zip([18.0, 32.0, 10.0, 16.0, 28.0]).enumerate() {
        sheet.set_column_width(at(column), width)?;
        sheet.write_with_format(HEAD, at(column), named, &heading())?;
    }
    for (number, period) in table.periods.iter().enumerate() {
        let column = at(table.headings.len() + number);
        sheet.set_column_width(column, 13.0)?;
        sheet.write_with_format(HEAD, column, period, &heading())?;
    }
    let (plain, figure) = (body(), body().set_align(FormatAlign::Right));
    for (number, row) in table.rows.iter().enumerate() {
        let line = HEAD + 1 + u32::try_from(number).unwrap_or(u32::MAX - HEAD - 1);
        let texts = [&row.code, &row.title, &row.measured_in, &row.unit, &row.source];
        for (column, text) in texts.into_iter().enumerate() {
            sheet.write_string_with_format(line, at(column), text, &plain)?;
        }
        for (place, value) in row.figures.iter().enumerate() {
            let column = at(table.headings.len() + place);
            match value.as_deref().map(|text| (text, text.parse::<f64>())) {
                // A number that a spreadsheet would round stands as it is.
                Some((text, Ok(number))) if number.to_string() == text => {
                    sheet.write_number_with_format(line, column, number, &figure)?
                }
                Some((text, _)) => sheet.write_string_with_format(line, column, text, &figure)?,
                None => sheet.write_blank(line, column, &figure)?,
            };
        }
    }
    sheet.set_freeze_panes(HEAD + 1, 2)?;
    sheet.set_repeat_rows(HEAD, HEAD)?;
    sheet.set_landscape().set_paper_size(8).set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
    sheet.set_footer("&C第 &P 页 共 &N 页");
    Ok(workbook.save_to_buffer()?)
}
