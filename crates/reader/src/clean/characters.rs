//! One form for each character: line ends, blanks, full-width digits and letters, compatibility ideographs.

use super::Text;

/// The text with one form for each character, and whether full-width digits or letters were among them.
pub(super) fn normalised(text: &str) -> (Text, bool) {
    let mut out = Text::with_capacity(text.len() / 3 + 16);
    let mut widths = false;
    let mut chars = text.chars().enumerate().peekable();
    while let Some((i, c)) = chars.next() {
        let origin = i as u32;
        match c {
            '\r' => {
                if chars.peek().is_none_or(|&(_, next)| next != '\n') {
                    out.push('\n', origin);
                }
            }
            '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n', origin),
            '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{ad}' => {}
            '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}' => {}
            '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => out.push(' ', origin),
            '\u{ff01}'..='\u{ff5e}' => {
                // full-width forms; the cleaned text has the half-width ones
                let half = char::from_u32(c as u32 - 0xfee0).unwrap_or(c);
                widths |= half.is_ascii_alphanumeric();
                out.push(half, origin);
            }
            '﹪' => out.push('%', origin),
            '﹐' => out.push(',', origin),
            '﹕' | '∶' => out.push(':', origin),
            '﹔' => out.push(';', origin),
            '│' | '┃' => out.push('|', origin),
            // radicals and compatibility forms that copies from pdf show in place of characters
            '⼀' => out.push('一', origin),
            '⼆' => out.push('二', origin),
            '⼗' => out.push('十', origin),
            '⼈' => out.push('人', origin),
            '⼤' => out.push('大', origin),
            '⼯' => out.push('工', origin),
            '⽂' => out.push('文', origin),
            '⽅' => out.push('方', origin),
            '⽇' => out.push('日', origin),
            '⽉' => out.push('月', origin),
            '⽣' => out.push('生', origin),
            '⽤' => out.push('用', origin),
            '⽴' => out.push('立', origin),
            '⾏' => out.push('行', origin),
            '⾯' => out.push('面', origin),
            '⻓' => out.push('长', origin),
            '⻔' => out.push('门', origin),
            '⼩' => out.push('小', origin),
            '⼒' => out.push('力', origin),
            '⼦' => out.push('子', origin),
            '⼼' => out.push('心', origin),
            '⽐' => out.push('比', origin),
            '⽔' => out.push('水', origin),
            '⾼' => out.push('高', origin),
            _ => out.push(c, origin),
        }
    }
    pipes_to_tabs(&mut out);
    (out, widths)
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
            ("甲\u{3000}乙", "甲 乙"),
            ("|1|垃圾清运|城管局|", " 1\t垃圾清运\t城管局 "),
            ("|---|---|", "         "),
            ("甲|乙", "甲|乙"),
        ] {
            let found: String = normalised(text).0.chars.iter().collect();
            assert_eq!(found, expected);
        }
    }
}
