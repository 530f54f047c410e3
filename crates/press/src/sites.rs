use rust_xlsxwriter::{Format, FormatAlign, Workbook};

use crate::{
    PressError,
    xlsx::{FONT, body, heading},
};

/// Sites, as they are given out and filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitesTable {
    pub title: String,
    pub headings: [String; 6],
    pub rows: Vec<[String; 6]>,
}

/// A row a site.
///
/// # Errors
/// [`PressError::Xlsx`].
pub fn sites_to_xlsx(table: &SitesTable) -> Result<Vec<u8>, PressError> {
    const HEAD: u32 = 1;
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("点位")?;
    let title = Format::new()
        .set_font_name(FONT)
        .set_font_size(18)
        .set_bold()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter);
    sheet.merge_range(0, 0, 0, 5, &table.title, &title)?;
    sheet.set_row_height(0, 34)?;
    for ((column, named), width) in (0_u16..).zip(&table.headings).zip([32.0, 20.0, 24.0, 14.0, 14.0, 12.0]) {
        sheet.set_column_width(column, width)?;
        sheet.write_with_format(HEAD, column, named, &heading())?;
    }
    let plain = body();
    for (number, row) in table.rows.iter().enumerate() {
        let line = HEAD + 1 + u32::try_from(number).unwrap_or(u32::MAX - HEAD - 1);
        for (column, text) in (0_u16..).zip(row) {
            sheet.write_string_with_format(line, column, text, &plain)?;
        }
    }
    sheet.set_freeze_panes(HEAD + 1, 1)?;
    sheet.set_repeat_rows(HEAD, HEAD)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
    sheet.set_footer("&C第 &P 页 共 &N 页");
    Ok(workbook.save_to_buffer()?)
}
