//! Steps of the plan that have a name and at least one date.

use chengjing_domain::plan::{Phase, Span};

use super::{
    sections::{Class, class},
    steps,
};
use crate::{
    chars::{
        contains_any, ends_clause, ends_with, is_blank, is_close_bracket, is_colon, is_open_bracket,
        starts_at, string, trim,
    },
    dates::{self, Mention},
    outline::{numbering::Style, tree::Tree},
};

/// A phase and the node it was found at, if it is one.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) phase: Phase,
    pub(crate) node: Option<usize>,
}

/// The phases of a part.
pub(crate) fn phases(text: &[char], tree: &Tree) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut numbered = vec![false; tree.nodes.len()];
    // what a heading says of its items is asked once for all of them
    let mut steps: Option<(usize, bool)> = None;
    for at in 1..tree.nodes.len() {
        let parent = tree.nodes[at].parent;
        // what stands under a phase is what is to be done in it
        let in_steps = match steps {
            Some((of, says)) if of == parent => says,
            _ => steps.insert((parent, !numbered[parent] && holds_steps(text, tree, parent))).1,
        };
        if let Some(phase) = of_node(text, tree, at, in_steps) {
            numbered[at] = true;
            found.push(Found { phase, node: Some(at) });
        }
    }
    // paragraphs without a number: 宣传发动阶段(3月1日—3月31日)。
    for (at, node) in tree.nodes.iter().enumerate() {
        if at != 0 && numbered[at] {
            continue;
        }
        // 3月:宣传发动。 / 4—6月:集中整治。: two such lines in a section of steps are steps
        let mut told = 0;
        if at != 0 && holds_steps(text, tree, at) {
            let lines = text[node.head.min(node.own_end)..node.own_end].split(|&c| c == '\n').skip(1);
            told = lines.filter(|line| steps::tells_step(line)).take(2).count();
        }
        let mut line = node.head;
        while line < node.own_end {
            let end = crate::chars::line_end(text, line, node.own_end);
            if (at == 0 || line > node.head)
                && (crate::chars::contains(&text[line..end.min(line + 24)], "阶段")
                    || told == 2 && steps::tells_step(&text[line..end]))
                && let Some(phase) = heading(text, line, end, true)
            {
                found.push(Found { phase: Phase { span: Span { start: line, end }, ..phase }, node: None });
            }
            found.extend(in_sentences(text, line, end));
            line = end + 1;
        }
    }
    found.sort_by_key(|found| found.phase.span.start);
    found
}

/// 3月1日至4月15日为宣传阶段,主要是…;4月16日至10月为整治阶段,…: phases that one paragraph tells, at least two.
fn in_sentences(text: &[char], from: usize, end: usize) -> Vec<Found> {
    let mut found = Vec::new();
    if !contains_any(&text[from..end], &["阶段"]) {
        return found;
    }
    let mut start = from;
    for i in from..=end {
        if i < end && !matches!(text[i], ';' | '。') {
            continue;
        }
        let (at, to) = trim(text, start, i);
        start = i + 1;
        let sentence = &text[at..to];
        let Some(date) = dates::mentions(&sentence[..sentence.len().min(40)]).into_iter().next() else {
            continue;
        };
        let named = sentence.get(date.end..).unwrap_or(&[]);
        let stop = named.iter().position(|&c| ends_clause(c)).unwrap_or(named.len());
        if date.at <= 1
            && named.first() == Some(&'为')
            && ends_with(&named[..stop], "阶段")
            && let Some(phase) = heading(text, at, to, true)
        {
            let span = Span { start: at, end: to };
            found.push(Found { phase: Phase { span, ..phase }, node: None });
        }
    }
    if found.len() < 2 {
        found.clear();
    }
    found
}

/// Are the items under the node steps by its heading?
fn holds_steps(text: &[char], tree: &Tree, at: usize) -> bool {
    let node = &tree.nodes[at];
    let heading = &text[node.head.min(node.own_end)..node.own_end.min(node.head + 60)];
    let words = &heading[..heading.len().min(24)];
    // 阶段目标: what is to be reached by when, which names no step
    let line = &words[..words.iter().position(|&c| c == '\n').unwrap_or(words.len())];
    let goals = ends_with(line, "目标") && !contains_any(line, &["步骤", "安排"]);
    at != 0
        && !goals
        && (class(heading) == Class::Steps
            || contains_any(words, &["步骤", "阶段", "时间安排", "进度安排"]))
        // what stands under a phase is what is to be done in it
        && !bracket_dates(&heading[..heading.iter().position(|&c| c == '\n').unwrap_or(heading.len())])
}

