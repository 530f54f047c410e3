//! Paragraphs without a number that a marker ends.

use super::{
    markers::{Field, Mark},
    sections::{self, Class},
    titles::names_task,
};
use crate::chars::{ends_sentence, is_blank, is_colon, is_han, line_end, trim};

/// Where the paragraph that a marker ends begins: behind the marker before, without headings and introductions.
pub(super) fn begins(text: &[char], floor: usize, mark: usize, first: bool) -> usize {
    let (from, to) = trim(text, floor, mark);
    if !first {
        // a heading of the next section may stand between
        let lines: Vec<usize> = line_starts(text, from, to);
        let skip = lines
            .iter()
            .take_while(|&&line| {
                let end = line_end(text, line, to);
                end < to && sections::names_no_demand(&text[line..end])
            })
            .count();
        return lines.get(skip).copied().unwrap_or(from);
    }
    let lines = line_starts(text, from, to);
    let Some((&last, above)) = lines.split_last() else { return from };
    // 任务名称:… / 具体内容:… / 完成标准:… / 责任单位:…: a block of labels is read from its first
    if labelled(&text[last..line_end(text, last, to)]) {
        let names = |line: usize| names_task(&text[line..line_end(text, line, to)]);
        let block: Vec<usize> = above
            .iter()
            .rev()
            .copied()
            .take_while(|&line| labelled(&text[line..line_end(text, line, to)]))
            .collect();
        if let Some(&first) = block.iter().rev().find(|&&line| names(line)) {
            return first;
        }
        if names(last) {
            return last;
        }
    }
    // the heading right above belongs to the paragraph
    if let Some(&heading) = above.last() {
        let end = line_end(text, heading, to);
        let short =
            end - heading <= 24 && !text[heading..end].iter().any(|&c| ends_sentence(c) || is_colon(c));
        let titled =
            crate::parts::is_title(&text[heading..end]) || sections::names_no_demand(&text[heading..end]);
        if short && !titled && sections::class(&text[heading..end]) == Class::Demands && above.len() > 1 {
            return heading;
        }
    }
    last
}

/// 完成标准:…: does the line begin with a short label?
fn labelled(line: &[char]) -> bool {
    let colon = line.iter().take(8).position(|&c| is_colon(c));
    colon.is_some_and(|colon| colon >= 2 && line[..colon].iter().all(|&c| is_han(c)))
}

/// Where the paragraph ends whose markers end at `at`: a few words that go on behind them in their line belong to it, unless
/// other markers follow there.
pub(super) fn ends(text: &[char], at: usize, end: usize, next: Option<&Vec<Mark>>) -> usize {
    let limit = next.and_then(|marks| marks.first()).map_or(end, |mark| mark.start.min(end)).min(at + 81);
    let stop = line_end(text, at.min(limit), limit);
    if stop == end || stop < limit { stop } else { at }
}

/// 由县公安局牵头,登记率达95%。犬只免疫由…: who does it stands in the sentence, which goes on with what is to be done. Where it
/// ends, if it does before the next markers.
pub(super) fn sentence_ends(text: &[char], marks: &[Mark], end: usize, next: Option<&Vec<Mark>>) -> usize {
    let (Some(last), Some(next)) = (marks.last(), next.and_then(|marks| marks.first())) else { return end };
    // a label or a bracket closes what it is for
    let told = !last.bracketed && text[last.start..last.from.min(last.end)].iter().all(|&c| !is_colon(c));
    let goes_on = last.end > 0 && !ends_sentence(text[last.end - 1]) && text.get(last.end) != Some(&'\n');
    if !told || !goes_on {
        return end;
    }
    (last.end..next.start).find(|&i| ends_sentence(text[i]) || text[i] == '\n').map_or(end, |stop| stop + 1)
}

