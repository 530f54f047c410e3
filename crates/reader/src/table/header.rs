//! What a table's columns hold, by the words at their heads.

use std::{borrow::Cow, sync::LazyLock};

use chengjing_domain::plan::UnitRole::{Lead, Responsible, Support};

use crate::{
    chars::{contains_any, ends_with_any, is_blank, is_close_bracket, is_open_bracket, squeezed},
    rules::markers::{Field, field_named},
    words::Words,
};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    Number,
    /// 类别, 领域: shared by several rows.
    Category,
    /// 工作任务: what is to be done, in a few words.
    Task,
    /// 工作内容, 具体措施: what is to be done, in full.
    Content,
    /// 目标, 指标值.
    Target,
    Field(Field),
    /// 开工时间: from when.
    Start,
    /// 1月, 第三季度, from its first month to its last: a mark in its cells says when.
    Months(u8, u8),
    /// 点位类型.
    Site,
    /// 考察内容, 测评内容: a demand on a site.
    Criterion,
    /// 测评标准, 评分标准: what counts as what.
    Grading,
    Met,
    Partly,
    NotMet,
    /// 分值.
    Points,
    /// 阶段.
    Phase,
    /// 工作组.
    Group,
    /// 职责.
    GroupDuty,
    /// 备注 and what the reader has no use for.
    Note,
}

const COLUMNS: [(Column, &str); 17] = [
    (Column::Number, "序号 编号 项次 号 序 项目编号 任务编号 NO No. No 条目"),
    (
        Column::Category,
        "类别 领域 方面 任务类别 指标类别 一级指标 项目类别 工作类别 大类 板块 分类 工作领域 任务领域 类型 测评项目 指标体系 重点领域 一级任务 重点方向 创建项目 任务分类 事项类别",
    ),
    (
        Column::Task,
        "工作任务 任务 重点任务 主要任务 任务名称 项目名称 项目 工作项目 重点工作 工作事项 事项 整治项目 整治重点 重点项目 指标名称 指标 测评指标 指标内容 工程名称 二级指标 重点事项 任务清单 工作名称 创建指标 \
                     整改事项 问题 存在问题 具体问题 问题清单 主要工作 二级任务 目标任务 工作重点 任务事项 建设项目 活动名称 整治任务 分解任务 创建任务 整改问题 活动",
    ),
    (
        Column::Content,
        "工作内容 任务内容 具体任务 具体内容 主要内容 工作措施 主要措施 具体措施 工作举措 整改措施 整治内容 内容 措施 具体工作 建设内容 实施内容 任务要求 工作要求 具体要求 整改内容 工作任务及要求 任务描述 工作任务和要求 重点内容 要求 落实措施 推进措施 \
                        建设内容及规模 具体举措 活动内容 具体工作任务 任务分解 主要工作任务 工作任务内容 整改要求 内容及要求",
    ),
    (
        Column::Target,
        "目标 工作目标 目标要求 任务目标 完成标准 达标要求 指标值 目标值 标准值 预期目标 标准要求 达标标准 整治标准 工作标准 整改目标 整治目标 创建目标 年度目标 目标任务要求 量化指标 考核指标 建设目标 指标要求 标准 预期成效 成效 完成目标 绩效目标 达到标准 目标标准 任务指标 数量 工程量 任务量 计划数 目标数 任务数",
    ),
    (
        Column::Site,
        "点位类型 点位 考察点位 测评点位 场所 考察场所 点位名称 测评地点 考察地点 场所类型 检查点位",
    ),
    (
        Column::Criterion,
        "考察内容 测评内容 检查内容 考评内容 考核内容 评价内容 检查项目 考察项目 考评项目 测评要求 考察要求 检查要点 评分项目 考核项目 验收内容 评分内容 测评要点 考察要点 考评要点 检查标准及要求 检查要求 考评要求 测评指标内容",
    ),
    (
        Column::Grading,
        "测评标准 评分标准 考察标准 考评标准 评分细则 扣分标准 评分办法 判定标准 考核标准 评定标准 检查标准 计分标准 扣分细则 评价标准 达标判定 评判标准 评分方法 计分办法 扣分办法 考评办法 考核办法 评价办法 测评办法 检查办法 考核评分标准 扣分情形",
    ),
    (Column::Met, "符合 达标 合格"),
    (Column::Partly, "基本符合 基本达标 基本合格 部分符合"),
    (Column::NotMet, "不符合 不达标 不合格"),
    (Column::Points, "分值 分数 得分 标准分 权重 满分"),
    (Column::Phase, "阶段 工作阶段 实施阶段 步骤 阶段名称"),
    (Column::Group, "工作组 组别 小组 专项组 组名 专项工作组 工作组名称 小组名称"),
    (Column::GroupDuty, "职责 工作职责 主要职责 职责任务 职责分工 任务职责"),
    (
        Column::Note,
        "备注 说明 备 基期值 基数 现值 当前值 原值 进展情况 完成情况 进度 联系电话 电话 整改情况 资金来源 投资 地点 位置 佐证材料 检查结果 扣分 检查情况 是否完成 签字 资料来源 提供材料 测评方式 测评方法 考察方式",
    ),
    (
        Column::Field(Field::Due),
        "完成时限 时限 完成时间 时间 时间节点 时间要求 整改时限 完成期限 起止时间 实施时间 时间安排 进度安排 完成日期 期限 进度要求 截止时间 完成节点 办结时限 工作时限 推进时间 完成时间节点 活动时间 月份 工期 实施周期",
    ),
];

