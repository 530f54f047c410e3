//! Markers of responsibility and time: 责任单位:…, (牵头领导:…;配合单位:…), 完成时限:…, and what people leave of them.

use std::sync::LazyLock;

use chengjing_domain::plan::UnitRole::{self, Lead, Responsible, Support};

use super::units;
use crate::{
    chars::{
        CharSet, ends_clause, ends_sentence, ends_with_any, is_blank, is_bracket_or_end, is_close_bracket,
        is_colon, is_han, is_open_bracket, skip_blanks,
    },
    words::Words,
};

/// What a marker names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Unit(UnitRole),
    Person,
    Due,
}

/// A marker with its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) field: Field,
    /// Where the marker begins, its opening bracket included.
    pub(crate) start: usize,
    /// The value, `[from, to)`.
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// Behind the value and its closing bracket or full stop.
    pub(crate) end: usize,
    pub(crate) bracketed: bool,
}

/// The words of each field. 责任 and 落实 name who does it, 牵头 who leads, 配合 who helps.
static FIELDS: LazyLock<Words<Field>> = LazyLock::new(|| {
    let list = |words: &'static str, field: Field| words.split_whitespace().map(move |word| (word, field));
    let lead = "牵头单位 牵头部门 牵头责任单位 牵头责任部门 牵头科室 牵头处室 牵头股室 牵头乡镇 主牵头单位 总牵头单位 主办单位 主办部门 主牵头部门 牵头 牵头机构 牵头市直单位 市级牵头单位 区级牵头单位 县级牵头单位 主要牵头单位 \
                主抓单位 组长单位 主办 主责单位 主责部门 主责";
    let responsible = "责任单位 责任部门 责任主体 责任科室 责任股室 责任处室 责任机构 落实单位 落实部门 承办单位 承办部门 承担单位 实施单位 \
                       实施部门 实施主体 执行单位 主要责任单位 直接责任单位 具体责任单位 第一责任单位 完成单位 办理单位 整改单位 整改责任单位 责任(单位) 责任单位及部门 \
                       责任单位(部门) 责任单位和部门 工作责任单位 责任县区 责任区县 责任乡镇 责任街道 负责单位 负责部门 建设单位 责任分工 主管单位 主管部门 任务单位 责任落实单位 责任单位和责任人 管理单位 分工 责任班组 包抓单位 包保单位 \
                       责任校区 组织单位 主体责任单位 责任单位、部门 属地责任单位 属地单位 行业主管部门 责任 承办 负责 落实";
    let support = "配合单位 配合部门 协办单位 协办部门 协助单位 协助部门 协同单位 协同部门 协作单位 参与单位 参与部门 参加单位 参加部门 配合科室 配合股室 \
                   配合 协办 参与 支持单位 配合责任单位 责任配合单位 会办单位 共同责任单位 联动单位 协调单位 成员单位 \
                   会同单位 会同部门 联合单位 协力单位 支撑单位 支撑部门 技术支持单位 技术支撑单位 技术支持 技术支撑 保障单位 保障部门 指导单位 业务指导单位 监督单位 督导单位 督办单位 协调部门 协调配合单位 协同 协助 会同";
    let person = "牵头领导 分管领导 责任领导 包抓领导 包保领导 挂钩领导 联系领导 市级领导 区级领导 县级领导 牵头市领导 牵头县领导 牵头区领导 市级责任领导 县级责任领导 区级责任领导 责任人 负责人 \
                  牵头人 第一责任人 直接责任人 具体责任人 具体负责人 主要负责人 联系人 总负责人 总牵头领导 带队领导 挂点领导 包联领导 督办领导 责任人员 总责任人 牵头负责人 分管负责人 分管县领导 分管市领导 分管区领导 包片领导 县级牵头领导 市级牵头领导 \
                  区级牵头领导 主管领导";
    let due = "完成时限 完成时间 完成期限 完成日期 整改时限 整改期限 整改时间 办结时限 办理时限 工作时限 时限要求 时间要求 时间节点 时间安排 时限 \
               任务时限 实施时间 起止时间 工作时间 进度要求 时间进度 完成节点 截止时间 活动时间 推进时限 落实时限 建设期限 建设工期 建设时限 建设时间 实施期限 任务期限 工期 期限 时间 \
               报送时间 报送时限 报送日期 上报时间 上报时限 提交时间 提交时限 反馈时间 反馈时限 办结时间 办理时间 销号时间 销号时限 完工时间 竣工时间 \
               落实时间 整治时限 整治期限 进度安排";
    Words::new(
        list(lead, Field::Unit(Lead))
            .chain(list(responsible, Field::Unit(Responsible)))
            .chain(list(support, Field::Unit(Support)))
            .chain(list(person, Field::Person))
            .chain(list(due, Field::Due)),
    )
});

