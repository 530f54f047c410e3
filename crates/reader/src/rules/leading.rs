//! Markers that stand on lines of their own in front of the items they are for.

use super::markers::{Field, Mark};
use crate::{
    chars::{is_close_bracket, is_colon, is_open_bracket},
    outline::{numbering::Style, tree::Tree},
};

/// Markers in front of what they are for.
#[derive(Debug)]
pub(super) struct Leading {
    pub(super) start: usize,
    pub(super) marks: Vec<Mark>,
    /// What begins behind this is for others.
    pub(super) until: usize,
}

/// 承办单位:县公安局、县城管局 / 交办事项: / ①… / ②…: units that stand once, above all items of a text whose items have none of
/// their own, answer for all of them.
fn above_all(
    text: &[char],
    tree: &Tree,
    marks: &[Vec<Mark>],
    all: &[Mark],
    alone: &dyn Fn(&Mark) -> bool,
) -> Option<Leading> {
    let items: Vec<usize> = tree.items(0).collect();
    let (&first, &last) = (items.first()?, items.last()?);
    let units: Vec<Mark> = all.iter().copied().filter(|mark| mark.field != Field::Due).collect();
    let above = |mark: &Mark| mark.start < tree.nodes[first].start && alone(mark);
    // 交办事项: right above the list says that it is theirs
    let before = text[..tree.nodes[first].start].iter().rfind(|c| !c.is_whitespace());
    let announced = before.is_some_and(|&c| is_colon(c));
    let named = units.iter().any(|mark| matches!(mark.field, Field::Unit(_)));
    // in a text of sections the line at its head speaks of the whole, not of each item
    let flat = items.len() >= 2 && items.iter().all(|&item| tree.items(item).next().is_none());
    (announced && named && flat && units.iter().all(above) && marks.len() > 1).then(|| Leading {
        start: units.first().map_or(0, |mark| mark.start),
        until: tree.nodes[last].end,
        marks: units,
    })
}

/// (一)实施洁净街区行动 / 责任领导:… / 责任单位:… / 1.… / 2.…: does a bare heading have its markers on lines of their own, a
/// list right below them, and a section beside it that is written so too? The markers are then for each item of the list.
pub(super) fn heads_list(text: &[char], tree: &Tree, marks: &[Vec<Mark>], at: usize) -> bool {
    let written_so = |at: usize| {
        let node = &tree.nodes[at];
        let (Some(first), Some(last)) = (marks[at].first(), marks[at].last()) else { return false };
        let heading = &text[node.head.min(first.start)..first.start];
        let rest = &text[last.end.min(node.own_end)..node.own_end];
        heading.len() <= 40
            && heading.last() == Some(&'\n')
            && heading.iter().filter(|&&c| c == '\n').count() == 1
            && !heading.iter().any(|&c| matches!(c, '。' | ';'))
            && rest.iter().all(|c| c.is_whitespace())
            && marks[at].iter().all(|mark| !mark.bracketed)
            && tree.items(at).take(2).count() == 2
            && tree.items(at).all(|item| {
                matches!(tree.nodes[item].style, Some(Style::Num | Style::NumParen | Style::CnParen))
                    && marks[item].is_empty()
            })
    };
    let siblings = &tree.nodes[tree.nodes[at].parent].children;
    let place = siblings.partition_point(|&child| child < at);
    let beside = [place.checked_sub(1), Some(place + 1)];
    written_so(at)
        && beside.into_iter().flatten().filter_map(|i| siblings.get(i)).any(|&other| written_so(other))
}

/// Where every marker of responsibility has a line of its own and the first stands before the first item, they are
/// headings: 责任单位:区林业局 / 1.… / 2.… / 责任单位:区水务局 / 1.…
pub(super) fn leading(text: &[char], tree: &Tree, marks: &[Vec<Mark>]) -> Vec<Leading> {
    let mut all: Vec<Mark> = marks.iter().flatten().copied().collect();
    all.sort_by_key(|mark| mark.start);
    let alone = |mark: &Mark| {
        let before = text[..mark.start].iter().rev().take_while(|&&c| c != '\n');
        let after = text[mark.end..].iter().take_while(|&&c| c != '\n');
        before.chain(after).all(|&c| c.is_whitespace() || is_close_bracket(c) || is_open_bracket(c))
    };
    if let Some(group) = above_all(text, tree, marks, &all, &alone) {
        return vec![group];
    }
    if all.len() < 2 || !all.iter().all(|mark| mark.field != Field::Due && alone(mark)) {
        return Vec::new();
    }
    let mut groups: Vec<Leading> = Vec::new();
    for mark in all {
        match groups.last_mut() {
            Some(group)
                if group.marks.last().is_some_and(|last| {
                    text[last.end.min(mark.start)..mark.start]
                        .iter()
                        .all(|c| c.is_whitespace() || is_close_bracket(*c))
                }) =>
            {
                group.marks.push(mark);
            }
            _ => groups.push(Leading { start: mark.start, marks: vec![mark], until: usize::MAX }),
        }
    }
    let items: Vec<usize> = (1..tree.nodes.len())
        .filter(|&at| tree.nodes[at].style.is_some_and(|style| !style.running() && style != Style::Title))
        .collect();
    let starts: Vec<usize> = groups.iter().map(|group| group.start).collect();
    for (index, group) in groups.iter_mut().enumerate() {
        let next = starts.get(index + 1).copied().unwrap_or(usize::MAX);
        let first = items.partition_point(|&at| tree.nodes[at].start < group.start);
        let Some(&first) = items.get(first).filter(|&&at| tree.nodes[at].start < next) else {
            return Vec::new();
        };
        // one section, or the items up to the next markers
        let section = tree.items(first).next().is_some();
        group.until =
            if section { tree.nodes[first].end } else { next.min(tree.nodes[tree.nodes[first].parent].end) };
    }
    let ahead = items
        .first()
        .is_some_and(|&first| starts.first().is_some_and(|&start| start < tree.nodes[first].start));
    if groups.len() >= 2 && ahead { groups } else { Vec::new() }
}
