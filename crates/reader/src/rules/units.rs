//! Names of units: what looks like one, and how a list of them is split.

use std::sync::LazyLock;

use chengjing_domain::plan::{
    NamedUnit,
    UnitRole::{self, Lead, Responsible, Support},
};

use crate::{
    chars::{
        ends_with, ends_with_any, is_blank, is_close_bracket, is_colon, is_han, is_open_bracket, string, trim,
    },
    outline::numbering::Style,
    words::{Endings, Words},
};

/// Endings of units' names.
static ENDINGS: LazyLock<Endings> = LazyLock::new(|| {
    Endings::new(&[
        "局",
        "办",
        "委",
        "部",
        "院",
        "会",
        "镇",
        "乡",
        "区",
        "县",
        "市",
        "街道",
        "社区",
        "村",
        "公司",
        "中心",
        "队",
        "站",
        "所",
        "校",
        "厅",
        "处",
        "室",
        "科",
        "股",
        "府",
        "团",
        "联",
        "社",
        "行",
        "馆",
        "园",
        "组",
        "单位",
        "部门",
        "企业",
        "机构",
        "学校",
        "医院",
        "工委",
        "党委",
        "支部",
        "办公室",
        "委员会",
        "集团",
        "银行",
        "部队",
        "武装部",
        "党工委",
        "管委会",
        "街办",
        "办事处",
        "居委会",
        "村委会",
        "物业",
        "业主",
        "台",
        "报社",
        "分局",
        "支队",
        "大队",
        "中队",
        "总队",
        "交警",
        "公安",
        "城管",
        "环卫",
        "市场监管",
        "行政执法",
        "住建",
        "交通",
        "教育",
        "卫生",
        "民政",
        "司法",
        "文旅",
        "街镇",
        "镇街",
        "乡镇",
        "村社",
        "商户",
        "媒体",
        "网信办",
        "法院",
        "检察院",
        "关工委",
        "妇联",
        "工会",
        "总工会",
        "残联",
        "科协",
        "文联",
        "开发区",
        "园区",
        "景区",
        "林场",
        "农场",
        "车站",
        "市场",
        "超市",
        "幼儿园",
        "中学",
        "小学",
        "卫健委",
        "驻军",
        "协会",
    ])
});

/// Words that no unit's name contains.
static NOT_IN_NAMES: LazyLock<Words<()>> = LazyLock::new(|| {
    Words::new(
        [
            "要",
            "确保",
            "开展",
            "进行",
            "是",
            "按照",
            "负责人",
            "加强",
            "提高",
            "应当",
            "必须",
            "对照",
            "结合",
            "切实",
            "根据",
            "认真",
            "进一步",
            "分别",
            "落实",
            "推进",
            "明确",
            "加大",
            "深入",
            "各自",
            "广泛",
            "通过",
            "强化",
            "高度",
        ]
        .map(|word| (word, ())),
    )
});

/// Could this be the name of a unit?
pub(crate) fn looks_like_unit(name: &[char]) -> bool {
    let (start, end) = trim(name, 0, name.len());
    let mut name = &name[start..end];
    while let Some((last, rest)) = name.split_last() {
        if matches!(last, '。' | ';' | ',' | '等' | '、') {
            name = rest;
        } else {
            break;
        }
    }
    if name.len() < 2 || name.len() > 26 {
        return false;
    }
    // a bracket at the end belongs to the name: 各乡镇(街道)
    let core: &[char] = match name.iter().position(|&c| is_open_bracket(c)) {
        Some(open) if open >= 2 && name.last().is_some_and(|&c| is_close_bracket(c)) => &name[..open],
        _ => name,
    };
    if core.iter().any(|&c| matches!(c, ',' | '。' | ':' | ';' | '\n' | '\t')) || NOT_IN_NAMES.is_in(core) {
        return false;
    }
    ENDINGS.end(core) || core[0] == '各' && core.len() <= 14
}