/// What else a word of responsibility can stand behind: signs and bullets.
static BEFORE_A_WORD: CharSet = CharSet::new(",;:、”*●◆★■▲◎◇☆□▪•➢►※○·—-.").and_range('①', '⒇');

/// The field that a table column or label names, whole words only.
pub(crate) fn field_named(label: &[char]) -> Option<Field> {
    FIELDS.at(label, 0).filter(|&(_, len)| len == label.len()).map(|(field, _)| field)
}

/// Do the characters before `gap` and behind `after` make one word of responsibility (牵 头单位, 责任 / 单位)?
pub(crate) fn split_word(text: &[char], gap: usize, after: usize) -> bool {
    let from = (gap.saturating_sub(5)..gap)
        .rev()
        .take_while(|&i| crate::chars::is_han(text[i]))
        .last()
        .unwrap_or(gap);
    let ahead: Vec<char> =
        text[after..].iter().copied().filter(|&c| !is_blank(c) && c != '\n').take(6).collect();
    (from..gap).any(|start| {
        let mut word: Vec<char> = text[start..gap].to_vec();
        let own = word.len();
        word.extend_from_slice(&ahead);
        let colon = |len: usize| word.get(len).is_some_and(|&c| is_colon(c));
        FIELDS.at(&word, 0).is_some_and(|(_, len)| len > own && len >= 3 && (colon(len) || len >= 4))
    })
}

/// As [`split_word`] for a word cut by a line end.
pub(crate) fn split_over(line: &[char], next: &[char]) -> bool {
    // the characters that a word of responsibility can be cut behind
    if !line
        .last()
        .is_some_and(|c| "责任牵头配合落实完成时分管单部协办参与领导整改主承包抓限间具体".contains(*c))
    {
        return false;
    }
    let mut both: Vec<char> = line[line.len().saturating_sub(5)..].to_vec();
    let gap = both.len();
    both.extend(next.iter().take(8));
    split_word(&both, gap, gap)
}

/// Is a marker of responsibility written somewhere in the line?
pub(crate) fn named_in(line: &[char]) -> bool {
    (0..line.len())
        .any(|i| mark_at(line, i, line.len()).is_some_and(|(field, _)| matches!(field, Field::Unit(_))))
}

/// The field's word at `at`: blanks inside it are the cleaning's business.
fn word_at(text: &[char], at: usize) -> Option<(Field, usize)> {
    FIELDS.at(text, at)
}

/// Short words that are markers only with a colon.
fn needs_colon(text: &[char], at: usize, len: usize) -> bool {
    let word = &text[at..at + len];
    len <= 2
        || matches!(
            word[..2],
            ['时', '间']
                | ['成', '员']
                | ['联', '系']
                | ['管', '理']
                | ['主', '管']
                | ['行', '业']
                | ['组', '织']
                | ['建', '设']
                | ['工', '作']
                | ['负', '责']
                | ['主', '要']
                | ['活', '动']
        )
        || word[len - 1] == '工'
}

/// Does a marker with its sign stand at `at`? Used where a stray number stands before one.
pub(crate) fn starts_at(text: &[char], at: usize) -> bool {
    let at = skip_blanks(text, at);
    mark_at(text, at, text.len()).is_some()
}

