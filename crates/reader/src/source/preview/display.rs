//! Number formats of workbooks (ECMA-376 part 1, 18.8.31): how a cell's value is displayed. What is rare (fractions,
//! conditions, digits with words between them) is displayed as a plain number.

use chrono::{Datelike, NaiveDate};
use rust_decimal::{
    Decimal, RoundingStrategy,
    prelude::{FromPrimitive, ToPrimitive},
};

/// Year, month, day, hour, minute, second, millisecond.
type Moment = (u16, u8, u8, u8, u8, u8, u16);

/// The built-in formats that an office in China sees otherwise than the standard's English text has them.
const CHINESE: &[(&[u32], &str)] = &[
    (&[14], "yyyy/m/d"),
    (&[22], "yyyy/m/d h:mm"),
    (&[27, 36, 50, 52, 57], "yyyy年m月"),
    (&[28, 29, 51, 53, 54, 58], "m月d日"),
    (&[30], "m-d-yy"),
    (&[31], "yyyy年m月d日"),
    (&[32], "h时mm分"),
    (&[33], "h时mm分ss秒"),
    (&[34, 55], "上午/下午h时mm分"),
    (&[35, 56], "上午/下午h时mm分ss秒"),
];

/// How the cells of a style are displayed.
#[derive(Debug, Clone, Default)]
pub(super) struct Format {
    /// For positive numbers, negative ones and zero; empty where nothing is said.
    sections: Vec<Vec<Token>>,
}

/// A part of a format's code.
#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// As it stands there.
    Literal(String),
    /// One character of meaning: a digit's place, a letter of dates.
    Mark(char),
    /// `[h]`: hours that go on beyond a day.
    Elapsed(char),
    General,
}

impl Format {
    pub(super) fn new(code: &str, id: Option<u32>) -> Self {
        let chinese = id.and_then(|id| CHINESE.iter().find(|(ids, _)| ids.contains(&id)));
        let code = chinese.map_or(code, |(_, code)| code);
        if code.is_empty() { Self::default() } else { Self { sections: sections(code) } }
    }

    /// A number as this format displays it.
    pub(super) fn number(&self, value: f64) -> String {
        let zero = value == 0.0;
        let (section, shown) = match self.sections.as_slice() {
            [] => return general(value),
            [_, negative, ..] if value < 0.0 => (negative, -value),
            [_, _, null, ..] if zero => (null, value),
            [positive, ..] => (positive, value),
        };
        written(section, shown).unwrap_or_else(|| general(value))
    }

    /// A date, a time or both.
    pub(super) fn moment(&self, moment: Moment) -> String {
        let section = self.sections.first().map(Vec::as_slice).unwrap_or_default();
        if !section.iter().any(|token| matches!(token, Token::Mark('y' | 'm' | 'd' | 'h' | 's' | 'e' | 'a')))
        {
            let (year, month, day, ..) = moment;
            return format!("{year}/{month}/{day}");
        }
        date(section, moment)
    }

    /// A length of time in days.
    pub(super) fn duration(&self, days: f64) -> String {
        let seconds = (days.abs() * 86_400.0).round().min(1e15) as u64;
        let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        let sign = if days < 0.0 { "-" } else { "" };
        let shows = |unit| self.sections.iter().flatten().any(|token| *token == Token::Mark(unit));
        let minutes_only = self.sections.iter().flatten().any(|token| *token == Token::Elapsed('m'));
        if minutes_only {
            format!("{sign}{}:{seconds:02}", hours * 60 + minutes)
        } else if shows('s') {
            format!("{sign}{hours}:{minutes:02}:{seconds:02}")
        } else {
            format!("{sign}{hours}:{minutes:02}")
        }
    }
}

