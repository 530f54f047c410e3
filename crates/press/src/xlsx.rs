use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook};

use crate::{PressError, task_table::TaskTable};

/// The body font of every sheet: on every office machine in use, and the fallback is legible.
pub(crate) const FONT: &str = "仿宋";

pub(crate) fn body() -> Format {
    Format::new()
        .set_font_name(FONT)
        .set_font_size(11)
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
        .set_border(FormatBorder::Thin)
}

pub(crate) fn heading() -> Format {
    body().set_bold().set_align(FormatAlign::Center).set_background_color("#EEF1F6")
}

pub(crate) fn task_table(table: &TaskTable) -> Result<Vec<u8>, PressError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("任务分解及进度表")?;
    let columns = table.columns();
    let last = u16::try_from(columns.len() - 1).unwrap_or(0);

    let title = Format::new()
        .set_font_name("宋体")
        .set_font_size(20)
        .set_bold()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter);
    sheet.merge_range(0, 0, 0, last, &table.title, &title)?;
    sheet.set_row_height(0, 36)?;
    let small = Format::new().set_font_name(FONT).set_font_size(11).set_align(FormatAlign::Right);
    let as_of = table.as_of.format("%Y年%-m月%-d日");
    let note = table.note.as_deref().map(|note| format!("{note}    ")).unwrap_or_default();
    sheet.merge_range(1, 0, 1, last, &format!("{note}{}    {as_of}", table.office), &small)?;

    const HEAD: u32 = 2;
    for (column, width) in columns.iter().zip(0_u16..) {
        sheet.set_column_width(width, column.width)?;
        sheet.write_with_format(HEAD, width, column.heading, &heading())?;
    }
    sheet.set_row_height(HEAD, 24)?;
    let (plain, centred) = (body(), body().set_align(FormatAlign::Center));
    for (index, row) in table.rows.iter().enumerate() {
        let line = HEAD + 1 + u32::try_from(index).unwrap_or(u32::MAX - HEAD - 1);
        for (column, place) in columns.iter().zip(0_u16..) {
            let text = (column.cell)(index, row);
            match place {
                0 => sheet.write_number_with_format(line, place, index as f64 + 1.0, &centred)?,
                1 => sheet.write_string_with_format(line, place, text, &centred)?,
                _ => sheet.write_string_with_format(line, place, text, &plain)?,
            };
        }
    }
    let end = HEAD + u32::try_from(table.rows.len()).unwrap_or(0);
    sheet.autofilter(HEAD, 0, end.max(HEAD + 1), last)?;
    sheet.set_freeze_panes(HEAD + 1, 0)?;
    sheet.set_repeat_rows(HEAD, HEAD)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
    sheet.set_footer("&C第 &P 页 共 &N 页");
    Ok(workbook.save_to_buffer()?)
}
