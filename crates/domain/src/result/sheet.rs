//! A result as a workbook that an office fills in: a sheet of marks, a row a leaf, and one of verdicts, a row a criterion at a site.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::{LeafMarks, SiteVerdict};
use crate::{id::SiteId, observation::series::read_number};

/// A column that is read; others are for the reader's eye.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Leaf,
    Marks,
    Site,
    Criterion,
    Verdict,
}

impl Column {
    pub fn heading(self) -> &'static str {
        match self {
            Self::Leaf => "指标编号",
            Self::Marks => "得分",
            Self::Site => "点位名称",
            Self::Criterion => "考察内容编号",
            Self::Verdict => "评定",
        }
    }
}

/// What a verdict is called in a sheet; the names of grades say themselves.
const WORDS: [(&str, &str); 3] = [("符合", "met"), ("基本符合", "partly"), ("不符合", "failed")];
/// The thing is not there.
pub const ABSENT: &str = "不适用";

/// A row of marks as it was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarksLine {
    pub row: u32,
    pub leaf: String,
    pub marks: String,
}

/// A row of verdicts as it was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictLine {
    pub row: u32,
    pub site: String,
    pub criterion: String,
    pub verdict: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFault {
    pub row: u32,
    pub column: Column,
    pub why: Why,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    NoNumber,
    UnknownSite,
    /// Several sites have been called so; only one that is not closed can be meant by its name.
    Ambiguous,
}

/// The marks that were filled in, each with its row; a leaf with a blank cell has none.
///
/// # Errors
/// Each cell that holds no number.
pub fn read_marks(lines: &[MarksLine]) -> Result<Vec<(u32, LeafMarks)>, Vec<CellFault>> {
    let (mut marks, mut faults) = (Vec::new(), Vec::new());
    for line in lines.iter().filter(|line| !line.leaf.is_empty() && !line.marks.is_empty()) {
        match read_number(&line.marks, Some("分")) {
            Some(number) => marks.push((line.row, LeafMarks { leaf: line.leaf.clone(), marks: number })),
            None => faults.push(CellFault { row: line.row, column: Column::Marks, why: Why::NoNumber }),
        }
    }
    if faults.is_empty() { Ok(marks) } else { Err(faults) }
}

/// The verdicts that were filled in, each with its row; what has a blank cell was not judged. A number stands for what was
/// counted, also along so many metres: `3`, `3/500米`. `sites`: those of each name.
///
/// # Errors
/// Each cell that names no site.
pub fn read_verdicts(
    lines: &[VerdictLine],
    sites: &HashMap<&str, Vec<SiteId>>,
) -> Result<Vec<(u32, SiteVerdict)>, Vec<CellFault>> {
    let (mut verdicts, mut faults) = (Vec::new(), Vec::new());
    for line in lines.iter().filter(|line| !line.site.is_empty() && !line.verdict.is_empty()) {
        let site = match sites.get(line.site.as_str()).map(Vec::as_slice) {
            Some([site]) => *site,
            Some([_, ..]) => {
                faults.push(CellFault { row: line.row, column: Column::Site, why: Why::Ambiguous });
                continue;
            }
            _ => {
                faults.push(CellFault { row: line.row, column: Column::Site, why: Why::UnknownSite });
                continue;
            }
        };
        let said = line.verdict.as_str();
        let plain = SiteVerdict {
            site,
            criterion: line.criterion.clone(),
            verdict: None,
            number: None,
            metres: None,
            absent: false,
        };
        let verdict = if said == ABSENT {
            SiteVerdict { absent: true, ..plain }
        } else if let Some((number, metres)) = counted(said) {
            SiteVerdict { number: Some(number), metres, ..plain }
        } else {
            let word = WORDS.iter().find(|(zh, _)| *zh == said).map_or(said, |(_, word)| *word);
            SiteVerdict { verdict: Some(word.to_owned()), ..plain }
        };
        verdicts.push((line.row, verdict));
    }
    if faults.is_empty() { Ok(verdicts) } else { Err(faults) }
}

/// `3`, `3/500`, `3/500米`.
fn counted(text: &str) -> Option<(Decimal, Option<Decimal>)> {
    match text.split_once('/') {
        None => Some((read_number(text, None)?, None)),
        Some((number, metres)) => Some((read_number(number, None)?, Some(read_number(metres, Some("米"))?))),
    }
}

/// A verdict as a sheet says it.
pub fn word_of(verdict: &SiteVerdict) -> String {
    if verdict.absent {
        return ABSENT.to_owned();
    }
    match (&verdict.verdict, verdict.number, verdict.metres) {
        (Some(word), ..) => {
            let known = WORDS.iter().find(|(_, code)| code == word);
            known.map_or_else(|| word.clone(), |(zh, _)| (*zh).to_owned())
        }
        (None, Some(number), Some(metres)) => format!("{}/{}米", number.normalize(), metres.normalize()),
        (None, Some(number), None) => number.normalize().to_string(),
        (None, None, _) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn verdict(row: u32, site: &str, said: &str) -> VerdictLine {
        VerdictLine {
            row,
            site: site.to_owned(),
            criterion: "market/licence".to_owned(),
            verdict: said.to_owned(),
        }
    }

    #[test]
    fn marks_and_verdicts_are_read_as_they_are_written_and_blank_ones_are_none() {
        let line =
            |row, leaf: &str, marks: &str| MarksLine { row, leaf: leaf.to_owned(), marks: marks.to_owned() };
        let marks = read_marks(&[line(3, "1", "5.50"), line(4, "2", ""), line(5, "3", "4分")]);
        let marks = marks.expect("no faults");
        let told: Vec<String> =
            marks.iter().map(|(row, one)| format!("{row} {} {}", one.leaf, one.marks)).collect();
        assert_eq!(told, ["3 1 5.5", "5 3 4"]);
        let wrong = read_marks(&[line(3, "1", "优")]).expect_err("a fault");
        assert_eq!(wrong, [CellFault { row: 3, column: Column::Marks, why: Why::NoNumber }]);

        let [market, twin, other] = [1, 2, 3].map(|n| SiteId(Uuid::from_u128(n)));
        let sites = HashMap::from([("城东市场", vec![market]), ("南门市场", vec![twin, other])]);
        let lines = ["符合", "不适用", "3", "3/500米", "A", ""].map(|said| verdict(7, "城东市场", said));
        let read = read_verdicts(&lines, &sites).expect("no faults");
        let back: Vec<String> = read.iter().map(|(_, one)| word_of(one)).collect();
        assert_eq!(back, ["符合", "不适用", "3", "3/500米", "A"], "what is written is read back");
        assert_eq!(read[0].1.verdict.as_deref(), Some("met"));
        let lost = [verdict(2, "北门市场", "符合"), verdict(3, "南门市场", "符合")];
        let faults = read_verdicts(&lost, &sites).expect_err("faults");
        let whys: Vec<&Why> = faults.iter().map(|fault| &fault.why).collect();
        assert_eq!(whys, [&Why::UnknownSite, &Why::Ambiguous]);
    }
}