fn sections(code: &str) -> Vec<Vec<Token>> {
    let mut sections = vec![Vec::new()];
    let mut chars = code.chars().peekable();
    while let Some(c) = chars.next() {
        let Some(section) = sections.last_mut() else { break };
        match c {
            ';' => sections.push(Vec::new()),
            '"' => section.push(Token::Literal(chars.by_ref().take_while(|c| *c != '"').collect())),
            '\\' | '!' => section.extend(chars.next().map(|c| Token::Literal(c.to_string()))),
            // A blank as wide as the next character, and a character that fills the cell.
            '_' | '*' => {
                chars.next();
            }
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                section.extend(bracket(&inside));
            }
            'G' | 'g' if starts(&mut chars, "eneral") => section.push(Token::General),
            '0' | '#' | '?' | '.' | ',' | '@' | '%' | '/' | 'E' => section.push(Token::Mark(c)),
            'y' | 'm' | 'd' | 'h' | 's' | 'e' | 'a' | 'p' => section.push(Token::Mark(c)),
            'Y' | 'M' | 'D' | 'H' | 'S' | 'A' | 'P' => section.push(Token::Mark(c.to_ascii_lowercase())),
            other => section.push(Token::Literal(other.to_string())),
        }
    }
    sections
}

/// Whether `rest` comes next, which is then taken.
fn starts(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, rest: &str) -> bool {
    let mut ahead = chars.clone();
    let found = rest.chars().all(|c| ahead.next().is_some_and(|next| next.eq_ignore_ascii_case(&c)));
    if found {
        *chars = ahead;
    }
    found
}

/// `[h]`, `[$¥-804]`; colours, conditions and kinds of digits say nothing here.
fn bracket(inside: &str) -> Option<Token> {
    let unit = inside.chars().next()?.to_ascii_lowercase();
    if matches!(unit, 'h' | 'm' | 's') && inside.chars().all(|c| c.eq_ignore_ascii_case(&unit)) {
        return Some(Token::Elapsed(unit));
    }
    let sign = inside.strip_prefix('$')?.split('-').next().filter(|sign| !sign.is_empty())?;
    Some(Token::Literal(sign.to_owned()))
}

/// As Excel displays a number without a format, but whole numbers never shortened: they may be somebody's.
fn general(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        // Zero has a sign here, and nowhere else.
        return format!("{:.0}", value + 0.0);
    }
    let rounded = Decimal::from_f64(value).and_then(|value| value.round_sf(11));
    rounded.map_or_else(|| value.to_string(), |value| value.normalize().to_string())
}

/// What a section makes of a number that is not negative; None where it is one that is not understood here.
fn written(section: &[Token], value: f64) -> Option<String> {
    let place = |token: &Token| matches!(token, Token::Mark('0' | '#' | '?' | '.' | ',') | Token::General);
    let Some(first) = section.iter().position(place) else {
        // Words alone, or nothing: the number itself is hidden.
        return section.iter().all(|token| matches!(token, Token::Literal(_))).then(|| words(section));
    };
    let last = section.iter().rposition(place)?;
    let (before, digits, after) = (&section[..first], &section[first..=last], &section[last + 1..]);
    if !before.iter().chain(after).all(|token| matches!(token, Token::Literal(_) | Token::Mark('%'))) {
        return None;
    }
    let percents = before.iter().chain(after).filter(|token| **token == Token::Mark('%')).count();
    let mut value = Decimal::from_f64(value)?;
    for _ in 0..percents.min(3) {
        value = value.checked_mul(Decimal::ONE_HUNDRED)?;
    }
    let (sign, value) = if value.is_sign_negative() { ("-", -value) } else { ("", value) };
    let text = if digits == [Token::General] { general(value.to_f64()?) } else { placed(digits, value)? };
    let sign = if text.chars().all(|c| matches!(c, '0' | '.' | ',')) { "" } else { sign };
    Some(format!("{sign}{}{text}{}", words(before), words(after)))
}

fn words(tokens: &[Token]) -> String {
    let word = |token: &Token| match token {
        Token::Literal(text) => text.clone(),
        Token::Mark(c) => c.to_string(),
        Token::Elapsed(_) | Token::General => String::new(),
    };
    tokens.iter().map(word).collect()
}

