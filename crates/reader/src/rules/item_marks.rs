//! The markers of each item: written out, or a bracket or line that holds nothing but units.

use std::borrow::Cow;

use chengjing_domain::plan::UnitRole::{self, Responsible};

use super::{
    addressed::{addressed, asked, begins_with_who},
    led::{led, led_by_person},
    markers::{Field, Mark, marks},
    units,
};
use crate::{
    chars::{
        CharSet, ends_clause, ends_sentence, ends_with_any, is_blank, is_close_bracket, is_han,
        is_open_bracket, skip_blanks, starts_at,
    },
    dates,
    outline::{numbering::Style, tree::Tree},
};

/// The stretches of text between one number and the next, each searched for markers on its own: a value cannot run into
/// the next item.
pub(crate) fn marks_of_nodes(
    text: &[char],
    tree: &Tree,
    skip: &[(usize, usize)],
) -> (Vec<Vec<Mark>>, Vec<bool>) {
    let count = tree.nodes.len();
    let mut found = vec![Vec::new(); count];
    for (at, found) in found.iter_mut().enumerate() {
        let node = &tree.nodes[at];
        let numbered = node.style.is_some_and(|style| style != Style::Title);
        let mut from = node.head.min(node.own_end);
        let to = node.own_end;
        if names_only_units(text, tree, at) {
            continue;
        }
        for &(start, end) in &skip[skip.partition_point(|region| region.1 <= from)..] {
            if start >= to {
                break;
            }
            found.extend(with_brackets(text, from, start.max(from), numbered));
            from = end.min(to).max(from);
        }
        found.extend(with_brackets(text, from, to, numbered));
    }
    let mut marked: Vec<bool> = found.iter().map(|marks| !marks.is_empty()).collect();
    for at in (1..count).rev() {
        if marked[at] {
            marked[tree.nodes[at].parent] = true;
        }
    }
    (found, marked)
}

/// 一、县委政法委(县平安办) beside 二、县教育局: a heading that names a unit, whose bracket is part of the name, and lists what
/// it is to do.
fn names_only_units(text: &[char], tree: &Tree, at: usize) -> bool {
    let heading = |at: usize| {
        let node = &tree.nodes[at];
        let (from, to) = crate::chars::trim(text, node.head.min(node.own_end), node.own_end);
        &text[from..to]
    };
    let own = heading(at);
    let open = own.iter().position(|&c| is_open_bracket(c));
    let Some(open) =
        open.filter(|_| at > 0 && own.len() <= 40 && own.last().is_some_and(|&c| is_close_bracket(c)))
    else {
        return false;
    };
    if units::in_bracket(&own[..open]).is_none() || tree.items(at).next().is_none() {
        return false;
    }
    let siblings = &tree.nodes[tree.nodes[at].parent].children;
    let place = siblings.partition_point(|&child| child < at);
    let beside = [place.checked_sub(1), Some(place + 1)];
    beside.into_iter().flatten().filter_map(|place| siblings.get(place)).any(|&sibling| {
        let name = heading(sibling);
        name.len() <= 40 && units::is_heading(name)
    })
}

/// What units without a marker can stand behind.
static OPENERS: CharSet = CharSet::new("(【[由牵—-–―");

