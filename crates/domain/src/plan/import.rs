//! A plan document on its way from upload to adoption.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Reading;
use crate::id::{CampaignId, ImportId, UserId};

/// A plan document of a campaign: the file, what the reader made of it, and what people made of that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanImport {
    pub campaign: CampaignId,
    pub id: ImportId,
    /// The file's SHA-256 as 64 hex digits.
    pub file: String,
    /// The file's name as uploaded.
    pub name: String,
    pub state: ImportState,
    /// The draft: the reader's result with people's corrections. None until it is read.
    pub reading: Option<Reading>,
    /// The text that all spans point into. None until it is read.
    pub cleaned: Option<String>,
    /// What the reader had to say, a line each, in both languages.
    pub problems: Vec<ImportProblem>,
    /// The earlier version of the same plan that this one replaces.
    pub replaces: Option<ImportId>,
    /// What the reader makes of that earlier version, read along with this one, so that what differs is what the documents
    /// say and not how the reader of their days read them. Left out where there is none, so that plans keep the hash that they had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub older: Option<Reading>,
    pub created_at: DateTime<Utc>,
    pub created_by: UserId,
    pub version: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportProblem {
    /// From 1; 0 where the problem is the whole file's.
    pub line: u32,
    pub column: u32,
    pub zh: String,
    pub en: String,
}

/// Where a plan document stands. A transition consumes the state and may refuse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ImportState {
    /// 读取中: a job reads it.
    Reading,
    /// 读取失败: it can't be read; `problems` say why and what to do instead.
    Failed,
    /// 待确认: read, under correction.
    Draft,
    /// 已采用.
    Adopted { at: DateTime<Utc>, by: UserId },
    /// 已废弃.
    Discarded,
}

/// Why a plan document refuses what is asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ImportRefusal {
    #[error("the plan is still being read")]
    StillReading,
    #[error("the plan could not be read")]
    Unreadable,
    #[error("the plan has been adopted")]
    AlreadyAdopted,
    #[error("the plan has not been adopted")]
    NotAdopted,
    #[error("the plan was discarded")]
    Discarded,
    #[error("work on its duties has begun")]
    WorkHasBegun,
    #[error("a newer version has replaced it")]
    Replaced,
    #[error("a unit or phase that its duties named before is gone")]
    FormerUnitGone,
}

impl ImportState {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Failed => "failed",
            Self::Draft => "draft",
            Self::Adopted { .. } => "adopted",
            Self::Discarded => "discarded",
        }
    }

    /// The reader is done: the document can be corrected.
    pub fn read(self) -> Result<Self, ImportRefusal> {
        match self {
            Self::Reading => Ok(Self::Draft),
            other => Err(other.refusal()),
        }
    }

    /// The reader gave up.
    pub fn fail(self) -> Result<Self, ImportRefusal> {
        match self {
            Self::Reading => Ok(Self::Failed),
            other => Err(other.refusal()),
        }
    }

    /// Only a draft takes corrections.
    pub fn correct(&self) -> Result<(), ImportRefusal> {
        match self {
            Self::Draft => Ok(()),
            other => Err(other.refusal()),
        }
    }

    /// Its entries become duties.
    pub fn adopt(self, at: DateTime<Utc>, by: UserId) -> Result<Self, ImportRefusal> {
        match self {
            Self::Draft => Ok(Self::Adopted { at, by }),
            other => Err(other.refusal()),
        }
    }

    /// Its duties are taken back, which is only possible while nobody has worked on one of them.
    pub fn undo_adoption(self, work_has_begun: bool) -> Result<Self, ImportRefusal> {
        match self {
            Self::Adopted { .. } if work_has_begun => Err(ImportRefusal::WorkHasBegun),
            Self::Adopted { .. } => Ok(Self::Draft),
            Self::Discarded => Err(ImportRefusal::Discarded),
            Self::Reading | Self::Failed | Self::Draft => Err(ImportRefusal::NotAdopted),
        }
    }

    /// Thrown away; what was adopted must be undone first.
    pub fn discard(self) -> Result<Self, ImportRefusal> {
        match self {
            Self::Reading | Self::Failed | Self::Draft => Ok(Self::Discarded),
            other @ (Self::Adopted { .. } | Self::Discarded) => Err(other.refusal()),
        }
    }

    fn refusal(&self) -> ImportRefusal {
        match self {
            Self::Reading => ImportRefusal::StillReading,
            Self::Failed => ImportRefusal::Unreadable,
            Self::Draft => ImportRefusal::NotAdopted,
            Self::Adopted { .. } => ImportRefusal::AlreadyAdopted,
            Self::Discarded => ImportRefusal::Discarded,
        }
    }
}
