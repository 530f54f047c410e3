use chengjing_domain::campaign::{
    UnitKind,
    roster::{Column, Line, kind_words},
};
use rust_xlsxwriter::{DataValidation, Workbook};

use crate::{PressError, reading::fill};

/// The units of a campaign as a list to be edited and read in again.
///
/// # Errors
/// [`PressError::Xlsx`].
pub fn units_to_xlsx(lines: &[Line]) -> Result<Vec<u8>, PressError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("单位")?;
    let columns = Column::ALL.map(|column| {
        let width = match column {
            Column::Name | Column::Parent => 28.0,
            Column::Kind => 14.0,
            Column::Aliases => 48.0,
            Column::Head | Column::Liaison | Column::LinkedLeader => 16.0,
            Column::HeadPhone | Column::LiaisonPhone => 20.0,
        };
        (column.heading(), width)
    });
    let rows =
        lines.iter().map(|line| line.cells.iter().map(|cell| cell.clone().unwrap_or_default()).collect());
    fill(sheet, &columns, rows)?;
    let kinds = UnitKind::ALL.map(|kind| kind_words(kind)[0]);
    // Far enough down for rows that are added below.
    let last = u32::try_from(lines.len()).unwrap_or(0) + 2_000;
    sheet.add_data_validation(1, 1, last, 1, &DataValidation::new().allow_list_strings(&kinds)?)?;
    Ok(workbook.save_to_buffer()?)
}
