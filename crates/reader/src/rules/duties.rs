//! What the plan tells somebody to do: numbered items and paragraphs with a marker of responsibility.

use chengjing_domain::plan::{PlanDuty, PlanKind, Span, UnitRole};

use super::{
    item_marks::{group, marks_of_nodes, without},
    leading::{self, Leading, leading},
    markers::{Field, Mark},
    paragraphs,
    sections::{self, Class},
    titles::title,
    units,
};
use crate::{
    chars::{is_blank, is_colon, starts_at, string, trim},
    dates,
    numbers::cn_integer,
    outline::{numbering::Style, tree::Tree},
    recurrence::recurrence,
    targets::targets_beside,
};

/// What the other rules found at the nodes of the tree: these are no duties.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub(crate) phases: Vec<bool>,
    /// How many phases without a number of their own each node's text tells.
    pub(crate) told: Vec<usize>,
    pub(crate) checklists: Vec<bool>,
    pub(crate) groups: Vec<bool>,
}

pub(super) struct Finder<'a> {
    pub(super) text: &'a [char],
    pub(super) tree: &'a Tree,
    taken: &'a Taken,
    pub(super) kind: PlanKind,
    /// The markers of each node's own stretch of text.
    pub(super) marks: Vec<Vec<Mark>>,
    /// Is a marker anywhere in the node or under it?
    marked: Vec<bool>,
    /// What each node's heading says about what stands under it.
    pub(super) classes: Vec<Class>,
    /// Where a node's heading is the name of units, it answers for what stands under it.
    owners: Vec<Option<Mark>>,
    /// Markers that stand on lines of their own in front of the items they are for.
    leading: Vec<Leading>,
    duties: Vec<PlanDuty>,
    /// Markers without a name behind them.
    nameless: Vec<Mark>,
}

/// The duties of a part, in the order of the text. `skip` are the table regions.
pub(crate) fn duties(
    text: &[char],
    tree: &Tree,
    taken: &Taken,
    kind: PlanKind,
    skip: &[(usize, usize)],
) -> (Vec<PlanDuty>, Vec<Mark>) {
    let (mut marks, mut marked) = marks_of_nodes(text, tree, skip);
    let leading = leading(text, tree, &marks);
    if !leading.is_empty() {
        marks.iter_mut().for_each(Vec::clear);
        marked.fill(false);
    }
    let mut finder = Finder {
        text,
        tree,
        taken,
        kind,
        marks,
        marked,
        classes: Vec::new(),
        owners: Vec::new(),
        leading,
        duties: Vec::new(),
        nameless: Vec::new(),
    };
    finder.classes = (0..tree.nodes.len()).map(|at| sections::class(finder.heading(at))).collect();
    finder.owners = (0..tree.nodes.len()).map(|at| finder.owner(at)).collect();
    finder.paragraphs(0);
    finder.list(0);
    let mut duties = finder.duties;
    duties.sort_by_key(|duty| duty.span.start);
    (duties, finder.nameless)
}

