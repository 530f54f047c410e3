//! Dates as plans write them, and what they say: a start, a deadline, a stretch of time.

use chengjing_domain::plan::PlanDate;

use crate::{
    chars::{CharSet, ends_sentence, is_blank, skip_blanks, starts_at},
    numbers::cn_integer,
};

/// A point in time as written, before the year is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Point {
    year: Option<i32>,
    /// A year stands there, but masked (20xx年) or relative (今年).
    masked: bool,
    month: Option<u32>,
    day: Option<u32>,
    /// A quarter or half year: the month it begins with, where it is used as a start.
    first_month: Option<u32>,
}

/// One mention of a date or of a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mention {
    /// Characters of the scanned slice, `[at, end)`.
    pub(crate) at: usize,
    pub(crate) end: usize,
    pub(crate) says: Says,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Says {
    /// 5月1日至6月30日; an open side (即日起至…, …至验收) is None.
    Stretch(Option<PlanDate>, Option<PlanDate>),
    /// 6月底前, 截至6月.
    Before(PlanDate),
    /// 从6月起.
    From(PlanDate),
    /// A date alone.
    At(PlanDate),
}

const DASHES: [char; 9] = ['-', '—', '–', '-', '~', '~', '至', '到', '―'];

/// What a date can begin with, and what ends a sentence.
static TELLING: CharSet =
    CharSet::new("0123456789〇零○一壹二两贰三叁四肆五伍六陆七柒八捌九玖十百千拾Xx×*今本明当年上第即月。!?\n");

/// Every date in the slice, in order.
pub(crate) fn mentions(text: &[char]) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut year_of_sentence: Option<i32> = None;
    let mut i = 0;
    while i < text.len() {
        let c = text[i];
        if ends_sentence(c) || c == '\n' {
            year_of_sentence = None;
        }
        if !TELLING.has(c) {
            i += 1;
            continue;
        }
        let inside_number = i > 0 && text[i - 1].is_ascii_digit() && c.is_ascii_digit();
        if inside_number {
            i += 1;
            continue;
        }
        if let Some(end) = now_on(text, i) {
            // 即日起至12月20日: only the end is known.
            let next = skip_blanks(text, end);
            if let Some(join) = joint(text, next)
                && let Some((to, to_end)) = point(text, skip_blanks(text, join))
            {
                let to = settle(to, &mut year_of_sentence);
                found.push(Mention { at: i, end: to_end, says: Says::Stretch(None, to) });
                i = to_end;
                continue;
            }
            i = end;
            continue;
        }
        let Some((from, end)) = point(text, i) else {
            i += 1;
            continue;
        };
        if i > 0 && text[i - 1] == '每' || every(text, i) {
            // 每年4月、10月, 每月25日前 is a recurrence, not a date
            i = end;
            while matches!(text.get(i), Some('、' | '和' | '或'))
                && let Some((_, end)) = point(text, i + 1)
            {
                i = end;
            }
            continue;
        }
        if let Some((to, to_end)) = stretch(text, from, end) {
            let mut from = from;
            if from.year.is_none() && !from.masked && to.year.is_some() && from.month <= to.month {
                from.year = to.year;
            }
            let start = settle(as_start(from), &mut year_of_sentence);
            let finish = to.and_settle(&mut year_of_sentence);
            if start.is_some() || finish.is_some() {
                found.push(Mention { at: i, end: to_end, says: Says::Stretch(start, finish) });
            }
            i = to_end;
            continue;
        }
        let (says, end) = edge(text, i, end, from, &mut year_of_sentence);
        if let Some(says) = says {
            found.push(Mention { at: i, end, says });
        }
        i = end;
    }
    found
}

impl Point {
    fn and_settle(self, year: &mut Option<i32>) -> Option<PlanDate> {
        settle(self, year)
    }
}

fn as_start(point: Point) -> Point {
    Point { month: point.first_month.or(point.month), ..point }
}

/// The year where none is written is the one that the same sentence gave last.
fn settle(point: Point, year_of_sentence: &mut Option<i32>) -> Option<PlanDate> {
    if point.masked {
        *year_of_sentence = None;
        return PlanDate::new(None, point.month, point.day);
    }
    if point.year.is_some() {
        *year_of_sentence = point.year;
    }
    PlanDate::new(point.year.or(*year_of_sentence), point.month, point.day)
}

