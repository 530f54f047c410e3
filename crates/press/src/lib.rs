//! Paper: a frozen snapshot in, the bytes of a document out. No database, no clock; the caller says as of when.

mod calendar;
mod docx;
pub mod dossier;
mod official;
pub mod owners;
mod packed;
pub mod paper;
mod people;
mod qr;
mod reading;
pub mod results;
mod score;
pub mod sites;
pub mod standard;
pub mod statistics;
mod task_table;
pub mod template;
mod units;
mod xlsx;

pub use calendar::{DueDay, calendar};
pub use official::plan_to_docx;
pub use packed::{Packer, pack};
pub use people::{PersonLine, people_template, people_to_xlsx};
pub use qr::qr_svg;
pub use reading::reading_to_xlsx;
pub use score::{ScoreSheet, score_to_xlsx};
pub use task_table::{Progress, TaskRow, TaskTable, due_words, target_words};
pub use units::units_to_xlsx;

/// Why a document could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PressError {
    #[error("the spreadsheet could not be written")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    #[error("the document could not be written")]
    Docx(#[source] std::io::Error),
    #[error("the documents could not be packed")]
    Zip(#[from] zip::result::ZipError),
    #[error("the text is too long for a code to scan")]
    Qr(#[from] qrcode::types::QrError),
}

/// In which form a table is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Xlsx,
    Docx,
}

impl Format {
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }

    pub fn ending(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Docx => "docx",
        }
    }

    pub fn from_ending(ending: &str) -> Option<Self> {
        [Self::Xlsx, Self::Docx].into_iter().find(|format| format.ending() == ending)
    }
}
