//! What counts as which verdict: …为符合;…为基本符合;否则为不符合. And deductions of points.

use chengjing_domain::plan::Grading;

use crate::chars::{
    CharSet, contains, ends_clause, ends_sentence, is_blank, is_close_bracket, is_colon, is_open_bracket,
    starts_at, string, trim,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Met,
    Partly,
    NotMet,
}

/// The words of each verdict, the longer first so that 不符合 is not read as 符合.
const VERDICTS: [(&str, Verdict); 15] = [
    ("基本符合", Verdict::Partly),
    ("部分符合", Verdict::Partly),
    ("基本达标", Verdict::Partly),
    ("基本合格", Verdict::Partly),
    ("不完全符合", Verdict::Partly),
    ("不符合", Verdict::NotMet),
    ("未达标", Verdict::NotMet),
    ("不达标", Verdict::NotMet),
    ("不合格", Verdict::NotMet),
    ("完全符合", Verdict::Met),
    ("符合", Verdict::Met),
    ("达标", Verdict::Met),
    ("合格", Verdict::Met),
    ("B档", Verdict::Partly),
    ("C档", Verdict::NotMet),
];

fn verdict_at(text: &[char], at: usize) -> Option<(Verdict, usize)> {
    static FIRST: CharSet = CharSet::new("基部不未完符达合BC");
    if !FIRST.has(text[at]) {
        return None;
    }
    VERDICTS
        .iter()
        .find(|(word, _)| starts_at(text, at, word))
        .map(|&(word, verdict)| (verdict, word.chars().count()))
}

/// A.… B.… C.…: grades by letters, the best first; at least two of them, in order.
fn by_letters(text: &[char]) -> Option<Grading> {
    let mut at: Vec<(usize, usize)> = Vec::new();
    for (i, &c) in text.iter().enumerate() {
        // [A]…, 【B】…, (C)…
        let framed =
            i > 0 && is_open_bracket(text[i - 1]) && text.get(i + 1).is_some_and(|&c| is_close_bracket(c));
        let begins = framed || i == 0 || ends_clause(text[i - 1]) || is_blank(text[i - 1]);
        let letter = (c as usize).wrapping_sub('A' as usize);
        if begins && letter < 3 && at.last().is_none_or(|&(_, last)| letter > last) {
            // A级:… A档:… as well as A:… and A.…
            let level = usize::from(text.get(i + 1).is_some_and(|&c| matches!(c, '级' | '档' | '等' | '类')));
            let sign = text.get(i + 1 + level);
            if framed || sign.is_some_and(|&c| is_colon(c) || level == 0 && matches!(c, '.' | '、')) {
                at.push((i, letter));
            }
        }
    }
    if at.len() < 2 || at[0].1 != 0 {
        return None;
    }
    let mut grading = Grading::default();
    for (index, &(from, letter)) in at.iter().enumerate() {
        let end = at.get(index + 1).map_or(text.len(), |next| next.0);
        let sign = from + text[from..end].iter().take(3).position(|&c| is_colon(c)).unwrap_or(1);
        let (from, mut to) = trim(text, (sign + 1).min(end), end);
        while to > from
            && (ends_clause(text[to - 1]) || is_blank(text[to - 1]) || is_open_bracket(text[to - 1]))
        {
            to -= 1;
        }
        let verdict = [Verdict::Met, Verdict::Partly, Verdict::NotMet][letter];
        set(&mut grading, verdict, string(&text[from..to]));
    }
    (grading != Grading::default()).then_some(grading)
}

/// The grading that an item's text gives, if it gives one.
pub(crate) fn grading(text: &[char]) -> Option<Grading> {
    in_words(text).or_else(|| by_letters(text))
}