/// Is the line a list of units?
pub(crate) fn looks_like_list(line: &[char]) -> bool {
    let (start, end) = trim(line, 0, line.len());
    let line = &line[start..end];
    if line.is_empty() || line.len() > 200 {
        return false;
    }
    let mut parts = 0;
    let mut good = 0;
    for part in line.split(|&c| matches!(c, '、' | ',' | ';' | '/') || is_blank(c)) {
        if part.iter().any(|c| !c.is_whitespace()) {
            parts += 1;
            good += usize::from(looks_like_unit(part));
        }
    }
    parts > 0 && good * 3 >= parts * 2 && good > 0
}

/// Is the heading the name of units and nothing else (县城管局:, 区住建局、各街道)?
pub(crate) fn is_heading(heading: &[char]) -> bool {
    let (start, mut end) = trim(heading, 0, heading.len());
    while end > start && crate::chars::is_colon(heading[end - 1]) {
        end -= 1;
    }
    let name = &heading[start..end];
    // 办 and 局 alone at the end of a long line are too weak a sign
    name.len() >= 3
        && name.len() <= 30
        && !ends_with_any(name, &["任务", "职责", "安排", "标准", "要求", "分工", "工作"])
        && !name.iter().any(|&c| crate::chars::is_colon(c))
        && looks_like_list(name)
}

/// What follows a name and says its part: (牵头), 负责, 配合.
fn role_at_end(name: &[char]) -> Option<(UnitRole, usize)> {
    const ROLES: [(&str, UnitRole); 26] = [
        ("牵头负责", Lead),
        ("牵头实施", Lead),
        ("牵头落实", Lead),
        ("牵头组织", Lead),
        ("牵头,", Lead),
        ("总牵头", Lead),
        ("为主牵头", Lead),
        ("牵头", Lead),
        ("分工负责", Responsible),
        ("具体负责", Responsible),
        ("按职责分工负责", Responsible),
        ("共同负责", Responsible),
        ("负责落实", Responsible),
        ("负责实施", Responsible),
        ("负责组织实施", Responsible),
        ("组织实施", Responsible),
        ("负责", Responsible),
        ("具体落实", Responsible),
        ("落实", Responsible),
        ("承办", Responsible),
        ("参与配合", Support),
        ("协助配合", Support),
        ("配合", Support),
        ("协办", Support),
        ("参与", Support),
        ("协助", Support),
    ];
    ROLES
        .iter()
        .filter(|(word, _)| ends_with(name, word))
        .max_by_key(|(word, _)| word.chars().count())
        .map(|&(word, role)| (role, word.chars().count()))
}

/// The units of a marker's value or of a table's cell, in order. A role that the list itself gives (县住建局牵头,
/// 各乡镇配合; 县住建局(牵头)) wins over the marker's.
pub(crate) fn split(text: &[char], role: UnitRole) -> Vec<NamedUnit> {
    let mut units: Vec<NamedUnit> = Vec::new();
    // names whose role may still come at the end of their group: A、B配合
    let mut pending: Vec<(usize, usize)> = Vec::new();
    let listed = pieces(text);
    let mut current = role;
    for (i, &(from, to, closes)) in listed.iter().enumerate() {
        let (mut from, mut to) = trim(text, from, to);
        // a role word as a label inside the list: 牵头:A 配合:B
        if let Some(colon) = text[from..to].iter().position(|&c| is_colon(c)) {
            let label = &text[from..from + colon];
            if let Some(named) = label_role(label) {
                flush(text, &mut pending, current, &mut units);
                current = named;
                (from, to) = trim(text, from + colon + 1, to);
            }
        }
        while from < to && matches!(text[from], '由' | '以') {
            from += 1;
        }
        if let Some((named, len)) = role_at_end(&text[from..to])
            && (to - from == len || looks_like_unit(&text[from..to - len]))
        {
            let bare = to - from == len;
            if !bare {
                pending.push((from, to - len));
            }
            flush(text, &mut pending, named, &mut units);
            continue;
        }
        if from < to {
            pending.push((from, to));
        }
        if closes || i + 1 == listed.len() {
            flush(text, &mut pending, current, &mut units);
        }
    }
    units
}

fn label_role(label: &[char]) -> Option<UnitRole> {
    match super::markers::field_named(label) {
        Some(super::markers::Field::Unit(role)) => Some(role),
        _ => None,
    }
}