/// 责任单位:1.县城管局;2.各街道: is the number at `at` the first of a list of units, directly behind a marker? Where the line
/// ends then.
pub(crate) fn numbers_units(text: &[char], at: usize, end: usize) -> Option<usize> {
    let behind = before_blanks(text, at);
    if behind == 0 || !is_colon(text[behind - 1]) {
        return None;
    }
    let word = &text[..before_blanks(text, behind - 1)];
    let named = (2..=8.min(word.len()))
        .any(|len| matches!(field_named(&word[word.len() - len..]), Some(Field::Unit(_))));
    // no list of units is longer
    let stop = crate::chars::line_end(text, at, end.min(at + 201));
    let listed = || {
        units::split(text[at..stop].strip_suffix(&['。']).unwrap_or(&text[at..stop]), Responsible)
            .iter()
            .all(|unit| units::looks_like_unit(&unit.name.chars().collect::<Vec<char>>()))
    };
    (named && stop - at <= 200 && listed()).then_some(stop)
}

fn before_blanks(text: &[char], at: usize) -> usize {
    text[..at].iter().rposition(|&c| !is_blank(c)).map_or(0, |last| last + 1)
}

/// The marker whose word begins at `at`: its field, where its value begins.
fn mark_at(text: &[char], at: usize, end: usize) -> Option<(Field, usize)> {
    let (mut field, len) = word_at(text, at)?;
    let mut i = at + len;
    // 责任单位(部门):, 牵头(责任)单位:
    let note = skip_blanks(text, i);
    if text.get(note).is_some_and(|&c| is_open_bracket(c))
        && let Some(close) = text[note..(note + 10).min(end)].iter().position(|&c| is_close_bracket(c))
    {
        let after = skip_blanks(text, note + close + 1);
        if text.get(after).is_some_and(|&c| is_colon(c)) {
            if crate::chars::contains(&text[note..note + close], "牵头") && field == Field::Unit(Responsible)
            {
                field = Field::Unit(Responsible);
            }
            i = note + close + 1;
        }
    }
    let sign = skip_blanks(text, i);
    let c = text.get(sign).copied().unwrap_or('\n');
    let before = at.checked_sub(1).map(|b| text[b]);
    let clean_before = before.is_none_or(|c| {
        c == '\n'
            || c == '\t'
            || is_blank(c)
            || ends_sentence(c)
            || is_open_bracket(c)
            || is_close_bracket(c)
            || BEFORE_A_WORD.has(c)
            || c.is_ascii_digit()
    });
    if is_colon(c) {
        // 各责任单位: addresses a letter, 责任单位: does not
        let addressed = matches!(before, Some('各')) && len > 2;
        let glued = matches!(before, Some('各' | '相' | '关' | '由' | '的' | '位' | '与' | '和'))
            // 县文明委成员单位: addresses a letter
            || text[at] == '成';
        return (!addressed && (clean_before || !glued && len > 2)).then_some((field, sign + 1));
    }
    // 这项工作的牵头单位是县城管局
    let told = before == Some('的') && matches!(c, '是' | '为');
    // 【时限】: the bracket does what a colon does
    let framed = matches!(before, Some('【' | '[' | '〖')) && matches!(c, '】' | ']' | '〗');
    if needs_colon(text, at, len) && !framed
        || !clean_before && !told
        || field == Field::Person
            && !is_open_bracket(before.unwrap_or('\n'))
            && c != ' '
            && !matches!(before, None | Some('\n'))
    {
        return None;
    }
    // 责任单位。县委办、 责任单位为县委办、 责任单位 县委办、 责任单位县委办、: only where a name follows
    let from = if matches!(
        c,
        '。' | '.'
            | '、'
            | ','
            | '为'
            | '是'
            | '-'
            | '—'
            | ';'
            | '·'
            | '|'
            | '】'
            | ']'
            | '〕'
            | '>'
            | '='
            | '”'
            | '"'
    ) {
        // ——, ——
        let more = text[sign + 1..].iter().take_while(|&&c| matches!(c, '—' | '-')).count();
        skip_blanks(text, sign + 1 + more)
    } else {
        sign
    };
    let newline = from > 0 && text.get(from) == Some(&'\n');
    let from = if newline { from + 1 } else { from };
    let first_end = (from..end.min(from + 30))
        .find(|&i| {
            is_blank(text[i])
                || matches!(text[i], '\n' | '\t' | '、' | ',' | ';' | '。' | '【' | '〖')
                || text[i] == ')' && !text[from..i].contains(&'(')
        })
        .unwrap_or(end.min(from + 30));
    let name = &text[from.min(end)..first_end.max(from.min(end))];
    match field {
        Field::Due => (!newline
            && !name.is_empty()
            && (name[0].is_ascii_digit() || crate::chars::starts_at(name, 0, "长期")))
        .then_some((field, from)),
        // 【分管领导】副区长张某: the frame says it, so the post may stand before the name
        Field::Person => {
            let most = if framed { 24 } else { 4 };
            (!newline && (2..=most).contains(&name.len())).then_some((field, from))
        }
        Field::Unit(_) => units::looks_like_unit(name).then_some((field, from)),
    }
}

