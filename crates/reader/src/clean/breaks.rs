//! Copies that lost their line ends: the whole document in one line, with a blank at best where a paragraph ended. The line
//! ends come back where a reader would see them: behind a closed sentence, before an item's number or a marker, around a
//! heading.

use super::Text;
use crate::{
    chars::{ends_sentence, is_blank, is_close_bracket, is_colon, is_han, skip_blanks},
    outline::numbering::{Style, marker_at},
    parts,
    rules::{markers, units},
};

/// Lines longer than this with blanks in them may have lost their line ends.
const LONG: usize = 70;

/// Turns such blanks into line ends; true where there were any.
pub(super) fn restored(mut text: Text) -> (Text, bool) {
    let mut changed = false;
    for (start, end) in text.lines() {
        if end - start <= LONG || text.chars[start..end].contains(&'\t') || !lost(&text.chars[start..end]) {
            continue;
        }
        let mut line = start;
        let mut i = start;
        while i < end {
            if !is_blank(text.chars[i]) {
                i += 1;
                continue;
            }
            let next = skip_blanks(&text.chars, i).min(end);
            if i > line && next < end && breaks(&text.chars, line, i, next, end) {
                text.chars[i] = '\n';
                changed = true;
                line = next;
            }
            i = next.max(i + 1);
        }
    }
    (text, changed)
}

/// Does the line hold what several paragraphs hold: two items' numbers or markers, each behind a blank?
fn lost(line: &[char]) -> bool {
    (1..line.len())
        .filter(|&i| is_blank(line[i - 1]) && !is_blank(line[i]))
        .filter(|&i| marker_at(line, i).is_some_and(|marker| !marker.open) || markers::starts_at(line, i))
        .take(2)
        .count()
        == 2
}

/// Is the blank between `[line, at)` and `[next, …)` where a paragraph ended?
fn breaks(text: &[char], line: usize, at: usize, next: usize, end: usize) -> bool {
    let before = text[at - 1];
    let here = &text[line..at];
    if ends_sentence(before)
        || matches!(before, ';')
        || is_colon(before) && here.len() >= 3 && !markers_value(here)
    {
        return true;
    }
    if markers::starts_at(text, next) {
        // several markers of one item may share a line; each on its own line reads the same
        return true;
    }
    let numbered = marker_at(text, next).is_some_and(|marker| {
        let follows = text.get(marker.end).copied().unwrap_or('\n');
        !marker.open && (is_han(follows) || matches!(follows, '“' | '《') || follows.is_ascii_alphanumeric())
            || marker.open
                && matches!(marker.style, Style::Num | Style::Dotted(_))
                && is_blank(text[marker.printed.min(end - 1)])
    });
    // the date of the letter
    let stop = (next..end).find(|&i| is_blank(text[i])).unwrap_or(end);
    let date = &text[next..stop];
    let dated = date.len() <= 12
        && date.first().is_some_and(char::is_ascii_digit)
        && date.contains(&'年')
        && date.last() == Some(&'日');
    if dated && stop + 40 >= end {
        return true;
    }
    if numbered || crate::chars::starts_at(text, next, "附件") {
        return true;
    }
    // a heading ends where its blank stands: 二、主要任务 坚持…, …实施方案 为加快…
    let clauses = here.iter().filter(|&&c| matches!(c, ',' | '。' | ';') || is_colon(c)).count();
    let headed = marker_at(here, 0).is_some_and(|marker| !marker.open || marker.end > marker.printed);
    let name = marker_at(here, 0).map_or(here.len(), |marker| here.len() - marker.end.min(here.len()));
    if headed && clauses == 0 && here.len() <= 30 && name >= 4 || parts::is_title(here) {
        return true;
    }
    if is_close_bracket(before) && here.len() >= 6 {
        return true;
    }
    // a marker's value that ends with a whole name, before something that is none
    if markers::starts_at(text, line) {
        let stop = (next..end)
            .find(|&i| is_blank(text[i]) || matches!(text[i], '、' | ',' | ';' | '。'))
            .unwrap_or(end);
        let name =
            here.iter().rposition(|&c| matches!(c, '、' | ':' | ' ' | '。')).map_or(here, |i| &here[i + 1..]);
        return units::looks_like_unit(name) && !units::looks_like_unit(&text[next..stop]);
    }
    false
}

/// Does the line end with a marker whose value follows behind the blank?
fn markers_value(here: &[char]) -> bool {
    let word = &here[..here.len() - 1];
    (2..=8).any(|len| len <= word.len() && markers::field_named(&word[word.len() - len..]).is_some())
}

#[cfg(test)]
mod tests {
    use super::{super::text, *};

    #[test]
    fn a_text_that_lost_its_line_ends_gets_them_back() {
        let given = format!(
            "云溪县方案 为做好工作,制定本方案。 一、主要任务 {} 1.清扫街道。 责任单位:县城管局、县住建局 2.清理,打捞河道 垃圾。 责任单位:县水利局",
            "各单位要高度重视,".repeat(20)
        );
        let found: String = restored(text(&given)).0.chars.iter().collect();
        let lines: Vec<&str> = found.lines().collect();
        assert_eq!(lines[0], "云溪县方案");
        assert_eq!(lines[2], "一、主要任务");
        assert_eq!(
            lines[4..],
            ["1.清扫街道。", "责任单位:县城管局、县住建局", "2.清理,打捞河道 垃圾。", "责任单位:县水利局"]
        );
    }
}
