//! `publication` 发布: a frozen snapshot made into pages, by templates that an office may replace.

pub mod bulletin;
pub mod template;
mod week;

use serde::{Deserialize, Serialize};
pub use week::Week;

/// What is made. The codes are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// 目标责任书 of a unit.
    Letter,
    /// 工作进度周报.
    Bulletin,
}

impl Paper {
    pub const ALL: [Self; 2] = [Self::Letter, Self::Bulletin];

    pub fn code(self) -> &'static str {
        match self {
            Self::Letter => "letter",
            Self::Bulletin => "bulletin",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|paper| paper.code() == code)
    }

    /// What offices call it.
    pub fn term(self) -> &'static str {
        match self {
            Self::Letter => "目标责任书",
            Self::Bulletin => "工作进度周报",
        }
    }
}

/// In which form it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    Docx,
    Pdf,
}

impl Form {
    pub const ALL: [Self; 2] = [Self::Docx, Self::Pdf];

    /// Also the file name's ending.
    pub fn code(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Pdf => "pdf",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.code() == code)
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Pdf => "application/pdf",
        }
    }

    /// The ending of its templates: a PDF is set from a typst source.
    pub fn template_ending(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Pdf => "typ",
        }
    }
}
