//! The names that templates may use, with what they mean. The app's help page shows them; a test compares them with what
//! the data holds.

use chengjing_domain::publication::Paper;

/// A name that a template may use. Names of what stands in a list follow it: `duties`, `duties.title`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    /// Whether it is a list, to go over with `each`.
    pub list: bool,
}

const fn field(name: &'static str, zh: &'static str, en: &'static str) -> Field {
    Field { name, zh, en, list: false }
}

const fn list(name: &'static str, zh: &'static str, en: &'static str) -> Field {
    Field { name, zh, en, list: true }
}

const LETTER: &[Field] = &[
    field("campaign", "创建项目名称", "the campaign's name"),
    field("place", "地区", "the place"),
    field("office", "发文机关（甲方）", "the office that issues it (first party)"),
    field("unit", "责任单位（乙方）", "the unit (second party)"),
    field("year", "年份", "the year"),
    field("number", "编号", "the letter's number"),
    field("date", "制作日期", "the day on which it was made"),
    field("total", "任务总数", "how many duties"),
    field("lead", "牵头任务数", "how many it leads"),
    field("responsible", "责任任务数", "for how many it is responsible"),
    field("support", "配合任务数", "how many it supports"),
    list("duties", "责任任务列表", "its duties"),
    field("duties.number", "方案中的编号", "its number in the plan"),
    field("duties.title", "任务名称", "its title"),
    field("duties.text", "具体内容", "its text"),
    field("duties.targets", "目标值", "its targets"),
    field("duties.role", "职责（牵头、责任、配合）", "the unit's part in it"),
    field("duties.due", "完成时限", "when it is due"),
    field("duties.leaders", "牵头领导", "the leaders who answer for it"),
];

/// What a line about one unit, or about all of them, tells.
macro_rules! figures {
    ($prefix:literal) => {
        [
            field(concat!($prefix, "total"), "任务总数", "tasks"),
            field(concat!($prefix, "confirmed"), "已确认办结", "confirmed"),
            field(concat!($prefix, "percent"), "办结率（百分数）", "confirmed, in percent"),
            field(concat!($prefix, "waiting"), "已上报待确认", "reported, not decided"),
            field(concat!($prefix, "late"), "逾期", "late"),
            field(concat!($prefix, "missed"), "逾期未办（定期任务）", "missed dates of recurring duties"),
            field(concat!($prefix, "overdue"), "逾期合计", "late and missed together"),
            field(concat!($prefix, "due_next"), "下周到期", "due next week"),
            field(concat!($prefix, "reported_in_week"), "本周上报", "reported in the week"),
            field(concat!($prefix, "confirmed_in_week"), "本周确认", "confirmed in the week"),
            field(concat!($prefix, "sent_back_in_week"), "本周退回", "sent back in the week"),
            field(concat!($prefix, "extended_in_week"), "本周批准延期", "extensions granted in the week"),
        ]
    };
}

macro_rules! tasks {
    ($prefix:literal) => {
        [
            field(concat!($prefix, "unit"), "单位", "the unit"),
            field(concat!($prefix, "task"), "任务", "the task"),
            field(concat!($prefix, "due"), "完成时限", "when it is due"),
            field(concat!($prefix, "days_late"), "逾期天数", "days late"),
            field(concat!($prefix, "reason"), "退回原因", "why it was sent back"),
        ]
    };
}

fn bulletin() -> Vec<Field> {
    let mut all = vec![
        field("campaign", "创建项目名称", "the campaign's name"),
        field("place", "地区", "the place"),
        field("office", "发文机关", "the office that issues it"),
        field("number", "期数", "the bulletin's number"),
        field("year", "年份", "the year of the week"),
        field("week", "第几周", "the number of the week"),
        field("from", "本周周一", "the week's Monday"),
        field("to", "本周周日", "the week's Sunday"),
        field("next_from", "下周周一", "the next week's Monday"),
        field("next_to", "下周周日", "the next week's Sunday"),
        field("as_of", "数据截止日期", "the day of the figures"),
    ];
    all.extend(figures!(""));
    all.push(list("units", "各单位进度（按名次）", "the units, the best first"));
    all.extend([field("units.rank", "名次", "its place"), field("units.unit", "单位", "the unit")]);
    all.extend(figures!("units."));
    all.push(list(
        "overdue_units",
        "有逾期的单位（逾期多的在前）",
        "units with something overdue, the most first",
    ));
    all.extend([
        field("overdue_units.rank", "名次", "its place"),
        field("overdue_units.unit", "单位", "the unit"),
    ]);
    all.extend(figures!("overdue_units."));
    all.push(list("late_tasks", "逾期任务", "tasks that are late"));
    all.extend(tasks!("late_tasks."));
    all.push(field("late_more", "未列出的逾期任务数", "late tasks beyond those"));
    all.push(list("sent_back_tasks", "退回未重报的任务", "tasks sent back and not reported anew"));
    all.extend(tasks!("sent_back_tasks."));
    all.push(field("sent_back_more", "未列出的退回任务数", "tasks sent back beyond those"));
    all.push(list("due_tasks", "下周到期任务", "tasks due next week"));
    all.extend(tasks!("due_tasks."));
    all.push(field("due_more", "未列出的下周到期任务数", "tasks due beyond those"));
    all.push(list("reached_targets", "本周达到的指标", "targets that the week's figures reached"));
    all.extend([
        field("reached_targets.task", "任务", "the duty"),
        field("reached_targets.target", "指标要求", "what was to be reached"),
        field("reached_targets.value", "达到的数值", "the figure that reached it"),
        field("reached_targets.on", "数据日期", "the day that it tells of"),
        field("reached_targets.unit", "填报单位", "whose figure it is"),
    ]);
    all
}

/// All names of a paper.
pub fn fields(paper: Paper) -> Vec<Field> {
    match paper {
        Paper::Letter => LETTER.to_vec(),
        Paper::Bulletin => bulletin(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::paper::sample;

    fn names(value: &Value, before: &str, names_found: &mut BTreeSet<(String, bool)>) {
        for (name, value) in value.as_object().into_iter().flatten() {
            let name = format!("{before}{name}");
            names_found.insert((name.clone(), value.is_array()));
            for item in value.as_array().into_iter().flatten() {
                names(item, &format!("{name}."), names_found);
            }
        }
    }

    #[test]
    fn the_names_that_are_told_are_those_of_the_data() {
        for paper in Paper::ALL {
            let mut there = BTreeSet::new();
            names(&sample(paper), "", &mut there);
            let told: BTreeSet<(String, bool)> =
                fields(paper).into_iter().map(|field| (field.name.to_owned(), field.list)).collect();
            assert_eq!(told, there, "{paper:?}");
            assert_eq!(told.len(), fields(paper).len());
        }
    }
}
