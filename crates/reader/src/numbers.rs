//! Numbers as Chinese plans write them: 90, 1,200, 1.5, 九十, 二十五, 百分之九十, 九成, 三分之二.

use rust_decimal::Decimal;

use crate::chars::is_cn_number;

pub(crate) fn cn_digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '零' | '○' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// A whole number in Chinese characters at `at`: its value and length. 二十五, 一百零三, 两千, 二〇二四 (digit by digit).
pub(crate) fn cn_integer(text: &[char], at: usize) -> Option<(u32, usize)> {
    let mut i = at;
    while i < text.len() && i - at < 12 && is_cn_number(text[i]) {
        i += 1;
    }
    let run = &text[at..i];
    if run.is_empty() {
        return None;
    }
    if run.len() > 1 && run.iter().all(|&c| cn_digit(c).is_some()) {
        if run.len() > 4 {
            return None;
        }
        return Some((run.iter().fold(0, |sum, &c| sum * 10 + cn_digit(c).unwrap_or(0)), run.len()));
    }
    let (mut total, mut digit) = (0_u32, None);
    for &c in run {
        match c {
            '十' | '拾' => {
                total += digit.take().unwrap_or(1) * 10;
            }
            '百' => {
                total += digit.take().unwrap_or(1) * 100;
            }
            '千' => {
                total += digit.take().unwrap_or(1) * 1000;
            }
            c => digit = cn_digit(c),
        }
    }
    Some((total + digit.unwrap_or(0), run.len()))
}

/// An Arabic number at `at`: 90, 1,200, 1.5. Its value and length.
pub(crate) fn arabic(text: &[char], at: usize) -> Option<(Decimal, usize)> {
    let digit = |i: usize| text.get(i).is_some_and(char::is_ascii_digit);
    if !digit(at) {
        return None;
    }
    let mut i = at;
    while digit(i) {
        i += 1;
    }
    let mut written: String = text[at..i].iter().collect();
    if written.len() <= 3 {
        // thousands: a comma with exactly three digits behind it
        while text.get(i) == Some(&',') && (i + 1..i + 4).all(digit) && !digit(i + 4) && written.len() < 15 {
            written.extend(&text[i + 1..i + 4]);
            i += 4;
        }
    }
    if written.len() > 15 {
        return None;
    }
    if matches!(text.get(i), Some('.')) && digit(i + 1) {
        written.push('.');
        i += 1;
        while digit(i) && i - at < 24 {
            written.push(text[i]);
            i += 1;
        }
        if matches!(text.get(i), Some('.')) && digit(i + 1) {
            return None; // 1.2.3 is an outline's number or a date
        }
    }
    written.parse().ok().map(|value| (value, i - at))
}

/// 百分之九十, 千分之五, 九成, 九成五, 三分之二 at `at`: value, unit (`%` or `‰`), length.
pub(crate) fn cn_share(text: &[char], at: usize) -> Option<(Decimal, &'static str, usize)> {
    for (word, unit) in [("百分之", "%"), ("千分之", "‰"), ("万分之", "‱")] {
        if crate::chars::starts_at(text, at, word) {
            let (value, len) = cn_decimal(text, at + 3).or_else(|| arabic(text, at + 3))?;
            return Some((value, unit, len + 3));
        }
    }
    let (value, len) = cn_integer(text, at)?;
    if text.get(at + len) == Some(&'成') && value <= 10 && len == 1 {
        let next = at + len + 1;
        if let Some((tenth, 1)) = cn_integer(text, next)
            && tenth < 10
        {
            return Some((Decimal::from(value * 10 + tenth), "%", len + 2));
        }
        // 九成以上 is a share; 成立, 成为, 成员 … are other words.
        let follows = text.get(next).copied().unwrap_or('。');
        if matches!(follows, '以' | '。' | ',' | ';' | '、' | '的' | '群' | '\n' | '及' | '左') {
            return Some((Decimal::from(value * 10), "%", len + 1));
        }
    }
    None
}

/// 九十, 九十五点五, 百 (in 百分之百).
pub(crate) fn cn_decimal(text: &[char], at: usize) -> Option<(Decimal, usize)> {
    let (whole, mut len) = cn_integer(text, at)?;
    let mut value = Decimal::from(whole);
    if text.get(at + len) == Some(&'点') && text.get(at + len + 1).is_some_and(|&c| cn_digit(c).is_some()) {
        len += 1;
        let mut scale = 0;
        let mut tail = 0_i64;
        while let Some(d) = text.get(at + len).and_then(|&c| cn_digit(c)) {
            if scale >= 6 {
                break;
            }
            tail = tail * 10 + i64::from(d);
            scale += 1;
            len += 1;
        }
        value += Decimal::new(tail, scale);
    }
    Some((value, len))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_numerals_are_read() {
        for (text, expected) in [
            ("一", Some((1, 1))),
            ("十", Some((10, 1))),
            ("十二", Some((12, 2))),
            ("二十", Some((20, 2))),
            ("九十五", Some((95, 3))),
            ("一百零三", Some((103, 4))),
            ("一百二十", Some((120, 4))),
            ("两千", Some((2000, 2))),
            ("二〇二四", Some((2024, 4))),
            ("两次", Some((2, 1))),
            ("甲", None),
        ] {
            let chars: Vec<char> = text.chars().collect();
            assert_eq!(cn_integer(&chars, 0), expected, "{text}");
        }
    }

    #[test]
    fn arabic_numbers_are_read() {
        for (text, expected) in [
            ("90%", Some(("90", 2))),
            ("1,200座", Some(("1200", 5))),
            ("12,000,000元", Some(("12000000", 10))),
            ("8.5平方米", Some(("8.5", 3))),
            ("1.2.3", None),
            ("3,4号", Some(("3", 1))),
            ("处", None),
        ] {
            let chars: Vec<char> = text.chars().collect();
            let found = arabic(&chars, 0);
            assert_eq!(
                found.map(|(value, len)| (value.to_string(), len)),
                expected.map(|(value, len)| (value.to_owned(), len)),
                "{text}"
            );
        }
    }

    #[test]
    fn shares_in_words_are_read() {
        for (text, expected) in [
            ("百分之九十以上", Some(("90", "%", 5))),
            ("百分之百", Some(("100", "%", 4))),
            ("百分之九十五点五", Some(("95.5", "%", 8))),
            ("百分之85", Some(("85", "%", 5))),
            ("千分之五", Some(("5", "‰", 4))),
            ("九成以上", Some(("90", "%", 2))),
            ("九成五", Some(("95", "%", 3))),
            ("二成立", None),
            ("九十", None),
        ] {
            let chars: Vec<char> = text.chars().collect();
            let found = cn_share(&chars, 0);
            assert_eq!(
                found.map(|(value, unit, len)| (value.to_string(), unit, len)),
                expected.map(|(value, unit, len)| (value.to_owned(), unit, len)),
                "{text}"
            );
        }
    }
}
