//! The part of a plan under which a duty stands, 部分/章节: its headings, found again in the plan's text.
//!
//! A duty keeps only the printed numbers above it. What stands behind them says more to people than the numbers, and it is
//! what two versions of a plan share: a newer version's 二、环境整治 is the same part, wherever it stands by then.

use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
};

use super::Reading;

/// Stands between the headings of a part, outermost first.
pub const BETWEEN: &str = " › ";

/// So many headings, the outermost, make a part. Those below have few duties each, and a group of one is none.
const DEEPEST: usize = 2;

/// The longest heading, in characters.
const LONGEST: usize = 60;

/// The longest part, in characters: what a filter may ask for.
pub const LONGEST_PART: usize = DEEPEST * (LONGEST + 1) + 3;

/// Where the headings of a plan's text stand: every place that begins a line or a sentence with one of the wanted numbers.
#[derive(Debug)]
pub struct Headings<'a> {
    text: &'a [char],
    places: HashMap<&'a str, Vec<usize>>,
    reading: &'a Reading,
}

impl<'a> Headings<'a> {
    /// `text`: the cleaned text that `reading` was made of.
    pub fn find(text: &'a [char], reading: &'a Reading) -> Self {
        let printed: HashSet<&str> = reading
            .plans
            .iter()
            .flat_map(|plan| &plan.duties)
            .flat_map(|duty| &duty.path)
            .map(String::as_str)
            .filter(|printed| !printed.is_empty())
            .collect();
        let mut by_first: HashMap<char, Vec<(&str, Vec<char>)>> = HashMap::new();
        for one in printed {
            let chars: Vec<char> = one.chars().collect();
            by_first.entry(chars[0]).or_default().push((one, chars));
        }
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut begins = true;
        for (at, c) in text.iter().enumerate() {
            if begins && let Some(some) = by_first.get(c) {
                for (printed, chars) in some {
                    if text[at..].starts_with(chars) && ends_number(chars, text.get(at + chars.len())) {
                        places.entry(printed).or_default().push(at);
                    }
                }
            }
            begins = ends_sentence(*c) || (begins && c.is_whitespace());
        }
        Self { text, places, reading }
    }

    /// The part in which a duty of the plan with this index stands: that of its headings, or, of a table without any, the
    /// annex that it makes up. None where the text has no heading above it.
    pub fn part_of(&self, plan: usize, path: &[String], start: usize) -> Option<String> {
        if path.is_empty() {
            let title = self.reading.plans.get(plan).map(|plan| plan.title.trim()).unwrap_or_default();
            return (plan > 0 && !title.is_empty()).then(|| cut(title.chars()));
        }
        // From the innermost outwards, each before the one that it holds.
        let mut before = start;
        let mut headings: Vec<String> = path
            .iter()
            .rev()
            .map(|printed| match self.last_before(printed, before) {
                Some(at) => {
                    before = at;
                    self.heading(at)
                }
                // A number without its heading is still more than nothing.
                None => printed.trim().to_owned(),
            })
            .collect();
        headings.reverse();
        headings.truncate(DEEPEST);
        headings.retain(|heading| !heading.is_empty());
        (!headings.is_empty()).then(|| headings.join(BETWEEN))
    }

    fn last_before(&self, printed: &str, before: usize) -> Option<usize> {
        let places = self.places.get(printed)?;
        places.partition_point(|place| *place < before).checked_sub(1).map(|last| places[last])
    }

    /// The line that begins here, or its first sentence.
    fn heading(&self, at: usize) -> String {
        let rest = &self.text[at..];
        let end = rest.iter().position(|c| ends_sentence(*c) || matches!(c, ':' | '：'));
        cut(rest[..end.unwrap_or(rest.len())].iter().copied())
    }
}

/// Without blanks around and inside, and no longer than a heading is.
fn cut(heading: impl Iterator<Item = char>) -> String {
    let bare: Vec<char> = heading.filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    if bare.len() <= LONGEST {
        return bare.into_iter().collect();
    }
    bare[..LONGEST].iter().chain(&['…']).collect()
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '\n' | '。' | ';' | '；' | '!' | '！' | '?' | '？')
}

/// 二 begins 二、环境整治, and not 二是抓好环境整治 or 二级医院.
fn ends_number(printed: &[char], next: Option<&char>) -> bool {
    let bare = printed.last().is_some_and(|c| c.is_ascii_digit() || digit(*c).is_some());
    !bare
        || next.is_none_or(|c| c.is_whitespace() || matches!(c, '、' | '.' | '．' | ',' | '，' | ')' | '）'))
}

/// In the order of the plan, as far as the headings' numbers tell; what has no number comes last.
pub fn in_order(one: &str, other: &str) -> Ordering {
    let key = |part: &str| -> Vec<(u32, String)> {
        part.split(BETWEEN).map(|heading| (number(heading).unwrap_or(u32::MAX), heading.to_owned())).collect()
    };
    key(one).cmp(&key(other))
}

