//! Pinyin in brackets behind a character, as sites put it to foil copying: 社區(qū).

use super::Text;
use crate::chars::{is_han, position};

fn letter(c: char) -> bool {
    c.is_ascii_lowercase() || toned(c)
}

fn toned(c: char) -> bool {
    "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ".contains(c)
}

/// `(qū)` at `at`: where it ends and whether a tone is marked.
fn mark(chars: &[char], at: usize) -> Option<(usize, bool)> {
    if !matches!(chars.get(at), Some('(')) {
        return None;
    }
    let len = chars[at + 1..].iter().take(7).take_while(|&&c| letter(c)).count();
    let inside = &chars[at + 1..at + 1 + len];
    let vowel = inside.iter().any(|&c| toned(c) || "aeiou".contains(c));
    let closed = matches!(chars.get(at + 1 + len), Some(')'));
    (closed && vowel && (1..=6).contains(&len)).then(|| (at + len + 2, inside.iter().any(|&c| toned(c))))
}

/// Takes the marks out. Marks without a tone (的(de)) go only where marks with tones show that the copy has them.
pub(super) fn without_marks(text: Text) -> (Text, bool) {
    let mut marks = Vec::new();
    let mut toned = 0;
    let mut from = 1;
    while let Some(i) = position(&text.chars, from, '(') {
        if is_han(text.chars[i - 1])
            && let Some((end, tone)) = mark(&text.chars, i)
        {
            toned += usize::from(tone);
            marks.push((i, end, tone));
        }
        from = i + 1;
    }
    let gone: Vec<_> =
        marks.iter().filter(|mark| mark.2 || toned >= 3).map(|&(start, end, _)| (start, end)).collect();
    if gone.is_empty() {
        return (text, false);
    }
    (text.without(&gone), true)
}

#[cfg(test)]
mod tests {
    use super::{super::text, *};

    #[test]
    fn pinyin_behind_a_character_is_taken_out() {
        for (given, expected) in [
            ("街區(qū)創(chuàng)新", "街區創新"),
            ("責任單(dān)位(wèi)", "責任單位"),
            ("小程序(app)上线", "小程序(app)上线"),
            ("多樣(三種)", "多樣(三種)"),
        ] {
            let found: String = without_marks(text(given)).0.chars.iter().collect();
            assert_eq!(found, expected);
        }
    }
}
