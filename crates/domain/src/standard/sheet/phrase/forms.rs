//! Gradings, scales and the other things that a cell says in a phrase.

use rust_decimal::Decimal;

use super::{
    UNITS, folded, number,
    quote::{name, quote, quoted_text, split, unquote, unquoted_text},
    share,
};
use crate::standard::{
    Asked, Grading, Of, Scale, Step, Window,
    grading::{Counted, Grade, Linear, half, letters, one},
    sheet::Expected,
};

const BINARY: &str = "是否符合";
const THREE_STEP: &str = "三档";
const LETTERS: &str = "等次";
const THRESHOLDS: &str = "分段";
const COMPARISON: &str = "比较";
const COUNT: &str = "计数";
const DEDUCTION: &str = "扣分";
const RATIO: &str = "比例";
const K_OF_N: &str = "整组";
const FORMULA: &str = "算式";

const PARTLY: &str = "基本符合";
const OTHERWISE: &str = "其余";
const WITH: &str = "与";
const ABOVE: &str = "高于";
const EQUAL: &str = "等于";
const BELOW: &str = "低于";
const COUNTED: &str = "对象";
const ALONG: &str = "长度";
const OFF: &str = "每次";
const AT_MOST: &str = "最多";
const MET_FROM: &str = "达标线";
const FULL_AT: &str = "满分";
const ZERO_AT: &str = "零分";
const NONE_MISSING: &str = "全部";

const COUNTED_WORDS: [(Counted, &str); 3] =
    [(Counted::Met, "合格数"), (Counted::Failed, "不合格数"), (Counted::Number, "记录数")];

/// Signs that a name inside a phrase is not mistaken for.
const SIGNS: [char; 10] = [':', ';', '=', '<', '>', '≥', '≤', '≧', '≦', '%'];

/// Names of parts: a step that is called so stands in quotes.
const RESERVED: [&str; 5] = [OTHERWISE, COUNTED, ALONG, FULL_AT, ZERO_AT];

const TOTAL: &str = "总分";
const NODE: &str = "指标";
const STANDARD: &str = "标准";
const THIS_ROUND: &str = "本轮";
const UNLIMITED: &str = "不限";

fn expected(part: &str, zh: impl AsRef<str>, en: impl AsRef<str>) -> Expected {
    let part = part.trim();
    Expected {
        zh: format!("“{part}”处应是{}", zh.as_ref()),
        en: format!("at “{part}” {} is expected", en.as_ref()),
    }
}

fn phrase(form: &str, parts: &[String]) -> String {
    if parts.is_empty() { form.to_owned() } else { format!("{form}：{}", parts.join("；")) }
}

fn pair(name: &str, value: Decimal) -> String {
    format!("{name}={}", value.normalize())
}

/// A step, as `≥90 A=1`.
fn step(step: &Step) -> String {
    let bounds = [("≥", step.from), (">", step.above), ("≤", step.up_to), ("<", step.below)].into_iter();
    let mut words: Vec<String> = bounds
        .filter_map(|(sign, bound)| bound.map(|bound| format!("{sign}{}", bound.normalize())))
        .collect();
    words.extend(step.grade.as_deref().map(|grade| part_name(grade, &RESERVED)));
    format!("{}={}", words.join(" "), step.counts.normalize())
}

fn part_name(text: &str, reserved: &[&str]) -> String {
    if reserved.contains(&text) { quote(text) } else { name(text, &SIGNS) }
}

fn steps(steps: &[Step], otherwise: Decimal) -> Vec<String> {
    let mut parts: Vec<String> = steps.iter().map(step).collect();
    if !parts.is_empty() || !otherwise.is_zero() {
        parts.push(pair(OTHERWISE, otherwise));
    }
    parts
}

fn grades(grades: &[Grade]) -> String {
    let parts: Vec<String> =
        grades.iter().map(|grade| pair(&part_name(&grade.name, &[]), grade.counts)).collect();
    // Without any, it is not the form's own letters that are meant.
    if parts.is_empty() { format!("{LETTERS}：") } else { phrase(LETTERS, &parts) }
}

fn along(along: Option<Decimal>) -> Option<String> {
    along.map(|along| format!("{ALONG}={}米", along.normalize()))
}

pub(in super::super) fn scale(scale: &Scale) -> String {
    match scale {
        Scale::Binary => BINARY.to_owned(),
        Scale::ThreeStep { partly } => phrase(THREE_STEP, &[pair(PARTLY, *partly)]),
        Scale::Letters { grades: all } => grades(all),
        Scale::Count { along: length, steps: all, otherwise } => {
            let parts: Vec<String> = along(*length).into_iter().chain(steps(all, *otherwise)).collect();
            phrase(COUNT, &parts)
        }
    }
}