/// Markers, and brackets or lines that hold nothing but units.
fn with_brackets(text: &[char], from: usize, to: usize, numbered: bool) -> Vec<Mark> {
    let mut found = marks(text, from, to);
    let mut more = Vec::new();
    for mark in &mut found {
        more.extend(until_when(text, mark));
    }
    let mut i = from;
    while i < to {
        // on to the next bracket, 由 or line
        if i > from && !matches!(text[i - 1], '\n' | '。' | ';') && !OPENERS.has(text[i]) {
            i += 1;
            continue;
        }
        if matches!(text[i], '(' | '【' | '[')
            && let Some(close) = text[i..(i + 260).min(to)]
                .iter()
                .position(|&c| is_close_bracket(c) || c == '\n')
                .map(|n| i + n)
        {
            // a bracket inside: (各乡镇(街道)牵头)
            let close = closing(text, i, to).unwrap_or(close);
            let after = crate::chars::skip_blanks(text, close + 1);
            let ends = after >= to || matches!(text[after], '。' | ';' | '\n');
            let inside = &text[i + 1..close.max(i + 1)];
            // (县农业局牵头,各乡镇配合;完成时限:6月底前): the units stand before the first marker
            let before = found.partition_point(|mark| mark.start <= i);
            if let Some(mark) = found.get(before).filter(|mark| mark.start < close && mark.bracketed) {
                let to = (i + 1..mark.start).rev().find(|&j| !(is_blank(text[j]) || ends_clause(text[j])));
                let to = to.map_or(i + 1, |last| last + 1);
                let units = units::in_bracket(&text[i + 1..to]);
                if units.is_some_and(|units| units.iter().any(|unit| units::is_whole(&unit.name))) {
                    more.push(Mark {
                        field: Field::Unit(Responsible),
                        start: i,
                        from: i + 1,
                        to,
                        end: to,
                        bracketed: true,
                    });
                }
                i = close.max(i) + 1;
                continue;
            }
            // a line end behind a heading's bracket may be lost; who leads and who helps is said all the same
            let ends = ends || crate::chars::contains_any(inside, &["牵头", "负责", "配合"]);
            let marked = overlaps(&found, i, close);
            // (市住建局牵头,2024年6月底前完成): who, and by when
            let tail = inside.iter().rposition(|&c| matches!(c, ',' | ';')).filter(|&cut| {
                let tail = &inside[cut + 1..];
                says_always(tail)
                    || tail.iter().any(char::is_ascii_digit)
                        && tail.len() <= 24
                        && !dates::mentions(tail).is_empty()
            });
            let inside = &inside[..tail.unwrap_or(inside.len())];
            if let Some(cut) = tail.filter(|_| ends && !marked)
                && units::in_bracket(inside).is_some()
            {
                more.push(Mark {
                    field: Field::Due,
                    start: i + 1 + cut,
                    from: i + 2 + cut,
                    to: close,
                    end: close + 1,
                    bracketed: true,
                });
            }
            if ends
                && !marked
                && inside.len() >= 2
                && let Some(units) = units::in_bracket(inside)
                && units.iter().any(|unit| units::is_whole(&unit.name))
            {
                let mut end = (close + 1).min(to);
                if end < to && text[end] == '。' {
                    end += 1;
                }
                more.push(Mark {
                    field: Field::Unit(Responsible),
                    start: i,
                    from: i + 1,
                    to: i + 1 + inside.len(),
                    end: if tail.is_some() { i + 1 + inside.len() } else { end },
                    bracketed: true,
                });
            }
            i = close.max(i) + 1;
            continue;
        }
        // a dash and nothing but units up to the line's end: 开展宣传。——县委宣传部、县文旅局
        if let Some(value) = behind_dash(text, from, i, numbered) {
            // no list of units is longer
            let stop = crate::chars::line_end(text, i, to.min(i + 300));
            let value = value.min(stop);
            // ——县城管局、各街道(2025年5月底前): until when stands behind them
            let dated = text[value..stop].iter().rposition(|&c| is_open_bracket(c)).map(|n| value + n);
            let stop = dated.filter(|&open| !dates::mentions(&text[open..stop]).is_empty()).unwrap_or(stop);
            let units =
                units::in_bracket(text[value..stop].strip_suffix(&['。']).unwrap_or(&text[value..stop]));
            if units.is_some() && !overlaps(&found, i, stop) {
                more.push(Mark {
                    field: Field::Unit(Responsible),
                    start: i,
                    from: value,
                    to: stop,
                    end: stop,
                    bracketed: false,
                });
                i = stop;
                continue;
            }
        }
        // a sentence that says who: 由区文旅局负责,各街道配合。
        if text[i] == '由' && (says_who(&text[from..i]) || names_topic(&text[from..i])) {
            let stop = (i..to.min(i + 120)).find(|&j| matches!(text[j], '。' | ';' | '\n')).unwrap_or(i);
            // 这项工作由区文旅局负责,每月…: the sentence may go on with what is to be done
            let comma = (i..stop).find(|&j| text[j] == ',').filter(|&comma| {
                ends_with_any(&text[i..comma], &["负责", "组织实施"])
                    && !ends_with_any(&text[i..stop], &["配合", "参与"])
            });
            let stop = comma.unwrap_or(stop);
            let inside = &text[i + 1..stop.max(i + 1)];
            let opens = i - task_before(&text[from..i]);
            // at the head of an item the task has to follow
            let told = i > from || comma.is_some();
            if told
                && crate::chars::ends_with_any(
                    inside,
                    &["负责", "牵头", "配合", "落实", "组织实施", "负责实施"],
                )
                && !overlaps(&found, i, stop)
                && let Some(units) = units::in_bracket(inside)
                && units.iter().all(|unit| units::is_whole(&unit.name))
            {
                let end = if text.get(stop) == Some(&'\n') { stop } else { (stop + 1).min(to) };
                more.push(Mark {
                    field: Field::Unit(Responsible),
                    start: opens,
                    from: i + 1,
                    to: stop,
                    end,
                    bracketed: false,
                });
                i = end;
                continue;
            }
        }
        // 由县公安局会同县交通局、各镇开展…: who does it and who helps stand before the verb
        if text[i] == '由'
            && i == from + text[from..i].iter().take_while(|&&c| is_blank(c)).count()
            && let Some(stop) = called_in(&text[i..crate::chars::line_end(text, i, to.min(i + 80))])
            && !overlaps(&found, i, i + stop)
        {
            more.push(Mark {
                field: Field::Unit(Responsible),
                start: i,
                from: i + 1,
                to: i + stop,
                end: i + stop,
                bracketed: false,
            });
            i += stop;
            continue;
        }
        // 新建渠道12公里。县水利局、各镇负责。: a sentence that says nothing but who
        if i > from
            && matches!(text[i - 1], '。' | ';')
            && let Some(stop) = says_only_who(&text[i..to.min(i + 80)]).map(|len| i + len)
            && !overlaps(&found, i, stop)
            && more.last().is_none_or(|last: &Mark| last.end <= i)
        {
            let end = if stop < to && text[stop] == '。' { stop + 1 } else { stop };
            more.push(Mark {
                field: Field::Unit(Responsible),
                start: i,
                from: i,
                to: stop,
                end,
                bracketed: false,
            });
            i = end;
            continue;
        }
        // who leads and who helps, in the sentence itself: 要求县住建局牵头、各乡镇配合,于6月底前…
        if text[i] == '牵'
            && let Some(mark) = led(text, from, i, to).filter(|mark| !overlaps(&found, mark.start, mark.end))
            && more.last().is_none_or(|last: &Mark| last.end <= mark.start)
        {
            i = mark.end;
            more.push(mark);
            continue;
        }
        // 由周立副县长牵头,县城管局负责,各镇配合,于6月底前…: a person leads
        if text[i] == '牵'
            && let Some(marks) = led_by_person(text, from, i, to)
            && let [first, .., last] | [first @ last] = &marks[..]
            && !overlaps(&found, first.start, last.end)
            && more.last().is_none_or(|last: &Mark| last.end <= first.start)
        {
            i = last.end;
            more.extend(marks);
            continue;
        }
        // 县城管局:清理背街小巷…, 整治市场。镇市监所负责,…: who does it stands first, and stays part of the text
        if let Some((names, stop, role)) = who_is_first(text, from, i, to)
            && !overlaps(&found, i, i + stop)
        {
            more.push(Mark {
                field: Field::Unit(role),
                start: i,
                from: i + names,
                to: i + stop,
                end: i,
                bracketed: false,
            });
        }
        // a line of its own: 县住建局牵头,各乡镇配合。
        if (i == from || text[i - 1] == '\n') && i > from {
            let stop = crate::chars::line_end(text, i, to);
            let value = i + pointing_back(&text[i..stop]);
            let line = &text[value..stop];
            if (6..120).contains(&line.len())
                && crate::chars::contains_any(line, &["牵头", "负责", "配合"])
                && !overlaps(&found, i, stop)
                && units::in_bracket(line.strip_suffix(&['。']).unwrap_or(line)).is_some()
            {
                more.push(Mark {
                    field: Field::Unit(Responsible),
                    start: i,
                    from: value,
                    to: stop,
                    end: stop,
                    bracketed: false,
                });
            }
        }
        i += 1;
    }
    found.extend(more);
    found.sort_by_key(|mark| mark.start);
    found
}