fn of_node(text: &[char], tree: &Tree, at: usize, in_steps: bool) -> Option<Phase> {
    let node = &tree.nodes[at];
    let style = node.style?;
    if style.running() {
        return None;
    }
    let mut head_end = crate::chars::line_end(text, node.head, node.own_end);
    // the dates may stand in the second line, or in a bracket right below
    let head = &text[node.head..head_end];
    let stage = style == Style::Stage || contains_any(&head[..head.len().min(40)], &["阶段"]);
    let bracketed = bracket_dates(head);
    // 2月:摸底动员 above a list
    let timed = style == Style::Title && steps::begins_with_time(head);
    if !(stage || in_steps || bracketed && !node.children.is_empty() || timed) {
        return None;
    }
    if stage && style != Style::Stage && !in_steps && !bracketed && !early_dates(head) {
        return None;
    }
    let mut phase = heading(text, node.head, head_end, stage || in_steps || timed);
    if phase.is_none() && (stage || in_steps) && head_end < node.own_end && node.own_end - head_end < 2000 {
        // the second paragraph gives the time: 时间:3月1日至3月31日
        let second = crate::chars::line_end(text, head_end + 1, node.own_end);
        let line = &text[head_end + 1..second];
        if starts_at(line, 0, "时间")
            || line.first().is_some_and(|&c| c.is_ascii_digit() || is_open_bracket(c) || c == '从')
        {
            if let Some((start, end)) = dates::bounds(line) {
                let title = title(text, node.head, head_end);
                phase = (!title.is_empty()).then(|| Phase { title, start, end, span: Span::default() });
            }
            head_end = second;
        }
    }
    let mut phase = phase?;
    if style == Style::Stage && phase.title.is_empty() {
        phase.title = string(&text[node.start..node.printed]);
    }
    if phase.title.is_empty() {
        return None;
    }
    phase.span = Span { start: node.start, end: if node.children.is_empty() { node.end } else { head_end } };
    Some(phase)
}

/// A date in a bracket in the first words: (5月—8月).
fn bracket_dates(head: &[char]) -> bool {
    let Some(open) = head.iter().take(40).position(|&c| is_open_bracket(c)) else { return false };
    let close = head[open..]
        .iter()
        .take(50)
        .position(|&c| is_close_bracket(c))
        .map_or(head.len().min(open + 50), |i| open + i);
    let inside = &head[open + 1..close];
    // (2026年修订), (2025年版): of when the text is
    if contains_any(inside, &["修订", "版", "试行", "印发", "通过"]) {
        return false;
    }
    dates::mentions(inside).first().is_some_and(|mention| {
        mention.at <= 4 && inside.len() - (mention.end - mention.at).min(inside.len()) <= 12
    })
}

fn early_dates(head: &[char]) -> bool {
    dates::mentions(&head[..head.len().min(60)]).first().is_some_and(|mention| mention.at <= 24)
}

/// Title and dates of a heading: 名称(日期), 日期为名称阶段, 名称:日期, 日期,名称.
fn heading(text: &[char], from: usize, end: usize, phase: bool) -> Option<Phase> {
    let line = &text[from..end];
    let first = dates::mentions(&line[..line.len().min(120)]).into_iter().next()?;
    let (start, finish) = dates::bounds(&line[first.at..first.end])?;
    let sentence = line.iter().position(|&c| c == '。').unwrap_or(line.len());
    if first.at > 60 || !phase && first.at > 40 {
        return None;
    }
    // a date in the running text behind the first sentence is no bound of the phase, unless it is what that text begins
    // with or a bracket or colon brings it
    if first.at > sentence
        && !(phase && opens_text(line, sentence, &first))
        && !line[..first.at].iter().rev().take(2).any(|&c| is_open_bracket(c) || is_colon(c))
    {
        return None;
    }
    let title = name_around(line, &first);
    Some(Phase { title, start, end: finish, span: Span { start: from, end } })
}

/// 宣传阶段。3月1日至31日,召开动员会: does the sentence behind the heading begin with a stretch of time, or with a date that is
/// a clause of its own?
fn opens_text(line: &[char], sentence: usize, date: &Mention) -> bool {
    let begins =
        line[(sentence + 1).min(date.at)..date.at].iter().all(|&c| is_blank(c) || matches!(c, '从' | '自'));
    let stretch = matches!(date.says, dates::Says::Stretch(..));
    begins && (stretch || line.get(date.end).is_none_or(|&c| ends_clause(c)))
}

/// The phase's name: before the date where something stands there, else behind it.
fn name_around(line: &[char], date: &Mention) -> String {
    let mut before = date.at;
    while before > 0
        && (is_blank(line[before - 1])
            || is_open_bracket(line[before - 1])
            || is_colon(line[before - 1])
            || matches!(line[before - 1], '从' | '自' | ',' | '、' | '—' | '-' | '。' | '“'))
    {
        before -= 1;
    }
    let mut lead = &line[..before];
    for word in ["时间为", "时间", "时限"] {
        if ends_with(lead, word) {
            lead = &lead[..lead.len() - word.chars().count()];
        }
    }
    while lead
        .last()
        .is_some_and(|&c| is_blank(c) || is_colon(c) || is_open_bracket(c) || matches!(c, ',' | '。' | '、'))
    {
        lead = &lead[..lead.len() - 1];
    }
    if lead.len() >= 2 {
        return string(lead);
    }
    let mut i = date.end;
    // 6月底前完成…, but 6月:完成…
    let mut named = false;
    while i < line.len()
        && (is_blank(line[i])
            || is_close_bracket(line[i])
            || is_colon(line[i])
            || matches!(line[i], ',' | '。' | '、')
            || !named && matches!(line[i], '为' | '是' | '底' | '前' | '完' | '成' | '止'))
    {
        named |= is_colon(line[i]);
        i += 1;
    }
    let stop =
        line[i..].iter().position(|&c| matches!(c, '。' | ';' | ':' | '\n')).map_or(line.len(), |n| i + n);
    let stop = line[i..stop].windows(2).position(|w| w == ['阶', '段']).map_or(stop, |n| i + n + 2);
    string(&line[i..stop])
}

fn title(text: &[char], from: usize, end: usize) -> String {
    let (from, mut end) = trim(text, from, end);
    while end > from && (ends_clause(text[end - 1]) || is_open_bracket(text[end - 1])) {
        end -= 1;
    }
    string(&text[from..end.min(from + 60)])
}
