//! Automatic numbering: the numbers that Word draws and the file does not hold.

use std::collections::HashMap;

use quick_xml::{Reader, events::Event};

use crate::source::xml::{attribute, local};

/// Word knows nine levels.
const LEVELS: usize = 9;

#[derive(Debug, Clone)]
struct Level {
    start: u32,
    format: String,
    /// `第%1条`, `%1.%2`.
    text: String,
    /// Nothing sets the number apart from the text.
    glued: bool,
}

impl Default for Level {
    fn default() -> Self {
        Self { start: 1, format: "decimal".to_owned(), text: String::new(), glued: false }
    }
}

/// What Word draws in front of a paragraph of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::source) struct Mark {
    /// How deep in its list, from 0.
    pub(in crate::source) level: usize,
    /// None: a bullet.
    pub(in crate::source) number: Option<String>,
}

/// All lists of a document and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    /// By abstract list.
    lists: HashMap<String, Vec<Level>>,
    /// List instance → (abstract list, overridden starts).
    instances: HashMap<String, (String, HashMap<usize, u32>)>,
    /// Paragraph style → (list instance, level).
    styles: HashMap<String, (String, usize)>,
    counters: HashMap<String, [Option<u32>; LEVELS]>,
}

impl Numbering {
    pub(super) fn read(definitions: &[u8], styles: &[u8]) -> Self {
        let mut numbering = Self::default();
        numbering.read_definitions(definitions);
        numbering.read_styles(styles);
        numbering
    }

    fn read_definitions(&mut self, xml: &[u8]) {
        let mut reader = Reader::from_reader(xml);
        let (mut list, mut instance, mut level) = (None, None, 0_usize);
        while let Ok(event) = reader.read_event() {
            let (element, opens) = match &event {
                Event::Eof => break,
                Event::Start(element) => (element, true),
                Event::Empty(element) => (element, false),
                Event::End(end) => {
                    match local(end.name().as_ref()) {
                        "abstractNum" => list = None,
                        "num" => instance = None,
                        _ => {}
                    }
                    continue;
                }
                _ => continue,
            };
            let value = || attribute(element, "val").unwrap_or_default();
            match local(element.name().as_ref()) {
                "abstractNum" if opens => list = attribute(element, "abstractNumId"),
                "num" if opens => instance = attribute(element, "numId"),
                "lvl" | "lvlOverride" => {
                    level = attribute(element, "ilvl").and_then(|level| level.parse().ok()).unwrap_or(0);
                }
                "abstractNumId" => {
                    if let Some(instance) = &instance {
                        self.instances.entry(instance.clone()).or_default().0 = value();
                    }
                }
                "startOverride" => {
                    if let (Some(instance), Ok(start)) = (&instance, value().parse()) {
                        self.instances.entry(instance.clone()).or_default().1.insert(level, start);
                    }
                }
                tag @ ("start" | "numFmt" | "lvlText" | "suff") => {
                    let Some(list) = list.as_ref().filter(|_| level < LEVELS) else { continue };
                    let levels =
                        self.lists.entry(list.clone()).or_insert_with(|| vec![Level::default(); LEVELS]);
                    match tag {
                        "start" => levels[level].start = value().parse().unwrap_or(1),
                        "numFmt" => levels[level].format = value(),
                        "suff" => levels[level].glued = value() == "nothing",
                        _ => levels[level].text = value(),
                    }
                }
                _ => {}
            }
        }
    }

    fn read_styles(&mut self, xml: &[u8]) {
        let mut reader = Reader::from_reader(xml);
        let mut style = None;
        let (mut list, mut level) = (None, 0);
        while let Ok(event) = reader.read_event() {
            match &event {
                Event::Eof => break,
                Event::Start(element) | Event::Empty(element) => match local(element.name().as_ref()) {
                    "style" => {
                        style = attribute(element, "styleId");
                        (list, level) = (None, 0);
                    }
                    "numId" => list = attribute(element, "val"),
                    "ilvl" => level = attribute(element, "val").and_then(|v| v.parse().ok()).unwrap_or(0),
                    _ => {}
                },
                Event::End(end) if local(end.name().as_ref()) == "style" => {
                    if let (Some(style), Some(list)) = (style.take(), list.take()) {
                        self.styles.insert(style, (list, level));
                    }
                }
                _ => {}
            }
        }
    }

