//! Page numbers inside the text: `— 5—`, `- 12 -`, `第3页`, and one-sided ones such as `——48.`, which is page 4 and the
//! item 8 where page 3 came before.

use std::collections::HashMap;

use super::{Note, Text};
use crate::{
    chars::{ends_clause, is_blank, skip_blanks, trim},
    outline::numbering::{Style, marker_at},
    problem::ProblemKind,
    table::header::column_of,
};

fn dash(c: char) -> bool {
    matches!(c, '—' | '–' | '-' | '―' | '─' | '一' | '~')
}

fn real_dash(c: char) -> bool {
    dash(c) && c != '一'
}

#[derive(Debug, Clone, Copy)]
struct Candidate {
    start: usize,
    digits: usize,
    /// Behind the digits.
    digits_end: usize,
    /// Behind the closing dash; None where there is none.
    closed: Option<usize>,
}

/// A dash, a number, perhaps a dash.
fn candidate(chars: &[char], at: usize) -> Option<Candidate> {
    if !real_dash(chars[at]) || at > 0 && (real_dash(chars[at - 1]) || chars[at - 1].is_ascii_digit()) {
        return None;
    }
    let mut i = at;
    while i < chars.len() && i - at < 3 && real_dash(chars[i]) {
        i += 1;
    }
    let dashes = i - at;
    let digits = skip_blanks(chars, i);
    let mut end = digits;
    while end < chars.len() && end - digits < 5 && chars[end].is_ascii_digit() {
        end += 1;
    }
    if end == digits {
        return None;
    }
    let mut close = skip_blanks(chars, end);
    let from = close;
    while close < chars.len() && close - from < 3 && real_dash(chars[close]) {
        close += 1;
    }
    // — 4 —4、…: the number behind it is the next item's
    let next_item = || marker_at(chars, close).is_some_and(|marker| marker.style == Style::Num);
    let closed = (close > from && (!chars.get(close).is_some_and(char::is_ascii_digit) || next_item()))
        .then_some(close);
    // one-sided marks need a long dash: 5月-8月 and 3-5处 are ranges
    let long = dashes >= 2 || at == 0 || chars[at - 1] == '\n';
    (closed.is_some() || long).then_some(Candidate { start: at, digits, digits_end: end, closed })
}

fn value(chars: &[char]) -> u32 {
    chars.iter().fold(0, |sum, c| sum * 10 + c.to_digit(10).unwrap_or(0))
}

/// A line that holds nothing but a page number: 第 3 页, 3 / 12, -3-, Page 3.
fn page_line(line: &[char]) -> bool {
    if line.len() > 40 || !line.iter().any(char::is_ascii_digit) {
        return false;
    }
    let line: Vec<char> = line.iter().copied().filter(|c| !c.is_whitespace()).collect();
    if line.is_empty() || line.len() > 14 || !line.iter().any(char::is_ascii_digit) {
        return false;
    }
    let text: String = line.iter().filter(|c| !c.is_ascii_digit()).collect();
    let text = text.trim_matches(|c| dash(c) && c != '一' || matches!(c, '·' | '•' | '.' | '/'));
    let bare = text.is_empty();
    let dressed = line.iter().any(|&c| real_dash(c) || matches!(c, '·' | '•' | '/'));
    (bare && dressed && line.iter().filter(|c| c.is_ascii_digit()).count() <= 6 && !line.contains(&'.'))
        || matches!(
            text,
            "第页"
                | "第页共页"
                | "第页,共页"
                | "第页/共页"
                | "页"
                | "Page"
                | "page"
                | "第页(共页)"
                | "P"
                | "共页第页"
                | "Pageof"
        )
}

