//! Numbers with their units, and what they are measured against.

use chengjing_domain::plan::Comparator;
use rust_decimal::Decimal;

use super::words::{AFTER, BASES, BEFORE, FIXED_WORDS, Kind, UNITS};
use crate::{
    chars::{ends_clause, is_blank, is_cn_number, is_han, is_numeral, skip_blanks, starts_at, string},
    numbers::{arabic, cn_decimal, cn_integer, cn_share},
};

/// A number with its unit, where it stands in the slice.
#[derive(Debug, Clone)]
pub(super) struct Quantity {
    pub(super) at: usize,
    /// Behind number, unit and base.
    pub(super) end: usize,
    pub(super) value: Decimal,
    pub(super) unit: String,
    pub(super) kind: Kind,
    /// Written in Chinese characters.
    pub(super) words: bool,
    pub(super) has_base: bool,
}

/// The second end of a range whose first quantity was read.
pub(super) fn range(text: &[char], first: &Quantity) -> Option<Quantity> {
    let i = skip_blanks(text, first.end);
    let joint = text.get(i).is_some_and(|c| matches!(c, '-' | '—' | '–' | '~' | '至' | '到'));
    if !joint {
        return None;
    }
    let mut j = i;
    while j < text.len() && j - i < 2 && matches!(text[j], '-' | '—' | '–' | '~' | '至' | '到') {
        j += 1;
    }
    let second = quantity(text, skip_blanks(text, j))?;
    let same = first.unit.is_empty()
        || first.unit == second.unit
        || first.unit == "万"
        || second.unit.starts_with(&first.unit);
    (same && !second.unit.is_empty() && first.value < second.value).then_some(second)
}

/// Number, multiplier, unit and base at `at`.
pub(super) fn quantity(text: &[char], at: usize) -> Option<Quantity> {
    if let Some((value, unit, len)) = cn_share(text, at) {
        let end = at + len;
        return Some(Quantity {
            at,
            end,
            value,
            unit: unit.to_owned(),
            kind: Kind::Firm,
            words: false,
            has_base: false,
        });
    }
    // 百家宴, 千人计划: a bare 百 or 千 is a way of speaking, it counts nothing
    if matches!(text.get(at), Some('百' | '千')) {
        return None;
    }
    // 队伍5支: the second half of a word, no five
    let troop = |at: usize| text.get(at) == Some(&'伍') && at > 0 && text[at - 1] == '队';
    if troop(at)
        || at > 0 && (is_cn_number(text[at - 1]) && !troop(at - 1) || text[at - 1].is_ascii_digit())
        || FIXED_WORDS.at(text, at).is_some()
    {
        return None;
    }
    let (mut value, len, words) = match arabic(text, at) {
        Some((value, len)) => (value, len, false),
        None => cn_decimal(text, at).map(|(value, len)| (value, len, true))?,
    };
    let mut i = skip_blanks(text, at + len);
    if matches!(text.get(i), Some('余' | '多')) {
        i += 1;
    }
    for (word, times) in [("万", 10_000_i64), ("亿", 100_000_000)] {
        if starts_at(text, i, word) {
            value = value.checked_mul(Decimal::from(times))?;
            i = skip_blanks(text, i + 1);
            if word == "万" && starts_at(text, i, "亿") {
                value = value.checked_mul(Decimal::from(100_000_000_i64))?;
                i += 1;
            }
            break;
        }
    }
    if matches!(text.get(i), Some('余' | '多')) {
        i += 1;
    }
    let value = value.normalize();
    let (kind, unit_len) = UNITS.at(text, i).unwrap_or((Kind::Firm, 0));
    let (mut unit, mut end) = (string(&text[i..i + unit_len]), i + unit_len);
    if unit_len == 0 {
        end = skip_back(text, i);
    }
    if unit.is_ascii() && unit_len > 0 && text.get(end).is_some_and(char::is_ascii_alphabetic) {
        return None;
    }
    // 3日内, 不超过7日: days; 7日 alone is a date
    if unit == "日" && !matches!(text.get(end), Some('内' | '以' | '之')) && !compared(text, at) {
        return None;
    }
    if unit == "%" {
        unit = "%".to_owned();
    }
    let mut has_base = unit.contains('/');
    // 低于1/10万: the rate has a base and counts nothing by name
    if unit_len == 0
        && let Some(len) = bare_base(text, end)
    {
        unit = string(&text[end..end + len]);
        end += len;
        has_base = true;
    }
    if unit_len > 0
        && let Some((base, base_end)) = base(text, end)
    {
        unit = format!("{unit}/{base}");
        end = base_end;
        has_base = true;
    }
    if unit_len > 0 && unit == "人" && matches!(text.get(end), Some('大' | '才' | '民' | '工' | '员' | '口'))
    {
        return None;
    }
    if words && unit == "分" && matches!(text.get(end), Some('之' | '工' | '类' | '钟')) {
        return None;
    }
    Some(Quantity { at, end, value, unit, kind, words, has_base })
}