/// `#,##0.00`: a number's digits in their places.
fn placed(digits: &[Token], mut value: Decimal) -> Option<String> {
    let marks: Option<String> =
        digits.iter().map(|token| if let Token::Mark(c) = token { Some(*c) } else { None }).collect();
    let marks = marks.filter(|marks| marks.chars().all(|c| matches!(c, '0' | '#' | '?' | '.' | ',')))?;
    let scaled = marks.trim_end_matches(',');
    // Each comma at the end stands for a thousand that is not written.
    for _ in 0..(marks.len() - scaled.len()).min(5) {
        value = value.checked_div(Decimal::ONE_THOUSAND)?;
    }
    let (whole, part) = scaled.split_once('.').unwrap_or((scaled, ""));
    let most = u32::try_from(part.len()).ok().filter(|most| *most <= 20)?;
    let least = part.rfind('0').map_or(0, |at| at + 1);
    let rounded = value.round_dp_with_strategy(most, RoundingStrategy::MidpointAwayFromZero);
    let places = part.len();
    let text = format!("{rounded:.places$}");
    let (mut left, mut right) = text.split_once('.').unwrap_or((text.as_str(), ""));
    while right.len() > least && right.ends_with('0') {
        right = &right[..right.len() - 1];
    }
    let zeros = whole.chars().filter(|c| *c == '0').count();
    if zeros == 0 && left == "0" {
        left = "";
    }
    let padded = format!("{left:0>zeros$}");
    let left = if whole.contains(',') { grouped(&padded) } else { padded };
    let dot = if right.is_empty() && !(part.is_empty() && scaled.ends_with('.')) { "" } else { "." };
    Some(format!("{left}{dot}{right}"))
}

fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `yyyy"年"m"月"d"日"`, `h:mm:ss`, `aaaa`.
fn date(section: &[Token], (year, month, day, hour, minute, second, _): Moment) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const DAYS: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
    let weekday = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())
        .map_or(0, |day| day.weekday().num_days_from_monday() as usize);
    let half = section.iter().any(|token| matches!(token, Token::Mark('p')))
        || section.iter().any(|token| *token == Token::Literal("午".into()));
    let hour_shown = if half { (hour + 11) % 12 + 1 } else { hour };
    let mut text = String::new();
    // The last unit that was written: an m after hours, or before seconds, is minutes.
    let mut last = ' ';
    let mut at = 0;
    while let Some(token) = section.get(at) {
        let Token::Mark(mark) = token else {
            let (words, taken) = literal(&section[at..], hour);
            text.push_str(&words);
            at += taken;
            continue;
        };
        let run = section[at..].iter().take_while(|other| *other == token).count();
        let next = section[at + run..].iter().find_map(|token| match token {
            Token::Mark(c) if c.is_ascii_lowercase() => Some(*c),
            _ => None,
        });
        let padded = |number: u8| if run > 1 { format!("{number:02}") } else { number.to_string() };
        match mark {
            'y' | 'e' if run <= 2 && *mark == 'y' => text.push_str(&format!("{:02}", year % 100)),
            'y' | 'e' => text.push_str(&year.to_string()),
            'm' if last == 'h' || next == Some('s') => text.push_str(&padded(minute)),
            'm' if run >= 3 => {
                text.push_str(MONTHS.get(usize::from(month).saturating_sub(1)).copied().unwrap_or_default());
            }
            'm' => text.push_str(&padded(month)),
            'd' if run >= 3 => text.push_str(&format!("周{}", DAYS[weekday])),
            'd' => text.push_str(&padded(day)),
            'h' => text.push_str(&padded(hour_shown)),
            's' => text.push_str(&padded(second)),
            // `AM/PM`, `A/P`; a run of three or four is a weekday.
            'a' if run >= 4 => text.push_str(&format!("星期{}", DAYS[weekday])),
            'a' if run == 3 => text.push_str(DAYS[weekday]),
            'a' => {
                text.push_str(if hour < 12 { "AM" } else { "PM" });
                let rest = section[at..].iter().position(|token| *token == Token::Mark('p')).unwrap_or(0);
                let after = section.get(at + rest + 1);
                at += rest + usize::from(after == Some(&Token::Mark('m')));
            }
            // Fractions of a second.
            '.' | '0' if last == 's' => {}
            '/' | '.' | ',' => text.push(*mark),
            _ => {}
        }
        if matches!(mark, 'y' | 'm' | 'd' | 'h' | 's') {
            last = *mark;
        }
        at += run;
    }
    text
}