/// Every marker of `[start, end)` with its value, in order.
pub(crate) fn marks(text: &[char], start: usize, end: usize) -> Vec<Mark> {
    let mut found: Vec<Mark> = Vec::new();
    // brackets that are open at this place of the line
    let mut depth = 0_usize;
    let mut i = start;
    while i < end {
        let c = text[i];
        let damaged = if i == start || text[i - 1] == '\n' { damaged(text, i, end) } else { None };
        if damaged.is_none() && !is_bracket_or_end(c) && !FIELDS.may_start(c) {
            i += 1;
            continue;
        }
        if c == '\n' {
            depth = 0;
        } else if is_open_bracket(c) {
            depth += 1;
        } else if is_close_bracket(c) {
            depth = depth.saturating_sub(1);
        }
        if damaged.is_none() && !FIELDS.may_start(c) {
            i += 1;
            continue;
        }
        let Some((field, from)) = mark_at(text, i, end).or(damaged) else {
            i += 1;
            continue;
        };
        let opened = i > start && is_open_bracket(text[i - 1]);
        // 【责任单位】 closes its bracket before the value
        let labelled = opened
            && text[i..from.min(end)].iter().any(|&c| is_close_bracket(c))
            && !text[i..from.min(end)].iter().any(|&c| is_open_bracket(c));
        if labelled {
            depth = depth.saturating_sub(1);
        }
        let bracketed = depth > 0;
        let mut from = skip_blanks(text, from).min(end);
        if labelled && from < end && is_colon(text[from]) {
            from = skip_blanks(text, from + 1).min(end);
        }
        // the value may stand on the next line
        if text.get(from) == Some(&'\n')
            && !bracketed
            && from + 1 < end
            && !value_ahead_is_marker(text, from + 1, end)
        {
            let line_end = crate::chars::line_end(text, from + 1, end);
            let line = &text[from + 1..line_end];
            let fits = match field {
                Field::Unit(_) => units::looks_like_list(line),
                Field::Person => line.len() <= 20 && !line.iter().any(|&c| ends_sentence(c)),
                Field::Due => line.len() <= 30 && !crate::dates::mentions(line).is_empty(),
            };
            if fits {
                from += 1;
            }
        }
        let mut to = value_end(text, from, end, bracketed, field);
        if !bracketed && matches!(field, Field::Unit(_)) {
            to = with_units_below(text, to, end);
        }
        let (value_from, value_to) = crate::chars::trim(text, from, to);
        let mut after = to;
        if bracketed && text.get(after).is_some_and(|&c| is_close_bracket(c)) && after < end {
            after += 1;
            depth = depth.saturating_sub(1);
        }
        if after < end && matches!(text[after], '。' | ';') {
            after += 1;
        }
        found.push(Mark {
            field,
            start: if opened { i - 1 } else { i },
            from: value_from,
            to: value_to,
            end: after,
            bracketed,
        });
        i = after.max(i + 1);
    }
    found
}