/// 即日起, 现在起, 从即日: the end of the words.
fn now_on(text: &[char], at: usize) -> Option<usize> {
    starts_at(text, at, "即日").then(|| at + 2 + usize::from(text.get(at + 2) == Some(&'起')))
}

/// Is the date at `at` one of a series (每年…, 每月…)?
fn every(text: &[char], at: usize) -> bool {
    let from = at.saturating_sub(3);
    text[from..at].contains(&'每')
}

/// A connective of a stretch of time at `at`; where it ends.
fn joint(text: &[char], at: usize) -> Option<usize> {
    let mut i = at;
    while i < text.len() && i - at < 3 && DASHES.contains(&text[i]) {
        i += 1;
    }
    (i > at).then_some(i)
}

/// The end of a stretch that began with `from` and whose first point is written up to `end`.
fn stretch(text: &[char], from: Point, end: usize) -> Option<(Point, usize)> {
    let mut i = skip_blanks(text, end);
    if matches!(text.get(i), Some('起' | '始')) {
        i += 1;
    } else if starts_at(text, i, "开始") {
        i += 2;
    }
    if matches!(text.get(i), Some(',')) && matches!(text.get(i + 1), Some('至' | '到')) {
        i += 1;
    }
    let i = skip_blanks(text, joint(text, skip_blanks(text, i))?);
    if let Some((mut to, mut end)) = point(text, i) {
        if to.year.is_none() && !to.masked {
            if from.masked {
                to.masked = true;
            } else if to.month.is_some() {
                to.year = from.year;
            }
        }
        for word in ["之前", "以前", "前", "为止", "止"] {
            if starts_at(text, end, word) {
                end += word.chars().count();
                break;
            }
        }
        return Some((to, end));
    }
    // 5月26日至30日
    let (day, len) = small_number(text, i)?;
    if matches!(text.get(i + len), Some('日' | '号')) && from.day.is_some() {
        return Some((Point { day: Some(day), ..from }, i + len + 1));
    }
    // …至验收, …至全国文明城市复查: the end is open, but the start stands
    None
}

/// What stands around a single date: 前, 起, 截至, 从.
fn edge(text: &[char], at: usize, end: usize, point: Point, year: &mut Option<i32>) -> (Option<Says>, usize) {
    let next = skip_blanks(text, end);
    for word in ["之前", "以前", "前", "止", "为止", "截止"] {
        if starts_at(text, next, word) && !starts_at(text, next, "前后") && !starts_at(text, next, "前期")
        {
            return (settle(point, year).map(Says::Before), next + word.chars().count());
        }
    }
    if matches!(text.get(next), Some('起')) || starts_at(text, next, "开始") {
        let end = next + if text[next] == '起' { 1 } else { 2 };
        return (settle(as_start(point), year).map(Says::From), end);
    }
    if let Some(join) = joint(text, next)
        && matches!(text.get(next), Some('至' | '到'))
        && !text.get(join).is_some_and(char::is_ascii_digit)
    {
        // 20xx年1月15日至全国文明城市复查验收
        return (settle(as_start(point), year).map(|date| Says::Stretch(Some(date), None)), join);
    }
    let lead = &text[at.saturating_sub(2)..at];
    if lead.ends_with(&['截', '至']) || lead.ends_with(&['截', '止']) || lead.ends_with(&['至']) {
        return (settle(point, year).map(Says::Before), end);
    }
    (settle(point, year).map(Says::At), end)
}

fn small_number(text: &[char], at: usize) -> Option<(u32, usize)> {
    let digits = text[at.min(text.len())..].iter().take(3).take_while(|c| c.is_ascii_digit()).count();
    if digits > 0 {
        if digits > 2 {
            return None;
        }
        let value = text[at..at + digits].iter().fold(0, |sum, c| sum * 10 + c.to_digit(10).unwrap_or(0));
        return Some((value, digits));
    }
    cn_integer(text, at).filter(|&(value, _)| value <= 31)
}