/// Verdicts that the text names.
fn in_words(text: &[char]) -> Option<Grading> {
    let mut grading = Grading::default();
    let mut from = 0;
    let mut i = 0;
    while i < text.len() {
        let c = text[i];
        if ends_sentence(c) || matches!(c, ';' | '\n') {
            from = i + 1;
            i += 1;
            continue;
        }
        let Some((verdict, len)) = verdict_at(text, i) else {
            i += 1;
            continue;
        };
        let after = text.get(i + len).copied().unwrap_or('\n');
        let before = i.checked_sub(1).map_or('\n', |b| {
            if matches!(text[b], '“' | '"' | '【' | '「') && b > 0 { text[b - 1] } else { text[b] }
        });
        // condition + 为符合 / 的符合 / 记为符合 / 即为符合
        if matches!(before, '为' | '是' | '作' | '属' | '判' | '记')
            && !matches!(after, '标' | '要' | '规' | '国' | '条')
        {
            let mut stop = i;
            while stop > from
                && matches!(
                    text[stop - 1],
                    '为' | '是'
                        | '即'
                        | '视'
                        | '作'
                        | '计'
                        | '记'
                        | '属'
                        | '于'
                        | '判'
                        | '定'
                        | '则'
                        | '“'
                        | '"'
                        | '的'
                        | ','
                        | '评'
                )
            {
                // 否则为不符合 keeps 否则
                if text[stop - 1] == '则' && stop >= 2 && text[stop - 2] == '否' {
                    break;
                }
                stop -= 1;
            }
            let condition = clause(text, from, stop);
            set(&mut grading, verdict, condition);
            i += len;
            from = i;
            continue;
        }
        // 3处以上——符合
        if matches!(before, '—' | '-') && (after == '\n' || ends_clause(after)) {
            let stop =
                text[from..i].iter().rposition(|c| !matches!(c, '—' | '-')).map_or(from, |n| from + n + 1);
            let condition = clause(text, from, stop);
            set(&mut grading, verdict, condition);
            i += len;
            from = i;
            continue;
        }
        // 符合:… / 【符合】… / 符合(…) / 优(符合):…
        let opens = matches!(before, '\n' | ';' | '。' | ',' | ' ' | '【' | '(' | '、' | '”');
        let skip = usize::from(matches!(after, '】' | '”' | ')'));
        if (opens || i == from)
            && (text.get(i + len + skip).is_some_and(|&c| is_colon(c) || c == '—' || c == '-')
                || after == '】')
        {
            let value = i + len + skip + usize::from(text.get(i + len + skip).is_some_and(|&c| is_colon(c)));
            let mut stop = value;
            while stop < text.len() && !matches!(text[stop], '\n' | ';' | '。') {
                if stop > value
                    && verdict_at(text, stop)
                        .is_some_and(|(_, len)| text.get(stop + len).is_some_and(|&c| is_colon(c)))
                {
                    break;
                }
                stop += 1;
            }
            let (value, to) = trim(text, value.min(stop), stop);
            set(&mut grading, verdict, string(&text[value..to]));
            i = stop.max(i + len);
            from = i;
            continue;
        }
        i += len;
    }
    (grading != Grading::default()).then_some(grading)
}

/// The condition: from the last comma-free beginning of the clause.
fn clause(text: &[char], from: usize, to: usize) -> String {
    let (mut from, to) = trim(text, from.min(to), to);
    while from < to && (matches!(text[from], ',' | '、' | ':' | '“') || is_blank(text[from])) {
        from += 1;
    }
    string(&text[from..to])
}

fn set(grading: &mut Grading, verdict: Verdict, condition: String) {
    let place = match verdict {
        Verdict::Met => &mut grading.met,
        Verdict::Partly => &mut grading.partly,
        Verdict::NotMet => &mut grading.not_met,
    };
    if place.is_none() && !condition.is_empty() {
        *place = Some(condition);
    }
}

/// Clauses that take points off: 发现一处扣0.5分.
pub(crate) fn deductions(text: &[char]) -> Vec<String> {
    text.split(|&c| ends_sentence(c) || matches!(c, ';' | '\n' | ',' | '(' | ')'))
        .filter(|clause| contains(clause, "扣") && contains(clause, "分") || contains(clause, "不得分"))
        .map(|clause| string(clause).trim().to_owned())
        .filter(|clause| !clause.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grading_is_read() {
        for (text, met, partly, not_met) in [
            ("有标识。3处为符合;1-2处为基本符合;没有为不符合。", Some("3处"), Some("1-2处"), Some("没有")),
            ("设备完好。正常运转为符合,否则为不符合。", Some("正常运转"), None, Some("否则")),
            ("符合:有标识;基本符合:标识破损;不符合:无标识", Some("有标识"), Some("标识破损"), Some("无标识")),
            ("消防设施符合标准要求。", None, None, None),
            ("发现黑臭水体即为不符合。", None, None, Some("发现黑臭水体")),
            ("设有公告栏。A.3处以上;B.1至2处;C.无。", Some("3处以上"), Some("1至2处"), Some("无")),
            ("设公平秤。\nA级:两台以上;B级:一台;C级:无。", Some("两台以上"), Some("一台"), Some("无")),
            ("有岗。\n[A]常在 [B]偶尔 [C]无", Some("常在"), Some("偶尔"), Some("无")),
            ("A(符合):有岗;C(不符合):无岗。", Some("有岗"), None, Some("无岗")),
            ("围挡。\n30%以上——符合\n不足15%——不符合", Some("30%以上"), None, Some("不足15%")),
        ] {
            let chars: Vec<char> = text.chars().collect();
            let found = grading(&chars).unwrap_or_default();
            assert_eq!(
                (found.met.as_deref(), found.partly.as_deref(), found.not_met.as_deref()),
                (met, partly, not_met),
                "{text}"
            );
        }
    }
}