/// (牵头:县文旅局;配合:各镇;2025年9月底前): the last of a marker's units is a date. It is cut off the marker and becomes one of
/// its own.
fn until_when(text: &[char], mark: &mut Mark) -> Option<Mark> {
    let value = &text[mark.from..mark.to];
    let cut = value.iter().rposition(|&c| matches!(c, ',' | ';'))?;
    let piece = &value[cut + 1..];
    let time = dates::mentions(&piece[..piece.len().min(24)]).into_iter().next()?;
    if !matches!(mark.field, Field::Unit(_)) || piece.len() > 24 || skip_blanks(piece, 0) != time.at {
        return None;
    }
    let at = mark.from + cut;
    let due = Mark { field: Field::Due, start: at, from: at + 1, ..*mark };
    (mark.to, mark.end) = (at, at);
    Some(due)
}

/// 持续推进, 长期坚持, 立行立改: an end that is no date.
fn says_always(tail: &[char]) -> bool {
    const ALWAYS: [&str; 10] =
        ["持续", "长期", "常态", "全年", "立行立改", "立即", "即知即改", "即时", "贯穿全年", "常年"];
    tail.len() <= 8 && ALWAYS.iter().any(|word| starts_at(tail, 0, word))
}

/// How long the sentence is, if it holds nothing but units with their parts.
fn says_only_who(text: &[char]) -> Option<usize> {
    let stop = text.iter().position(|&c| ends_sentence(c) || matches!(c, ';' | '\n')).unwrap_or(text.len());
    let sentence = &text[..stop];
    let told = ends_with_any(sentence, &["负责", "牵头", "配合", "参与", "落实", "实施", "负总责"]);
    // 这项工作由…负责 is read from its 由 on
    if !told || sentence.contains(&'由') {
        return None;
    }
    let units = units::in_bracket(sentence)?;
    units.iter().all(|unit| units::is_whole(&unit.name)).then_some(stop)
}

