//! From numbers to a tree of items. One pass over the text with a stack of open items; where a number may stand in the
//! middle of a line its place in the sequence decides.

use std::collections::HashMap;

use super::{
    closing,
    numbering::{Marker, Style, marker_at},
};
use crate::{
    chars::{CharSet, before, ends_sentence, ends_with_any, is_blank, is_colon, is_han, line_end},
    dates,
    rules::{markers, sections, sites, steps, units},
};

/// An item, or the whole part (node 0).
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) style: Option<Style>,
    pub(crate) number: u32,
    /// The number as printed, `[start, printed)`.
    pub(crate) start: usize,
    pub(crate) printed: usize,
    /// Behind the number: where the text begins.
    pub(crate) head: usize,
    /// Where its own text ends and its first child begins.
    pub(crate) own_end: usize,
    /// Where all of it ends.
    pub(crate) end: usize,
    pub(crate) parent: usize,
    pub(crate) children: Vec<usize>,
    /// The printed number was damaged.
    pub(crate) restored: bool,
}

/// The items of a part of the document; node 0 is the part itself.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) nodes: Vec<Node>,
}

impl Tree {
    pub(crate) fn ancestors(&self, mut at: usize) -> Vec<usize> {
        let mut path = Vec::new();
        while at != 0 {
            at = self.nodes[at].parent;
            if at != 0 {
                path.push(at);
            }
        }
        path.reverse();
        path
    }

    /// Children that are items of an outline, not 一是 inside running text.
    pub(crate) fn items(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        self.nodes[at]
            .children
            .iter()
            .copied()
            .filter(|&child| self.nodes[child].style.is_some_and(|style| !style.running()))
    }
}

struct Builder<'a> {
    text: &'a [char],
    nodes: Vec<Node>,
    /// Open items, outermost first; the part itself is not among them.
    stack: Vec<usize>,
    /// Under which style a style was found last.
    habit: HashMap<Style, Option<Style>>,
    /// The last number of each style, for lists that count on under the next heading.
    last: HashMap<Style, u32>,
    /// How many characters may still be looked ahead, so that reading stays linear whatever the text.
    budget: std::cell::Cell<usize>,
}

/// Builds the tree of `[start, end)`; `skip` are table regions (sorted), which belong to no item.
pub(crate) fn build(text: &[char], start: usize, end: usize, skip: &[(usize, usize)]) -> Tree {
    let root = Node {
        style: None,
        number: 0,
        start,
        printed: start,
        head: start,
        own_end: end,
        end,
        parent: 0,
        children: Vec::new(),

        restored: false,
    };
    let mut builder = Builder {
        text,
        nodes: vec![root],
        stack: Vec::new(),
        habit: HashMap::new(),
        last: HashMap::new(),
        budget: std::cell::Cell::new(20_000 + 8 * (end - start)),
    };
    let mut skip = skip.iter().filter(|region| region.1 > start && region.0 < end).peekable();
    let mut i = start;
    while i < end {
        let free = skip.peek().map_or(end, |region| region.0).min(end);
        if let Some(more) = text.get(i..free)
            && i > start
        {
            // on to the next place where a line or a number may begin
            i += more
                .iter()
                .enumerate()
                .position(|(ahead, &c)| NUMBERS.has(c) || text[i + ahead - 1] == '\n')
                .unwrap_or(more.len());
            if i >= end {
                break;
            }
        }
        if let Some(region) = skip.next_if(|region| region.0 <= i) {
            if region.1 > i {
                builder.cut(i);
                i = region.1;
            }
            continue;
        }
        let line_start = i == start || text[i - 1] == '\n';
        if !(line_start || may_start(text, i)) {
            i += 1;
            continue;
        }
        if line_start && closing::begins_annex(&text[i..line_end(text, i, end)]) {
            builder.close_to(0, i);
            builder.cut(i);
        }
        if line_start && closing::speaks_of_meeting(&text[i..line_end(text, i, end)]) {
            builder.close_to(0, i);
        }
        if line_start && let Some(stop) = closing::signature(text, i, end) {
            builder.cut(i);
            i = stop;
            continue;
        }
        let Some(marker) = marker_at(text, i).map(|marker| builder.mended(marker)) else {
            if line_start && let Some(stop) = builder.heading_line(i, end) {
                let title =
                    Marker { start: i, end: i, style: Style::Title, number: 0, printed: i, open: false };
                builder.open(&title, true);
                i = stop;
            }
            i += 1;
            continue;
        };
        if marker.number == 1
            && !line_start
            && let Some(stop) = markers::numbers_units(text, i, end)
        {
            i = stop.max(i + 1);
            continue;
        }
        if marker.end <= end && builder.accepts(&marker, line_start, start) {
            builder.open(&marker, line_start);
            i = marker.end.max(i + 1);
        } else {
            i = if marker.style == Style::Num { marker.printed.max(i + 1) } else { i + 1 };
        }
    }
    builder.close_to(0, end);
    Tree { nodes: builder.nodes }
}