/// One date at `at`, with where it ends.
fn point(text: &[char], at: usize) -> Option<(Point, usize)> {
    if let Some(found) = with_signs(text, at) {
        return Some(found);
    }
    let mut point = Point::default();
    let mut i = at;
    let mut has_year = false;
    if let Some((year, end)) = year(text, at) {
        has_year = true;
        point.year = year;
        point.masked = year.is_none();
        i = end;
        if let Some(end) = end_of_year(text, i) {
            return Some((point, end));
        }
        i = skip_blanks(text, i);
        if text.get(i) == Some(&'的') && small_number(text, i + 1).is_some() {
            i += 1;
        }
    } else if starts_at(text, at, "年底") || starts_at(text, at, "年末") {
        let before = at.checked_sub(1).map(|i| text[i]);
        // 每年底, 三年底 … are no date; 到年底, 今年底 are.
        let known = before.is_none_or(|c| !c.is_ascii_digit() && cn_integer(&[c], 0).is_none() && c != '每');
        return known.then_some((Point::default(), at + 2));
    }
    if let Some((month, end)) = quarter(text, i) {
        point.month = Some(month);
        point.first_month =
            Some(month.saturating_sub(if month == 6 && starts_at(text, i, "上半年") { 5 } else { 2 }));
        return Some((point, end));
    }
    let Some((month, len)) = small_number(text, i) else {
        return has_year.then_some((point, i));
    };
    let mut j = skip_blanks(text, i + len);
    if text.get(j) != Some(&'月') || month == 0 || month > 12 {
        // 5—8月
        if let Some(join) = joint(text, j)
            && !matches!(text.get(j), Some('到'))
            && let Some((to, to_len)) = small_number(text, join)
            && text.get(join + to_len) == Some(&'月')
            && (1..=12).contains(&to)
            && (1..=12).contains(&month)
        {
            point.month = Some(month);
            return Some((point, j));
        }
        return has_year.then_some((point, skip_back(text, i)));
    }
    if starts_at(text, j, "月份") {
        j += 1;
    }
    point.month = Some(month);
    let mut end = j + 1;
    let next = skip_blanks(text, end);
    if let Some((day, len)) = small_number(text, next)
        && matches!(text.get(skip_blanks(text, next + len)), Some('日' | '号'))
        && (1..=31).contains(&day)
    {
        point.day = Some(day);
        return Some((point, skip_blanks(text, next + len) + 1));
    }
    for word in ["上旬", "中旬", "下旬", "底", "末", "初", "中"] {
        if starts_at(text, next, word) && !(word == "中" && text.get(next + 1) != Some(&'旬')) {
            end = next + word.chars().count();
            break;
        }
    }
    Some((point, end))
}

fn skip_back(text: &[char], mut i: usize) -> usize {
    while i > 0 && is_blank(text[i - 1]) {
        i -= 1;
    }
    i
}

/// 2024年, 20xx年, XX年, 今年: Some(None) where a year stands that is not known. The end is behind 年 (度).
fn year(text: &[char], at: usize) -> Option<(Option<i32>, usize)> {
    for word in ["今年", "本年", "明年", "当年"] {
        if starts_at(text, at, word) {
            return Some((None, at + 2));
        }
    }
    let mask = |c: char| matches!(c, 'X' | 'x' | '×' | '*' | '_');
    let mut i = at;
    while i < text.len()
        && i - at < 5
        && (text[i].is_ascii_digit() || mask(text[i]) || cn_integer(text, i).is_some())
    {
        i += 1;
    }
    let run = &text[at..i];
    let end = skip_blanks(text, i);
    if text.get(end) != Some(&'年') {
        return None;
    }
    let end = end + 1;
    if run.len() >= 2 && run.iter().any(|&c| mask(c)) && run.iter().all(|&c| mask(c) || c.is_ascii_digit()) {
        return Some((None, end));
    }
    if run.len() == 4 && run.iter().all(char::is_ascii_digit) {
        let year: i32 = run.iter().fold(0, |sum, c| sum * 10 + c.to_digit(10).unwrap_or(0) as i32);
        return (1900..2200).contains(&year).then_some((Some(year), end));
    }
    if run.len() == 4
        && let Some((year, 4)) = cn_integer(text, at)
    {
        return (1900..2200).contains(&year).then_some((Some(year as i32), end));
    }
    None
}

fn end_of_year(text: &[char], after_year: usize) -> Option<usize> {
    if matches!(text.get(after_year), Some('底' | '末')) {
        return Some(after_year + 1);
    }
    (starts_at(text, after_year, "年底") || starts_at(text, after_year, "年末")).then_some(after_year + 2)
}

