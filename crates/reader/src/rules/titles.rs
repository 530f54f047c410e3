//! Titles of duties.

use super::units;
use crate::{
    chars::{
        ends_sentence, ends_with, is_blank, is_colon, is_numeral, is_open_bracket, starts_at, string, trim,
    },
    dates,
};

/// Words before a colon that only announce what follows.
const LABELS: &[&str] = &[
    "问题",
    "存在问题",
    "具体问题",
    "任务",
    "工作任务",
    "任务内容",
    "工作内容",
    "内容",
    "名称",
    "项目名称",
    "任务名称",
    "项目",
    "事项",
    "具体任务",
    "主要任务",
    "整改问题",
    "反馈问题",
    "重点任务",
    "指标",
    "工作事项",
    "具体内容",
    "主要内容",
    "措施",
    "工作措施",
    "类别",
    "测评项目",
    "测评内容",
    "测评指标",
    "建设任务",
    "建设内容",
    "整治内容",
    "整治要求",
    "活动内容",
    "工作要求",
    "具体要求",
    "任务要求",
];

/// 任务名称:…: does the line name what the lines below it go into?
pub(super) fn names_task(line: &[char]) -> bool {
    let colon = line.iter().take(10).position(|&c| is_colon(c));
    colon.is_some_and(|colon| LABELS.contains(&string(&line[..colon]).as_str()))
}

/// Labels of a block that say where and how, not what.
const BESIDES: &[&str] = &[
    "地点",
    "活动地点",
    "地址",
    "参加人员",
    "参与人员",
    "参加对象",
    "对象",
    "活动对象",
    "范围",
    "形式",
    "活动形式",
    "方式",
    "主持",
    "主持人",
];

/// 第二周, 3月下旬, 周五: does the label say when, and nothing else?
fn names_time(label: &[char]) -> bool {
    const COUNTED: &[&str] = &["周", "天", "日", "旬", "批", "轮", "月", "季度"];
    let counted = label.len() <= 5
        && (label.first() == Some(&'第')
            && COUNTED.iter().any(|word| ends_with(label, word))
            && label[1..].iter().filter(|&&c| is_numeral(c)).count() >= 1
            || label.len() <= 3 && starts_at(label, 0, "周"));
    counted || dates::mentions(label).first().is_some_and(|time| time.at == 0 && time.end == label.len())
}

/// The first clause or heading, without closing punctuation.
pub(crate) fn title(body: &[char]) -> String {
    let (mut from, to) = trim(body, 0, body.len());
    while from < to
        && (matches!(body[from], '、' | '.' | ',' | '。' | ':' | ';' | '-' | '—') || is_blank(body[from]))
    {
        from += 1;
    }
    // 地点:人民广场 / 内容:举行启动仪式: what is to be done stands below
    while let Some(stop) = (from..to).find(|&i| body[i] == '\n')
        && let Some(colon) = (from..stop.min(from + 8)).find(|&i| is_colon(body[i]))
        && BESIDES.contains(&string(&body[from..colon]).as_str())
    {
        from = trim(body, stop, to).0;
    }
    // 【内容】…
    if body[from..to].first() == Some(&'【')
        && let Some(close) = body[from..to].iter().take(10).position(|&c| c == '】').map(|n| from + n)
        && LABELS.contains(&string(&body[from + 1..close]).as_str())
    {
        from = close + 1;
    }
    // 问题:…, 任务:… : the label is no title; 县委宣传部:负责… : the unit alone neither
    let colon = (from..to.min(from + 16))
        .find(|&i| crate::chars::ends_clause(body[i]))
        .filter(|&i| is_colon(body[i]));
    let mut past = from;
    if let Some(colon) = colon {
        if LABELS.contains(&string(&body[from..colon]).as_str()) {
            from = crate::chars::skip_blanks(body, colon + 1);
            past = from;
        } else if names_time(&body[from..colon]) {
            // 第二周:清理楼道: the time is no title
            from = crate::chars::skip_blanks(body, colon + 1);
            past = from;
        } else if units::looks_like_unit(&body[from..colon]) {
            past = colon + 1;
        }
    }
    let mut end = past;
    let mut quoted = 0_usize;
    while end < to {
        let c = body[end];
        match c {
            '“' | '《' | '(' => quoted += 1,
            '”' | '》' | ')' => quoted = quoted.saturating_sub(1),
            _ => {}
        }
        if c == '\n'
            || quoted == 0
                && (ends_sentence(c) || matches!(c, ';') || is_colon(c) && end - from >= 2 && end >= past)
        {
            break;
        }
        end += 1;
        if end - from >= 160 {
            break;
        }
    }
    while end > from
        && (crate::chars::is_closing_mark(body[end - 1])
            || is_blank(body[end - 1])
            || is_open_bracket(body[end - 1]))
    {
        end -= 1;
    }
    string(&body[from..end])
}
