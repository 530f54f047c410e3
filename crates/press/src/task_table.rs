//! 任务分解及进度表: the duties of a campaign, and what became of them, as the table that an office hands out.

use chengjing_domain::plan::{Comparator, PlanDate, Recurrence, Target, part::BETWEEN};
use chrono::NaiveDate;

use crate::{Format, PressError, docx, xlsx};

/// The table as it stood at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskTable {
    /// 清水县创建全国文明城市任务分解及进度表.
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
    /// The headings of the plan that it stands under.
    pub part: Option<String>,
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
    /// The special action or working group that it stands in.
    pub initiative: Option<String>,
    pub progress: Progress,
}

/// What became of a duty until the table's day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// Units whose work counts; 0: nobody's yet.
    pub units: usize,
    /// Those that have reported, confirmed or not.
    pub reported: usize,
    pub confirmed: usize,
    /// Mean of them, 0–100.
    pub percent: u8,
    /// Names of those that are late.
    pub late: Vec<String>,
    /// Of a recurring duty: how many of its dates were reported, and how many missed.
    pub dates: Option<(usize, usize)>,
}

/// A column: its heading, its width in characters, and what stands in it.
pub(crate) struct Column {
    pub(crate) heading: &'static str,
    pub(crate) width: u16,
    pub(crate) cell: fn(usize, &TaskRow) -> String,
}

const COLUMNS: &[Column] = &[
    Column { heading: "序号", width: 6, cell: |index, _| (index + 1).to_string() },
    Column { heading: "编号", width: 10, cell: |_, row| row.number.clone() },
    PART,
    Column { heading: "工作任务", width: 26, cell: |_, row| row.title.clone() },
    Column { heading: "具体内容", width: 48, cell: |_, row| row.text.clone() },
    Column { heading: "目标值", width: 22, cell: |_, row| words(&row.targets, target_words, "\n") },
    Column { heading: "牵头领导", width: 12, cell: |_, row| row.leads.join("、") },
    Column { heading: "牵头单位", width: 16, cell: |_, row| row.lead_units.join("、") },
    Column { heading: "责任单位", width: 22, cell: |_, row| row.responsible_units.join("、") },
    Column { heading: "配合单位", width: 22, cell: |_, row| row.support_units.join("、") },
    Column { heading: "完成时限", width: 16, cell: |_, row| time_words(row) },
    INITIATIVE,
    Column { heading: "办理进度", width: 20, cell: |_, row| progress_words(&row.progress) },
];

/// Only in tables of which some duty stands in one; its headings below each other.
const PART: Column = Column {
    heading: "所属章节",
    width: 20,
    cell: |_, row| row.part.as_deref().unwrap_or_default().replace(BETWEEN, "\n"),
};

/// Only in tables of which some duty stands in one.
const INITIATIVE: Column = Column {
    heading: "专项行动、工作组",
    width: 20,
    cell: |_, row| row.initiative.clone().unwrap_or_default(),
};

/// 60%，3个单位中2个已上报; 已办结; 已报5期，逾期未办1期.
fn progress_words(progress: &Progress) -> String {
    let Progress { units, reported, confirmed, percent, late, dates } = progress;
    if let Some((done, missed)) = dates {
        let missed = if *missed > 0 { format!("，逾期未办{missed}期") } else { String::new() };
        return format!("已报{done}期{missed}");
    }
    if *units == 0 {
        return String::new();
    }
    if confirmed == units {
        return "已办结".to_owned();
    }
    let mut words = if reported == units {
        "已上报，待确认".to_owned()
    } else if *units > 1 && *reported > 0 {
        format!("{percent}%，{units}个单位中{reported}个已上报")
    } else {
        format!("{percent}%")
    };
    if !late.is_empty() {
        words.push_str(&format!("\n逾期：{}", late.join("、")));
    }
    words
}

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
    due_words(row.start, row.due, row.recurrence)
}

/// 2026年6月30日前; 每月，2026年12月前.
pub fn due_words(start: Option<PlanDate>, due: Option<PlanDate>, recurrence: Option<Recurrence>) -> String {
    let again = recurrence.map(recurrence_words);
    let span = match (start, due) {
        (Some(start), Some(due)) if start != due => {
            Some(format!("{}至{}", date_words(start), date_words(due)))
        }
        (_, Some(due)) => Some(format!("{}前", date_words(due))),
        (Some(start), None) => Some(format!("{}起", date_words(start))),
        (None, None) => None,
    };
    [again.map(str::to_owned), span].into_iter().flatten().collect::<Vec<_>>().join("，")
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
    /// The columns that it has.
    pub(crate) fn columns(&self) -> Vec<&'static Column> {
        let gathered = self.rows.iter().any(|row| row.initiative.is_some());
        let parted = self.rows.iter().any(|row| row.part.is_some());
        let shown = |column: &&Column| {
            (gathered || column.heading != INITIATIVE.heading) && (parted || column.heading != PART.heading)
        };
        COLUMNS.iter().filter(shown).collect()
    }

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
    fn progress_is_told_as_an_office_tells_it() {
        let so_far = |units, reported, confirmed, percent| Progress {
            units,
            reported,
            confirmed,
            percent,
            ..Progress::default()
        };
        let late = Progress { late: vec!["县住建局".into()], ..so_far(1, 0, 0, 40) };
        let cases = [
            (Progress::default(), ""),
            (so_far(2, 2, 2, 100), "已办结"),
            (so_far(2, 2, 1, 100), "已上报，待确认"),
            (so_far(3, 2, 1, 80), "80%，3个单位中2个已上报"),
            (late, "40%\n逾期：县住建局"),
            (Progress { dates: Some((5, 1)), ..so_far(1, 0, 0, 0) }, "已报5期，逾期未办1期"),
            (Progress { dates: Some((0, 0)), ..Progress::default() }, "已报0期"),
        ];
        for (progress, expected) in cases {
            assert_eq!(progress_words(&progress), expected);
        }
    }

    #[test]
    fn deadlines_are_written_as_an_office_writes_them() {
        let date = |text: &str| text.parse().ok();
        let row = |start, due, recurrence| TaskRow { start, due, recurrence, ..TaskRow::default() };
        let cases = [
            (row(None, date("2026-05-26"), None), "2026年5月26日前"),
            (row(date("2026-05"), date("2026-08"), None), "2026年5月至2026年8月"),
            (row(date("XXXX-06-01"), None, None), "6月1日起"),
            (row(None, date("2026-12"), Some(Recurrence::Monthly)), "每月，2026年12月前"),
            (row(None, None, None), ""),
        ];
        for (row, expected) in cases {
            assert_eq!(time_words(&row), expected);
        }
    }
}