/// 3月, 第一季度:, 2024年上半年: a heading that is a time and nothing else.
fn names_time(line: &[char]) -> bool {
    let end = line.iter().rposition(|&c| !is_colon(c)).map_or(0, |last| last + 1);
    line.len() <= 16
        && !line[..end].ends_with(&['日'])
        && dates::mentions(line).first().is_some_and(|mention| mention.at == 0 && mention.end == end)
}

/// How deep a style usually stands.
fn rank(style: Style) -> u8 {
    match style {
        Style::Chapter(_) => 0,
        Style::Stage | Style::Cn => 2,
        Style::Title => 3,
        Style::Named(_) => 3,
        Style::CnParen => 4,
        Style::Num | Style::Dotted(_) | Style::Roman => 5,
        Style::NumParen | Style::HalfParen => 6,
        Style::Circle | Style::Letter(_) => 7,
        Style::Ordinal | Style::Order | Style::Is | Style::Bullet => 9,
    }
}

/// What a number can begin with in mid-line.
static NUMBERS: CharSet = CharSet::new("0123456789(第其首再最活任行点一二三四五六七八九十")
    .and_range('①', '⒛')
    .and_range('❶', '❿')
    .and_range('㈠', '㈩');

/// Cheap test before a marker is looked for in mid-line.
fn may_start(text: &[char], i: usize) -> bool {
    NUMBERS.has(text[i]) && !(text[i].is_ascii_digit() && text[i - 1].is_ascii_digit())
}