/// The number that a heading begins with: 二、 (十二) 第三章 5.
fn number(heading: &str) -> Option<u32> {
    let mut chars = heading.chars().skip_while(|c| matches!(c, '(' | '（' | '第' | '【' | '[')).peekable();
    if chars.peek().is_some_and(char::is_ascii_digit) {
        let digits: String = chars.take_while(char::is_ascii_digit).take(6).collect();
        return digits.parse().ok();
    }
    let numerals: Vec<u32> = chars.map_while(digit).take(6).collect();
    let mut number = 0;
    let mut ones = 0;
    for numeral in &numerals {
        match numeral {
            10 | 100 => {
                number += numeral * ones.max(1);
                ones = 0;
            }
            _ => ones = *numeral,
        }
    }
    (!numerals.is_empty()).then_some(number + ones)
}

fn digit(c: char) -> Option<u32> {
    "零一二三四五六七八九十".chars().position(|one| one == c).and_then(|n| u32::try_from(n).ok()).or(
        match c {
            '〇' => Some(0),
            '两' => Some(2),
            '百' => Some(100),
            _ => None,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Plan, PlanDuty, Span};

    const TEXT: &str = "清水县创建方案\n一、总体要求\n坚持为民。\n二、重点任务。分四个方面推进。\n(一)环境卫生提升行动。一是清理楼道。\n\
        二是整治背街。\n1.清理楼道杂物\n(1)每月一次\n(二)交通秩序\n  2、完善标线\n（三）文明素质：全民参与\n志愿服务\n三、保障措施 加强领导\n";

    fn duty(path: &[&str], words: &str) -> PlanDuty {
        let start = TEXT.find(words).map(|at| TEXT[..at].chars().count()).expect("the words");
        PlanDuty {
            path: path.iter().map(|&printed| printed.to_owned()).collect(),
            span: Span { start, end: start + words.chars().count() },
            ..PlanDuty::default()
        }
    }

    fn part(plan: usize, path: &[&str], words: &str) -> Option<String> {
        let duty = duty(path, words);
        let of = |title: &str, duties| Plan { title: title.into(), duties, ..Plan::default() };
        let reading = Reading {
            plans: vec![of("方案", vec![duty.clone()]), of("附件1 任务 清单", Vec::new())],
            ..Reading::default()
        };
        let text: Vec<char> = TEXT.chars().collect();
        Headings::find(&text, &reading).part_of(plan, &duty.path, duty.span.start)
    }

    #[test]
    fn a_part_is_the_headings_above_a_duty() {
        let cases: &[(&[&str], &str, Option<&str>)] = &[
            (&["二", "(一)"], "1.清理楼道杂物", Some("二、重点任务 › (一)环境卫生提升行动")),
            // 二是 in between is no heading.
            (&["二", "(一)", "1"], "(1)每月", Some("二、重点任务 › (一)环境卫生提升行动")),
            (&["二", "(二)"], "2、完善标线", Some("二、重点任务 › (二)交通秩序")),
            (&["二", "（三）"], "志愿服务", Some("二、重点任务 › （三）文明素质")),
            (&["一"], "坚持为民", Some("一、总体要求")),
            // What the text has no heading for keeps its number.
            (&["七"], "坚持为民", Some("七")),
            (&[], "坚持为民", None),
        ];
        for (path, words, expected) in cases {
            assert_eq!(part(0, path, words).as_deref(), *expected, "{path:?} {words}");
        }
    }

    #[test]
    fn a_table_in_an_annex_is_a_part_of_its_own() {
        assert_eq!(part(1, &[], "坚持为民").as_deref(), Some("附件1任务清单"));
    }

    #[test]
    fn a_heading_that_goes_on_and_on_is_cut() {
        let text: Vec<char> = format!("一、{}", "长".repeat(500)).chars().collect();
        let duties = vec![PlanDuty { path: vec!["一".into()], ..PlanDuty::default() }];
        let reading = Reading { plans: vec![Plan { duties, ..Plan::default() }], ..Reading::default() };
        let part = Headings::find(&text, &reading).part_of(0, &["一".into()], 400).expect("a part");
        assert!(part.ends_with('…') && part.chars().count() <= LONGEST_PART, "{part}");
    }

    #[test]
    fn parts_come_in_the_order_of_their_numbers() {
        let mut parts = vec![
            "附件任务清单",
            "十一、督查",
            "二、重点任务 › (十)宣传",
            "二、重点任务 › (三)交通",
            "一、总体要求",
            "二、重点任务",
            "第二十章 › 3.x",
            "二、重点任务 › (二)卫生",
        ];
        parts.sort_by(|one, other| in_order(one, other));
        let expected = [
            "一、总体要求",
            "二、重点任务",
            "二、重点任务 › (二)卫生",
            "二、重点任务 › (三)交通",
            "二、重点任务 › (十)宣传",
            "十一、督查",
            "第二十章 › 3.x",
            "附件任务清单",
        ];
        assert_eq!(parts, expected);
        for (heading, expected) in
            [("(十二)x", 12), ("二十三、", 23), ("一百零五", 105), ("第7条", 7), ("二〇", 0)]
        {
            assert_eq!(number(heading), Some(expected), "{heading}");
        }
        assert_eq!(number("附件"), None);
    }
}
