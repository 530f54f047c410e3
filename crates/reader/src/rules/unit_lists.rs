//! Lists of units: how they are split, and which part each of them has.

use chengjing_domain::plan::{
    NamedUnit,
    UnitRole::{self, Lead, Responsible, Support},
};

use super::units::{ENDINGS, looks_like_unit};
use crate::{
    chars::{
        ends_with, ends_with_any, is_blank, is_close_bracket, is_colon, is_han, is_open_bracket, string, trim,
    },
    outline::numbering::Style,
};

/// What follows a name and says its part: (牵头), 负责, 配合.
fn role_at_end(name: &[char]) -> Option<(UnitRole, usize)> {
    const ROLES: [(&str, UnitRole); 40] = [
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
        ("按照职责分工负责", Responsible),
        ("依职责分工负责", Responsible),
        ("按分工负责", Responsible),
        ("按职责负责", Responsible),
        ("负总责", Lead),
        ("总负责", Lead),
        ("具体实施", Responsible),
        ("实施", Responsible),
        ("分别负责", Responsible),
        ("分头落实", Responsible),
        ("抓好落实", Responsible),
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
        ("参加", Support),
        ("共同参与", Support),
        ("协同", Support),
    ];
    ROLES
        .iter()
        .filter(|(word, _)| ends_with(name, word))
        .max_by_key(|(word, _)| word.chars().count())
        .map(|&(word, role)| (role, word.chars().count()))
}

/// 列第一位的为牵头单位, 下同: how a list is to be read.
pub(super) fn explains(piece: &[char]) -> bool {
    ["列第一", "列首位", "排第一", "排名第一", "排首位", "下同"]
        .iter()
        .any(|word| crate::chars::starts_at(piece, 0, word))
}

/// The units of a marker's value or of a table's cell, in order. A role that the list itself gives (县住建局牵头,
/// 各乡镇配合; 县住建局(牵头)) wins over the marker's.
pub(crate) fn split(text: &[char], role: UnitRole) -> Vec<NamedUnit> {
    let mut units: Vec<NamedUnit> = Vec::new();
    // names whose role may still come at the end of their group: A、B配合
    let mut pending: Vec<(usize, usize)> = Vec::new();
    let listed = pieces(text);
    let mut current = role;
    let mut called = false;
    for (i, &(from, to, closes)) in listed.iter().enumerate() {
        let (mut from, mut to) = trim(text, from, to);
        if explains(&text[from..to]) {
            continue;
        }
        // a role word as a label inside the list: 牵头:A 配合:B
        if let Some(colon) = text[from..to].iter().position(|&c| is_colon(c)) {
            let label = &text[from..from + colon];
            let named = label_role(label);
            // 技术支持:县信息中心: whatever the word, a unit that is named beside who answers for it helps
            let helps = || {
                (2..=6).contains(&colon)
                    && label.iter().all(|&c| is_han(c))
                    && !looks_like_unit(label)
                    && looks_like_unit(&text[from + colon + 1..to])
            };
            if let Some(named) = named.or_else(|| helps().then_some(Support)) {
                flush(text, &mut pending, current, &mut units);
                current = named;
                (from, to) = trim(text, from + colon + 1, to);
            }
        }
        while from < to && matches!(text[from], '由' | '以') {
            from += 1;
        }
        // 县城管局会同县公安局、各街道负责: who is called in helps, whatever the list says at its end
        if let Some(word) = joined_by(&text[from..to]) {
            let left = trim(text, from, from + word);
            if left.0 < left.1 {
                let stop = role_at_end(&text[left.0..left.1]);
                let (named, len) = stop.unwrap_or((current, 0));
                pending.push((left.0, left.1 - len));
                flush(text, &mut pending, named, &mut units);
            }
            current = Support;
            called = true;
            (from, to) = trim(text, from + word + 2, to);
        }
        if let Some((named, len)) = role_at_end(&text[from..to])
            && (to - from == len || looks_like_unit(&text[from..to - len]))
        {
            let bare = to - from == len;
            if !bare {
                pending.push((from, to - len));
            }
            flush(text, &mut pending, if called { Support } else { named }, &mut units);
            continue;
        }
        if from < to {
            pending.push((from, to));
        }
        if closes || i + 1 == listed.len() {
            flush(text, &mut pending, current, &mut units);
            if called {
                (current, called) = (role, false);
            }
        }
    }
    leads_by_star(&mut units);
    units
}