/// 第一季度, 一季度末, 上半年: the last month of it.
fn quarter(text: &[char], at: usize) -> Option<(u32, usize)> {
    if starts_at(text, at, "上半年") {
        return Some((6, at + 3));
    }
    let i = at + usize::from(text.get(at) == Some(&'第'));
    let (number, len) = small_number(text, i)?;
    if (1..=4).contains(&number) && starts_at(text, i + len, "季度") {
        let end = i + len + 2;
        return Some((number * 3, end + usize::from(matches!(text.get(end), Some('末' | '底')))));
    }
    None
}

/// 2023-05-26, 2023.5.26, 2023/5, 2023.05.
fn with_signs(text: &[char], at: usize) -> Option<(Point, usize)> {
    let digits = |at: usize, most: usize| {
        let len = text.get(at..)?.iter().take(most + 1).take_while(|c| c.is_ascii_digit()).count();
        (len > 0 && len <= most).then(|| {
            (text[at..at + len].iter().fold(0, |sum, c| sum * 10 + c.to_digit(10).unwrap_or(0)), len)
        })
    };
    let (year, 4) = digits(at, 4)? else { return None };
    if !(1900..2200).contains(&year) {
        return None;
    }
    let sign = *text.get(at + 4)?;
    if !matches!(sign, '-' | '.' | '/') {
        return None;
    }
    let (month, len) = digits(at + 5, 2)?;
    if !(1..=12).contains(&month) {
        return None;
    }
    let mut end = at + 5 + len;
    let mut point = Point { year: Some(year as i32), month: Some(month), ..Point::default() };
    if text.get(end) == Some(&sign)
        && let Some((day, len)) = digits(end + 1, 2)
        && (1..=31).contains(&day)
    {
        point.day = Some(day);
        end += 1 + len;
    } else if text.get(end) == Some(&'月') {
        return None;
    }
    if text.get(end).is_some_and(|c| c.is_ascii_digit() || matches!(c, '%' | '万' | '亿' | '元')) {
        return None;
    }
    Some((point, end))
}

/// What a marker's value or a table's cell says: its start and its end; a single date is the end.
pub(crate) fn limits(text: &[char]) -> (Option<PlanDate>, Option<PlanDate>) {
    let (mut start, mut due) = (None, None);
    for mention in mentions(text) {
        match mention.says {
            Says::Stretch(from, to) => {
                start = start.or(from);
                due = to.or(due);
            }
            Says::From(date) => start = start.or(Some(date)),
            Says::Before(date) | Says::At(date) => due = Some(date),
        }
    }
    (start, due)
}

/// A phase's bounds: a single date is both.
pub(crate) fn bounds(text: &[char]) -> Option<(Option<PlanDate>, Option<PlanDate>)> {
    mentions(text).first().map(|mention| match mention.says {
        Says::Stretch(from, to) => (from, to),
        Says::From(date) => (Some(date), None),
        Says::Before(date) => (None, Some(date)),
        Says::At(date) => (Some(date), Some(date)),
    })
}

/// Words behind a date that make it the name of a day, a document or an event rather than a deadline.
const NO_DEADLINE_BEHIND: &[&str] = &[
    "的",
    "印发",
    "会议",
    "学雷锋",
    "世界",
    "全国",
    "国际",
    "爱国卫生",
    "召开的",
    "下发",
    "以来",
    "出台",
    "文件",
    "通知",
    "前后",
    "精神",
    "度",
    "版",
    "届",
    "第",
    "份以来",
    "初次",
];

/// Start and deadline as the running text of a duty gives them: 6月底前 and a plain 2023年6月 are deadlines, the last one
/// counts; a bare year only where something says "by". `mentions` are the text's.
pub(crate) fn limits_in_prose(text: &[char], mentions: &[Mention]) -> (Option<PlanDate>, Option<PlanDate>) {
    let (mut start, mut due) = (None, None);
    for mention in mentions {
        let behind = &text[mention.end..];
        let skip =
            in_title(text, mention.at) || NO_DEADLINE_BEHIND.iter().any(|word| starts_at(behind, 0, word));
        match mention.says {
            Says::Stretch(from, to) => {
                start = start.or(from);
                due = to.or(due);
            }
            Says::From(date) => start = start.or(Some(date)),
            Says::Before(date) => due = Some(date),
            Says::At(_) if skip => {}
            Says::At(date) if date.month().is_some() => due = Some(date),
            Says::At(date) => {
                let written = &text[mention.at..mention.end];
                let lead = mention.at.checked_sub(1).map(|i| text[i]);
                let by = matches!(lead, Some('到' | '至' | '于' | '在' | '争'))
                    || written.ends_with(&['底'])
                    || written.ends_with(&['末'])
                    || (written.len() >= 4
                        && date.year().is_some()
                        && matches!(behind.first(), Some(',' | '完' | '实' | '内' | '建')));
                if by {
                    due = Some(date);
                }
            }
        }
    }
    (start, due)
}

