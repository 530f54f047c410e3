//! Spreadsheets that people fill in: read under their headings, faults told by their cells.

use chengjing_reader::source::{Row, Sheet, Unreadable, read_sheet, read_sheets};

use crate::{Fault, Refusal, Words};

/// A sheet and where its headings stand.
#[derive(Debug, Clone)]
pub(crate) struct Filled {
    sheet: Sheet,
    head: usize,
}

impl Filled {
    /// Reads the first sheet of an xlsx whose row of headings holds `first`, with at most `most` rows under it.
    pub(crate) async fn read(bytes: Vec<u8>, first: &'static str, most: usize) -> Result<Self, Refusal> {
        let sheet = tokio::task::spawn_blocking(move || read_sheet(&bytes))
            .await
            .map_err(|_| Refusal::Internal("reading a sheet panicked"))?
            .map_err(|why| unread(&why))?;
        let head = sheet.rows.iter().position(|row| row.cells.iter().any(|cell| cell == first));
        let Some(head) = head else {
            let zh = format!("没有找到“{first}”这一列，请用下载的表格填写");
            let en = format!("there is no column {first}; fill in the list that is given out");
            return Err(Refusal::invalid(sheet.name, zh, en));
        };
        let filled = Self { sheet, head };
        if filled.rows().len() > most {
            let (zh, en) = (format!("最多{most}行"), format!("at most {most} rows"));
            return Err(Refusal::invalid(filled.sheet.name, zh, en));
        }
        Ok(filled)
    }

    /// Reads a workbook's sheets that have one of these columns, each by its first one; `most` rows under the headings of each.
    /// At least one of them is expected.
    pub(crate) async fn read_some<const N: usize>(
        bytes: Vec<u8>,
        firsts: [&'static str; N],
        most: usize,
    ) -> Result<[Option<Self>; N], Refusal> {
        let sheets = tokio::task::spawn_blocking(move || read_sheets(&bytes))
            .await
            .map_err(|_| Refusal::Internal("reading a workbook panicked"))?
            .map_err(|why| unread(&why))?;
        let mut found: [Option<Self>; N] = std::array::from_fn(|_| None);
        for sheet in sheets {
            for (slot, first) in found.iter_mut().zip(firsts).filter(|(slot, _)| slot.is_none()) {
                let head = sheet.rows.iter().position(|row| row.cells.iter().any(|cell| cell == first));
                let Some(head) = head else { continue };
                let filled = Self { sheet: sheet.clone(), head };
                if filled.rows().len() > most {
                    let (zh, en) = (format!("最多{most}行"), format!("at most {most} rows"));
                    return Err(Refusal::invalid(filled.sheet.name, zh, en));
                }
                *slot = Some(filled);
            }
        }
        if found.iter().all(Option::is_none) {
            let named = firsts.join("”或“");
            let zh = format!("没有找到“{named}”这一列，请用下载的表格填写");
            let en =
                format!("there is no column {}; fill in the list that is given out", firsts.join(" or "));
            return Err(Refusal::invalid("file", zh, en));
        }
        Ok(found)
    }

    /// The rows under the headings.
    pub(crate) fn rows(&self) -> &[Row] {
        self.sheet.rows.get(self.head + 1..).unwrap_or_default()
    }

    /// Where that heading stands; headings may come in any order and with other columns between.
    pub(crate) fn place(&self, heading: &str) -> Option<usize> {
        self.sheet.rows[self.head].cells.iter().position(|cell| cell == heading)
    }

    /// The headings, with where they stand.
    pub(crate) fn headings(&self) -> impl Iterator<Item = (usize, &str)> {
        let cells = self.sheet.rows[self.head].cells.iter().enumerate();
        cells.map(|(place, cell)| (place, cell.as_str())).filter(|(_, heading)| !heading.is_empty())
    }

    /// The row of the headings, as the sheet's program counts it.
    pub(crate) fn head_row(&self) -> u32 {
        self.sheet.rows[self.head].number
    }

    /// A fault in the cell of that column, counted from 0, and row.
    pub(crate) fn fault_at(&self, column: usize, row: u32, words: Words) -> Fault {
        Fault { path: format!("{}!{}{row}", self.sheet.name, letter_of(column)), words }
    }

    /// A fault with its cell: `单位!B7`, as the sheet's own program names it.
    pub(crate) fn fault(&self, heading: &str, row: u32, words: Words) -> Fault {
        let letter = self.place(heading).map(letter_of).unwrap_or_default();
        Fault { path: format!("{}!{letter}{row}", self.sheet.name), words }
    }
}

/// Why a file is no list, in the words of somebody who fills one in: the reader's own speak of plans.
fn unread(why: &Unreadable) -> Refusal {
    let (zh, en) = match why {
        Unreadable::UnknownKind | Unreadable::OldWord | Unreadable::Picture | Unreadable::NoTextLayer => (
            "这不是 Excel 表格；请用下载的表格填写，存为 .xlsx 再上传".to_owned(),
            "this is no Excel list; fill in the one that is given out and save it as .xlsx".to_owned(),
        ),
        Unreadable::TooLarge => (
            "表格太大；请只留名单那一张表再上传".to_owned(),
            "the list is too large; keep the one sheet with the list".to_owned(),
        ),
        Unreadable::Empty | Unreadable::OldExcel | Unreadable::Encrypted | Unreadable::Damaged { .. } => {
            (why.zh().to_string(), why.en().to_string())
        }
    };
    Refusal::invalid("file", zh, en)
}

/// A, B, … of a column that is among the first 64.
fn letter_of(column: usize) -> String {
    let letter = |n: usize| char::from(b'A' + u8::try_from(n % 26).unwrap_or(0));
    if column < 26 {
        letter(column).to_string()
    } else {
        format!("{}{}", letter(column / 26 - 1), letter(column))
    }
}
