//! Files as somebody brings them: a text, or the workbook that offices work in. What is kept is a text.

use chengjing_domain::standard::{CatalogueFile, Standard, edition::LARGEST_FILE};
use chengjing_reader::standard::{
    CellFault, Cells, File, LineFault, Places, looks_like_workbook, read, read_workbook,
};

use super::told;
use crate::{Fault, Refusal};

/// A file that was brought, and where its parts stand in it.
#[derive(Debug, Clone)]
pub(super) struct Brought {
    file: File,
    /// None: a workbook, of which a text is still to be made.
    text: Option<String>,
    cells: Option<Cells>,
    /// What stands in the workbook and has no place in the file.
    passed_over: Vec<CellFault>,
}

/// Faults of a file, at the lines or cells where they stand.
#[derive(Debug, Clone)]
pub(super) struct Where {
    places: Places,
    cells: Option<Cells>,
}

impl Where {
    pub(super) fn locate(&self, fault: chengjing_domain::standard::Fault) -> LineFault {
        self.places.locate(fault)
    }

    pub(super) const fn places(&self) -> &Places {
        &self.places
    }

    pub(super) fn told(&self, faults: Vec<LineFault>) -> Refusal {
        match &self.cells {
            None => told(faults),
            Some(cells) => in_cells(cells.locate_all(faults)),
        }
    }
}

/// A standard that was brought.
#[derive(Debug, Clone)]
pub(super) struct BroughtStandard {
    pub(super) standard: Standard,
    pub(super) source: String,
    pub(super) at: Where,
    pub(super) passed_over: Vec<CellFault>,
}

impl Brought {
    pub(super) async fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() as u64 > LARGEST_FILE {
            return Err(Refusal::TooLarge { limit: LARGEST_FILE });
        }
        if looks_like_workbook(bytes) {
            let bytes = bytes.to_vec();
            let book = tokio::task::spawn_blocking(move || read_workbook(&bytes))
                .await
                .map_err(|_| Refusal::Internal("reading a workbook panicked"))?
                .map_err(|refused| in_cells(refused.faults))?;
            let (cells, passed_over) = (Some(book.cells), book.passed_over);
            return Ok(Self { file: book.file, text: None, cells, passed_over });
        }
        let file = read(bytes).map_err(told)?;
        let text = String::from_utf8_lossy(bytes).trim_start_matches('\u{feff}').to_owned();
        Ok(Self { file, text: Some(text), cells: None, passed_over: Vec::new() })
    }

    pub(super) fn into_standard(self) -> Result<BroughtStandard, Refusal> {
        let Self { file, text, cells, passed_over } = self;
        let File::Standard(standard, places) = file else {
            return Err(Refusal::invalid(
                "tree",
                "这是目录，不是测评体系：缺少 tree",
                "it is a catalogue, not a standard: tree is missing",
            ));
        };
        let source = text.map_or_else(|| as_text(&*standard), Ok)?;
        Ok(BroughtStandard { standard: *standard, source, at: Where { places, cells }, passed_over })
    }

    pub(super) fn into_catalogue(self) -> Result<(CatalogueFile, String, Vec<CellFault>), Refusal> {
        let File::Catalogue(catalogue) = self.file else {
            return Err(Refusal::invalid(
                "tree",
                "这是测评体系，不是目录",
                "it is a standard, not a catalogue",
            ));
        };
        let source = self.text.map_or_else(|| as_text(&catalogue), Ok)?;
        Ok((catalogue, source, self.passed_over))
    }
}

/// What a workbook says, as the text that is kept of it.
fn as_text<T: serde::Serialize>(document: &T) -> Result<String, Refusal> {
    let text = chengjing_press::standard::to_yaml(document)
        .map_err(|error| Refusal::invalid("", "文件无法保存", error.to_string()))?;
    if text.len() as u64 > LARGEST_FILE {
        return Err(Refusal::TooLarge { limit: LARGEST_FILE });
    }
    Ok(text)
}

/// Faults of a workbook, each said with its sheet and cell.
fn in_cells(faults: Vec<CellFault>) -> Refusal {
    let told = |CellFault { sheet, cell, zh, en }: CellFault| {
        if sheet.is_empty() {
            return Fault::new("", zh, en);
        }
        Fault::new(
            format!("{sheet}!{cell}"),
            format!("“{sheet}”{cell}：{zh}"),
            format!("“{sheet}” {cell}: {en}"),
        )
    };
    Refusal::Invalid(faults.into_iter().map(told).collect())
}