/// 1、…;2、…。(责任单位:…): is a marker at `at` behind the full stop of a list in one line that begins at `first`? Then it is
/// for all of the list.
pub(super) fn closes_line(text: &[char], first: usize, at: usize) -> bool {
    let list = &text[first.min(at)..at];
    list.last() == Some(&'。') && list.contains(&';') && !list.contains(&'\n')
}

/// Where the last line before a marker begins.
pub(super) fn last_line(text: &[char], floor: usize, mark: usize) -> usize {
    let (from, to) = trim(text, floor, mark);
    line_starts(text, from, to).pop().unwrap_or(from)
}

/// 【牵头单位:县城管局】整治背街小巷。 / 【牵头单位:县住建局】修复路面。 县城管局:整治背街小巷。 / 县住建局:修复路面。: does every
/// paragraph begin with its markers?
pub(super) fn ahead(text: &[char], groups: &[Vec<Mark>], end: usize) -> bool {
    groups.len() >= 2
        && groups.iter().all(|marks| {
            let (Some(first), Some(last)) = (marks.first(), marks.last()) else { return false };
            let before = text[..first.start].iter().rev().find(|c| !is_blank(**c));
            let heads = first.bracketed || first.end == first.start;
            heads && before.is_none_or(|&c| c == '\n') && {
                let stop = line_end(text, last.end.min(end), end);
                text[last.end.min(stop)..stop].iter().filter(|&&c| is_han(c)).count() >= 4
            }
        })
}

/// 二、活动安排 / 清理楼道300个。(各街道负责) / 植树3000棵。(县林业局负责): is every paragraph under a heading, the first too,
/// whole in its line, with its markers at its end?
pub(super) fn whole(text: &[char], groups: &[Vec<Mark>], head: usize) -> bool {
    groups.len() >= 3
        && groups.iter().all(|marks| {
            let (Some(first), Some(last)) = (marks.first(), marks.last()) else { return false };
            let line = text[head.min(first.start)..first.start].iter().rposition(|&c| c == '\n');
            let Some(line) = line.map(|at| head + at + 1) else { return false };
            let told = text[line..first.start].iter().filter(|&&c| is_han(c)).count() >= 8;
            told && first.bracketed && text.get(last.end).is_none_or(|&c| c == '\n')
        })
}

/// 时间:… / 地点:… / 内容:… / 责任单位:…, one block after the other: do the blocks begin with their time? Which markers are
/// whose then.
pub(super) fn begun_by_time(text: &[char], marks: &[Mark]) -> Option<Vec<Vec<Mark>>> {
    let opens = |mark: &Mark| {
        mark.field == Field::Due && !mark.bracketed && (mark.start == 0 || text[mark.start - 1] == '\n')
    };
    let mut blocks: Vec<Vec<Mark>> = Vec::new();
    for &mark in marks {
        match blocks.last_mut() {
            _ if opens(&mark) => blocks.push(vec![mark]),
            Some(block) => block.push(mark),
            None => return None,
        }
    }
    // between time and units stands what is to be done
    let told = |block: &Vec<Mark>| {
        matches!(block.as_slice(), [time, next, ..] if matches!(next.field, Field::Unit(_) | Field::Person)
            && text[time.end.min(next.start)..next.start].iter().filter(|&&c| is_han(c)).count() >= 4)
    };
    (blocks.len() >= 2 && blocks.iter().all(told)).then_some(blocks)
}

/// Does a line hold several groups of markers? The line above is then the heading of a section, not of the first of them.
pub(super) fn share_a_line(text: &[char], groups: &[Vec<Mark>]) -> bool {
    groups.windows(2).any(|pair| match (pair[0].last(), pair[1].first()) {
        (Some(last), Some(next)) => !text[last.end.min(next.start)..next.start].contains(&'\n'),
        _ => false,
    })
}

fn line_starts(text: &[char], from: usize, to: usize) -> Vec<usize> {
    let mut starts = vec![from];
    starts.extend((from..to).filter(|&i| text[i] == '\n').map(|i| i + 1).filter(|&i| i < to));
    starts
}