/// Words that name units and persons in a column's head but not in a marker.
const MORE: [(&str, Field); 16] = [
    ("责任", Field::Unit(Responsible)),
    ("单位", Field::Unit(Responsible)),
    ("部门", Field::Unit(Responsible)),
    ("落实责任单位", Field::Unit(Responsible)),
    ("责任单位及配合单位", Field::Unit(Responsible)),
    ("牵头及责任单位", Field::Unit(Responsible)),
    ("责任科室(单位)", Field::Unit(Responsible)),
    ("涉及单位", Field::Unit(Support)),
    ("牵头(责任)单位", Field::Unit(Lead)),
    ("牵头、责任单位", Field::Unit(Responsible)),
    ("协同配合单位", Field::Unit(Support)),
    ("组长", Field::Person),
    ("领导", Field::Person),
    ("市领导", Field::Person),
    ("县领导", Field::Person),
    ("区领导", Field::Person),
];

/// All words of columns' heads.
static HEADS: LazyLock<Words<Column>> = LazyLock::new(|| {
    let more = MORE.iter().map(|&(word, field)| (word, Column::Field(field)));
    let columns =
        COLUMNS.iter().flat_map(|&(column, words)| words.split_whitespace().map(move |word| (word, column)));
    Words::new(more.chain(columns))
});

fn named(head: &[char]) -> Option<Column> {
    HEADS.at(head, 0).filter(|&(_, len)| len == head.len()).map(|(column, _)| column)
}

