//! Blanks inside words: 责 任 单 位, 2024 年 6 月, 县住 建局. A blank stays where it may separate something: names in a
//! list without 、, cells of a table, a heading from the text behind it in a copy that lost its line ends.

use super::Text;
use crate::{
    chars::{is_blank, is_colon, is_han},
    outline::numbering::{Style, apart, marker_at},
    rules::{markers, units},
};

/// Lines longer than this have lost their line ends; a blank in them may be all that is left of a paragraph.
const LOST_LINE_ENDS: usize = 400;

/// Words of responsibility keep the blank before them.
const KEEP_BEFORE: &[&str] = &[
    "责任",
    "牵头",
    "配合",
    "落实单位",
    "完成时",
    "分管领导",
    "协办",
    "主办",
    "承办",
    "参与单位",
    "协同",
    "组长",
];

/// Takes blanks inside words out.
pub(super) fn joined(text: Text) -> (Text, bool) {
    let chars = &text.chars;
    let lines = text.lines();
    let noisy = noisy(chars, &lines);
    let mut gone: Vec<(usize, usize)> = Vec::new();
    let mut inside = 0;
    for &(start, end) in &lines {
        let Some(first) = (start..end).find(|&i| !is_blank(chars[i])) else {
            if start < end {
                gone.push((start, end));
            }
            continue;
        };
        let last = (start..end).rfind(|&i| !is_blank(chars[i])).unwrap_or(first);
        if first > start {
            gone.push((start, first));
        }
        inside += blanks_of_line(chars, first, last + 1, noisy, &mut gone);
        if last + 1 < end {
            gone.push((last + 1, end));
        }
    }
    if gone.is_empty() {
        return (text, false);
    }
    (text.without(&gone), inside > 0)
}

/// Does the copy put blanks into its words everywhere? Counted over all lines but tables; blanks between whole names are
/// how some lists are written.
fn noisy(chars: &[char], lines: &[(usize, usize)]) -> bool {
    let (mut blanks, mut length) = (0, 0);
    for &(start, end) in lines {
        let line = &chars[start..end];
        if end - start > LOST_LINE_ENDS || line.contains(&'\t') {
            continue;
        }
        length += end - start;
        for i in 1..line.len().saturating_sub(1) {
            if is_blank(line[i]) && is_han(line[i - 1]) && is_han(line[i + 1]) {
                let from = line[..i].iter().rposition(|&c| !is_han(c)).map_or(0, |i| i + 1);
                blanks += usize::from(!units::looks_like_unit(&line[from..i]));
            }
            // no list is written with a blank before its commas
            if is_blank(line[i]) && matches!(line[i + 1], ',' | '。' | '、' | ';') {
                blanks += usize::from(is_han(line[i - 1]));
            }
        }
    }
    blanks >= 4 && blanks * 90 > length
}

