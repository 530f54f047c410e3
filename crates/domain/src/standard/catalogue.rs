use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Scale;
use crate::observation::{Period, Step};

/// A file of things that several standards ask for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CatalogueFile {
    pub id: String,
    pub edition: String,
    pub title: String,
    pub catalogue: Catalogue,
}

/// What is looked at, filed, asked and counted. Ids are once in a standard with all that it uses.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub site_types: Vec<SiteType>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requirements: Vec<Requirement>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statistics: Vec<Statistic>,
}

impl Catalogue {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A kind of place 点位类型 with its checklist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteType {
    pub id: String,
    pub title: String,
    pub criteria: Vec<Criterion>,
}

/// One thing that an inspector judges at a site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Once in its site type.
    pub id: String,
    pub text: String,
    /// What does not count against it: parking inside lines drawn by the city is no violation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<Exception>,
    #[serde(default)]
    pub scale: Scale,
    /// When it is to be looked at, such as 早高峰 7:30–9:00.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    #[serde(default)]
    pub proof: Proof,
    /// What it means where the thing is not there: no river near by.
    #[serde(default)]
    pub absent: Absent,
}

/// A written exception.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Exception(pub String);

/// What an inspector has to bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    #[default]
    Photo,
    Count,
    None,
}

/// What a thing that is not there means for its criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Absent {
    /// It does not count at all.
    #[default]
    NotApplicable,
    /// Met, with a note.
    Met,
}

/// A material that is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    pub id: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What is to be filed for it.
    pub filings: Vec<Filing>,
    #[serde(default)]
    pub scale: Scale,
}

/// A kind of document with its limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Filing {
    pub kind: FilingKind,
    #[serde(default)]
    pub quota: Quota,
    /// The longest text of each, in characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_characters: Option<u32>,
    /// Made in so many months before it is judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
    /// What its caption says: 时间, 地点, 主办单位.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caption: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FilingKind {
    /// 规范文件.
    IssuedDocument,
    /// 说明报告.
    Report,
    /// 统计表格.
    Table,
    /// 实景图片.
    Photo,
    /// 视频资料.
    Video,
    /// 媒体报道.
    MediaCoverage,
}

impl FilingKind {
    pub const ALL: [Self; 6] =
        [Self::IssuedDocument, Self::Report, Self::Table, Self::Photo, Self::Video, Self::MediaCoverage];

    /// As files, rows and the API name it.
    pub fn code(self) -> &'static str {
        match self {
            Self::IssuedDocument => "issued_document",
            Self::Report => "report",
            Self::Table => "table",
            Self::Photo => "photo",
            Self::Video => "video",
            Self::MediaCoverage => "media_coverage",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// What the field calls it.
    pub fn zh(self) -> &'static str {
        match self {
            Self::IssuedDocument => "规范文件",
            Self::Report => "说明报告",
            Self::Table => "统计表格",
            Self::Photo => "实景图片",
            Self::Video => "视频资料",
            Self::MediaCoverage => "媒体报道",
        }
    }

    pub fn en(self) -> &'static str {
        match self {
            Self::IssuedDocument => "issued document",
            Self::Report => "report",
            Self::Table => "table",
            Self::Photo => "photo",
            Self::Video => "video",
            Self::MediaCoverage => "media coverage",
        }
    }

    /// Whether each file of it counts: three photographs are three, a document of three scanned pages is one.
    pub fn counts_files(self) -> bool {
        matches!(self, Self::Photo | Self::Video)
    }
}

/// How many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u32>,
    /// Of one activity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each_activity_at_most: Option<u32>,
}

/// A question of the survey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub id: String,
    pub text: String,
    pub options: Vec<Asked>,
    /// How many answers make it known; none: one is enough. Until then the missing ones may be anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enough: Option<u32>,
}

/// An answer that can be given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    pub option: String,
    /// What it counts, from 0 to 1; no answer stays in the denominator with what it counts, usually 0.
    pub counts: Decimal,
}

/// A figure that is reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Statistic {
    /// As formulas name it: small letters, digits and `_`.
    pub id: String,
    pub title: String,
    /// Unit of measure: `%`, `元`, `件/万户`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Who reports it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Of how long a period one figure is: a month's does not count where a year's is asked for. Left out: of any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Step>,
}

impl Statistic {
    /// Why a figure of a period is none that is asked for, in both languages; None: it is one.
    pub fn unfit(&self, period: Period) -> Option<(String, String)> {
        let every = self.every.filter(|every| *every != period.step())?;
        let title = &self.title;
        let (zh, en, like) = match every {
            Step::Year => ("年", "year", "2026"),
            Step::Quarter => ("季度", "quarter", "2026-Q3"),
            Step::Month => ("月", "month", "2026-06"),
        };
        Some((
            format!("“{title}”按{zh}统计，时期应写作 {like}"),
            format!("“{title}” is counted by the {en}: a period such as {like} is expected"),
        ))
    }
}