/// Does the date stand in the title of a document (《…》)?
fn in_title(text: &[char], at: usize) -> bool {
    let from = at.saturating_sub(40);
    let open = text[from..at].iter().rposition(|&c| c == '《');
    let close = text[from..at].iter().rposition(|&c| c == '》');
    open.is_some() && open > close
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(pair: (Option<PlanDate>, Option<PlanDate>)) -> String {
        let side = |date: Option<PlanDate>| date.map_or_else(|| "-".to_owned(), |date| date.to_string());
        format!("{} {}", side(pair.0), side(pair.1))
    }

    #[test]
    fn a_value_gives_start_and_due() {
        for (text, expected) in [
            ("2024年6月底前", "- 2024-06"),
            ("2024年6月30日前", "- 2024-06-30"),
            ("2024 年 6 月 30 日之前", "- 2024-06-30"),
            ("6月底", "- XXXX-06"),
            ("2024年底", "- 2024"),
            ("2024年年底前", "- 2024"),
            ("年底前", "- XXXX"),
            ("今年年底前", "- XXXX"),
            ("长期坚持", "- -"),
            ("每月25日前", "- -"),
            ("每年4月底前", "- -"),
            ("2024年5月至8月", "2024-05 2024-08"),
            ("2023年5月-8月", "2023-05 2023-08"),
            ("2023年5月—2024年8月", "2023-05 2024-08"),
            ("5—8月", "XXXX-05 XXXX-08"),
            ("6月17日至6月27日", "XXXX-06-17 XXXX-06-27"),
            ("3月1日-15日", "XXXX-03-01 XXXX-03-15"),
            ("2024.5.26", "- 2024-05-26"),
            ("2024-05-26", "- 2024-05-26"),
            ("2024/5", "- 2024-05"),
            ("2024.3.1—2024.5.31", "2024-03-01 2024-05-31"),
            ("20xx年3月2日-20xx年3月9日", "XXXX-03-02 XXXX-03-09"),
            ("20xx年11月2日至2022年2月5日", "XXXX-11-02 2022-02-05"),
            ("即日起至20xx年12月20日", "- XXXX-12-20"),
            ("20xx年1月15日至全国验收", "XXXX-01-15 -"),
            ("从2024年7月1日起", "2024-07-01 -"),
            ("2024年第三季度", "- 2024-09"),
            ("上半年", "- XXXX-06"),
            ("12月1日至12月中旬", "XXXX-12-01 XXXX-12"),
            ("二〇二四年六月底前", "- 2024-06"),
            ("十月底前", "- XXXX-10"),
            ("2024年13月", "- 2024"),
        ] {
            let chars: Vec<char> = text.chars().collect();
            assert_eq!(show(limits(&chars)), expected, "{text}");
        }
    }

    #[test]
    fn prose_gives_start_and_due() {
        for (text, expected) in [
            ("2023年6月,组织全县社区开展签名", "- 2023-06"),
            ("宣传册在2023年8月之前印好", "- 2023-08"),
            ("2024年3月启动,6月底前完成改造", "- 2024-06"),
            ("对照2023年5月印发的清单整改", "- -"),
            ("提供近两年的资料(20xx年和20xx年)", "- -"),
            ("年内要命名一批单位", "- -"),
            ("到2025年,绿地率达到40%", "- 2025"),
            ("落实《2024年6月重点任务》要求", "- -"),
            ("从今年9月起,每周巡查", "XXXX-09 -"),
            ("于5月26日前送创建办", "- XXXX-05-26"),
            ("每月25日前报送", "- -"),
        ] {
            let chars: Vec<char> = text.chars().collect();
            assert_eq!(show(limits_in_prose(&chars, &mentions(&chars))), expected, "{text}");
        }
    }
}