/// Heads that no list has, by their last word: 达标时间, 市级牵头部门, 现状值.
fn by_ending(head: &[char]) -> Option<Column> {
    if !(3..=8).contains(&head.len()) {
        return None;
    }
    let has = |words: &[&str]| contains_any(head, words);
    if has(&["开工", "开始", "启动", "起始"]) && ends_with_any(head, &["时间", "日期", "时限", "月份"])
    {
        return Some(Column::Start);
    }
    if ends_with_any(head, &["时限", "时间", "期限", "时间节点", "月份", "日期", "时段"]) {
        return Some(Column::Field(Field::Due));
    }
    // 单位名称 heads the tasks of each unit
    if ends_with_any(head, &["单位名称", "部门名称"]) {
        return Some(Column::Field(Field::Unit(Responsible)));
    }
    if ends_with_any(head, &["单位", "部门", "科室"]) {
        let role = if has(&["牵头", "主办"]) {
            Lead
        } else if has(&["配合", "协", "参与", "参加"]) {
            Support
        } else if has(&["责任", "落实", "承办", "实施", "主管", "负责"]) {
            Responsible
        } else {
            return None;
        };
        return Some(Column::Field(Field::Unit(role)));
    }
    if has(&["责任单位", "牵头单位"]) && ends_with_any(head, &["责任人"]) {
        return Some(Column::Field(Field::Unit(if has(&["牵头"]) { Lead } else { Responsible })));
    }
    if ends_with_any(head, &["领导", "责任人", "负责人", "河长", "林长", "路长", "街长", "点长", "楼长"])
    {
        return Some(Column::Field(Field::Person));
    }
    if ends_with_any(head, &["频次", "频率"]) {
        return Some(Column::Field(Field::Due));
    }
    if has(&["判定", "评判", "评定", "扣分", "计分", "评分"])
        && ends_with_any(head, &["说明", "依据", "口径", "情形", "规则", "要求", "方式"])
    {
        return Some(Column::Grading);
    }
    // 内容及标准, 任务和要求, 内容、指标: the task in full
    if has(&["内容", "任务", "措施"])
        && has(&["及", "和", "与", "、"])
        && ends_with_any(head, &["标准", "要求", "目标", "指标", "成效", "规模", "内容", "措施", "任务"])
    {
        return Some(Column::Content);
    }
    // 国家标准, 2024年目标, 省定指标值: figures to be reached
    if !has(&["现状", "现有", "基准", "基期", "完成", "收费"])
        && ends_with_any(head, &["目标", "目标值", "指标值", "标准值", "国家标准", "省级标准", "达标值"])
    {
        return Some(Column::Target);
    }
    if ends_with_any(head, &["事项", "描述"])
        || ends_with_any(head, &["名称"]) && !has(&["单位", "部门", "产品"])
    {
        return Some(Column::Task);
    }
    if ends_with_any(head, &["措施", "举措", "任务"]) {
        return Some(Column::Content);
    }
    if has(&["现状", "现有", "基准", "基期", "上年", "完成值", "情况", "资料", "依据", "电话"])
    {
        return Some(Column::Note);
    }
    // 攻坚内容, 量化目标, 整治要求: how the task is told
    if ends_with_any(head, &["内容", "要求", "要点"]) {
        return Some(Column::Content);
    }
    if ends_with_any(head, &["目标", "指标值", "成效"]) || ends_with_any(head, &["标准"]) && !has(&["收费"])
    {
        return Some(Column::Target);
    }
    ends_with_any(head, &["类别", "领域", "类型", "分类", "板块"]).then_some(Column::Category)
}

/// 2026年上半年任务, 2025年度目标: what stands behind the time that the column is about.
fn behind_time(head: &[char]) -> Option<&[char]> {
    let year = head
        .iter()
        .position(|&c| c == '年')
        .filter(|&at| at == 4 && head[..at].iter().all(char::is_ascii_digit))?;
    let rest = &head[year + 1..];
    let half = ["上半年", "下半年", "度", "全年", "一季度", "二季度", "三季度", "四季度"]
        .iter()
        .find(|word| crate::chars::starts_at(rest, 0, word));
    let rest = &rest[half.map_or(0, |word| word.chars().count())..];
    (rest.len() >= 2).then_some(rest)
}

/// The column that a head names; None where it is no column's head.
pub(crate) fn column_of(cell: &[char]) -> Option<Column> {
    if cell.is_empty() || cell.len() > 24 {
        return None;
    }
    let squeezed: Cow<'_, [char]> =
        if cell.iter().any(|c| c.is_whitespace()) { Cow::Owned(squeezed(cell)) } else { Cow::Borrowed(cell) };
    if squeezed.is_empty() || squeezed.len() > 14 {
        return None;
    }
    if let Some(column) = named(&squeezed) {
        return Some(column);
    }
    let core: &[char] = match squeezed.iter().position(|&c| is_open_bracket(c)) {
        Some(open) if open > 0 && squeezed.last().is_some_and(|&c| is_close_bracket(c)) => &squeezed[..open],
        _ => &squeezed,
    };
    let column = |head: &[char]| {
        field_named(head).map(Column::Field).or_else(|| named(head)).or_else(|| by_ending(head))
    };
    column(core).or_else(|| behind_time(core).and_then(column))
}

