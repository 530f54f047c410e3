//! Working groups with a task of their own.

use chengjing_domain::plan::{Group, Span};

use crate::{
    chars::{
        CharSet, contains, contains_any, ends_clause, ends_sentence, ends_with, is_blank, is_colon,
        is_open_bracket, skip_blanks, starts_at, string, trim,
    },
    outline::tree::Tree,
};

/// Words that begin a group's task.
const TASKS: &[&str] = &[
    "主要负责",
    "具体负责",
    "负责",
    "主要职责",
    "工作职责",
    "职责任务",
    "职责",
    "主要任务",
    "工作任务",
    "任务",
    "承担",
    "重点负责",
    "全面负责",
    "统一负责",
    "职能",
    "分工",
];

/// A group and the node it is written in, if the node is nothing else.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) group: Group,
    pub(crate) node: Option<usize>,
}

/// What the name of a group can end with: 组, 专班.
static ENDS: CharSet = CharSet::new("组班室");

/// The groups of `[start, end)`.
pub(crate) fn groups(text: &[char], start: usize, end: usize, tree: &Tree) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut i = start;
    while let Some(at) = (i..end).find(|&at| ENDS.has(text[at])) {
        i = at + 1;
        // 环境整治专班
        if text[at] == '班' && (at == start || text[at - 1] != '专') {
            continue;
        }
        // 领导小组办公室
        let office = |name: &str| ends_with(&text[start..=at], name);
        if text[at] == '室' && !office("领导小组办公室") && !office("指挥部办公室") {
            continue;
        }
        let Some((name_start, name_end)) = name(text, start, at) else { continue };
        let Some((duty_start, duty_end)) = duty(text, name_end, end) else { continue };
        let last = tree.nodes.partition_point(|node| node.head <= name_start);
        let node = (last.saturating_sub(3)..last).find(|&at| {
            tree.nodes[at].style.is_some() && skip_blanks(text, tree.nodes[at].head) == name_start
        });
        let duty_end = node.map_or(duty_end, |node| duty_end.min(tree.nodes[node].end).max(duty_start));
        let name = string(&text[name_start..name_end]);
        if found.last().is_some_and(|last| last.group.name == name) {
            continue;
        }
        let duty = &text[duty_start..duty_end];
        found.push(Found {
            group: Group {
                name,
                duty: string(duty).trim().to_owned(),
                area: area(duty),
                span: Span { start: name_start, end: duty_end },
            },
            node,
        });
        i = duty_end.max(i);
    }
    found
}

/// The name that ends with the 组 at `at`: it must begin its sentence, line or item.
fn name(text: &[char], floor: usize, at: usize) -> Option<(usize, usize)> {
    let mut end = at + 1;
    // 综合组(办公室)
    if text.get(end).is_some_and(|&c| is_open_bracket(c))
        && let Some(close) = text[end..(end + 14).min(text.len())].iter().position(|&c| matches!(c, ')'))
    {
        end += close + 1;
    }
    let mut from = at;
    while from > floor && at - from < 24 {
        let c = text[from - 1];
        if ends_clause(c)
            || matches!(c, '.' | '》' | ']' | '】')
            || is_blank(c)
            || c == '、' && number_before(text, from - 1)
        {
            break;
        }
        if matches!(c, ')') && from >= 2 {
            // a bracket inside the name (网络(媒体)调查组) or the item's number in front of it
            let open =
                text[floor.max(from.saturating_sub(8))..from].iter().rposition(|&c| is_open_bracket(c));
            let Some(open) = open.map(|i| floor.max(from.saturating_sub(8)) + i) else { break };
            let inside = &text[open + 1..from - 1];
            let number =
                inside.iter().all(|&c| c.is_ascii_digit() || crate::chars::is_cn_number(c) || is_blank(c));
            if number {
                break;
            }
            from = open;
            continue;
        }
        if matches!(c, '①'..='⑳' | '⑴'..='⒇' | '●' | '◆' | '■' | '★' | '▲') {
            break;
        }
        from -= 1;
    }
    let boundary = from == floor || {
        let c = text[from - 1];
        c == '\n'
            || c == '\t'
            || ends_sentence(c)
            || matches!(c, '、' | '.' | ')' | ';' | '】' | ']' | '①'..='⑳' | '●' | '◆' | '■' | '★' | '▲')
            || is_blank(c)
            || is_colon(c)
    };
    let name = &text[from..at + 1];
    // 工作分组: a heading over the groups
    let plural = name.contains(&'个')
        || ends_with(name, "分组")
        || contains_any(name, &["各", "设立", "成立", "组建", "下设", "分为", "由"])
            && !contains(name, "成立大会");
    let body = contains_any(name, &["领导小组", "指挥部"]) && name.last() != Some(&'室')
        || matches!(
            string(name).as_str(),
            "小组" | "工作组" | "党组" | "班组" | "人民小组" | "党支部党组" | "工作专班"
        );
    (boundary && !plural && !body && name.len() >= 3).then_some((from, end))
}