/// Takes page numbers out.
pub(super) fn without_numbers(text: Text, notes: &mut Vec<Note>) -> (Text, bool) {
    let chars = &text.chars;
    let mut gone: Vec<(usize, usize)> = Vec::new();
    let mut lines = text.lines();
    let heads = running_heads(chars, &lines);
    lines.retain(|&(start, end)| page_line(&chars[start..end]));
    let mut lines = lines.into_iter().peekable();
    let mut page = 0_u32;
    let mut closed_marks = 0;
    let mut i = 0;
    while i < chars.len() {
        if let Some(&(start, end)) = lines.peek() {
            if i > start {
                lines.next();
                continue;
            }
            if i == start {
                lines.next();
                gone.push((start, end));
                let digits: Vec<char> = chars[start..end]
                    .iter()
                    .copied()
                    .skip_while(|c| !c.is_ascii_digit())
                    .take_while(char::is_ascii_digit)
                    .collect();
                page = value(&digits);
                i = end;
                continue;
            }
        }
        if !real_dash(chars[i]) {
            i += 1;
            continue;
        }
        let Some(found) = candidate(chars, i) else {
            i += 1;
            continue;
        };
        let number = value(&chars[found.digits..found.digits_end]);
        let line_start = found.start == 0 || chars[found.start - 1] == '\n';
        let next = skip_blanks(chars, found.closed.unwrap_or(found.digits_end));
        let dated = matches!(
            chars.get(next),
            Some('年' | '月' | '日' | '%' | '岁' | '天' | '个' | '处' | '人' | '名' | '次')
        );
        if let Some(end) = found.closed
            && !dated
            && (page == 0 && number <= 3
                || (page + 1..=page + 3).contains(&number)
                || line_start && number < 500)
        {
            page = number;
            closed_marks += 1;
            gone.push(with_blanks(chars, found.start, end));
            i = end;
            continue;
        }
        if found.closed.is_none() && (page > 0 || closed_marks > 0) {
            // the digits may run into the number of the next item: ——48. after page 3
            let expected = (page + 1).to_string();
            let digits: String = chars[found.digits..found.digits_end].iter().collect();
            if digits.starts_with(&expected) && !(dated && digits == expected) {
                page += 1;
                let end = found.digits + expected.len();
                gone.push(with_blanks(chars, found.start, end));
                i = end;
                continue;
            }
        }
        i = found.digits_end;
    }
    if gone.is_empty() {
        return (text, false);
    }
    notes.push(Note { origin: text.origin[gone[0].0], kind: ProblemKind::PageNumbers { times: gone.len() } });
    gone.extend(heads);
    gone.sort_unstable();
    (text.without(&gone), true)
}

/// Running heads: the same short line right behind two page numbers or more. A table's heads are repeated too, and stay.
fn running_heads(chars: &[char], lines: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let filled: Vec<(usize, usize)> = lines
        .iter()
        .copied()
        .filter(|&(start, end)| chars[start..end].iter().any(|c| !is_blank(*c)))
        .collect();
    let mut heads: HashMap<&[char], Vec<(usize, usize)>> = HashMap::new();
    for pair in filled.windows(2) {
        let (start, end) = trim(chars, pair[1].0, pair[1].1);
        let line = &chars[start..end];
        if page_line(&chars[pair[0].0..pair[0].1])
            && (4..=40).contains(&line.len())
            && !line.iter().any(|&c| ends_clause(c))
            && marker_at(line, 0).is_none()
            && column_of(line).is_none()
        {
            heads.entry(line).or_default().push((start, end));
        }
    }
    heads.into_values().filter(|places| places.len() >= 2).flatten().collect()
}

/// The blanks around a mark belong to it; where it stood between two words nothing may be left.
fn with_blanks(chars: &[char], start: usize, end: usize) -> (usize, usize) {
    let mut from = start;
    while from > 0 && is_blank(chars[from - 1]) {
        from -= 1;
    }
    // a blank behind a closed sentence stays: it may be where a paragraph ended
    if from > 0 && from < start && (crate::chars::ends_sentence(chars[from - 1])) {
        from += 1;
    }
    let to = skip_blanks(chars, end);
    // an item's number keeps a blank before it, or it could not be told from the text
    if from < start && marker_at(chars, to).is_some() && !is_blank(chars[from.saturating_sub(1)]) {
        from += usize::from(is_blank(chars[from]));
    }
    (from, to.min(chars.len()))
}

#[cfg(test)]
mod tests {
    use super::{super::text, *};

    #[test]
    fn a_page_number_inside_a_sentence_is_taken_out() {
        for (given, expected) in [
            ("甲目标 — 1—乙目标", "甲目标乙目标"),
            ("甲。 — 1—乙。 —— 2 (一)丙", "甲。 乙。 (一)丙"),
            ("甲 — 1—乙 — 2—丙 ——38.丁", "甲乙丙 8.丁"),
            ("甲。 — 1 —2、乙", "甲。 2、乙"),
            ("甲\n— 5—3、乙", "甲\n3、乙"),
            ("甲 — 1—乙5月-8月", "甲乙5月-8月"),
            ("2023年5月—8月", "2023年5月—8月"),
            ("甲\n- 3 -\n乙", "甲\n\n乙"),
            ("甲\n第 3 页 共 9 页\n乙", "甲\n\n乙"),
            ("甲\n3 / 12\n乙", "甲\n\n乙"),
            ("建设3—5处", "建设3—5处"),
            ("甲\n- 1 -\n云溪县政府文件\n乙\n- 2 -\n云溪县政府文件\n丙", "甲\n\n\n乙\n\n\n丙"),
        ] {
            let found: String = without_numbers(text(given), &mut Vec::new()).0.chars.iter().collect();
            assert_eq!(found, expected, "{given}");
        }
    }
}