/// Adds the blanks of one line that go; returns how many places that were.
fn blanks_of_line(
    chars: &[char],
    start: usize,
    end: usize,
    noisy: bool,
    gone: &mut Vec<(usize, usize)>,
) -> usize {
    let line = &chars[start..end];
    if !line.iter().any(|&c| is_blank(c)) {
        return 0;
    }
    let prose = line.iter().any(|&c| matches!(c, '。' | ',' | ';'));
    let listed = is_listed(line);
    let table = line.contains(&'\t');
    let long = line.len() > LOST_LINE_ENDS
        || line.len() > 120 && crate::chars::contains(line, "一、") && crate::chars::contains(line, "二、");
    let spaced = spaced_out(line);
    let mut count = 0;
    let mut i = start;
    while i < end {
        if !is_blank(chars[i]) {
            i += 1;
            continue;
        }
        let from = i;
        while i < end && is_blank(chars[i]) {
            i += 1;
        }
        let (before, after) = (chars[from - 1], chars.get(i).copied().unwrap_or('\n'));
        let width = i - from;
        let kept_word =
            matches!(after, '责' | '牵' | '配' | '落' | '完' | '分' | '协' | '主' | '承' | '参' | '组') && {
                let ahead = crate::chars::squeezed(&chars[i..(i + 12).min(end)]);
                KEEP_BEFORE.iter().any(|word| crate::chars::starts_at(&ahead, 0, word))
            };
        let single = |at: usize| lone(chars, start, end, at);
        // 任务一 建设…, 第一阶段 动员…: the blank closes the number
        let numbers = is_han(before)
            && is_han(after)
            && marker_at(chars, start).is_some_and(|marker| {
                marker.printed == from && matches!(marker.style, Style::Named(_) | Style::Stage)
            });
        let join = if numbers
            || !table && between_units(line, from - start, i - start)
            || between_names(line, from - start)
        {
            false
        } else if is_han(before) && is_han(after) && markers::split_word(chars, from, i) {
            true
        } else if is_han(before) && is_han(after) {
            let lone = single(from - 1) && single(i);
            let half_lone = (single(from - 1) || single(i)) && width == 1 && !long;
            spaced && lone && !kept_word
                || width <= 2
                    && !kept_word
                    && !table
                    && !long
                    && (noisy && (prose || listed) || prose && (listed || half_lone) && width == 1)
                || noisy && width == 1 && !kept_word && !long && (lone || half_lone)
                || table && noisy && listed && width == 1
        } else if before.is_ascii_digit() && is_han(after) {
            // 2024 年; but `1 加强领导` and `1.6 家庭园艺` begin a line with an item's number
            apart(&chars[start..end]) != Some(from - start) && !kept_word
        } else if is_han(before) && after.is_ascii_digit() {
            let mut j = i;
            while j < end && chars[j].is_ascii_digit() {
                j += 1;
            }
            let item = matches!(chars.get(j), Some('.' | '、' | ')' | '．'))
                && !chars.get(j + 1).is_some_and(char::is_ascii_digit);
            !item && !table || table && j - i == 4
        } else if before.is_ascii_digit()
            && (after.is_ascii_digit() || noisy && matches!(after, 'O' | 'o' | 'l'))
        {
            // 1 2名, 2 0 2 4年; but 1 20座… at the beginning of a line is an item's number
            let digits = (start..from).rev().take_while(|&j| chars[j].is_ascii_digit()).count();
            // 培训2 00人次, 纱窗5 000平方米: no number begins with a nought
            let nought = after == '0'
                && width == 1
                && !table
                && digits <= 3
                && from - digits > start
                && is_han(chars[from - digits - 1])
                && chars.get(i + 1).is_some_and(char::is_ascii_digit);
            nought
                || noisy && width == 1 && !table && digits <= 2 && from - digits > start
                || spaced_digits(&chars[start..end], from - start)
        } else {
            // blanks before closing punctuation and around it
            matches!(after, ',' | '。' | '、' | ';' | ':' | ')' | '”' | '》' | '%')
                || matches!(before, '、' | '“' | '《' | '(')
                || matches!(before, ':' | ',') && !long
        };
        if join {
            gone.push((from, i));
            count += 1;
        }
    }
    count
}

/// Is this a list with 、? One inside a bracket, as in 各县(市、区), tells nothing of what stands around it.
fn is_listed(line: &[char]) -> bool {
    let mut depth = 0_usize;
    line.iter().any(|&c| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == '、' && depth == 0
    })
}

/// 市林业局 市水务局: whole names on both sides, the second with its own level before it.
fn between_units(line: &[char], from: usize, to: usize) -> bool {
    let edge = |c: char| is_blank(c) || matches!(c, '、' | ',' | ';' | ':' | '。');
    let start = line[..from].iter().rposition(|&c| edge(c)).map_or(0, |i| i + 1);
    let end = line[to..].iter().position(|&c| edge(c)).map_or(line.len(), |i| to + i);
    let (before, after) = (&line[start..from], &line[to..end]);
    matches!(after.first(), Some('省' | '市' | '县' | '区' | '镇' | '乡' | '村' | '各'))
        && units::looks_like_unit(before)
        && units::looks_like_unit(after)
}