impl Finder<'_> {
    pub(super) fn heading(&self, at: usize) -> &[char] {
        let node = &self.tree.nodes[at];
        let head = node.head.min(node.own_end);
        let stop = crate::chars::line_end(self.text, head, node.own_end);
        &self.text[head..stop]
    }

    /// The units that a heading names, if it names nothing else and items follow.
    fn owner(&self, at: usize) -> Option<Mark> {
        let node = &self.tree.nodes[at];
        let heading = self.heading(at);
        let alone = node.own_end.saturating_sub(node.head) <= heading.len() + 1;
        // 一、县卫健局 / 负责病媒生物防制…: what it is to do follows in items, or in words
        let items = at > 0 && alone == self.tree.items(at).next().is_some();
        // 【县公安局】
        let names = match heading {
            ['【', inside @ .., '】'] => inside,
            _ => heading,
        };
        (items && units::is_heading(names)).then(|| {
            let end = node.head + heading.len();
            let from = node.head + usize::from(names.len() < heading.len());
            let to = from + names.iter().rposition(|&c| !is_colon(c)).map_or(0, |last| last + 1);
            Mark {
                field: Field::Unit(UnitRole::Responsible),
                start: node.head,
                from,
                to,
                end,
                bracketed: false,
            }
        })
    }

    fn is_taken(&self, at: usize) -> bool {
        self.taken.checklists[at] || self.taken.groups[at]
    }

    /// The items under a node: which of them share a marker, then each of them.
    fn list(&mut self, at: usize) {
        let items: Vec<usize> = self.tree.items(at).collect();
        let mut from = 0;
        for run in self.runs(at, &items) {
            let shared = self.shared(&run);
            for &item in &run {
                // An item's own date goes before the one that all share by the way.
                let by_the_way = |mark: &Mark| mark.field == Field::Due && mark.start == mark.from;
                let own = shared.iter().any(by_the_way) && self.is_dated(item, shared[0].start);
                let kept = shared.iter().copied().filter(|mark| !own || !by_the_way(mark));
                self.visit(item, &kept.collect::<Vec<Mark>>());
            }
            from += run.len();
        }
        debug_assert_eq!(from, items.len());
        if items.is_empty() && at == 0 {
            self.running(0);
        }
    }

    /// Whether an item's text names a date before that place.
    fn is_dated(&self, at: usize, before: usize) -> bool {
        let end = self.tree.nodes[at].end.min(before);
        !dates::mentions(&self.text[self.tree.nodes[at].head.min(end)..end]).is_empty()
    }

    /// Where the sentence before a list says how many items come (抓好四项活动:), those are a run of their own.
    fn runs(&self, at: usize, items: &[usize]) -> Vec<Vec<usize>> {
        let node = &self.tree.nodes[at];
        let own = &self.text[node.head.min(node.own_end)..node.own_end];
        let (_, end) = trim(own, 0, own.len());
        let announced = end.checked_sub(1).filter(|&last| is_colon(own[last])).and_then(|last| {
            (last.saturating_sub(16)..last).rev().find_map(|i| {
                let (count, len) = cn_integer(own, i)?;
                matches!(own.get(i + len), Some('项' | '个' | '大' | '方' | '点')).then_some(count as usize)
            })
        });
        match announced {
            Some(count) if count > 1 && count < items.len() && self.marked[items[count - 1]] => {
                vec![items[..count].to_vec(), items[count..].to_vec()]
            }
            _ => vec![items.to_vec()],
        }
    }

    /// The markers that end a run of items which have none of their own.
    fn shared(&self, run: &[usize]) -> Vec<Mark> {
        let [before @ .., last] = run else { return Vec::new() };
        if before.is_empty()
            || before.iter().any(|&item| self.marked[item])
            || self.tree.items(*last).next().is_some()
        {
            return Vec::new();
        }
        let marks = self.marks_with_running(*last);
        // in brackets at the end of its line it is the item's own, on a line of its own it closes the list
        let alone =
            |mark: &Mark| self.text[..mark.start].iter().rev().find(|c| !is_blank(**c)) == Some(&'\n');
        let first = self.tree.nodes[before[0]].start;
        let alone = |mark: &Mark| alone(mark) || paragraphs::closes_line(self.text, first, mark.start);
        if marks.iter().any(|mark| mark.bracketed && !marks.first().is_some_and(alone))
            || !marks.iter().any(|mark| matches!(mark.field, Field::Unit(_)))
        {
            return Vec::new();
        }
        // the marker ends the item: in mid-item it is the item's own
        let node = &self.tree.nodes[*last];
        let end = marks.last().map_or(node.end, |mark| mark.end);
        let rest = &self.text[end.min(node.end)..node.end];
        if rest.iter().filter(|c| !c.is_whitespace()).count() > 4 {
            // 以上任务由县城管局牵头,各镇配合,6月底前完成: it says by when as well
            let points = marks.first().is_some_and(|mark| {
                ["以上", "上述"].iter().any(|word| starts_at(self.text, mark.start, word))
            });
            let dated = dates::mentions(&rest[..rest.len().min(16)]).first().is_some_and(|date| date.at == 0);
            if !(points && dated) || rest.len() > 16 {
                return Vec::new();
            }
            let (field, to) = (Field::Due, node.end);
            let due = Mark { field, start: end, from: end, to, end: to, bracketed: false };
            return marks.into_iter().chain([due]).collect();
        }
        marks
    }

    /// A node's markers with those in its 一是 …: they are part of it.
    fn marks_with_running(&self, at: usize) -> Vec<Mark> {
        let mut marks = self.marks[at].clone();
        for &child in &self.tree.nodes[at].children {
            if self.tree.nodes[child].style.is_some_and(Style::running) {
                marks.extend(self.marks_with_running(child));
            }
        }
        marks.sort_by_key(|mark| mark.start);
        marks
    }

    fn visit(&mut self, at: usize, shared: &[Mark]) {
        if self.is_taken(at) {
            return;
        }
        let items: Vec<usize> = self.tree.items(at).collect();
        if self.taken.phases[at] {
            self.list(at);
            return;
        }
        if items.is_empty() {
            self.leaf(at, shared);
            return;
        }
        let own = !self.marks[at].is_empty();
        let below = items.iter().any(|&item| self.marked[item]);
        if own && !below && leading::heads_list(self.text, self.tree, &self.marks, at) {
            let marks = self.marks[at].clone();
            for &item in &items {
                self.visit(item, &marks);
            }
            return;
        }
        if own && !below && self.tree.nodes[at].style != Some(Style::Title) && self.titled_marks(at) {
            let marks = self.marks[at].clone();
            self.emit(at, &marks);
            return;
        }
        let before = self.duties.len();
        // a marker in the heading itself says who leads the whole; the items below have their own
        let heading_end = self.tree.nodes[at].head + self.heading(at).len();
        if self.marks[at].iter().any(|mark| mark.start >= heading_end)
            || self.tree.nodes[at].style == Some(Style::Title)
        {
            self.paragraphs(at);
        }
        self.list(at);
        if self.duties.len() == before
            && !self.holds_taken(at)
            && self.tree.nodes[at].style != Some(Style::Title)
            && self.asks(at, false)
        {
            self.emit(at, shared);
        }
    }

    /// Do a node's own markers belong to the node itself, rather than to paragraphs below its heading?
    fn titled_marks(&self, at: usize) -> bool {
        let groups = group(self.text, &self.marks[at]);
        groups.len() == 1
    }

    /// Is a phase, checklist or group written under the node?
    fn holds_taken(&self, at: usize) -> bool {
        let end = self.tree.nodes[at].end;
        (at + 1..self.tree.nodes.len())
            .take_while(|&below| self.tree.nodes[below].start < end)
            .any(|below| self.is_taken(below) || self.taken.phases[below])
    }

    /// A numbered item without items under it.
    fn leaf(&mut self, at: usize, shared: &[Mark]) {
        let node = &self.tree.nodes[at];
        if node.style == Some(Style::Title) {
            self.paragraphs(at);
            self.running(at);
            return;
        }
        let running: Vec<usize> = node.children.clone();
        let each = running.iter().filter(|&&child| !self.marks[child].is_empty()).count();
        // a marker that does not close the last of them is its own item's
        let early = each == 1
            && self.marks[at].is_empty()
            && running.last().is_some_and(|&last| self.marks[last].is_empty());
        if each >= 2 || early {
            for child in running {
                let marks = self.marks[child].clone();
                self.emit(child, &marks);
            }
            return;
        }
        let marks = self.marks_with_running(at);
        if !marks.is_empty() {
            let groups = group(self.text, &marks);
            let answered = |group: &Vec<Mark>| group.iter().any(|mark| mark.field != Field::Due);
            let each = paragraphs::ahead(self.text, &groups, node.own_end)
                || paragraphs::whole(self.text, &groups, node.head);
            if running.is_empty() && each {
                self.paragraphs(at);
            } else if groups.len() > 1
                && running.is_empty()
                && groups.iter().all(answered)
                && self.apart(at, &groups)
            {
                self.split(at, &groups);
            } else {
                self.emit(at, &marks);
            }
            return;
        }
        if !shared.is_empty() {
            self.emit(at, shared);
            return;
        }
        // 责任单位:县城管局 / 1.…: what stands under a marker is for those whom it names
        if self.is_led(at) {
            self.emit(at, &[]);
            return;
        }
        let asked: Vec<usize> = running.iter().copied().filter(|&child| self.running_asks(child)).collect();
        let counted = asked.len() >= 2 && asked.len() == running.len();
        // 三、进度安排 / 自查阶段:3月—4月。 / 整治阶段:5月—9月。: the phases are all that it says
        if self.taken.told[at] >= 2 || !self.asks(at, counted) {
            return;
        }
        if running.iter().any(|&child| self.tree.items(child).next().is_some()) {
            // 二要做好三项工作: 1、… 2、…
            for child in running {
                if self.tree.items(child).next().is_some() {
                    self.list(child);
                } else if self.running_asks(child) {
                    self.emit(child, &[]);
                }
            }
            return;
        }
        if counted {
            for child in asked {
                self.emit_running(child);
            }
            return;
        }
        self.emit(at, &[]);
    }

    /// Does a marker on a line of its own stand in front of the item?
    fn is_led(&self, at: usize) -> bool {
        let start = self.tree.nodes[at].start;
        let next = self.leading.partition_point(|leading| leading.start <= start);
        next.checked_sub(1).is_some_and(|last| start < self.leading[last].until)
    }

    /// 一是 … directly under the part or under a heading without a number.
    fn running(&mut self, at: usize) {
        if self.kind == PlanKind::Report || self.section(at).is_some_and(|class| class != Class::Demands) {
            return;
        }
        let running: Vec<usize> = self.tree.nodes[at]
            .children
            .iter()
            .copied()
            .filter(|&child| self.tree.nodes[child].style.is_some_and(Style::running))
            .collect();
        for child in running {
            if !self.marks[child].is_empty() || self.running_asks(child) {
                self.emit_running(child);
            }
        }
    }

    /// 第二,… with 一要 … 二要 … inside: the innermost count.
    fn emit_running(&mut self, at: usize) {
        let inner: Vec<usize> = self.tree.nodes[at].children.clone();
        let innermost = inner.len() >= 2
            && inner.iter().all(|&child| {
                self.tree.nodes[child].style.is_some_and(Style::running) && self.running_asks(child)
            });
        if innermost && self.marks[at].is_empty() {
            for child in inner {
                self.emit_running(child);
            }
        } else {
            let marks = self.marks[at].clone();
            self.emit(at, &marks);
        }
    }

    /// Are the groups of markers parted by paragraphs of their own?
    fn apart(&self, at: usize, groups: &[Vec<Mark>]) -> bool {
        let node = &self.tree.nodes[at];
        groups.windows(2).all(|pair| {
            let from = pair[0].last().map_or(node.head, |mark| mark.end);
            let to = pair[1].first().map_or(node.end, |mark| mark.start);
            let between = &self.text[from.min(to)..to];
            between.contains(&'\n') && between.iter().filter(|c| !c.is_whitespace()).count() >= 8
        })
    }

    /// One item, several paragraphs each with its marker.
    fn split(&mut self, at: usize, groups: &[Vec<Mark>]) {
        let node = &self.tree.nodes[at];
        let mut from = node.head;
        for (i, marks) in groups.iter().enumerate() {
            let end =
                if i + 1 == groups.len() { node.end } else { marks.last().map_or(node.end, |mark| mark.end) };
            let number = (i == 0).then(|| self.number(at)).flatten();
            let start = if i == 0 { node.start } else { from };
            self.push(number, self.path(at), start, from, end, marks);
            from = end;
        }
    }

    /// Paragraphs of a node's own text that carry a marker but no number.
    fn paragraphs(&mut self, at: usize) {
        let marks = &self.marks[at];
        if marks.is_empty() || self.kind == PlanKind::Report {
            return;
        }
        let node = &self.tree.nodes[at];
        if let Some(blocks) = paragraphs::begun_by_time(self.text, marks) {
            for marks in &blocks {
                let (Some(first), Some(last)) = (marks.first(), marks.last()) else { continue };
                self.push(None, self.path_below(at), first.start, first.start, last.end, marks);
            }
            return;
        }
        let groups = group(self.text, marks);
        let several = paragraphs::share_a_line(self.text, &groups);
        if paragraphs::ahead(self.text, &groups, node.own_end) {
            for (i, marks) in groups.iter().enumerate() {
                let Some(start) = marks.first().map(|mark| mark.start) else { continue };
                let next = groups.get(i + 1).and_then(|next| next.first()).map(|mark| mark.start);
                let end = next.unwrap_or_else(|| crate::chars::line_end(self.text, start, node.own_end));
                self.push(None, self.path_below(at), start, start, end, marks);
            }
            return;
        }
        let mut floor = node.head;
        for (i, marks) in groups.iter().enumerate() {
            let (Some(first), Some(last)) = (marks.first(), marks.last()) else { continue };
            let end = paragraphs::ends(self.text, last.end, node.own_end, groups.get(i + 1));
            let end = if several {
                paragraphs::sentence_ends(self.text, marks, end, groups.get(i + 1))
            } else {
                end
            };
            if !marks.iter().any(|mark| matches!(mark.field, Field::Unit(_) | Field::Person)) {
                floor = end;
                continue;
            }
            let start = if several {
                paragraphs::last_line(self.text, floor, first.start)
            } else {
                paragraphs::begins(self.text, floor, first.start, floor == node.head)
            };
            // 组长:甲 成员单位:乙局: who sits in a group, not who answers for something
            if crate::chars::contains(&self.text[start.min(first.start)..first.start], "组长") {
                floor = end;
                continue;
            }
            if start < first.start
                && self.text[start..first.start].iter().filter(|c| !c.is_whitespace()).count() >= 4
            {
                self.push(None, self.path_below(at), start, start, end, marks);
            }
            floor = end;
        }
    }

    fn number(&self, at: usize) -> Option<String> {
        let node = &self.tree.nodes[at];
        match node.style {
            Some(Style::Dotted(_)) => Some(string(&self.text[node.start..node.printed])),
            Some(_) if node.number > 0 => Some(node.number.to_string()),
            _ => None,
        }
    }

    fn path(&self, at: usize) -> Vec<String> {
        self.tree
            .ancestors(at)
            .into_iter()
            .map(|above| {
                let node = &self.tree.nodes[above];
                string(&self.text[node.start..node.printed])
            })
            .filter(|printed| !printed.is_empty())
            .collect()
    }

    /// The numbers above what stands in a node's own text without one.
    fn path_below(&self, at: usize) -> Vec<String> {
        let mut path = self.path(at);
        let node = &self.tree.nodes[at];
        path.extend((node.printed > node.start).then(|| string(&self.text[node.start..node.printed])));
        path
    }

    fn emit(&mut self, at: usize, marks: &[Mark]) {
        let node = &self.tree.nodes[at];
        let (start, head, end) = (node.start, node.head, node.end);
        let above = || self.tree.ancestors(at).into_iter().rev().find_map(|above| self.owners[above]);
        let owner = self.owners[at].map(|own| Mark { end: own.start, ..own }).or_else(above);
        let mut marks = marks.to_vec();
        let (mut start, mut head, mut end) = (start, head, end);
        let next = self.leading.partition_point(|leading| leading.start <= node.start);
        if let Some(leading) = next.checked_sub(1).map(|last| &self.leading[last])
            && node.start < leading.until
        {
            marks.extend(leading.marks.iter().copied());
        }
        end = self.closed_by_marks(at, &marks, end);
        end = self.closed_by_note(at, end);
        end = self.closed_by_heading(at, &marks, end);
        end = self.closed_by_line(at, end);
        // the next one's markers stand at the end of this item's lines
        if let Some(leading) = self.leading.get(next) {
            end = end.min(leading.start);
            head = head.min(end);
            start = start.min(head);
        }
        if !marks.iter().any(|mark| matches!(mark.field, Field::Unit(_))) {
            marks.extend(owner);
        }
        self.push(self.number(at), self.path(at), start, head, end, &marks);
    }

    /// One duty: `[start, end)` with its number, `head` where its text begins.
    fn push(
        &mut self,
        number: Option<String>,
        path: Vec<String>,
        start: usize,
        head: usize,
        end: usize,
        marks: &[Mark],
    ) {
        let text = self.text;
        let (from, to) = trim(text, head.min(end), end);
        let body = without(text, from, to, marks);
        let mentions = dates::mentions(&body);
        let mut duty = PlanDuty {
            number,
            path,
            title: title(&body),
            text: string(&text[from..to]),
            recurrence: recurrence(&body),
            targets: targets_beside(&body, &mentions),
            span: Span { start: trim(text, start, to).0.min(to), end: to },
            ..PlanDuty::default()
        };
        let mut dated = false;
        for mark in marks {
            let value = &text[mark.from..mark.to];
            match mark.field {
                Field::Unit(role) => {
                    let named = units::split(value, role);
                    if named.is_empty() && self.nameless.last() != Some(mark) {
                        self.nameless.push(*mark);
                    }
                    for unit in named {
                        if !duty.units.contains(&unit) {
                            duty.units.push(unit);
                        }
                    }
                }
                Field::Person => duty.leads.extend(units::persons(value)),
                Field::Due => {
                    dated = true;
                    (duty.start, duty.due) = dates::limits(value);
                    duty.recurrence = recurrence(value).into_iter().chain(duty.recurrence).min();
                }
            }
        }
        if !dated {
            (duty.start, duty.due) = dates::limits_in_prose(&body, &mentions);
        }
        if duty.title.is_empty() {
            return;
        }
        self.duties.push(duty);
    }
}