/// Does the row of heads make a table whose rows say something?
pub(crate) fn is_header(columns: &[Option<Column>]) -> bool {
    let known: Vec<Column> = columns.iter().copied().flatten().collect();
    let says = |wanted: fn(&Column) -> bool| known.iter().any(wanted);
    let what = says(|c| {
        matches!(
            c,
            Column::Task
                | Column::Content
                | Column::Target
                | Column::Criterion
                | Column::Phase
                | Column::Group
                | Column::Category
        )
    });
    let who = says(|c| {
        matches!(
            c,
            Column::Field(_)
                | Column::Start
                | Column::Number
                | Column::Grading
                | Column::Met
                | Column::GroupDuty
                | Column::Points
                | Column::Target
                | Column::Site
        )
    });
    // 检查要点 | 检查结果 | 备注: a form to be filled in
    let form = says(|c| *c == Column::Criterion) && says(|c| *c == Column::Note);
    known.len() >= 2 && known.len() * 5 >= columns.len() * 3 && what && (who || form)
}

/// Regions of tables with one cell on a line: from the line of the first head to the line behind the last cell, as indices
/// into `lines`; and the places in the text where a narrow column broke a cell.
pub(crate) fn one_cell_a_line_regions(
    chars: &[char],
    lines: &[(usize, usize)],
) -> (Vec<(usize, usize)>, Vec<usize>) {
    let mut regions = Vec::new();
    let mut breaks = Vec::new();
    let mut i = 0;
    while i < lines.len() {
        let (columns, used) = heads(chars, lines, i);
        if columns.len() < 3 {
            i += 1;
            continue;
        }
        let (rows, end) = super::rows::one_cell_rows(chars, lines, i + used, &columns);
        for row in &rows {
            breaks.extend(super::fitting::narrow_breaks(chars, row, columns.len()));
        }
        regions.push((i, end));
        i = end.max(i + used);
    }
    (regions, breaks)
}

/// The heads that stand one on a line from `at` on, where together they make a header, and how many lines they take: a
/// narrow column breaks its head (牵头 / 单位).
pub(crate) fn heads(chars: &[char], lines: &[(usize, usize)], at: usize) -> (Vec<Option<Column>>, usize) {
    let mut columns = Vec::new();
    let mut i = at;
    let between = |i: usize| {
        let line = &chars[lines[i].0..lines[i].1];
        let next =
            |i: usize| lines.get(i).is_some_and(|&(start, end)| column_of(&chars[start..end]).is_some());
        (2..=8).contains(&line.len())
            && line.iter().all(|&c| crate::chars::is_han(c))
            && next(i + 1)
            && next(i + 2)
    };
    while i < lines.len() && columns.len() < 12 {
        let line = &chars[lines[i].0..lines[i].1];
        if let Some(&(start, end)) = lines.get(i + 1)
            && line.len() <= 4
            && end - start <= 4
        {
            let both: Vec<char> = line.iter().chain(&chars[start..end]).copied().collect();
            if squeezed(&both).len() <= 5
                && let Some(column) = column_of(&both)
            {
                columns.push(Some(column));
                i += 2;
                continue;
            }
        }
        match column_of(line) {
            Some(column) => columns.push(Some(column)),
            // a head that no list has, between two that are known
            None if (1..=2).contains(&columns.len()) && columns.iter().all(Option::is_some) && between(i) => {
                columns.push(None);
            }
            None => break,
        }
        i += 1;
    }
    if columns.len() >= 3 && is_header(&columns) { (columns, i - at) } else { (Vec::new(), 0) }
}

/// The heads of a row that is split by blanks (序号 工作任务 责任单位 完成时限); empty where it is none.
pub(crate) fn heads_by_blanks(line: &[char]) -> Vec<(usize, usize)> {
    if line.len() > 80 || !line.iter().any(|&c| is_blank(c)) || line.contains(&'\t') {
        return Vec::new();
    }
    let mut cells = Vec::new();
    let mut i = 0;
    while i < line.len() {
        if is_blank(line[i]) {
            i += 1;
            continue;
        }
        let start = i;
        while i < line.len() && !is_blank(line[i]) {
            i += 1;
        }
        cells.push((start, i));
    }
    let columns: Vec<Option<Column>> =
        cells.iter().map(|&(start, end)| column_of(&line[start..end])).collect();
    if cells.len() >= 3 && columns.iter().all(Option::is_some) && is_header(&columns) {
        cells
    } else {
        Vec::new()
    }
}