/// Where the names begin and end with which a line, or a sentence inside an item, begins, and their part.
fn who_is_first(text: &[char], from: usize, at: usize, to: usize) -> Option<(usize, usize, UnitRole)> {
    let line = || &text[at..crate::chars::line_end(text, at, to.min(at + 60))];
    if at == from || text[at - 1] == '\n' {
        let named = addressed(line()).map(|(stop, role)| (0, stop, role));
        return named.or_else(|| asked(line()).map(|stop| (1, stop, Responsible)));
    }
    let sentence = text[at - 1] == '。';
    sentence.then(|| begins_with_who(line())).flatten().map(|(stop, role)| (0, stop, role))
}

/// Where the units of 由…会同… end and a verb of doing begins.
fn called_in(line: &[char]) -> Option<usize> {
    let joint =
        crate::chars::find(line, "会同").filter(|&at| !crate::chars::contains(&line[..at], "牵头"))?;
    let stop = verb_behind(line, joint)?;
    let names = units::in_bracket(&line[1..stop])?;
    names.iter().all(|unit| unit.name.chars().count() >= 2).then_some(stop)
}

/// Where a verb begins behind the names of those who are called in.
pub(super) fn verb_behind(line: &[char], names: usize) -> Option<usize> {
    const VERBS: &[&str] = &[
        "开展", "组织", "负责", "进行", "实施", "推进", "制定", "研究", "落实", "做好", "抓好", "建立",
        "完善", "加强", "对", "按", "于", "集中", "每", "统筹", ",",
    ];
    // 县委组织部 organises nothing
    let verb = |i: usize| VERBS.iter().any(|word| starts_at(line, i, word)) && !starts_at(line, i, "组织部");
    (names..line.len()).find(|&i| verb(i))
}

/// Where the value begins behind a dash at `at`: behind a whole sentence, and in a numbered item behind any words (开展宣讲——县妇联,
/// 开展宣讲 - 县妇联), since nothing else of an item ends in a dash and a list of units.
fn behind_dash(text: &[char], from: usize, at: usize, numbered: bool) -> Option<usize> {
    let dash = |c: char| matches!(c, '—' | '-' | '–' | '―');
    if at <= from || !dash(text[at]) || dash(text[at - 1]) {
        return None;
    }
    let len = text[at..].iter().take(4).take_while(|&&c| dash(c)).count();
    let before = text[at - 1];
    let lone = len == 1;
    // 县城-柳溪镇: a single dash inside words joins them
    let apart = !lone || is_blank(before) || ends_clause(before) || is_close_bracket(before);
    let words = text[from.max(at.saturating_sub(60))..at]
        .iter()
        .rev()
        .take_while(|&&c| c != '\n')
        .filter(|&&c| is_han(c))
        .count();
    ((ends_sentence(before) && before != '\n' && !lone || numbered && words >= 4) && apart)
        .then(|| skip_blanks(text, at + len))
}