    /// What stands in front of a paragraph, and the counting that goes with it. `own`: the paragraph's own list and
    /// level; list 0 means that it has none, whatever its style says.
    pub(super) fn next(&mut self, own: Option<(String, usize)>, style: Option<&str>) -> Option<Mark> {
        let (instance, level) = own.or_else(|| self.styles.get(style?).cloned())?;
        if instance == "0" || level >= LEVELS {
            return None;
        }
        let (list, starts) = self.instances.get(&instance)?;
        let levels = self.lists.get(list)?;
        // Instances with starts of their own count by themselves, the others of one list together.
        let counter = if starts.is_empty() { format!("list {list}") } else { format!("instance {instance}") };
        let counters = self.counters.entry(counter).or_default();
        let start = |level: usize| starts.get(&level).copied().unwrap_or(levels[level].start);
        counters[level] = Some(counters[level].map_or_else(|| start(level), |count| count.saturating_add(1)));
        for deeper in counters.iter_mut().skip(level + 1) {
            *deeper = None;
        }
        let Level { format, text, glued, .. } = &levels[level];
        match format.as_str() {
            "bullet" => return Some(Mark { level, number: None }),
            "none" => return None,
            _ => {}
        }
        let mut number = String::new();
        let mut rest = text.as_str();
        while let Some(place) = rest.find('%') {
            number.push_str(&rest[..place]);
            let of = rest[place + 1..].chars().next().and_then(|digit| digit.to_digit(10));
            let Some(of) = of.and_then(|of| usize::try_from(of).ok()).filter(|of| (1..=LEVELS).contains(of))
            else {
                number.push('%');
                rest = &rest[place + 1..];
                continue;
            };
            let count = counters[of - 1].unwrap_or_else(|| start(of - 1));
            number.push_str(&written(count, &levels[of - 1].format));
            rest = &rest[place + 2..];
        }
        number.push_str(rest);
        // what Word draws as a TAB keeps the figures of the number from those of the text
        if !glued && number.ends_with(|c: char| c.is_ascii_digit()) {
            number.push(' ');
        }
        (!number.trim().is_empty()).then_some(Mark { level, number: Some(number) })
    }
}

fn written(count: u32, format: &str) -> String {
    match format {
        "chineseCounting"
        | "chineseCountingThousand"
        | "ideographDigital"
        | "japaneseCounting"
        | "taiwaneseCountingThousand"
        | "chineseLegalSimplified" => chinese(count),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => circled(count),
        "upperLetter" => letter(count, b'A'),
        "lowerLetter" => letter(count, b'a'),
        "upperRoman" => roman(count),
        "lowerRoman" => roman(count).to_lowercase(),
        "decimalZero" => format!("{count:02}"),
        _ => count.to_string(),
    }
}

fn chinese(count: u32) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |n: u32| DIGITS[(n % 10) as usize];
    match count {
        0 => "零".to_owned(),
        1..=9 => digit(count).to_owned(),
        10..=19 => format!("十{}", digit(count)),
        20..=99 => format!("{}十{}", digit(count / 10), digit(count)),
        100..=999 => {
            let rest = count % 100;
            let tail = match rest {
                0 => String::new(),
                1..=9 => format!("零{}", digit(rest)),
                _ => format!("{}十{}", digit(rest / 10), digit(rest)),
            };
            format!("{}百{tail}", digit(count / 100))
        }
        _ => count.to_string(),
    }
}

fn circled(count: u32) -> String {
    match count {
        1..=20 => char::from_u32(0x2460 + count - 1).map(String::from).unwrap_or_default(),
        _ => count.to_string(),
    }
}

fn letter(count: u32, first: u8) -> String {
    let place = u8::try_from((count.max(1) - 1) % 26).unwrap_or(0);
    char::from(first + place).to_string()
}

fn roman(count: u32) -> String {
    const PARTS: [(u32, &str); 9] =
        [(100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")];
    if count > 399 {
        return count.to_string();
    }
    let mut rest = count;
    let mut text = String::new();
    for (value, part) in PARTS {
        while rest >= value {
            text.push_str(part);
            rest -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_word_draws_them() {
        let cases = [
            (3, "decimal", "3"),
            (11, "chineseCounting", "十一"),
            (25, "chineseCountingThousand", "二十五"),
            (105, "chineseCounting", "一百零五"),
            (7, "decimalEnclosedCircle", "⑦"),
            (4, "upperRoman", "IV"),
            (2, "lowerLetter", "b"),
        ];
        for (count, format, expected) in cases {
            assert_eq!(written(count, format), expected);
        }
    }
}