impl Builder<'_> {
    fn depth_of(&self, style: Style) -> Option<usize> {
        self.stack.iter().position(|&node| self.nodes[node].style == Some(style))
    }

    fn expected(&self, style: Style) -> Option<u32> {
        self.depth_of(style).map(|depth| self.nodes[self.stack[depth]].number + 1)
    }

    /// (1) 2) (3): a bracket was lost where the other list expects the number and its own does not. 其次 and 最后 have the
    /// number that their list has come to.
    fn mended(&self, marker: Marker) -> Marker {
        if marker.style == Style::Order && marker.number != 1 {
            return Marker { number: self.expected(Style::Order).unwrap_or(0), ..marker };
        }
        let other = match marker.style {
            Style::HalfParen => Style::NumParen,
            Style::NumParen => Style::HalfParen,
            _ => return marker,
        };
        let expects = |style: Style| self.expected(style) == Some(marker.number);
        let lost = marker.number > 1 && expects(other) && !expects(marker.style);
        if lost { Marker { style: other, ..marker } } else { marker }
    }

    /// Is the printed number an item's?
    fn accepts(&self, marker: &Marker, line_start: bool, part_start: usize) -> bool {
        let text = self.text;
        let next = text.get(marker.end).copied().unwrap_or('\n');
        let in_sequence = self.expected(marker.style) == Some(marker.number);
        let counts_on = self.last.get(&marker.style).is_some_and(|&last| last + 1 == marker.number);
        if marker.style == Style::Order {
            let parted = |c: char| ends_sentence(c) || is_colon(c) || is_blank(c) || matches!(c, ',' | ';');
            let begins = line_start || before(text, marker.start).is_none_or(parted);
            // 首先 alone counts nothing
            return begins
                && if marker.number == 1 { self.goes_on_counting(marker) } else { marker.number > 1 };
        }
        if line_start {
            if matches!(marker.style, Style::Letter(_)) || marker.style == Style::Roman {
                return marker.number == 1 || in_sequence || counts_on;
            }
            if marker.open {
                let first = marker.number == 1
                    && matches!(marker.style, Style::Num | Style::Cn)
                    && is_han(next)
                    && marker.end > marker.printed;
                return in_sequence
                    || counts_on && marker.number > 1
                    || first
                    || matches!(marker.style, Style::Dotted(_));
            }
            // 3、落实单位: a stray number before a marker of responsibility, ◎落实单位 a bullet; 5、三是 one before the next 一是
            if matches!(
                marker.style,
                Style::Num | Style::Bullet | Style::Circle | Style::NumParen | Style::HalfParen
            ) {
                let noise = markers::starts_at(text, marker.end)
                    || marker_at(text, marker.end).is_some_and(|inner| {
                        inner.style == Style::Is && self.expected(Style::Is) == Some(inner.number)
                    });
                return !noise;
            }
            return true;
        }
        if matches!(
            marker.style,
            Style::Bullet | Style::Letter(_) | Style::Roman | Style::Chapter(_) | Style::Dotted(_)
        ) || marker.open
        {
            return false;
        }
        let previous =
            text[part_start.min(marker.start)..marker.start].iter().rev().copied().find(|&c| !is_blank(c));
        let Some(previous) = previous else { return true };
        let blank = marker.start > 0 && is_blank(text[marker.start - 1]);
        let tab = marker.start > 0 && text[marker.start - 1] == '\t';
        let strong = ends_sentence(previous)
            || matches!(previous, ';' | ')' | '”' | '】')
            || is_colon(previous)
            || blank
            || tab;
        let first = marker.number == 1;
        let texty = is_han(next)
            || matches!(next, '“' | '《' | '"' | '(' | '\n')
            || next.is_ascii_alphanumeric()
            || next == '*';
        match marker.style {
            Style::Cn => {
                let open = self.depth_of(Style::Cn).is_none();
                // a text without line ends: …落实到位二、主要任务…
                let glued = is_han(previous)
                    && !matches!(previous, '第' | '十' | '周' | '期' | '初' | '之' | '前' | '或' | '和')
                    && crate::numbers::cn_digit(previous).is_none();
                texty
                    && (strong && (in_sequence || first && open)
                        || glued
                            && (in_sequence && marker.number > 1
                                || first && open && self.second_follows(marker, 3000)))
            }
            Style::CnParen => {
                strong && (first || in_sequence || counts_on)
                    || in_sequence && texty
                    || first && texty && is_han(previous) && self.second_follows(marker, 3000)
            }
            Style::Num => {
                texty
                    && (strong && (first || in_sequence || counts_on)
                        || (in_sequence || counts_on) && marker.number > 1 && is_han(previous)
                        || first && is_han(previous) && self.second_follows(marker, 400))
            }
            Style::NumParen | Style::HalfParen => {
                strong && (first || in_sequence || counts_on)
                    || texty && (in_sequence || counts_on)
                    || first && texty && self.second_follows(marker, 500)
            }
            Style::Circle => first || in_sequence,
            Style::Is => {
                let glued = is_han(previous)
                    && previous != '之'
                    && (in_sequence || first && self.second_follows(marker, 400));
                (strong || previous == ',') && (first || in_sequence)
                    || glued && marker.end - marker.start == 2
            }
            Style::Ordinal => (strong || matches!(previous, ',')) && (first || in_sequence),
            Style::Stage => strong && (first || in_sequence),
            Style::Named(_) => strong && (first || in_sequence),
            _ => false,
        }
    }

    /// A number behind a word opens a list only if the next one follows within `reach` characters.
    fn second_follows(&self, marker: &Marker, reach: usize) -> bool {
        let to = (marker.end + reach.min(self.budget.get())).min(self.text.len());
        self.budget.set(self.budget.get().saturating_sub(to - marker.end));
        (marker.end..to).any(|i| {
            may_start(self.text, i)
                && marker_at(self.text, i)
                    .is_some_and(|second| second.style == marker.style && second.number == 2 && !second.open)
        })
    }

    /// Does 其次 or 最后 follow a 首先?
    fn goes_on_counting(&self, marker: &Marker) -> bool {
        const REACH: usize = 1500;
        let to = (marker.end + REACH.min(self.budget.get())).min(self.text.len());
        self.budget.set(self.budget.get().saturating_sub(to - marker.end));
        (marker.end..to).any(|i| {
            matches!(self.text[i], '其' | '再' | '最')
                && marker_at(self.text, i).is_some_and(|next| next.style == Style::Order)
        })
    }

    /// A line without a number that is a heading: of a checklist, or of a section (工作要求). Where it ends.
    fn heading_line(&self, at: usize, end: usize) -> Option<usize> {
        let text = self.text;
        // 县城管局:1.…;2.…: what one unit does, in one line
        let colon = text[at..end.min(at + 30)].iter().position(|&c| is_colon(c) || c == '\n');
        if let Some(colon) = colon.map(|n| at + n).filter(|&colon| is_colon(text[colon]))
            && marker_at(text, colon + 1).is_some_and(|marker| marker.number == 1 && !marker.open)
            && units::is_heading(&text[at..colon])
            // 责任单位:①县城管局 names them, it is none
            && markers::field_named(&text[at..colon]).is_none()
        {
            return Some(colon);
        }
        let stop = (at..end.min(at + 46)).find(|&i| text[i] == '\n')?;
        let line = &text[at..stop];
        // 3月 / 4.…: the list counts on under it
        let goes_on = marker_at(text, stop + 1).is_some_and(|marker| {
            let last = self.last.get(&marker.style).copied().unwrap_or(0);
            !marker.open && (marker.number == 1 || marker.number == last + 1)
        });
        if goes_on && (names_time(line) || steps::heads_step(line)) {
            return Some(stop);
        }
        if line.len() < 3 || line.contains(&'\t') || line.iter().any(|&c| ends_sentence(c) || c == ';') {
            return None;
        }
        let first_at = |at: usize| {
            marker_at(text, at).is_some_and(|marker| marker.number == 1 && !marker.style.running())
        };
        // 农贸市场 / 测评内容: / 1.…
        let label_end = (stop + 1..end.min(stop + 12)).find(|&i| text[i] == '\n');
        let labelled =
            label_end.is_some_and(|next| sites::is_label(&text[stop + 1..next]) && first_at(next + 1));
        let next_is_first = first_at(stop + 1) || labelled;
        let plain = !line.iter().any(|&c| matches!(c, ',') || is_colon(c));
        let figures = line.iter().any(|&c| c.is_ascii_digit() || c == '—');
        // 【时间步骤】
        let said = match line {
            ['【', inside @ .., '】'] => inside,
            _ => line,
        };
        let section = plain && !figures && said.len() <= 12 && !crate::parts::is_title(said) && {
            sections::class(said) != sections::Class::Demands
                || ends_with_any(said, &["任务", "措施", "要求", "保障", "分工", "安排", "内容"])
        };
        let announced = sites::site_of_heading(line, false).is_some();
        let document_title = at == self.nodes[0].start && !next_is_first;
        let bare = next_is_first && plain && line.len() <= 14;
        let site = announced && !document_title || bare && sites::site_of_heading(line, true).is_some();
        // 【三月】 / 1.…
        let framed = next_is_first
            && (line.len() <= 14 || units::is_heading(said))
            && line[0] == '【'
            && line[line.len() - 1] == '】';
        // 县城管局: / 1.…: what one unit does
        let unit = next_is_first
            && !labelled
            && (is_colon(line[line.len() - 1]) && units::is_heading(line)
                || plain && !site && !document_title && units::in_bracket(line).is_some());
        (site || section || unit || framed).then_some(stop)
    }

    fn open(&mut self, marker: &Marker, line_start: bool) {
        let depth = self.place(marker, line_start);
        let (mut number, mut restored) = (marker.number, false);
        if let Some(&old) = self.stack.get(depth) {
            let before = self.nodes[old].number;
            let lost =
                number == 0 || number > 1 && number < 10 && before >= 10 && (before + 1) % 10 == number;
            // a heading that never had a number has lost none
            let numbered = !matches!(marker.style, Style::Bullet | Style::Title);
            if self.nodes[old].style == Some(marker.style) && lost && numbered {
                number = before + 1;
                restored = true;
            }
        }
        self.close_to(depth, marker.start);
        let parent = self.stack.last().copied().unwrap_or(0);
        let index = self.nodes.len();
        if self.nodes[parent].children.is_empty() {
            self.nodes[parent].own_end = self.nodes[parent].own_end.min(marker.start);
        }
        self.nodes[parent].children.push(index);
        self.habit.insert(marker.style, self.nodes[parent].style);
        self.last.insert(marker.style, number);
        self.nodes.push(Node {
            style: Some(marker.style),
            number,
            start: marker.start,
            printed: marker.printed,
            head: marker.end,
            own_end: usize::MAX,
            end: usize::MAX,
            parent,
            children: Vec::new(),

            restored,
        });
        self.stack.push(index);
    }

    /// At which depth of the stack the new item goes.
    fn place(&self, marker: &Marker, line_start: bool) -> usize {
        let style = marker.style;
        if let Some(depth) = self.depth_of(style) {
            return depth;
        }
        let style_at = |depth: usize| self.nodes[self.stack[depth]].style;
        let under = |wanted: &dyn Fn(Style) -> bool| {
            (0..self.stack.len())
                .rev()
                .find(|&depth| style_at(depth).is_some_and(wanted))
                .map_or(0, |depth| depth + 1)
        };
        if let Some(Some(parent)) = self.habit.get(&style)
            && let Some(depth) = self.depth_of(*parent)
            && !style.running()
            && (depth + 1..self.stack.len())
                .all(|depth| style_at(depth).is_some_and(|open| rank(open) >= rank(style)))
        {
            return depth + 1;
        }
        match style {
            Style::Chapter(kind) => {
                // 条 stands under 章, 节 under 章; 章 and 部分 stand alone
                match kind {
                    '节' => under(&|s| matches!(s, Style::Chapter('章' | '部' | '编' | '篇'))),
                    '条' => under(&|s| matches!(s, Style::Chapter(_))),
                    _ => 0,
                }
            }
            // 文明餐厅创建标准 / 一、基础条件
            Style::Cn if marker.number == 1 && self.opens_standards() => self.stack.len(),
            Style::Cn => under(&|s| matches!(s, Style::Chapter(_))).max(usize::from(
                !self.stack.is_empty() && matches!(style_at(0), Some(Style::Named(_))) && marker.number == 1,
            )),
            // 一季度 / (一)…: the heading right above heads the list
            Style::CnParen if self.opens_under_title() => self.stack.len(),
            Style::CnParen | Style::Stage => under(&|s| {
                matches!(s, Style::Chapter(_) | Style::Cn | Style::Named(_))
                    || style == Style::Stage && s == Style::CnParen
            }),
            Style::Named(_) => under(&|s| matches!(s, Style::Chapter(_) | Style::Cn | Style::CnParen)),
            Style::Dotted(depth) => {
                let above = if depth > 2 {
                    self.depth_of(Style::Dotted(depth - 1))
                } else {
                    self.depth_of(Style::Num)
                };
                above.map_or_else(
                    || {
                        under(&|s| {
                            matches!(s, Style::Chapter(_) | Style::Cn | Style::CnParen | Style::Named(_))
                        })
                    },
                    |depth| depth + 1,
                )
            }
            Style::Title => {
                under(&|s| matches!(s, Style::Chapter(_) | Style::Cn | Style::CnParen | Style::Stage))
            }
            Style::Is | Style::Ordinal | Style::Order | Style::Bullet => self.stack.len(),
            Style::Num
            | Style::NumParen
            | Style::HalfParen
            | Style::Circle
            | Style::Letter(_)
            | Style::Roman => {
                let mut depth = self.stack.len();
                // a list at a line's beginning does not belong to an 一是 inside the paragraph before
                while depth > 0
                    && line_start
                    && style_at(depth - 1).is_some_and(|s| s.running() || s == Style::Bullet)
                    && !self.introduces(self.stack[depth - 1], marker.start)
                {
                    depth -= 1;
                }
                if style == Style::Num {
                    while depth > 0
                        && matches!(
                            style_at(depth - 1),
                            Some(Style::Circle | Style::NumParen | Style::HalfParen | Style::Letter(_))
                        )
                    {
                        depth -= 1;
                    }
                }
                depth
            }
        }
    }

    /// Is the innermost item a heading without a number, with nothing under it yet?
    fn opens_under_title(&self) -> bool {
        self.stack.last().is_some_and(|&last| {
            self.nodes[last].style == Some(Style::Title) && self.nodes[last].children.is_empty()
        })
    }

    /// Is the innermost item the heading of a kind of place's standards, with nothing under it yet?
    fn opens_standards(&self) -> bool {
        self.stack.last().is_some_and(|&last| {
            let node = &self.nodes[last];
            let end = (node.head..self.text.len().min(node.head + 46)).find(|&i| self.text[i] == '\n');
            node.style == Some(Style::Title)
                && node.children.is_empty()
                && end.is_some_and(|end| sites::site_of_heading(&self.text[node.head..end], false).is_some())
        })
    }

    /// Does the item's text end with a colon or with a number of things to come?
    fn introduces(&self, node: usize, end: usize) -> bool {
        before(self.text, end)
            .or_else(|| end.checked_sub(1).and_then(|end| before(self.text, end)))
            .is_some_and(is_colon)
            && self.nodes[node].head < end
    }

    fn close_to(&mut self, depth: usize, end: usize) {
        while self.stack.len() > depth {
            if let Some(node) = self.stack.pop() {
                let node = &mut self.nodes[node];
                node.end = node.end.min(end);
                node.own_end = node.own_end.min(end);
            }
        }
    }

    /// A table begins: the open items' texts end here, though children may still come.
    fn cut(&mut self, at: usize) {
        for &node in &self.stack {
            let node = &mut self.nodes[node];
            node.own_end = node.own_end.min(at);
            if node.children.is_empty() {
                node.end = node.end.min(at);
            }
        }
        if self.nodes[0].children.is_empty() {
            self.nodes[0].own_end = self.nodes[0].own_end.min(at);
        }
    }
}
