//! 任务分解表: the duties of a campaign as the table that an office hands out.

use chengjing_domain::plan::{Comparator, PlanDate, Recurrence, Target};
use chrono::NaiveDate;

use crate::{Format, PressError, docx, xlsx};

/// The table as it stood at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskTable {
    /// 清水县创建全国文明城市任务分解表.
    pub title: String,
    /// What was filtered, in words; None: the whole campaign.
    pub note: Option<String>,
    /// The office that hands it out.
    pub office: String,
    pub as_of: NaiveDate,
    pub rows: Vec<TaskRow>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct TaskRow {
    /// As the plan numbers it, with the parts above: 二、(一)、5.
    pub number: String,
    pub title: String,
    pub text: String,
    pub targets: Vec<Target>,
    pub leads: Vec<String>,
    pub lead_units: Vec<String>,
    pub responsible_units: Vec<String>,
    pub support_units: Vec<String>,
    pub start: Option<PlanDate>,
    pub due: Option<PlanDate>,
    pub recurrence: Option<Recurrence>,
    pub phase: Option<String>,
}

/// A column: its heading, its width in characters, and what stands in it.
pub(crate) struct Column {
    pub(crate) heading: &'static str,
    pub(crate) width: u16,
    pub(crate) cell: fn(usize, &TaskRow) -> String,
}

pub(crate) const COLUMNS: &[Column] = &[
    Column { heading: "序号", width: 6, cell: |index, _| (index + 1).to_string() },
    Column { heading: "编号", width: 10, cell: |_, row| row.number.clone() },
    Column { heading: "工作任务", width: 26, cell: |_, row| row.title.clone() },
    Column { heading: "具体内容", width: 48, cell: |_, row| row.text.clone() },
    Column { heading: "目标值", width: 22, cell: |_, row| words(&row.targets, target_words, "\n") },
    Column { heading: "牵头领导", width: 12, cell: |_, row| row.leads.join("、") },
    Column { heading: "牵头单位", width: 16, cell: |_, row| row.lead_units.join("、") },
    Column { heading: "责任单位", width: 22, cell: |_, row| row.responsible_units.join("、") },
    Column { heading: "配合单位", width: 22, cell: |_, row| row.support_units.join("、") },
    Column { heading: "完成时限", width: 16, cell: |_, row| time_words(row) },
];

fn words<T>(items: &[T], word: fn(&T) -> String, between: &str) -> String {
    items.iter().map(word).collect::<Vec<_>>().join(between)
}

/// 群众满意度 ≥90%.
pub fn target_words(target: &Target) -> String {
    let sign = match target.comparator {
        Comparator::AtLeast => "≥",
        Comparator::AtMost => "≤",
        Comparator::MoreThan => ">",
        Comparator::LessThan => "<",
        Comparator::Exactly => "=",
    };
    let space = if target.subject.is_empty() { "" } else { " " };
    format!("{}{space}{sign}{}{}", target.subject, target.value.normalize(), target.unit)
}

fn time_words(row: &TaskRow) -> String {
    let again = row.recurrence.map(recurrence_words);
    let span = match (row.start, row.due) {
        (Some(start), Some(due)) if start != due => {
            Some(format!("{}至{}", date_words(start), date_words(due)))
        }
        (_, Some(due)) => Some(format!("{}前", date_words(due))),
        (Some(start), None) => Some(format!("{}起", date_words(start))),
        (None, None) => None,
    };
    [again.map(str::to_owned), span].into_iter().flatten().collect::<Vec<_>>().join(",")
}

pub(crate) fn recurrence_words(recurrence: Recurrence) -> &'static str {
    match recurrence {
        Recurrence::Daily => "每日",
        Recurrence::Weekly => "每周",
        Recurrence::Semimonthly => "每半月",
        Recurrence::Monthly => "每月",
        Recurrence::Quarterly => "每季度",
        Recurrence::Semiannual => "每半年",
        Recurrence::Semester => "每学期",
        Recurrence::Annual => "每年",
    }
}

fn date_words(date: PlanDate) -> String {
    let part =
        |value: Option<u32>, word: &str| value.map(|value| format!("{value}{word}")).unwrap_or_default();
    let year = date.year().map(|year| format!("{year}年")).unwrap_or_default();
    format!("{year}{}{}", part(date.month(), "月"), part(date.day(), "日"))
}

impl TaskTable {
    /// The document's bytes.
    pub fn print(&self, format: Format) -> Result<Vec<u8>, PressError> {
        match format {
            Format::Xlsx => xlsx::task_table(self),
            Format::Docx => docx::task_table(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deadlines_are_written_as_an_office_writes_them() {
        let date = |text: &str| text.parse().ok();
        let row = |start, due, recurrence| TaskRow { start, due, recurrence, ..TaskRow::default() };
        let cases = [
            (row(None, date("2026-05-26"), None), "2026年5月26日前"),
            (row(date("2026-05"), date("2026-08"), None), "2026年5月至2026年8月"),
            (row(date("XXXX-06-01"), None, None), "6月1日起"),
            (row(None, date("2026-12"), Some(Recurrence::Monthly)), "每月,2026年12月前"),
            (row(None, None, None), ""),
        ];
        for (row, expected) in cases {
            assert_eq!(time_words(&row), expected);
        }
    }
}