pub(in super::super) fn grading(grading: &Grading) -> String {
    match grading {
        Grading::Binary => BINARY.to_owned(),
        Grading::ThreeStep { partly } => phrase(THREE_STEP, &[pair(PARTLY, *partly)]),
        Grading::Letters { grades: all } => grades(all),
        Grading::Thresholds { steps: all, otherwise } => phrase(THRESHOLDS, &steps(all, *otherwise)),
        Grading::Comparison { with, above, equal, below } => phrase(
            COMPARISON,
            &[
                format!("{WITH}={}", part_name(with, &[])),
                pair(ABOVE, *above),
                pair(EQUAL, *equal),
                pair(BELOW, *below),
            ],
        ),
        Grading::CountToGrade { counted, along: length, steps: all, otherwise } => {
            let word = COUNTED_WORDS.iter().find(|(one, _)| one == counted).map(|(_, word)| *word);
            let counted = word.map(|word| format!("{COUNTED}={word}"));
            let parts: Vec<String> =
                counted.into_iter().chain(along(*length)).chain(steps(all, *otherwise)).collect();
            phrase(COUNT, &parts)
        }
        Grading::Deduction { off, at_most } => {
            let most = at_most.map(|most| pair(AT_MOST, most));
            phrase(DEDUCTION, &[pair(OFF, *off)].into_iter().chain(most).collect::<Vec<_>>())
        }
        Grading::Ratio { steps: all, otherwise } => phrase(RATIO, &steps(all, *otherwise)),
        Grading::KOfN { missing, met_from } => {
            let mut parts: Vec<String> = Vec::new();
            for (n, counts) in missing.iter().enumerate() {
                let name = if n == 0 { NONE_MISSING.to_owned() } else { format!("缺{n}项") };
                parts.push(pair(&name, *counts));
            }
            parts.push(pair(MET_FROM, *met_from));
            phrase(K_OF_N, &parts)
        }
        Grading::Formula { expression, steps: all, otherwise, linear } => {
            let mut parts = vec![name(expression, &[';'])];
            if let Some(linear) = linear {
                parts.push(pair(FULL_AT, linear.full_at));
                parts.push(pair(ZERO_AT, linear.zero_at));
            }
            parts.extend(steps(all, *otherwise));
            phrase(FORMULA, &parts)
        }
    }
}

pub(in super::super) fn options(options: &[Asked]) -> String {
    let parts: Vec<String> =
        options.iter().map(|asked| pair(&part_name(&asked.option, &[]), asked.counts)).collect();
    parts.join("；")
}

pub(in super::super) fn window(window: &Window) -> String {
    let months = window.months.map(|months| format!("{months}个月"));
    let round = window.this_round.then(|| THIS_ROUND.to_owned());
    let parts: Vec<String> = months.into_iter().chain(round).collect();
    if parts.is_empty() { UNLIMITED.to_owned() } else { parts.join("；") }
}

pub(in super::super) fn of(of: &Of) -> String {
    match of {
        Of::Total => TOTAL.to_owned(),
        Of::Node(code) => format!("{NODE}：{}", quoted_text(code)),
        Of::Standard(id) => format!("{STANDARD}：{}", quoted_text(id)),
    }
}

/// A part of a phrase: `≥90 A=1`, `其余=0`.
struct Part<'a> {
    whole: &'a str,
    /// from, above, up_to, below
    bounds: [Option<Decimal>; 4],
    name: Option<String>,
    /// The name stood in quotes: it is no name of the language.
    quoted: bool,
    value: &'a str,
}

impl<'a> Part<'a> {
    fn read(whole: &'a str) -> Result<Self, Expected> {
        let written = || expected(whole, "“名称=数”，如 ≥90 A=1", "“name=number”, such as ≥90 A=1");
        let sides = split(whole, |c| super::fold(c) == '=');
        let value = sides.last().copied().filter(|_| sides.len() > 1).ok_or_else(written)?;
        let left = whole[..whole.len() - value.len()].trim_end();
        let left = left.strip_suffix(['=', '＝']).unwrap_or(left);
        let (bounds, rest) = bounds(left).ok_or_else(written)?;
        let quoted = unquote(rest);
        let name = quoted.clone().or_else(|| Some(rest.trim().to_owned()).filter(|name| !name.is_empty()));
        Ok(Self { whole, bounds, name, quoted: quoted.is_some(), value })
    }