/// 责任人:林 芳 陈 静: is the blank at `at` one between two persons, all of whose names are padded?
fn between_names(line: &[char], at: usize) -> bool {
    /// No list of padded names is longer.
    const LONGEST: usize = 80;
    if line.len() > LONGEST {
        return false;
    }
    let Some(colon) = line.iter().position(|&c| is_colon(c)).filter(|&colon| colon < at) else {
        return false;
    };
    let words =
        |from: usize, to: usize| line[from..to].split(|&c| is_blank(c)).filter(|word| !word.is_empty());
    let all = words(colon + 1, line.len()).count();
    all >= 4
        && all.is_multiple_of(2)
        && words(colon + 1, at).count().is_multiple_of(2)
        && words(colon + 1, line.len()).all(|word| word.len() == 1)
        && markers::field_named(&crate::chars::squeezed(&line[..colon])) == Some(markers::Field::Person)
}

/// Is the character at `at` a word of one character between blanks or borders?
fn lone(chars: &[char], start: usize, end: usize, at: usize) -> bool {
    let left = at == start || is_blank(chars[at - 1]);
    let right = at + 1 >= end || is_blank(chars[at + 1]) || matches!(chars[at + 1], ':' | '。' | '\t');
    left && right
}

/// Are digits set apart from each other around the blank at `at`, as no list of numbers is written: 2 0 2 4 年?
fn spaced_digits(line: &[char], at: usize) -> bool {
    let step = |from: usize| {
        is_blank(line[from]) && line.get(from + 1).is_some_and(char::is_ascii_digit) && {
            line.get(from + 2).is_none_or(|c| !c.is_ascii_digit())
        }
    };
    let ahead = (0..3).take_while(|n| at + n * 2 < line.len() && step(at + n * 2)).count();
    let behind = (1..=3).take_while(|n| at >= n * 2 && step(at - n * 2)).count();
    ahead + behind >= 3
}

/// Are single characters set apart by blanks in this line (责 任 单 位, 实 施 方 案, 组 长)?
fn spaced_out(line: &[char]) -> bool {
    (0..line.len()).filter(|&i| is_han(line[i]) && lone(line, 0, line.len(), i)).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::{super::text, *};

    #[test]
    fn blanks_inside_words_are_taken_out() {
        for (given, expected) in [
            ("责 任 单 位:县城管局、县住建局", "责任单位:县城管局、县住建局"),
            ("2024 年 6 月底前完成。", "2024年6月底前完成。"),
            ("责任单位:县城管局 县住建局", "责任单位:县城管局 县住建局"),
            ("1 加强领导", "1 加强领导"),
            ("1.6 家庭园艺活动2 次", "1.6 家庭园艺活动2次"),
            ("1.9 处理投诉", "1.9 处理投诉"),
            ("1.9 处污染源", "1.9处污染源"),
            ("12 处污染源", "12处污染源"),
            ("责 任 单 位:市林业局 各县(市、区)人民政府", "责任单位:市林业局 各县(市、区)人民政府"),
            ("责 任 单 位:市林业局 市水务局、市住 建局", "责任单位:市林业局 市水务局、市住建局"),
            ("组 长:张某", "组长:张某"),
            ("责任人:林 芳 陈 静", "责任人:林 芳 陈静"),
            ("  一、目标  ", "一、目标"),
            ("覆盖率达到 90 % 以上", "覆盖率达到90% 以上"),
            ("序号 工作任务 责任单位", "序号 工作任务 责任单位"),
            ("2 0 2 4年3月", "2024年3月"),
            ("培训骨干2 00人次", "培训骨干200人次"),
        ] {
            let found: String = joined(text(given)).0.chars.iter().collect();
            assert_eq!(found, expected, "{given}");
        }
    }
}
