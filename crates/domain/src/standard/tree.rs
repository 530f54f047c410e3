use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Grading, Window};

/// A place in the tree: it has children, or measures, which make it a leaf.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// As the document writes it: `Ⅰ-1`, `II-3-2`, `1.2.3`; once in a standard.
    pub code: String,
    pub title: String,
    /// What is asked, in full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    pub marks: Decimal,
    /// Why the children's marks do not add up to `marks`; with a reason what they reach is cut at `marks`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capped: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Node>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<Measure>,
    /// How several measures make one result.
    #[serde(default)]
    pub combine: Combine,
}

/// How a leaf is measured: by whom or what, over what, graded how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    pub method: Method,
    pub grading: Grading,
    /// Its weight among the leaf's measures, where they are combined by weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<Decimal>,
    /// Ids of material requirements.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requirements: Vec<String>,
    /// Criteria of site types: `market/licence`; `market/*` takes all of a type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<String>,
    /// Ids of survey questions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<String>,
    /// Only answers of these population groups; none: of all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// The id of a statistic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statistic: Option<String>,
    /// Over what a mean is taken.
    #[serde(default)]
    pub average: Average,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
}

/// Where what is known of a measure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// 材料审核.
    Material,
    /// 实地考察.
    Visit,
    /// 问卷调查.
    Survey,
    /// 网络调查.
    Web,
    /// 统计数据.
    Statistic,
    /// 主管部门意见: the superior authority's.
    Opinion,
    /// 听取汇报.
    Report,
    /// 整体观察.
    Overall,
}

impl Method {
    pub const ALL: [Self; 8] = [
        Self::Material,
        Self::Visit,
        Self::Survey,
        Self::Web,
        Self::Statistic,
        Self::Opinion,
        Self::Report,
        Self::Overall,
    ];

    /// As files name it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Material => "material",
            Self::Visit => "visit",
            Self::Survey => "survey",
            Self::Web => "web",
            Self::Statistic => "statistic",
            Self::Opinion => "opinion",
            Self::Report => "report",
            Self::Overall => "overall",
        }
    }
}

/// How the measures of a leaf make one result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Combine {
    /// Each must be met and the marks are given once: the worst decides.
    #[default]
    All,
    /// One is enough: the best decides.
    Any,
    Mean,
    /// By the measures' weights.
    Weighted,
}

/// Over what a measure of many places takes its mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Average {
    /// Every criterion at every site, or every material, counts the same.
    #[default]
    Cells,
    /// Every criterion or question counts the same, however many sites it was looked at.
    Items,
}