fn flush(text: &[char], pending: &mut Vec<(usize, usize)>, role: UnitRole, units: &mut Vec<NamedUnit>) {
    for (from, to) in pending.drain(..) {
        if let Some((name, own)) = name(&text[from..to]) {
            let role = own.unwrap_or(role);
            if !units.iter().any(|unit| unit.name == name && unit.role == role) && units.len() < 300 {
                units.push(NamedUnit { name, role });
            }
        }
    }
}

/// The pieces between separators outside brackets; `closes` where a clause ends behind the piece.
fn pieces(text: &[char]) -> Vec<(usize, usize, bool)> {
    let listed = text.iter().any(|&c| matches!(c, '、' | ',' | ';'));
    let mut depth = 0_usize;
    let mut out = Vec::new();
    let mut from = 0;
    for (i, &c) in text.iter().enumerate() {
        if is_open_bracket(c) {
            depth += 1;
        } else if is_close_bracket(c) {
            depth = depth.saturating_sub(1);
        }
        if depth > 0 {
            continue;
        }
        let sure = matches!(c, '、' | ',' | ';' | '/' | '。' | '\n' | '|' | '\t' | '·');
        let blank = is_blank(c)
            && if listed { separates(&text[from..i], &text[i + 1..]) } else { apart(&text[from..i]) };
        if sure || blank {
            out.push((from, i, matches!(c, ';' | '。' | '\n')));
            from = i + 1;
        } else if matches!(c, '和' | '及' | '与') && joins(&text[from..i], &text[i + 1..]) {
            out.push((from, i, false));
            from = i + 1;
            if text.get(from) == Some(&'其') {
                from += 1;
            }
        }
    }
    out.push((from, text.len(), true));
    out
}

/// Does a blank in a list without 、 stand behind a whole name? 镇 农机站 is one name.
fn apart(left: &[char]) -> bool {
    let (start, end) = trim(left, 0, left.len());
    let left = &left[start..end];
    left.len() >= 4 || looks_like_unit(left) || left.iter().any(|&c| is_colon(c))
}

/// Does a blank in a list with 、 separate two names? Where both sides are whole names.
fn separates(left: &[char], right: &[char]) -> bool {
    let word = |c: &char| is_han(*c) || *c == '*';
    let next: Vec<char> = right.iter().copied().skip_while(|&c| is_blank(c)).take_while(word).collect();
    looks_like_unit(left) && (looks_like_unit(&next) || next.len() > 20)
}

/// Do 和, 及, 与 join two names, or are they part of one (人力资源和社会保障局)?
fn joins(left: &[char], right: &[char]) -> bool {
    let (start, end) = trim(left, 0, left.len());
    let left = &left[start..end];
    if left.len() < 2 || !ENDINGS.end(left) && left[0] != '各' {
        return false;
    }
    let stop = right
        .iter()
        .position(|&c| matches!(c, '、' | ',' | ';' | '。' | ')' | '(') || is_blank(c))
        .unwrap_or(right.len());
    let right = &right[..stop];
    // 教育和体育局, 交通和公路局: the left side alone is a field of work, not a unit
    const FIELDS_OF_WORK: &[&str] = &[
        "教育",
        "卫生",
        "交通",
        "民政",
        "司法",
        "住建",
        "公安",
        "城管",
        "环卫",
        "文旅",
        "市场监管",
        "行政执法",
    ];
    if ends_with_any(left, FIELDS_OF_WORK) || ends_with_any(left, &["农业农村", "城市", "乡村"]) {
        return false;
    }
    let bare = role_at_end(right).map_or(right, |(_, len)| &right[..right.len() - len]);
    !right.is_empty()
        && (looks_like_unit(bare)
            || right[0] == '各'
            || right[0] == '相'
            || right[0] == '有'
            || right[0] == '其')
}