/// Does one of the markers, which stand in order, reach into `[start, end)`?
fn overlaps(marks: &[Mark], start: usize, end: usize) -> bool {
    marks.get(marks.partition_point(|mark| mark.end <= start)).is_some_and(|mark| mark.start < end)
}

/// How many characters the words take that only point back at what was said: 这项工作, 此项任务.
pub(super) fn task_before(lead: &[char]) -> usize {
    const POINTING: [&str; 12] = [
        "这项工作",
        "此项工作",
        "该项工作",
        "本项工作",
        "以上工作",
        "上述工作",
        "这项任务",
        "此项任务",
        "该项任务",
        "以上任务",
        "上述任务",
        "这一工作",
    ];
    POINTING.iter().find(|word| crate::chars::ends_with(lead, word)).map_or(0, |word| word.chars().count())
}

/// 以上两项由…, 上述任务由… at the beginning of a line: where the units follow.
fn pointing_back(line: &[char]) -> usize {
    let points = ["以上", "上述", "这", "此", "该"].iter().any(|word| crate::chars::starts_at(line, 0, word));
    let by = line.iter().take(12).position(|&c| c == '由');
    by.filter(|_| points).map_or(0, |by| by + 1)
}

/// Does a 由 behind these words begin to say who does it? Behind a closed clause, or behind 这项工作.
fn says_who(lead: &[char]) -> bool {
    let lead = &lead[..lead.len() - task_before(lead)];
    lead.last().is_none_or(|&c| ends_clause(c) || is_close_bracket(c))
}

/// 犬只免疫由县农业农村局负责: does a sentence begin with nothing but what it is about, behind which a 由 says who does it?
pub(super) fn names_topic(lead: &[char]) -> bool {
    let from = lead.iter().rposition(|&c| !is_han(c)).map_or(0, |last| last + 1);
    let opens = from == 0 || ends_sentence(lead[from - 1]) || matches!(lead[from - 1], '\n' | ';');
    let topic = &lead[from..];
    opens
        && (2..=12).contains(&topic.len())
        && !crate::chars::contains_any(topic, &["组长", "办公室", "日常工作", "会议", "小组", "成员", "经费"])
}

fn closing(text: &[char], open: usize, to: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (i, &c) in text.iter().enumerate().take((open + 260).min(to)).skip(open) {
        if is_open_bracket(c) {
            depth += 1;
        } else if is_close_bracket(c) {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return Some(i);
            }
        } else if c == '\n' {
            return None;
        }
    }
    None
}

/// Groups markers that stand next to each other.
pub(crate) fn group(text: &[char], marks: &[Mark]) -> Vec<Vec<Mark>> {
    let mut groups: Vec<Vec<Mark>> = Vec::new();
    for &mark in marks {
        let near = groups.last().and_then(|group: &Vec<Mark>| group.last()).is_some_and(|last| {
            text[last.end.min(mark.start)..mark.start]
                .iter()
                .filter(|c| !c.is_whitespace() && !ends_clause(**c))
                .count()
                <= 8
        });
        match groups.last_mut() {
            Some(group) if near => group.push(mark),
            _ => groups.push(vec![mark]),
        }
    }
    groups
}

/// The text without the markers in it.
pub(crate) fn without<'a>(text: &'a [char], from: usize, to: usize, marks: &[Mark]) -> Cow<'a, [char]> {
    if marks.iter().all(|mark| mark.start < from || mark.start >= to) {
        return Cow::Borrowed(&text[from..to]);
    }
    let mut body = Vec::with_capacity(to - from);
    let mut at = from;
    for mark in marks {
        if mark.start >= at && mark.start < to {
            body.extend_from_slice(&text[at..mark.start]);
            // a sign keeps the sentences apart that the marker parted
            body.push('\n');
            at = mark.end.min(to);
        }
    }
    body.extend_from_slice(&text[at.min(to)..to]);
    Cow::Owned(body)
}