    fn is(&self, name: &str) -> bool {
        !self.quoted && self.bounds.iter().all(Option::is_none) && self.name.as_deref() == Some(name)
    }

    fn number(&self) -> Result<Decimal, Expected> {
        number(self.value).ok_or_else(|| expected(self.whole, "一个数", "a number"))
    }

    fn share(&self) -> Result<Decimal, Expected> {
        share(self.value)
            .ok_or_else(|| expected(self.whole, "一个系数，如 0.66", "a coefficient such as 0.66"))
    }

    fn step(self) -> Result<Step, Expected> {
        let counts = self.share()?;
        let [from, above, up_to, below] = self.bounds;
        Ok(Step { from, above, up_to, below, grade: self.name, counts })
    }

    fn named(self) -> Result<(String, Decimal), Expected> {
        let counts = self.share()?;
        match self.name {
            Some(name) if self.bounds.iter().all(Option::is_none) => Ok((name, counts)),
            _ => Err(expected(self.whole, "“名称=系数”", "“name=coefficient”")),
        }
    }
}

/// The bounds at the beginning of a part, and what follows them; None where a bound has no number or is there twice.
fn bounds(text: &str) -> Option<([Option<Decimal>; 4], &str)> {
    const SIGNS: [(&[&str], usize); 4] = [
        (&["≥", "≧", ">=", "=>", "＞=", ">＝", "＞＝"], 0),
        (&["≤", "≦", "<=", "=<", "＜=", "<＝", "＜＝"], 2),
        (&[">", "＞"], 1),
        (&["<", "＜"], 3),
    ];
    let (mut found, mut rest) = ([None; 4], text.trim_start());
    'bounds: loop {
        for (signs, which) in SIGNS {
            let Some(behind) = signs.iter().find_map(|sign| rest.strip_prefix(sign)) else { continue };
            let behind = behind.trim_start();
            let end = behind
                .find(|c| !matches!(super::fold(c), '0'..='9' | '.' | ',' | '-'))
                .unwrap_or(behind.len());
            if found[which].replace(number(&behind[..end])?).is_some() {
                return None;
            }
            rest = &behind[end..];
            // Shares are graded in percent: ≥90% is ≥90, as ≥3处 is ≥3.
            let units = ["%", "％"].into_iter().chain(UNITS);
            let ends = |rest: &&str| rest.is_empty() || rest.starts_with(char::is_whitespace);
            let bare = units.filter_map(|unit| rest.strip_prefix(unit)).find(ends);
            rest = bare.unwrap_or(rest).trim_start();
            continue 'bounds;
        }
        return Some((found, rest));
    }
}

/// The parts of a phrase, from which those that the form names are taken.
struct Parts<'a>(Vec<Part<'a>>);

impl<'a> Parts<'a> {
    fn read(texts: &[&'a str]) -> Result<Self, Expected> {
        texts.iter().map(|text| Part::read(text)).collect::<Result<_, _>>().map(Self)
    }

    fn take(&mut self, name: &str) -> Option<Part<'a>> {
        let at = self.0.iter().position(|part| part.is(name))?;
        Some(self.0.remove(at))
    }

    fn number(&mut self, name: &str) -> Result<Option<Decimal>, Expected> {
        self.take(name).map(|part| part.number()).transpose()
    }

    fn share(&mut self, name: &str) -> Result<Option<Decimal>, Expected> {
        self.take(name).map(|part| part.share()).transpose()
    }

    /// The rest is steps.
    fn steps(mut self) -> Result<(Vec<Step>, Decimal), Expected> {
        let otherwise = self.share(OTHERWISE)?.unwrap_or_default();
        if let Some(twice) = self.0.iter().find(|part| RESERVED.iter().any(|name| part.is(name))) {
            return Err(expected(twice.whole, "一档(这个名称在这里不用，或写了两次)", "a step"));
        }
        let steps = self.0.into_iter().map(Part::step).collect::<Result<_, _>>()?;
        Ok((steps, otherwise))
    }

    fn no_more(&self) -> Result<(), Expected> {
        match self.0.first() {
            None => Ok(()),
            Some(part) => Err(expected(part.whole, "这种办法有的内容", "what this form has")),
        }
    }
}

fn missing(name: &str, form: &str) -> Expected {
    Expected { zh: format!("{form}要写明“{name}=”"), en: format!("{form} needs “{name}=”") }
}