/// Is the 、 at `at` the one behind an item's number?
fn number_before(text: &[char], at: usize) -> bool {
    at > 0 && (text[at - 1].is_ascii_digit() || crate::chars::is_cn_number(text[at - 1]))
}

/// Where the group's task is written.
fn duty(text: &[char], name_end: usize, end: usize) -> Option<(usize, usize)> {
    let mut i = skip_blanks(text, name_end);
    let sign = text.get(i).copied()?;
    let closed = is_colon(sign) || matches!(sign, '\n' | '。' | ',' | '—' | '-' | '\t');
    if closed {
        i += 1;
        while i < end && (is_blank(text[i]) || matches!(text[i], '—' | '-' | '\n')) {
            i += 1;
        }
    }
    if let Some(word) = TASKS.iter().find(|word| starts_at(text, i, word)) {
        let verb = word.ends_with("负责") || *word == "承担";
        let mut from = i;
        if !verb {
            from = skip_blanks(text, i + word.chars().count());
            if !text.get(from).is_some_and(|&c| is_colon(c) || c == '是' || c == '为') && !closed {
                return None;
            }
            while text.get(from).is_some_and(|&c| is_colon(c) || c == '\n' || is_blank(c)) {
                from += 1;
            }
        }
        return Some((from, task_end(text, from, end)));
    }
    if !closed || sign == ',' {
        return None;
    }
    // 组长:… 成员:… 职责:… in the lines below, or the task follows in the same line
    let limit = (i + 700).min(end);
    let mut line = i;
    for _ in 0..8 {
        if line >= limit {
            break;
        }
        let stop = crate::chars::line_end(text, line, limit);
        let here = &text[line..stop];
        if line > i
            && (here.ends_with(&['组'])
                || crate::outline::numbering::marker_at(here, 0).is_some_and(|marker| {
                    marker.end < here.len()
                        && (contains(&here[..here.len().min(24)], "组")
                            && !contains_any(&here[..here.len().min(24)], &["组长", "组成", "组织"]))
                }))
        {
            return None;
        }
        // mid-line too: 组长:甲;成员:乙;职责:丙
        for j in line..stop {
            let opens = j == line || ends_clause(text[j - 1]) || is_blank(text[j - 1]) || text[j - 1] == ')';
            if opens && let Some(word) = TASKS.iter().find(|word| starts_at(text, j, word)) {
                let after = skip_blanks(text, j + word.chars().count());
                let labelled = text.get(after).is_some_and(|&c| is_colon(c));
                let verb = word.ends_with("负责") && !starts_at(text, j, "负责人");
                if labelled || verb {
                    let mut from = if verb && !labelled { j } else { after + 1 };
                    while from < end && (text[from] == '\n' || is_blank(text[from])) {
                        from += 1;
                    }
                    return Some((from, task_end(text, from, end)));
                }
            }
        }
        line = stop + 1;
    }
    None
}

/// A task ends with its line, in a text that lost its line ends with its sentence, and always before the next group.
fn task_end(text: &[char], from: usize, end: usize) -> usize {
    // no task is longer than this, in whatever line it stands
    let end = end.min(from + 2000);
    let line = crate::chars::line_end(text, from, end);
    let stop = if line - from <= 400 {
        line
    } else {
        (from..line).find(|&i| ends_sentence(text[i])).map_or(line, |i| i + 1)
    };
    let next = (from + 1..stop).find(|&i| {
        ENDS.has(text[i])
            && (text.get(i + 1).is_some_and(|&c| is_colon(c))
                || TASKS.iter().any(|word| starts_at(text, i + 1, word)))
    });
    next.and_then(|at| text[from..at].iter().rposition(|&c| ends_sentence(c) || is_blank(c) || c == ';'))
        .map_or(stop, |cut| from + cut + 1)
}

/// Places in the group's charge: 重点点位A、B及C沿线.
fn area(duty: &[char]) -> Vec<String> {
    const OPENERS: &[&str] =
        &["重点点位", "负责区域:", "包抓区域:", "责任区域:", "包片区域:", "片区:", "点位:", "范围:"];
    let Some((at, word)) =
        OPENERS.iter().find_map(|word| crate::chars::find(duty, word).map(|at| (at, word)))
    else {
        return Vec::new();
    };
    let from = at + word.chars().count();
    let stop =
        duty[from..].iter().position(|&c| ends_clause(c) || c == '的').map_or(duty.len(), |i| from + i);
    duty[from..stop]
        .split(|&c| matches!(c, '、' | '及' | '和'))
        .map(|place| {
            let (start, end) = trim(place, 0, place.len());
            string(&place[start..end])
        })
        .filter(|place| (2..=30).contains(&place.chars().count()))
        .collect()
}