/// Words among a date; of `上午/下午` the one that it is. Also how many tokens that were.
fn literal(section: &[Token], hour: u8) -> (String, usize) {
    let halves: String = words(section.get(..5).unwrap_or_default());
    if halves == "上午/下午" {
        return (if hour < 12 { "上午" } else { "下午" }.to_owned(), 5);
    }
    (section.first().map(|token| words(std::slice::from_ref(token))).unwrap_or_default(), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_displayed_as_their_workbook_displays_them() {
        for (code, value, expected) in [
            ("General", 0.1 + 0.2, "0.3"),
            ("General", 12.0, "12"),
            ("General", -0.0, "0"),
            ("General", 330_106_199_001_011.0, "330106199001011"),
            ("", 1.5, "1.5"),
            ("0", 2.5, "3"),
            ("0.00", 1.005, "1.01"),
            ("0.00", -3.0, "-3.00"),
            ("0.00", -0.001, "0.00"),
            ("#,##0", 1_234_567.0, "1,234,567"),
            ("#,##0.00", -1234.5, "-1,234.50"),
            ("0%", 0.875, "88%"),
            ("0.0%", 0.8754, "87.5%"),
            ("0.##", 5.0, "5"),
            ("000", 7.0, "007"),
            ("#,##0,", 12_345_678.0, "12,346"),
            ("0.0\"万元\"", 12.34, "12.3万元"),
            ("[$¥-804]#,##0", 1500.0, "¥1,500"),
            ("[Red]0;(0)", -7.0, "(7)"),
            ("#,##0 ;(#,##0)", 7.0, "7 "),
            ("_(* #,##0_);_(* (#,##0);_(* \"-\"_);_(@_)", 0.0, "-"),
            (";;;", 5.0, ""),
            ("0.00E+00", 12345.0, "12345"),
            ("# ?/?", 0.5, "0.5"),
            ("000-0000", 1_234_567.0, "1234567"),
            ("@", 3.25, "3.25"),
            ("General\"个\"", 3.0, "3个"),
            ("0.00", f64::NAN, "NaN"),
        ] {
            let shown = Format::new(code, None).number(value);
            assert_eq!(shown, expected, "{code} {value}");
        }
    }

    #[test]
    fn dates_and_times_are_displayed_as_their_workbook_displays_them() {
        let moment = (2026, 6, 5, 14, 3, 9, 500);
        for (code, id, expected) in [
            ("mm-dd-yy", Some(14), "2026/6/5"),
            ("m/d/yy h:mm", Some(22), "2026/6/5 14:03"),
            ("General", Some(31), "2026年6月5日"),
            ("General", Some(57), "2026年6月"),
            ("yyyy\\-mm\\-dd", None, "2026-06-05"),
            ("yyyy\"年\"m\"月\"d\"日\";@", None, "2026年6月5日"),
            ("[$-804]yyyy\"年\"m\"月\"d\"日\"\\ aaaa", None, "2026年6月5日 星期五"),
            ("yy.m.d", None, "26.6.5"),
            ("d-mmm-yy", Some(15), "5-Jun-26"),
            ("h:mm:ss", None, "14:03:09"),
            ("mm:ss.0", None, "03:09"),
            ("h:mm AM/PM", Some(18), "2:03 PM"),
            ("上午/下午h\"时\"mm\"分\"", None, "下午2时03分"),
            ("General", None, "2026/6/5"),
        ] {
            assert_eq!(Format::new(code, id).moment(moment), expected, "{code}");
        }
        assert_eq!(Format::new("[h]:mm", None).duration(1.5), "36:00");
        assert_eq!(Format::new("[h]:mm:ss", Some(46)).duration(-0.5), "-12:00:00");
        assert_eq!(Format::new("[m]:ss", None).duration(0.05), "72:00");
    }
}