/// The form, and its parts; None where no colon stands behind the form.
fn open(text: &str) -> (String, Option<Vec<&str>>) {
    let text = text.trim();
    let head = split(text, |c| super::fold(c) == ':')[0];
    let Some(rest) = text[head.len()..].chars().next().map(|colon| &text[head.len() + colon.len_utf8()..])
    else {
        return (folded(head), None);
    };
    let parts = split(rest, |c| c == '\n' || super::fold(c) == ';');
    (folded(head), Some(parts.into_iter().filter(|part| !part.trim().is_empty()).collect()))
}

fn read_grades(parts: Option<Vec<&str>>) -> Result<Vec<Grade>, Expected> {
    let Some(parts) = parts else { return Ok(letters()) };
    let named = Parts::read(&parts)?.0.into_iter().map(Part::named);
    named.map(|one| one.map(|(name, counts)| Grade { name, counts })).collect()
}

/// What a single verdict is judged by; None where the form is another.
fn verdict(form: &str, parts: &Option<Vec<&str>>) -> Option<Result<Scale, Expected>> {
    let texts = || Parts::read(parts.as_deref().unwrap_or_default());
    Some(match form {
        BINARY => texts().and_then(|parts| parts.no_more().map(|()| Scale::Binary)),
        THREE_STEP => texts().and_then(|mut parts| {
            let partly = parts.share(PARTLY)?.unwrap_or_else(half);
            parts.no_more().map(|()| Scale::ThreeStep { partly })
        }),
        LETTERS => read_grades(parts.clone()).map(|grades| Scale::Letters { grades }),
        _ => return None,
    })
}

pub(in super::super) fn read_scale(text: &str) -> Result<Scale, Expected> {
    let (form, parts) = open(text);
    if let Some(verdict) = verdict(&form, &parts) {
        return verdict;
    }
    if form != COUNT {
        let forms = [BINARY, THREE_STEP, LETTERS, COUNT];
        return Err(expected(
            &form,
            format!("其中之一：{}", forms.join("、")),
            format!("one of {}", forms.join(", ")),
        ));
    }
    let mut parts = Parts::read(&parts.unwrap_or_default())?;
    let along = parts.number(ALONG)?;
    let (steps, otherwise) = parts.steps()?;
    Ok(Scale::Count { along, steps, otherwise })
}

pub(in super::super) fn read_grading(text: &str) -> Result<Grading, Expected> {
    let (form, parts) = open(text);
    if let Some(scale) = verdict(&form, &parts) {
        return scale.map(|scale| match scale {
            Scale::ThreeStep { partly } => Grading::ThreeStep { partly },
            Scale::Letters { grades } => Grading::Letters { grades },
            Scale::Binary | Scale::Count { .. } => Grading::Binary,
        });
    }
    let texts = parts.unwrap_or_default();
    match form.as_str() {
        FORMULA => read_formula(&texts),
        K_OF_N => read_group(&texts),
        THRESHOLDS => {
            let (steps, otherwise) = Parts::read(&texts)?.steps()?;
            Ok(Grading::Thresholds { steps, otherwise })
        }
        RATIO => {
            let (steps, otherwise) = Parts::read(&texts)?.steps()?;
            Ok(Grading::Ratio { steps, otherwise })
        }
        COMPARISON => {
            let mut parts = Parts::read(&texts)?;
            let with = parts.take(WITH).ok_or_else(|| missing(WITH, COMPARISON))?;
            let with = unquoted_text(with.value);
            let mut counts = |name| parts.share(name)?.ok_or_else(|| missing(name, COMPARISON));
            let (above, equal, below) = (counts(ABOVE)?, counts(EQUAL)?, counts(BELOW)?);
            parts.no_more()?;
            Ok(Grading::Comparison { with, above, equal, below })
        }
        COUNT => {
            let mut parts = Parts::read(&texts)?;
            let counted = match parts.take(COUNTED) {
                None => Counted::default(),
                Some(part) => {
                    let word = folded(part.value);
                    let known = COUNTED_WORDS.iter().find(|(_, one)| *one == word);
                    let words = COUNTED_WORDS.map(|(_, word)| word);
                    known.map(|(counted, _)| *counted).ok_or_else(|| {
                        expected(
                            part.whole,
                            format!("其中之一：{}", words.join("、")),
                            format!("one of {}", words.join(", ")),
                        )
                    })?
                }
            };
            let along = parts.number(ALONG)?;
            let (steps, otherwise) = parts.steps()?;
            Ok(Grading::CountToGrade { counted, along, steps, otherwise })
        }
        DEDUCTION => {
            let mut parts = Parts::read(&texts)?;
            let off = parts.number(OFF)?.ok_or_else(|| missing(OFF, DEDUCTION))?;
            let at_most = parts.number(AT_MOST)?;
            parts.no_more()?;
            Ok(Grading::Deduction { off, at_most })
        }
        _ => {
            let forms = [
                BINARY, THREE_STEP, LETTERS, THRESHOLDS, COMPARISON, COUNT, DEDUCTION, RATIO, K_OF_N, FORMULA,
            ];
            Err(expected(
                &form,
                format!("其中之一：{}", forms.join("、")),
                format!("one of {}", forms.join(", ")),
            ))
        }
    }
}