/// 责任单拉:县城管局: a scan got one character of the word wrong. What follows has to be what the word announces.
fn damaged(text: &[char], at: usize, end: usize) -> Option<(Field, usize)> {
    const WORDS: [&str; 12] = [
        "责任单位",
        "牵头单位",
        "配合单位",
        "落实单位",
        "协办单位",
        "承办单位",
        "责任部门",
        "牵头部门",
        "配合部门",
        "完成时限",
        "完成时间",
        "分管领导",
    ];
    let sign = skip_blanks(text, at + 4);
    if sign >= end || !is_colon(text[sign]) {
        return None;
    }
    let word = &text[at..at + 4];
    // words of their own, no damage: who hands a task out has not got it
    const WHOLE: [&str; 5] = ["交办单位", "经办单位", "举办单位", "申办单位", "联办单位"];
    if WHOLE.iter().any(|whole| crate::chars::starts_at(text, at, whole)) {
        return None;
    }
    let alike = |name: &&&str| name.chars().zip(word).filter(|&(a, &b)| a == b).count() == 3;
    let name: Vec<char> = WORDS.iter().find(alike)?.chars().collect();
    let field = field_named(&name)?;
    let value = &text[sign + 1..crate::chars::line_end(text, sign, end)];
    let fits = match field {
        Field::Unit(_) => units::looks_like_list(value),
        Field::Person => (2..=20).contains(&value.len()),
        Field::Due => value.len() <= 30 && !crate::dates::mentions(value).is_empty(),
    };
    fits.then_some((field, sign + 1))
}

/// 责任单位:县市场监管局 / 县商务局 / 完成时限:…: a line that holds nothing but units, between a marker's units and the next
/// marker, goes on with them. Where the last such line ends.
fn with_units_below(text: &[char], to: usize, end: usize) -> usize {
    /// How many lines a list may take.
    const LINES: usize = 12;
    let mut at = to;
    for _ in 0..LINES {
        if at >= end || text[at] != '\n' {
            break;
        }
        if value_ahead_is_marker(text, at + 1, end) {
            return at;
        }
        let stop = crate::chars::line_end(text, at + 1, end);
        if units::in_bracket(&text[at + 1..stop]).is_none() {
            break;
        }
        at = stop;
    }
    to
}

fn value_ahead_is_marker(text: &[char], at: usize, end: usize) -> bool {
    mark_at(text, skip_blanks(text, at), end).is_some()
}

/// Where a value ends: line, sentence, bracket, the next marker.
fn value_end(text: &[char], from: usize, end: usize, bracketed: bool, field: Field) -> usize {
    let mut inner = 0_usize;
    let mut i = from;
    while i < end {
        let c = text[i];
        if c == '\n' || c == '\t' || ends_sentence(c) && inner == 0 {
            return i;
        }
        if is_open_bracket(c) {
            inner += 1;
        } else if is_close_bracket(c) {
            if inner == 0 && bracketed {
                return i;
            }
            inner = inner.saturating_sub(1);
        } else if i > from && mark_at(text, i, end).is_some() {
            // 【配合单位】: the bracket opens the next marker
            if inner == 0 {
                return i;
            }
            if inner == 1 && is_open_bracket(text[i - 1]) {
                return i - 1;
            }
        }
        if field == Field::Due && matches!(c, ';') {
            return i;
        }
        if matches!(c, ',' | ';') && inner == 0 && other_label(text, i + 1, end) {
            return i;
        }
        // 责任单位:县卫健局,知晓率达到85%以上: what has figures behind a comma is the sentence again
        if c == ',' && inner == 0 && matches!(field, Field::Unit(_)) {
            let piece = text[i + 1..end.min(i + 41)].split(|&c| ends_clause(c) || c == '、').next();
            if piece
                .is_some_and(|piece| piece.iter().any(char::is_ascii_digit) && !units::looks_like_unit(piece))
            {
                return i;
            }
        }
        i += 1;
    }
    end
}