/// *市住建局、市城管局: a star in front of one name of the list says who leads. Where a place's name is masked (**镇党委) it is
/// no mark: that of the others would be too.
fn leads_by_star(units: &mut [NamedUnit]) {
    let seat = |name: &str| name.chars().next();
    let behind = |name: &str| -> Option<String> {
        let rest = name.strip_prefix(['*', '★', '▲', '☆'])?;
        rest.starts_with(['县', '市', '区', '省', '州']).then(|| rest.to_owned())
    };
    let others: Vec<char> = units.iter().filter_map(|unit| seat(&unit.name)).collect();
    for unit in units.iter_mut() {
        if let Some(name) = behind(&unit.name)
            && (!unit.name.starts_with('*')
                || seat(&name).is_some_and(|seat| others.contains(&seat) || others.contains(&'各')))
        {
            *unit = NamedUnit { name, role: Lead };
        }
    }
}

/// Where a 会同 between two names, or in front of one, is written.
fn joined_by(piece: &[char]) -> Option<usize> {
    let at = crate::chars::find(piece, "会同")?;
    let left = &piece[..at];
    let (start, end) = trim(left, 0, left.len());
    let left = &left[start..end];
    let bare = role_at_end(left).map_or(left, |(_, len)| &left[..left.len() - len]);
    (bare.is_empty() || looks_like_unit(bare)).then_some(at)
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
    let text = &with_whole_names(text);
    // 副县长 张某: a post and whose it is
    let post = |at: usize| {
        let (_, end) = trim(text, 0, at);
        ends_with_any(&text[..end], &["长", "书记", "主任", "委员", "常委", "主席", "经理", "调研员"])
    };
    let listed = text.iter().any(|&c| matches!(c, '、' | ',' | ';'))
        || (0..text.len()).any(|i| is_blank(text[i]) && post(i));
    text.split(|&c| matches!(c, '、' | ',' | ';' | '。' | '/' | '\n') || is_blank(c) && !listed)
        .filter_map(|piece| name(piece).map(|(name, _)| name))
        .filter(|name| name.chars().count() <= 24 && !name.contains("电话") && !name.contains("手机"))
        .collect()
}

/// 王  敏: a name of two characters is padded to the width of three. One character by itself, blanks, and another by itself
/// are one name.
fn with_whole_names(text: &[char]) -> Vec<char> {
    let alone = |at: usize| {
        let edge = |c: Option<&char>| c.is_none_or(|&c| !is_han(c));
        is_han(text[at]) && edge(at.checked_sub(1).map(|before| &text[before])) && edge(text.get(at + 1))
    };
    let mut whole = Vec::with_capacity(text.len());
    let mut i = 0;
    while i < text.len() {
        whole.push(text[i]);
        i += 1;
        if !alone(i - 1) {
            continue;
        }
        let next = i + text[i..].iter().take_while(|&&c| is_blank(c)).count();
        if next > i && next < text.len() && alone(next) {
            whole.push(text[next]);
            i = next + 1;
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_padded_name_is_one_person() {
        for (text, expected) in [
            ("王  敏", "王敏"),
            ("林 芳 陈 静", "林芳|陈静"),
            ("李 强、王立新", "李强|王立新"),
            ("林 芳(副市长)", "林芳(副市长)"),
            ("王立新 李强", "王立新|李强"),
            ("副县长 张 某", "副县长张某"),
        ] {
            let chars: Vec<char> = text.chars().collect();
            assert_eq!(persons(&chars).join("|"), expected, "{text}");
        }
    }

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
            ("*市住建局、市城管局", "L:市住建局|市城管局"),
            ("市城管局、★市住建局", "市城管局|L:市住建局"),
            ("*县教育局、**镇党委", "*县教育局|**镇党委"),
            ("县城管局牵头,各镇配合,列第一位的为牵头单位", "L:县城管局|S:各镇"),
            ("牵头单位:县住建局 配合单位:县城管局", "L:县住建局|S:县城管局"),
            ("政法和社会管理局、XXX城管中队", "政法和社会管理局|XXX城管中队"),
            ("县教育和体育局", "县教育和体育局"),
            ("县委办、政府办", "县委办|政府办"),
            ("县城管局会同县公安局、各街道负责", "县城管局|S:县公安局|S:各街道"),
            ("县城管局牵头,会同县公安局", "L:县城管局|S:县公安局"),
            ("县城管局牵头会同县公安局;各镇", "L:县城管局|S:县公安局|各镇"),
            ("县城管局;技术支持:县信息中心", "县城管局|S:县信息中心"),
        ] {
            assert_eq!(show(text), expected, "{text}");
        }
    }
}