fn read_formula(texts: &[&str]) -> Result<Grading, Expected> {
    let Some((expression, parts)) = texts.split_first() else {
        return Err(expected(FORMULA, "“算式：式子；…”", "“算式：expression；…”"));
    };
    let mut parts = Parts::read(parts)?;
    let linear = match (parts.number(FULL_AT)?, parts.number(ZERO_AT)?) {
        (None, None) => None,
        (Some(full_at), Some(zero_at)) => Some(Linear { zero_at, full_at }),
        (None, Some(_)) => return Err(missing(FULL_AT, FORMULA)),
        (Some(_), None) => return Err(missing(ZERO_AT, FORMULA)),
    };
    let (steps, otherwise) = parts.steps()?;
    Ok(Grading::Formula { expression: unquoted_text(expression), steps, otherwise, linear })
}

fn read_group(texts: &[&str]) -> Result<Grading, Expected> {
    let mut parts = Parts::read(texts)?;
    let met_from = parts.share(MET_FROM)?.unwrap_or_else(one);
    let mut missing = Vec::new();
    for part in parts.0 {
        let (place, whole) = (missing.len(), part.whole);
        let (name, counts) = part.named()?;
        let name = folded(&name);
        let said = match name.strip_prefix('缺') {
            Some(count) => count.trim().trim_end_matches('项').parse().ok(),
            None => (name == NONE_MISSING).then_some(0_usize),
        };
        if said != Some(place) {
            let next = if place == 0 { NONE_MISSING.to_owned() } else { format!("缺{place}项") };
            return Err(expected(whole, format!("“{next}=系数”"), format!("“{next}=coefficient”")));
        }
        missing.push(counts);
    }
    Ok(Grading::KOfN { missing, met_from })
}

pub(in super::super) fn read_options(text: &str) -> Result<Vec<Asked>, Expected> {
    let parts = split(text, |c| c == '\n' || super::fold(c) == ';');
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.trim().is_empty()).collect();
    let named = Parts::read(&parts)?.0.into_iter().map(Part::named);
    named.map(|one| one.map(|(option, counts)| Asked { option, counts })).collect()
}

pub(in super::super) fn read_window(text: &str) -> Result<Window, Expected> {
    let mut window = Window::default();
    let separate = |c: char| c == '\n' || matches!(super::fold(c), ';' | ',' | '、');
    for part in split(text, separate).into_iter().filter(|part| !part.trim().is_empty()) {
        let said = folded(part);
        if said == THIS_ROUND {
            window.this_round = true;
            continue;
        }
        if said == UNLIMITED {
            continue;
        }
        let span = said.trim_start_matches('近').trim_end_matches('内').trim_end_matches('以');
        let months = match span.strip_suffix('年') {
            Some(years) => years.trim().parse::<u32>().ok().and_then(|years| years.checked_mul(12)),
            None => number(span).and_then(|number| number.normalize().to_string().parse().ok()),
        };
        let months = months.ok_or_else(|| expected(part, "12个月、2年或本轮", "12个月, 2年 or 本轮"))?;
        window.months = Some(months);
    }
    Ok(window)
}

pub(in super::super) fn read_of(text: &str) -> Result<Of, Expected> {
    let text = text.trim();
    let head = split(text, |c| super::fold(c) == ':')[0];
    let rest = text[head.len()..].chars().next().map(|colon| &text[head.len() + colon.len_utf8()..]);
    match (folded(head).as_str(), rest) {
        (TOTAL, None) => Ok(Of::Total),
        (NODE, Some(code)) => Ok(Of::Node(unquoted_text(code))),
        (STANDARD, Some(id)) => Ok(Of::Standard(unquoted_text(id))),
        _ => Err(expected(text, "总分、指标：编号 或 标准：编号", "总分, 指标：code or 标准：id")),
    }
}
