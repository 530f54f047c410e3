//! `result` 测评结果: what an assessment by others found, official or mock, as it was told. Never edited: what was told wrongly is
//! superseded by another one. It takes no part in the score; it is what the score is compared with.

pub mod sheet;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    id::{CampaignId, EditionId, ResultId, SiteId, StandardId},
    ledger::Author,
    score::{Fact, Fit},
    standard::{Fault, Whole, unworkable},
};

/// Who assessed, and what for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultKind {
    /// 正式测评: by those who give the title.
    Official,
    /// 模拟测评: by somebody else, as they would do it.
    Mock,
}

/// What an assessment found, without what it found at single places.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AssessmentResult {
    pub campaign: CampaignId,
    pub id: ResultId,
    pub standard: StandardId,
    /// By which edition it was assessed.
    pub edition: EditionId,
    /// The last day of the assessment.
    pub on: NaiveDate,
    pub kind: ResultKind,
    /// 暗访: nobody knew that it was under way.
    pub covert: bool,
    /// Which team it was: 省测评组, 市文明办第二组.
    pub team: String,
    /// The marks of the whole, as they were told.
    pub total: Decimal,
    /// The marks of those leaves of which they were told.
    pub leaves: Vec<LeafMarks>,
    /// How many verdicts at single places were told with it.
    pub judged: u32,
    /// The document that tells it.
    pub source: String,
    pub superseded_by: Option<ResultId>,
    pub by: Author,
    pub recorded_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeafMarks {
    /// The leaf's code.
    pub leaf: String,
    /// From 0 to the marks of the leaf.
    pub marks: Decimal,
}

/// What was found at a site by a criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteVerdict {
    pub site: SiteId,
    pub criterion: String,
    /// A word of the criterion's scale; of it, a number and absent there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metres: Option<Decimal>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub absent: bool,
}

/// A result with what was found at single places: as it is stored and sealed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WholeResult {
    pub result: AssessmentResult,
    pub verdicts: Vec<SiteVerdict>,
}

/// Why a result does not supersede another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultRefusal {
    Superseded,
    /// It is of another standard, or of the other kind.
    Other,
}

impl AssessmentResult {
    /// Longest team and source, in characters.
    pub const LONGEST: (usize, usize) = (100, 500);
    /// Verdicts at single places at most.
    pub const MOST_VERDICTS: usize = 5_000;

    /// 1, and 2 once it is superseded: nothing else of it ever changes.
    pub fn version(&self) -> i64 {
        1 + i64::from(self.superseded_by.is_some())
    }

    /// The same, superseded by a later one.
    ///
    /// # Errors
    /// Another one has superseded it, or the new one is of another standard or kind.
    pub fn supersede(self, by: &Self) -> Result<Self, ResultRefusal> {
        if self.superseded_by.is_some() {
            return Err(ResultRefusal::Superseded);
        }
        if self.id == by.id || self.standard != by.standard || self.kind != by.kind {
            return Err(ResultRefusal::Other);
        }
        Ok(Self { superseded_by: Some(by.id), ..self })
    }
}

impl SiteVerdict {
    fn fact(&self) -> Fact {
        Fact::Visit {
            site: self.site.to_string(),
            criterion: self.criterion.clone(),
            verdict: self.verdict.clone(),
            number: self.number,
            metres: self.metres,
            absent: self.absent,
        }
    }
}

impl WholeResult {
    /// All that does not fit the edition by which it was assessed, or the day it is told on, each with its place.
    /// `types`: of which type each site is that there is, closed ones too, for they may have been seen.
    pub fn check(&self, whole: &Whole, types: &HashMap<SiteId, String>, today: NaiveDate) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut fault = |path: String, zh: String, en: String| faults.push(Fault { path, zh, en });
        let AssessmentResult { on, total, leaves, .. } = &self.result;
        if *on > today {
            fault("on".to_owned(), "不能晚于今天".to_owned(), "it lies in the future".to_owned());
        }
        match unworkable(*total) {
            Some((zh, en)) => fault("total".to_owned(), zh, en),
            None => {
                // A bonus may lift it beyond the marks of the whole.
                let bonus = whole.standard.bonus.as_ref().map_or(Decimal::ZERO, |bonus| bonus.at_most);
                let most = (whole.standard.marks + bonus).normalize();
                if *total < Decimal::ZERO || *total > most {
                    fault(
                        "total".to_owned(),
                        format!("应在 0 到 {most} 之间"),
                        format!("expected 0 to {most}"),
                    );
                }
            }
        }
        let mut seen = HashSet::new();
        for (n, one) in leaves.iter().enumerate() {
            let Some(leaf) = whole.leaf(&one.leaf) else {
                let zh = format!("测评体系没有末级指标“{}”", one.leaf);
                fault(format!("leaves[{n}].leaf"), zh, format!("there is no leaf {}", one.leaf));
                continue;
            };
            if !seen.insert(leaf) {
                let (zh, en) = ("指标重复".to_owned(), "the leaf is there twice".to_owned());
                fault(format!("leaves[{n}].leaf"), zh, en);
            }
            let most = whole.leaves[leaf].marks.normalize();
            if let Some((zh, en)) = unworkable(one.marks) {
                fault(format!("leaves[{n}].marks"), zh, en);
            } else if one.marks < Decimal::ZERO || one.marks > most {
                let zh = format!("应在 0 到 {most} 之间");
                fault(format!("leaves[{n}].marks"), zh, format!("expected 0 to {most}"));
            }
        }
        if self.verdicts.len() > AssessmentResult::MOST_VERDICTS {
            let most = AssessmentResult::MOST_VERDICTS;
            fault("verdicts".to_owned(), format!("最多{most}条"), format!("at most {most}"));
        }
        let mut seen = HashSet::new();
        for (n, one) in self.verdicts.iter().enumerate() {
            let Some(site_type) = types.get(&one.site) else {
                let (zh, en) = ("没有这个点位".to_owned(), "there is no such site".to_owned());
                fault(format!("verdicts[{n}].site"), zh, en);
                continue;
            };
            if !seen.insert((one.site, one.criterion.as_str())) {
                let zh = "同一点位的同一考察内容重复".to_owned();
                fault(format!("verdicts[{n}].criterion"), zh, "it is judged twice".to_owned());
            }
            match one.fact().fit(whole, Some(site_type), &|_| true) {
                Fit::Fits => {}
                Fit::Unknown(wrong) | Fit::Unfit(wrong) => {
                    fault(format!("verdicts[{n}].{}", wrong.path), wrong.zh, wrong.en);
                }
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests;