/// 责任单位:县城管局;验收单位:县创建办;资金来源:县财政: does a label that is no marker stand at `at`? What it names has another part
/// in the matter. A unit before a colon is no label: 县城管局:清理占道经营.
fn other_label(text: &[char], at: usize, end: usize) -> bool {
    let from = skip_blanks(text, at);
    let len = text[from.min(end)..end].iter().take(7).take_while(|&&c| is_han(c)).count();
    let label = &text[from.min(end)..from.min(end) + len];
    (2..=6).contains(&len)
        && text[..end].get(skip_blanks(text, from + len)).is_some_and(|&c| is_colon(c))
        && mark_at(text, from, end).is_none()
        && (!units::looks_like_unit(label) || ends_with_any(label, &["单位", "部门", "科室"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str) -> String {
        let chars: Vec<char> = text.chars().collect();
        marks(&chars, 0, chars.len())
            .iter()
            .map(|mark| {
                let field = match mark.field {
                    Field::Unit(Lead) => "lead",
                    Field::Unit(Responsible) => "resp",
                    Field::Unit(Support) => "supp",
                    Field::Person => "who",
                    Field::Due => "due",
                };
                format!("{field}={}", chars[mark.from..mark.to].iter().collect::<String>())
            })
            .collect::<Vec<_>>()
            .join("|")
    }

    #[test]
    fn a_marker_and_its_value_are_found() {
        for (text, expected) in [
            ("责任单位:县住建局、县城管局", "resp=县住建局、县城管局"),
            ("责任单位。县委办、县政府办。", "resp=县委办、县政府办"),
            ("责任单位 县委办、县政府办", "resp=县委办、县政府办"),
            ("责任单位县委办、县政府办", "resp=县委办、县政府办"),
            ("清扫街道。(责任单位:城管局;完成时间:2024年6月)", "resp=城管局;|due=2024年6月"),
            ("(牵头领导:张某、李某,责任单位:各村社)", "who=张某、李某,|resp=各村社"),
            ("牵头单位:县住建局;配合单位:各乡镇", "lead=县住建局;|supp=各乡镇"),
            ("完成时限:2024年6月底前", "due=2024年6月底前"),
            ("各责任单位要高度重视", ""),
            ("牵头单位要切实发挥作用,配合单位要主动配合", ""),
            ("落实责任单位和责任人", ""),
            ("各责任单位:", ""),
            ("各街道,市直各文明委成员单位:", ""),
            ("责任单位:\n县城管局、县住建局", "resp=县城管局、县住建局"),
            ("【责任单位】县城管局、县住建局", "resp=县城管局、县住建局"),
            ("【牵头单位】镇文化站;【配合单位】镇团委", "lead=镇文化站;|supp=镇团委"),
            ("责任单位:县市监局\n县商务局\n完成时限:2025年6月", "resp=县市监局\n县商务局|due=2025年6月"),
            ("责任单位:县市监局\n县商务局\n2025年1月3日", "resp=县市监局"),
            ("【时限】2025年6月", "due=2025年6月"),
            ("落实单位——各村(居)委会", "resp=各村(居)委会"),
            ("【分管领导】副区长张某某", "who=副区长张某某"),
            ("责任单拉:县城管局、各街道", "resp=县城管局、各街道"),
            ("贡任单位:县城管局", "resp=县城管局"),
            ("交办单位:县创建办", ""),
            ("落实到位:确保见效", ""),
            ("(责任单位:县工信局;报送时间:5月31日)", "resp=县工信局;|due=5月31日"),
            ("(责任单位:县工信局;验收单位:县创建办)", "resp=县工信局"),
            ("(责任人:张某;挂点单位:县创建办)", "who=张某"),
            ("联系人:张某,邮箱:a@b.cn", "who=张某"),
            ("主责:县工信局\n配合:县商务局", "lead=县工信局|supp=县商务局"),
            ("(牵头单位:县农业局,会同单位:县公安局)", "lead=县农业局,|supp=县公安局"),
        ] {
            assert_eq!(show(text), expected, "{text}");
        }
    }
}
