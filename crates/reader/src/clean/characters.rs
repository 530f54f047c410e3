//! One form for each character: line ends, blanks, full-width digits and letters, radicals.

use super::{Text, radicals};
use crate::chars::{CharSet, is_han};

/// The text with one form for each character, and whether full-width digits or letters were among them.
pub(super) fn normalised(text: &str) -> (Text, bool) {
    let mut out = Text::with_capacity(text.chars().count());
    let mut widths = false;
    let mut chars = text.chars().enumerate().peekable();
    while let Some((i, c)) = chars.next() {
        let origin = i as u32;
        // nearly all of it
        if ('\u{4e00}'..='\u{9fff}').contains(&c) {
            out.push(c, origin);
            continue;
        }
        if c == '&'
            && let Some((shown, len)) = entity(chars.clone().map(|(_, c)| c))
        {
            out.push(shown, origin);
            for _ in 0..len {
                chars.next();
            }
            continue;
        }
        match c {
            '\r' => {
                if chars.peek().is_none_or(|&(_, next)| next != '\n') {
                    out.push('\n', origin);
                }
            }
            '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n', origin),
            '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{ad}' => {}
            '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}' => {}
            '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
                out.push(' ', origin);
            }
            '\u{ff01}'..='\u{ff5e}' => {
                // full-width forms; the cleaned text has the half-width ones
                let half = char::from_u32(c as u32 - 0xfee0).unwrap_or(c);
                widths |= half.is_ascii_alphanumeric();
                out.push(half, origin);
            }
            '﹪' => out.push('%', origin),
            '﹑' => out.push('、', origin),
            '﹐' => out.push(',', origin),
            '﹕' | '∶' => out.push(':', origin),
            '﹔' => out.push(';', origin),
            '│' | '┃' => out.push('|', origin),
            '\u{2e80}'..='\u{2fd5}' => out.push(radicals::unified(c), origin),
            '\t' | '\n' => out.push(c, origin),
            _ if c > '\u{80}' && c < '\u{3000}' && c.is_whitespace() => out.push(' ', origin),
            _ => out.push(c, origin),
        }
    }
    digits_from_letters(&mut out.chars);
    pipes_to_tabs(&mut out);
    (out, widths)
}

/// An entity that a page left in its text, behind the `&`: what it shows and how many characters it takes.
fn entity(rest: impl Iterator<Item = char>) -> Option<(char, usize)> {
    const ENTITIES: &[(&str, char)] = &[
        ("nbsp;", ' '),
        ("ensp;", ' '),
        ("emsp;", ' '),
        ("ldquo;", '“'),
        ("rdquo;", '”'),
        ("lsquo;", '‘'),
        ("rsquo;", '’'),
        ("mdash;", '—'),
        ("ndash;", '–'),
        ("hellip;", '…'),
        ("middot;", '·'),
        ("amp;", '&'),
        ("lt;", '<'),
        ("gt;", '>'),
        ("ge;", '≥'),
        ("le;", '≤'),
        ("quot;", '"'),
        ("permil;", '‰'),
    ];
    let rest: String = rest.take(8).collect();
    ENTITIES.iter().find(|(name, _)| rest.starts_with(name)).map(|&(name, shown)| (shown, name.len()))
}

/// Scans read 0 as O, 1 as l, 5 as S, and 一 as a dash: 2O25年, l0月, S.加强, (-)目标. Only beside digits and signs that show
/// what it is, or where an item's number stands.
pub(super) fn digits_from_letters(chars: &mut [char]) {
    static SUSPECT: CharSet = CharSet::new("OolISBZ-—");
    // the number that the last numbered line began with
    let mut last = 0;
    for i in 0..chars.len() {
        let c = chars[i];
        let before = i.checked_sub(1).map_or('\n', |b| chars[b]);
        if before == '\n' && c.is_ascii_digit() {
            let digits = chars[i..].iter().take(3).take_while(|c| c.is_ascii_digit());
            last = digits.fold(0, |sum, c| sum * 10 + c.to_digit(10).unwrap_or(0));
        }
        if !SUSPECT.has(c) {
            continue;
        }
        let after = chars.get(i + 1).copied().unwrap_or('\n');
        let sign = chars[i + 1..].iter().copied().find(|&c| c != ' ').unwrap_or('\n');
        let begins = before == '\n' && matches!(sign, '.' | '、');
        let letter = |c: char| c.is_ascii_alphabetic() && !matches!(c, 'O' | 'o' | 'l' | 'I');
        let shown = match c {
            '-' | '—' if before == '(' && after == ')' || before == '\n' && after == '、' => Some('一'),
            'S' if begins && last == 4 => Some('5'),
            'B' if begins && last == 7 => Some('8'),
            'Z' if begins && last == 1 => Some('2'),
            _ if letter(before) || letter(after) => None,
            'O' | 'o' => {
                let closes = after.is_ascii_digit()
                    || is_han(after)
                    || matches!(after, '%' | '.' | '、' | 'O' | 'o' | 'l' | ' ' | '\n');
                (before.is_ascii_digit() && closes).then_some('0')
            }
            'l' | 'I' => {
                let digit = |c: char| c.is_ascii_digit() || matches!(c, 'O' | 'o');
                let dated = matches!(before, '年' | '月') && matches!(after, '日' | '月');
                (digit(after) || before.is_ascii_digit() || dated || c == 'l' && begins).then_some('1')
            }
            _ => None,
        };
        if let Some(shown) = shown {
            chars[i] = shown;
            if before == '\n' {
                last = shown.to_digit(10).unwrap_or(last);
            }
        }
    }
}

/// A line with two or more `|` is a table row.
fn pipes_to_tabs(text: &mut Text) {
    if !text.chars.contains(&'|') {
        return;
    }
    for (start, end) in text.lines() {
        let line = &text.chars[start..end];
        if line.iter().filter(|&&c| c == '|').count() < 2 {
            continue;
        }
        let rule = line.iter().all(|&c| c.is_whitespace() || matches!(c, '|' | '-' | ':' | '+' | '='));
        let first = line.iter().position(|c| !c.is_whitespace()).map_or(start, |i| start + i);
        let last = line.iter().rposition(|c| !c.is_whitespace()).map_or(start, |i| start + i);
        for i in start..end {
            if rule {
                text.chars[i] = ' ';
            } else if text.chars[i] == '|' {
                text.chars[i] = if i == first || i == last { ' ' } else { '\t' };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_character_has_one_form() {
        for (text, expected) in [
            ("2024年\r\n5月", "2024年\n5月"),
            ("a\rb", "a\nb"),
            ("\u{feff}甲\u{200b}乙", "甲乙"),
            ("90%", "90%"),
            ("1⽉⾄3⽉，⾄少2次，县⼈⺠政府，3座/平⽅公⾥", "1月至3月,至少2次,县人民政府,3座/平方公里"),
            ("甲\u{3000}乙", "甲 乙"),
            ("|1|垃圾清运|城管局|", " 1\t垃圾清运\t城管局 "),
            ("|---|---|", "         "),
            ("甲|乙", "甲|乙"),
            ("到2O25年1O月\nl.清扫", "到2025年10月\n1.清扫"),
            ("CO2与PM10", "CO2与PM10"),
            ("2O25年l0月3l\n日", "2025年10月31\n日"),
            ("3月l日前4O部,达到l00%", "3月1日前40部,达到100%"),
            ("4.甲\nS.乙", "4.甲\n5.乙"),
            ("(-)甲", "(一)甲"),
        ] {
            let found: String = normalised(text).0.chars.iter().collect();
            assert_eq!(found, expected);
        }
    }
}
