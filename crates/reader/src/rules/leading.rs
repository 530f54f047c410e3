//! Markers that stand on lines of their own in front of the items they are for.

use super::markers::{Field, Mark};
use crate::{
    chars::{is_close_bracket, is_open_bracket},
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
