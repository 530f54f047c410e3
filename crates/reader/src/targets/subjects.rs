//! What a figure is asked of.

use super::words::DOING;
use crate::chars::{is_blank, starts_at, string, trim};

/// The words from the clause's beginning to the comparator, without 均, 应 and the like at its end.
pub(super) fn subject(text: &[char], clause: usize, end: usize) -> String {
    let (start, mut end) = trim(text, clause.min(end), end);
    while end > start
        && (matches!(text[end - 1], '均' | '都' | '应' | '须' | '要' | '各' | '为' | '是' | '必' | '需')
            || is_blank(text[end - 1]))
    {
        end -= 1;
    }
    let from = start.max(end.saturating_sub(40));
    let from = behind_date(&text[from..end]) + from;
    string(&text[from..end])
}

/// 2026年7月底前新增停车泊位: the date says when, what is behind it is what is counted.
fn behind_date(subject: &[char]) -> usize {
    let Some(mention) = crate::dates::mentions(subject).into_iter().next().filter(|mention| mention.at == 0)
    else {
        return 0;
    };
    let mut at = mention.end;
    while subject.get(at).is_some_and(|&c| matches!(c, ',' | '、' | ':') || is_blank(c)) {
        at += 1;
    }
    if at < subject.len() { at } else { 0 }
}

/// Is a verb of doing in the words? One of a single character only at their beginning: 公共建筑 builds nothing.
fn does(words: &[char]) -> bool {
    (0..words.len()).any(|i| DOING.at(words, i).is_some_and(|((), len)| len > 1 || i == 0))
}

/// 知晓率、支持率均达90%: each of the subjects that share the figure.
pub(super) fn subjects(text: &[char], clause: usize, end: usize) -> Vec<String> {
    let whole = subject(text, clause, end);
    let chars: Vec<char> = whole.chars().collect();
    let (_, trimmed) = trim(text, clause.min(end), end);
    let shared = text[trimmed.saturating_sub(3).max(clause.min(trimmed))..trimmed]
        .iter()
        .any(|c| matches!(c, '均' | '都' | '各'))
        || crate::chars::ends_with(&text[clause.min(end)..end], "全部");
    let mut parts: Vec<&[char]> = Vec::new();
    let mut from = 0;
    for (i, &c) in chars.iter().enumerate() {
        // 参与率, 及时率: no joint
        let word = ["参与", "及时", "普及", "和谐", "涉及", "和平"]
            .iter()
            .any(|word| starts_at(&chars, i, word) || i > 0 && starts_at(&chars, i - 1, word));
        if c == '、' || matches!(c, '和' | '及' | '与') && !word {
            parts.push(&chars[from..i]);
            from = i + 1;
        }
    }
    parts.push(&chars[from..]);
    let rate = |part: &&[char]| part.ends_with(&['率']);
    let measured = |part: &&[char]| {
        part.last().is_some_and(|c| matches!(c, '率' | '度' | '量' | '数' | '值'))
            || crate::chars::ends_with_any(part, &["面积", "比例", "指数", "水平"])
    };
    let count =
        parts.iter().rev().take_while(|part| if shared { measured(part) } else { rate(part) }).count();
    // 出厂水、管网末梢水合格率均…: the rate is that of each
    let each = shared
        && count == 1
        && parts.len() >= 2
        && parts.iter().all(|part| (2..=12).contains(&part.len()) && !does(part));
    let count = if each { parts.len() } else { count };
    if count < 2 {
        return vec![whole];
    }
    parts[parts.len() - count..].iter().map(|part| string(part)).collect()
}