/// One name as printed, without footnote marks, closing punctuation and 等; with the role that a bracket behind it gives.
fn name(piece: &[char]) -> Option<(String, Option<UnitRole>)> {
    let (start, mut end) = trim(piece, 0, piece.len());
    // 县住建局 张某: who answers for it there
    if let Some(blank) = piece[start..end].iter().rposition(|&c| is_blank(c)).map(|n| start + n)
        && (2..=3).contains(&(end - blank - 1))
        && piece[blank + 1..end].iter().all(|&c| is_han(c))
        && !looks_like_unit(&piece[blank + 1..end])
        && looks_like_unit(&piece[start..blank])
        && blank - start >= 3
    {
        end = blank;
    }
    let mut piece: Vec<char> = piece[start..end].iter().copied().filter(|c| !is_blank(*c)).collect();
    let mut role = None;
    // 1.县城管局, ①县城管局: numbers of the list, no part of the name
    if let Some(marker) = crate::outline::numbering::marker_at(&piece, 0)
        && matches!(marker.style, Style::Num | Style::NumParen | Style::HalfParen | Style::Circle)
        && !marker.open
    {
        piece.drain(..marker.end.min(piece.len()));
    }
    if piece.len() <= 2 && piece.iter().all(char::is_ascii_digit) {
        return None;
    }
    loop {
        let before = piece.len();
        while piece.last().is_some_and(|&c| {
            matches!(c, '。' | ',' | ';' | '、' | '.' | ':' | '”' | '"' | '…' | '-' | '—' | '^' | '①'..='⑳' | '¹' | '²' | '³' | '⁰'..='⁹' | '〗' | '】' | '>' | '》')
        }) {
            piece.pop();
        }
        while piece.first().is_some_and(|&c| {
            matches!(c, '。' | ',' | ';' | '、' | ':' | '.' | '-' | '—' | '“' | '"' | '〖' | '【')
        }) {
            piece.remove(0);
        }
        // an unpaired bracket at the end
        if piece.last().is_some_and(|&c| is_close_bracket(c)) && !piece.iter().any(|&c| is_open_bracket(c)) {
            piece.pop();
        }
        if piece.first().is_some_and(|&c| is_open_bracket(c)) && !piece.iter().any(|&c| is_close_bracket(c)) {
            piece.remove(0);
        }
        if let Some(open) = piece.iter().rposition(|&c| is_open_bracket(c))
            && piece.last().is_some_and(|&c| is_close_bracket(c))
        {
            let inside = &piece[open + 1..piece.len() - 1];
            let named = match string(inside).as_str() {
                "牵头" | "牵头单位" | "牵头部门" | "主办" => Some(Lead),
                "配合" | "配合单位" | "协办" | "参与" => Some(Support),
                "责任" | "责任单位" | "落实" | "主责" => Some(Responsible),
                _ => None,
            };
            let note = !inside.is_empty() && inside.iter().all(|c| c.is_ascii_digit() || *c == '注');
            if named.is_some() || note {
                role = named.or(role);
                piece.truncate(open);
            }
        }
        // a footnote's star; 刘** is a name that was masked
        if piece.len() > 2
            && piece[piece.len() - 1] == '*'
            && piece[piece.len() - 2] != '*'
            && piece[0] != '*'
        {
            piece.pop();
        }
        for tail in [
            "等相关部门",
            "等有关部门",
            "等部门",
            "等单位",
            "等相关单位",
            "等有关单位",
            "等各部门",
            "等职能部门",
            "等",
        ] {
            if ends_with(&piece, tail) && piece.len() > tail.chars().count() + 1 {
                piece.truncate(piece.len() - tail.chars().count());
                break;
            }
        }
        if piece.len() == before {
            break;
        }
    }
    let wordy = piece.iter().any(|&c| is_han(c) || c.is_ascii_alphanumeric() || c == '*');
    (wordy && (1..=40).contains(&piece.len())).then(|| (string(&piece), role))
}

/// Names or posts of persons, as printed.
pub(crate) fn persons(text: &[char]) -> Vec<String> {
    let listed = text.iter().any(|&c| matches!(c, '、' | ',' | ';'));
    text.split(|&c| matches!(c, '、' | ',' | ';' | '。' | '/' | '\n') || is_blank(c) && !listed)
        .filter_map(|piece| name(piece).map(|(name, _)| name))
        .filter(|name| name.chars().count() <= 24 && !name.contains("电话") && !name.contains("手机"))
        .collect()
}

