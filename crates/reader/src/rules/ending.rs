//! Where an item's text ends before the next item begins: what stands between them is for others.

use super::{duties::Finder, markers::Mark, sections};
use crate::outline::numbering::Style;

impl Finder<'_> {
    /// Where every item of a list ends with its markers on lines of their own, a paragraph behind those of the last item is no
    /// more of it: 责任单位:县水利局 / 各单位于每月20日前报送进展。
    pub(super) fn closed_by_marks(&self, at: usize, marks: &[Mark], end: usize) -> usize {
        let behind = |of: usize, marks: &[Mark], end: usize| {
            // those that stand above a list are not in the item
            let closes = |mark: &Mark| {
                let inside = mark.start >= self.tree.nodes[of].start && mark.end <= end;
                !mark.bracketed && inside && mark.start < mark.end
            };
            marks.last().filter(|mark| closes(mark)).map(|mark| (mark.end, &self.text[mark.end..end]))
        };
        let Some((stop, rest)) = behind(at, marks, end) else { return end };
        let siblings = &self.tree.nodes[self.tree.nodes[at].parent].children;
        let [.., before, last] = siblings.as_slice() else { return end };
        let paragraph =
            rest.first() == Some(&'\n') && rest.iter().filter(|c| !c.is_whitespace()).count() >= 8;
        let alike = *last == at
            && self.tree.nodes[at].children.is_empty()
            && behind(*before, &self.marks[*before], self.tree.nodes[*before].end)
                .is_some_and(|(_, rest)| rest.iter().all(|c| c.is_whitespace()));
        if paragraph && alike { stop } else { end }
    }

    /// 工作要求:各单位要…, 注:…: a paragraph behind the last item of a list that speaks of all of them, since no item before has
    /// one.
    pub(super) fn closed_by_note(&self, at: usize, end: usize) -> usize {
        let siblings = &self.tree.nodes[self.tree.nodes[at].parent].children;
        let [.., before, last] = siblings.as_slice() else { return end };
        let head = self.tree.nodes[at].head.min(end);
        if *last != at {
            return end;
        }
        let note = |from: usize, to: usize| {
            (from + 1..to).find(|&i| self.text[i - 1] == '\n' && sections::begins_note(&self.text[i..to]))
        };
        let before = &self.tree.nodes[*before];
        note(head, end).filter(|_| note(before.head.min(before.end), before.end).is_none()).unwrap_or(end)
    }

    /// 承办单位:县林业局 / 4月:爱国卫生月 / ▲…: a short line between an item's markers and the next item is the heading of what
    /// follows.
    pub(super) fn closed_by_heading(&self, at: usize, marks: &[Mark], end: usize) -> usize {
        /// No heading of a group of items is longer.
        const HEADING: usize = 24;
        let Some(mark) = marks.last().filter(|mark| {
            !mark.bracketed
                && mark.start >= self.tree.nodes[at].start
                && mark.start < mark.end
                && mark.end <= end
        }) else {
            return end;
        };
        let siblings = &self.tree.nodes[self.tree.nodes[at].parent].children;
        let rest = &self.text[mark.end..end];
        if rest.first() != Some(&'\n') {
            return end;
        }
        let (from, to) = crate::chars::trim(rest, 1, rest.len());
        let line = &rest[from.min(to)..to];
        let heading = (2..=HEADING).contains(&line.len())
            && !line.iter().any(|&c| matches!(c, '\n' | '。' | ';'))
            && self.tree.nodes[at].children.is_empty()
            && siblings.last() != Some(&at);
        if heading { mark.end } else { end }
    }

    /// 首先是… / 其次是… / 最后是… / 镇纪委要加强督查…: where each item of a count in words is one paragraph, so is the last.
    pub(super) fn closed_by_line(&self, at: usize, end: usize) -> usize {
        let node = &self.tree.nodes[at];
        let siblings = &self.tree.nodes[node.parent].children;
        let [first, .., before, last] = siblings.as_slice() else { return end };
        let line = |at: usize| {
            let node = &self.tree.nodes[at];
            let from = node.head.min(node.end);
            (from, crate::chars::line_end(self.text, from, node.end), node.end)
        };
        let single = |at: usize| {
            let (_, stop, end) = line(at);
            self.text[stop..end].iter().all(|c| c.is_whitespace())
        };
        let begins = |at: usize| {
            let start = self.tree.nodes[at].start;
            start == 0 || self.text[start - 1] == '\n'
        };
        let counted = matches!(node.style, Some(Style::Order | Style::Ordinal | Style::Is));
        if !counted || *last != at || !single(*first) || !single(*before) || !begins(*before) || !begins(at) {
            return end;
        }
        let (from, stop, _) = line(at);
        let answered = self.marks[at].iter().any(|mark| mark.start >= stop);
        if answered || stop <= from { end } else { stop.min(end) }
    }
}
