use rust_xlsxwriter::{Workbook, Worksheet};

use crate::{
    PressError,
    xlsx::{body, heading},
};

/// A workbook that the result of an assessment is filled into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultBook {
    /// The standard and its edition.
    pub title: String,
    /// What the columns of the leaves are called: code, title, full marks, marks.
    pub marks: [String; 4],
    pub leaves: Vec<[String; 4]>,
    /// What the columns of the verdicts are called: site, code of the criterion, its text, verdict.
    pub judged: [String; 4],
    pub verdicts: Vec<[String; 4]>,
}

/// A sheet of leaves and a sheet of verdicts.
///
/// # Errors
/// [`PressError::Xlsx`].
pub fn result_to_xlsx(book: &ResultBook) -> Result<Vec<u8>, PressError> {
    let mut workbook = Workbook::new();
    let leaves = workbook.add_worksheet();
    leaves.set_name("指标得分")?;
    fill(leaves, &book.marks, &book.leaves, [14.0, 52.0, 10.0, 12.0])?;
    let verdicts = workbook.add_worksheet();
    verdicts.set_name("点位评定")?;
    fill(verdicts, &book.judged, &book.verdicts, [28.0, 26.0, 60.0, 14.0])?;
    Ok(workbook.save_to_buffer()?)
}

fn fill(
    sheet: &mut Worksheet,
    headings: &[String; 4],
    rows: &[[String; 4]],
    widths: [f64; 4],
) -> Result<(), PressError> {
    for ((column, named), width) in (0_u16..).zip(headings).zip(widths) {
        sheet.set_column_width(column, width)?;
        sheet.write_with_format(0, column, named, &heading())?;
    }
    let plain = body();
    for (row, cells) in (1_u32..).zip(rows) {
        for (column, text) in (0_u16..).zip(cells) {
            sheet.write_string_with_format(row, column, text, &plain)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
    sheet.set_footer("&C第 &P 页 共 &N 页");
    Ok(())
}