/// (县住建局牵头,县城管局、各乡镇配合), (县城管局负责), (县住建局、县城管局): a bracket at an item's end that holds nothing
/// but units, perhaps with their parts. `inside` is what the bracket holds.
pub(crate) fn in_bracket(inside: &[char]) -> Option<Vec<NamedUnit>> {
    let (start, end) = trim(inside, 0, inside.len());
    let inside = &inside[start..end];
    if inside.len() < 3 || inside.len() > 240 {
        return None;
    }
    // 市交通局、市水利局按职责分工负责
    let told_apart = ["按职责分工", "按照职责分工", "依职责分工", "按职责", "按分工"];
    let plain: Vec<char>;
    let inside =
        match told_apart.iter().find_map(|word| crate::chars::find(inside, word).map(|at| (at, word))) {
            Some((at, word)) => {
                plain = [&inside[..at], &inside[at + word.chars().count()..]].concat();
                &plain[..]
            }
            None => inside,
        };
    let units = split(inside, Responsible);
    let good = units.iter().filter(|unit| {
        let chars: Vec<char> = unit.name.chars().collect();
        looks_like_unit(&chars) && chars.len() >= 2
    });
    let with_role = inside.iter().collect::<String>();
    let told = ["牵头", "负责", "配合", "落实", "参与", "协办", "承办", "协助"]
        .iter()
        .any(|word| with_role.contains(word));
    let good = good.count();
    let office = |name: &str| {
        let chars: Vec<char> = name.chars().collect();
        ends_with_any(
            &chars,
            &[
                "局", "办", "委", "部", "镇", "乡", "街道", "府", "院", "联", "中心", "队", "公司", "社区",
                "乡镇", "单位", "部门", "工委", "会", "村", "所", "站", "支行", "集团", "学校", "社", "馆",
                "园", "校", "台", "处", "科", "股", "室", "厅", "队",
            ],
        )
    };
    let all = good == units.len() && !units.is_empty();
    (all && (told || units.iter().all(|unit| office(&unit.name)))).then_some(units)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str) -> String {
        let chars: Vec<char> = text.chars().collect();
        split(&chars, Responsible)
            .iter()
            .map(|unit| {
                let role = match unit.role {
                    Lead => "L:",
                    Responsible => "",
                    Support => "S:",
                };
                format!("{role}{}", unit.name)
            })
            .collect::<Vec<_>>()
            .join("|")
    }

    #[test]
    fn a_list_of_units_is_split() {
        for (text, expected) in [
            ("县住建局、县城管局", "县住建局|县城管局"),
            ("县住建局 县城管局 各乡镇", "县住建局|县城管局|各乡镇"),
            ("县人力资源和社会保障局、县妇联。", "县人力资源和社会保障局|县妇联"),
            ("县住建局和县城管局", "县住建局|县城管局"),
            ("各乡镇及县直各部门", "各乡镇|县直各部门"),
            ("县住建局、县城管局等部门", "县住建局|县城管局"),
            ("县住建局(牵头)、县城管局(配合)", "L:县住建局|S:县城管局"),
            ("县住建局牵头,县城管局、各乡镇配合", "L:县住建局|S:县城管局|S:各乡镇"),
            ("各乡镇(街道)、执法部门(公安、城管)", "各乡镇(街道)|执法部门(公安、城管)"),
            ("**镇党委、县住建局①", "**镇党委|县住建局"),
            ("县住 建局、县城 管局", "县住建局|县城管局"),
            ("县城管局;各乡镇", "县城管局|各乡镇"),
            ("牵头单位:县住建局 配合单位:县城管局", "L:县住建局|S:县城管局"),
            ("政法和社会管理局、XXX城管中队", "政法和社会管理局|XXX城管中队"),
            ("县教育和体育局", "县教育和体育局"),
            ("县委办、政府办", "县委办|政府办"),
        ] {
            assert_eq!(show(text), expected, "{text}");
        }
    }
}
