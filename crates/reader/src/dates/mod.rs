//! Dates as plans write them, and what they say: a start, a deadline, a stretch of time.

mod limits;

use chengjing_domain::plan::PlanDate;

pub(crate) use self::limits::{bounds, limits, limits_in_prose};
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
static TELLING: CharSet = CharSet::new(
    "0123456789〇零○一壹二两贰三叁四肆五伍六陆七柒八捌九玖十百千拾Xx×*今本明当年上下第即月。!?\n",
);

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
        if let Some((from, to, end)) = neighbours(text, i) {
            let start = settle(from, &mut year_of_sentence);
            let finish = settle(to, &mut year_of_sentence);
            found.push(Mention { at: i, end, says: Says::Stretch(start, finish) });
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

/// 2025—2027年: where the years end, and which they are.
fn years(text: &[char], at: usize) -> Option<(Point, Point, usize)> {
    let digits = |at: usize| text.get(at..at + 4).filter(|run| run.iter().all(char::is_ascii_digit));
    digits(at)?;
    let second = joint(text, at + 4)?;
    digits(second)?;
    if text.get(second + 4) != Some(&'年') {
        return None;
    }
    let of = |at: usize| {
        let year = text[at..at + 4].iter().fold(0, |sum, c| sum * 10 + c.to_digit(10).unwrap_or(0) as i32);
        (1900..2200).contains(&year).then_some(Point { year: Some(year), ..Point::default() })
    };
    let end = second + 5;
    Some((of(at)?, of(second)?, end + usize::from(matches!(text.get(end), Some('底' | '末')))))
}

/// 第二、三季度, 5、6月: neighbours that share a word are a stretch of time.
fn neighbours(text: &[char], at: usize) -> Option<(Point, Point, usize)> {
    if let Some(found) = years(text, at) {
        return Some(found);
    }
    // asked at every figure of a text: nearly none has a 、 so near
    if !text[at..text.len().min(at + 12)].contains(&'、') {
        return None;
    }
    let (year, i) = year(text, at).map_or((None, at), |(year, end)| (Some(year), skip_blanks(text, end)));
    let i = i + usize::from(text.get(i) == Some(&'第'));
    let sign = (i + 1..i + 3).find(|&j| text.get(j) == Some(&'、'))?;
    let (first, len) = small_number(text, i).filter(|&(_, len)| i + len == sign)?;
    let next = sign + 1 + usize::from(text.get(sign + 1) == Some(&'第'));
    let (second, second_len) = small_number(text, next)?;
    let behind = next + second_len;
    let every = at > 0 && text[at - 1] == '每' || every(text, at);
    if second != first + 1 || first == 0 || len == 0 || every {
        return None;
    }
    let point = |month: u32| Point {
        year: year.flatten(),
        masked: year == Some(None),
        month: Some(month),
        ..Point::default()
    };
    if starts_at(text, behind, "季度") && second <= 4 {
        return Some((point(first * 3 - 2), point(second * 3), behind + 2));
    }
    let months = text.get(behind) == Some(&'月') && second <= 12;
    months
        .then(|| (point(first), point(second), behind + 1 + usize::from(text.get(behind + 1) == Some(&'份'))))
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
    let from = ["起", "开始", "以后", "之后"].into_iter().find(|word| starts_at(text, next, word));
    if let Some(word) = from {
        let end = next + word.chars().count();
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
        point.first_month = Some(month.saturating_sub(if starts_at(text, i + 1, "半年") { 5 } else { 2 }));
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

/// 第一季度, 一季度末, 上半年, 下半年: the last month of it.
fn quarter(text: &[char], at: usize) -> Option<(u32, usize)> {
    for (half, month) in [("上半年", 6), ("下半年", 12)] {
        if starts_at(text, at, half) {
            return Some((month, at + 3));
        }
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