/// Does a count stand behind the 每 of the clause (每半年开展一次)?
fn counted_ahead(text: &[char], from: usize, clause: usize) -> bool {
    let Some(every) = text[from..clause].iter().rposition(|&c| c == '每').map(|i| from + i) else {
        return false;
    };
    let base = BASES.at(text, every + 1).map_or(1, |(_, len)| len);
    text[(every + 1 + base).min(clause)..clause].iter().any(|&c| is_numeral(c))
}

/// Does the number stand right behind a comparator that no date can stand behind?
fn compared(text: &[char], at: usize) -> bool {
    (2..=4).any(|len| {
        at.checked_sub(len).and_then(|from| BEFORE.at(text, from)).is_some_and(|(comparator, found)| {
            found == len && matches!(comparator, Comparator::AtMost | Comparator::LessThan)
        })
    })
}

fn skip_back(text: &[char], mut i: usize) -> usize {
    while i > 0 && is_blank(text[i - 1]) {
        i -= 1;
    }
    i
}

/// `/10万` behind a number: how long it is.
fn bare_base(text: &[char], at: usize) -> Option<usize> {
    if text.get(at) != Some(&'/') {
        return None;
    }
    let digits = text[at + 1..].iter().take(4).take_while(|c| c.is_ascii_digit() || **c == '十').count();
    matches!(text.get(at + 1 + digits), Some('万' | '千')).then_some(digits + 2)
}

/// `/万户` behind a unit.
fn base(text: &[char], at: usize) -> Option<(String, usize)> {
    let i = skip_blanks(text, at);
    if !matches!(text.get(i), Some('/' | '∕')) {
        return None;
    }
    let mut end = skip_blanks(text, i + 1);
    let start = end;
    if let Some((base, len)) = BASES.at(text, end) {
        return Some((base.to_owned(), end + len));
    }
    while end < text.len()
        && end - start < 6
        && (is_han(text[end]) || text[end].is_ascii_alphanumeric() || matches!(text[end], '³' | '²'))
    {
        if AFTER.at(text, end).is_some() || BEFORE.at(text, end).is_some() {
            break;
        }
        end += 1;
    }
    (end > start).then(|| (string(&text[start..end]), end))
}

/// Adds the base that stands before the number: 每千人…3张 is 张/千人, 每月不少于2次 is 次/月.
pub(super) fn with_base(
    text: &[char],
    clause: usize,
    at: usize,
    lead: Option<usize>,
    unit: &str,
    has_base: bool,
) -> String {
    if has_base || unit.is_empty() || matches!(unit, "%" | "‰" | "‱" | "个百分点" | "百分点") {
        return unit.to_owned();
    }
    let mut from = clause.max(at.saturating_sub(24));
    // the comparator opens its own clause: 每月开展活动,不少于2次
    if lead == Some(skip_blanks(text, clause)) && clause > 0 && matches!(text[clause - 1], ',') {
        let before = text[..clause - 1].iter().rposition(|&c| ends_clause(c)).map_or(0, |i| i + 1);
        from = before.max(at.saturating_sub(30));
        // 测评每半年开展一次,低于60分的退出: the rhythm has its own count, it is no base of this one
        if text[from..clause].iter().any(|&c| is_numeral(c)) && counted_ahead(text, from, clause) {
            return unit.to_owned();
        }
    }
    let Some(every) = text[from..at].iter().rposition(|&c| c == '每').map(|i| from + i) else {
        return unit.to_owned();
    };
    let mut i = skip_blanks(text, every + 1);
    let number_at = i;
    let mut count = String::new();
    if let Some((value, len)) = arabic(text, i).or_else(|| {
        cn_integer(text, i)
            .filter(|&(n, _)| n > 1 && n != 1000 && n != 100)
            .map(|(n, len)| (Decimal::from(n), len))
    }) {
        count = value.to_string();
        i = skip_blanks(text, i + len);
        if text.get(i) == Some(&'万') && arabic(text, number_at).is_some() {
            count.push('万');
            i += 1;
        }
    }
    // 每500人, 每20户: people count as a base only by a number
    let counted =
        (!count.is_empty()).then(|| ["人", "户", "名"].into_iter().find(|word| starts_at(text, i, word)));
    let base = BASES.at(text, i).map(|(base, _)| base).or(counted.flatten());
    let Some(base) = base else { return unit.to_owned() };
    if base == unit || i >= at {
        return unit.to_owned();
    }
    // 检测每季度一次、结果于季后10日内公布: the rhythm has its own count
    if text[i..at].windows(2).any(|pair| is_numeral(pair[0]) && matches!(pair[1], '次' | '回' | '轮' | '期'))
    {
        return unit.to_owned();
    }
    format!("{unit}/{count}{base}")
}
