//! Fills the tree of a part in.
//!
//! A paragraph or a table row that is one opening or closing tag and nothing else stands around what is repeated or left
//! out, and vanishes. A row that begins with `{{#each …}}` and ends with `{{/each}}` is repeated itself. Within a
//! paragraph, blocks repeat or leave out words.

use serde_json::Value;

use super::{
    fault::{TemplateFault, Why},
    tags::{Block, Piece, Scope, Tag, is_there, only_tag, pieces, printed},
    tree::{Element, Node},
};

/// So many elements and pieces of text a filled in document has at most; lists inside lists can make much of little.
const MOST: usize = 400_000;
/// So many bytes of text count as one of them.
const PIECE: usize = 64;

pub(super) struct Filler<'a> {
    data: &'a Value,
    pub(super) faults: Vec<TemplateFault>,
    part: String,
    /// The paragraph that is being filled in.
    at: usize,
    made: usize,
}

/// A piece of a paragraph, and in which of its texts it stands.
type Placed = (usize, Bit);

#[derive(Debug, Clone)]
enum Bit {
    Literal(String),
    Tag(String, Tag),
}

impl<'a> Filler<'a> {
    pub(super) fn new(data: &'a Value) -> Self {
        Self { data, faults: Vec::new(), part: String::new(), at: 0, made: 0 }
    }

    pub(super) fn part(&mut self, name: &str, nodes: Vec<Node>) -> Vec<Node> {
        name.clone_into(&mut self.part);
        self.at = 0;
        let data = self.data;
        self.nodes(nodes, &Scope::of(data))
    }

    fn fault(&mut self, why: Why) {
        let fault = TemplateFault { part: self.part.clone(), paragraph: self.at, why };
        // A fault in what is repeated is one fault.
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// Counts what is added; false once it is too much.
    fn grow(&mut self, bytes: usize) -> bool {
        let before = self.made;
        self.made = before.saturating_add(1 + bytes / PIECE);
        if before <= MOST && self.made > MOST {
            self.fault(Why::TooLong);
        }
        self.made <= MOST
    }

    /// What stands beside each other.
    fn nodes(&mut self, nodes: Vec<Node>, scope: &Scope<'_>) -> Vec<Node> {
        let mut done = Vec::with_capacity(nodes.len());
        let mut nodes = std::collections::VecDeque::from(nodes);
        while let Some(node) = nodes.pop_front() {
            if !self.grow(0) {
                return done;
            }
            let element = match node {
                Node::Other(_) => {
                    done.push(node);
                    continue;
                }
                Node::Element(element) => element,
            };
            self.at = first_paragraph(&element).unwrap_or(self.at);
            match structural(&element) {
                Some(Tag::Open(block, name)) => {
                    let told = format!("{{{{#{} {name}}}}}", word(block));
                    let Some(inside) = until_closed(&mut nodes, block) else {
                        self.fault(Why::NotClosed(told));
                        continue;
                    };
                    self.block(block, &name, scope, &mut |filler, scope| {
                        let filled = filler.nodes(inside.clone(), scope);
                        done.extend(filled);
                    });
                }
                Some(Tag::Close(block)) => self.fault(Why::NotOpened(format!("{{{{/{}}}}}", word(block)))),
                _ => self.element(element, scope, &mut done),
            }
        }
        done
    }

    fn element(&mut self, mut element: Element, scope: &Scope<'_>, done: &mut Vec<Node>) {
        if element.is("w:tr")
            && let Some(name) = repeated_row(&element)
        {
            strip_ends(&mut element);
            let row = element;
            self.block(Block::Each, &name, scope, &mut |filler, scope| {
                let filled = filler.inside(row.clone(), scope);
                done.push(Node::Element(filled));
            });
            return;
        }
        let filled = self.inside(element, scope);
        // A table that lost all its rows would be no valid table.
        let empty = filled.is("w:tbl") && !has(&filled, "w:tr");
        if !empty {
            done.push(Node::Element(filled));
        }
    }

    fn inside(&mut self, mut element: Element, scope: &Scope<'_>) -> Element {
        if element.is("w:p") {
            self.at = element.paragraph;
            self.words(&mut element, scope);
        }
        element.children = self.nodes(std::mem::take(&mut element.children), scope);
        // A cell must end with a paragraph.
        if element.is("w:tc") && !has(&element, "w:p") {
            element.children.push(Node::Element(Element::named("w:p")));
        }
        if element.is("w:r") {
            break_lines(&mut element);
        }
        element
    }

    /// Runs `each` for what a block is about: for every item of a list, or once, or not at all.
    fn block(
        &mut self,
        block: Block,
        name: &str,
        scope: &Scope<'_>,
        each: &mut dyn FnMut(&mut Self, &Scope<'_>),
    ) {
        let Some(value) = scope.lookup(name) else {
            self.fault(Why::NoSuchData(name.to_owned()));
            return;
        };
        match (block, value) {
            (Block::Each, Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    // What is nested deep enough would go on for ever without making anything.
                    if !self.grow(0) {
                        return;
                    }
                    each(self, &Scope { value: item, number: Some(index + 1), around: Some(scope) });
                }
            }
            (Block::Each, _) => self.fault(Why::NoList(name.to_owned())),
            (Block::If, value) if is_there(value) => each(self, scope),
            (Block::Unless, value) if !is_there(value) => each(self, scope),
            (Block::If | Block::Unless, _) => {}
        }
    }

    /// Fills the words of one paragraph in. Programs cut them into runs wherever they like, also inside a tag: a tag
    /// belongs to the run in which it begins.
    fn words(&mut self, paragraph: &mut Element, scope: &Scope<'_>) {
        let mut texts = Vec::new();
        paragraph.each_text(&mut |text| texts.push(text.text()));
        let whole: String = texts.concat();
        if !whole.contains("{{") {
            return;
        }
        let bits = self.bits(&texts, &whole);
        let mut out = vec![String::new(); texts.len()];
        let mut at = 0;
        self.run(&bits, &mut at, scope, None, &mut out);
        while at < bits.len() && self.made <= MOST {
            // A block was closed that was not opened; it was told, and what follows is looked at too.
            self.run(&bits, &mut at, scope, None, &mut out);
        }
        let mut out = out.into_iter();
        paragraph.each_text(&mut |text| text.set_text(&out.next().unwrap_or_default()));
    }

    fn bits(&mut self, texts: &[String], whole: &str) -> Vec<Placed> {
        // Where each text begins in the whole.
        let mut starts = Vec::with_capacity(texts.len());
        let mut length = 0;
        for text in texts {
            starts.push(length);
            length += text.len();
        }
        let text_at = |place: usize| starts.partition_point(|start| *start <= place).saturating_sub(1);
        let mut bits = Vec::new();
        let mut at = 0;
        for piece in pieces(whole) {
            match piece {
                Piece::Literal(literal) => {
                    let mut rest = literal;
                    while !rest.is_empty() {
                        let text = text_at(at);
                        let end = starts.get(text + 1).map_or(length, |next| *next);
                        let (here, after) = rest.split_at(rest.len().min(end.saturating_sub(at).max(1)));
                        bits.push((text, Bit::Literal(here.to_owned())));
                        at += here.len();
                        rest = after;
                    }
                }
                Piece::Tag(told, tag) => {
                    bits.push((text_at(at), Bit::Tag(told.to_owned(), tag)));
                    at += told.len();
                }
                Piece::Broken(told) => {
                    self.fault(Why::NotClosed(told.chars().take(40).collect()));
                    at += told.len();
                }
            }
        }
        bits
    }

    /// Fills in from `at` until the block that was opened before it is closed. `into`: the text that takes it all.
    fn run(
        &mut self,
        bits: &[Placed],
        at: &mut usize,
        scope: &Scope<'_>,
        into: Option<(usize, Block)>,
        out: &mut [String],
    ) {
        while let Some((text, bit)) = bits.get(*at) {
            *at += 1;
            let text = into.map_or(*text, |(into, _)| into);
            match bit {
                Bit::Literal(words) => {
                    if !self.grow(words.len()) {
                        return;
                    }
                    out[text].push_str(words);
                }
                Bit::Tag(_, Tag::Value(name)) => {
                    let words = self.value(name, scope);
                    if !self.grow(words.len()) {
                        return;
                    }
                    out[text].push_str(&words);
                }
                Bit::Tag(told, Tag::Open(block, name)) => {
                    let begin = *at;
                    let Some(end) = closing(bits, begin, *block) else {
                        self.fault(Why::NotClosed(told.clone()));
                        continue;
                    };
                    self.block(*block, name, scope, &mut |filler, scope| {
                        let mut inner = begin;
                        filler.run(&bits[..end], &mut inner, scope, Some((text, *block)), out);
                    });
                    *at = end + 1;
                }
                Bit::Tag(told, Tag::Close(_)) => self.fault(Why::NotOpened(told.clone())),
                Bit::Tag(told, Tag::Unknown) => self.fault(Why::NotUnderstood(told.clone())),
            }
        }
    }

    fn value(&mut self, name: &str, scope: &Scope<'_>) -> String {
        if name == "@number" {
            if let Some(number) = scope.number() {
                return number.to_string();
            }
            self.fault(Why::NoSuchData(name.to_owned()));
            return String::new();
        }
        let Some(value) = scope.lookup(name) else {
            self.fault(Why::NoSuchData(name.to_owned()));
            return String::new();
        };
        printed(value).unwrap_or_else(|| {
            self.fault(Why::NoValue(name.to_owned()));
            String::new()
        })
    }
}

fn word(block: Block) -> &'static str {
    match block {
        Block::Each => "each",
        Block::If => "if",
        Block::Unless => "unless",
    }
}

/// Where the block that was opened before `begin` is closed.
fn closing(bits: &[Placed], begin: usize, block: Block) -> Option<usize> {
    let mut depth = 0;
    for (place, (_, bit)) in bits.iter().enumerate().skip(begin) {
        match bit {
            Bit::Tag(_, Tag::Open(other, _)) if *other == block => depth += 1,
            Bit::Tag(_, Tag::Close(other)) if *other == block && depth == 0 => return Some(place),
            Bit::Tag(_, Tag::Close(other)) if *other == block => depth -= 1,
            Bit::Tag(..) | Bit::Literal(_) => {}
        }
    }
    None
}

/// The tag that a paragraph or row is, where it opens or closes something around others.
fn structural(element: &Element) -> Option<Tag> {
    if !element.is("w:p") && !element.is("w:tr") {
        return None;
    }
    only_tag(&element.whole_text()).filter(|tag| matches!(tag, Tag::Open(..) | Tag::Close(_)))
}

/// Takes what stands before the tag that closes a block, and the tag; None where there is none.
fn until_closed(nodes: &mut std::collections::VecDeque<Node>, block: Block) -> Option<Vec<Node>> {
    let mut depth = 0;
    let end = nodes.iter().position(|node| {
        let Node::Element(element) = node else { return false };
        match structural(element) {
            Some(Tag::Open(other, _)) if other == block => depth += 1,
            Some(Tag::Close(other)) if other == block && depth == 0 => return true,
            Some(Tag::Close(other)) if other == block => depth -= 1,
            _ => {}
        }
        false
    })?;
    let inside = nodes.drain(..end).collect();
    nodes.pop_front();
    Some(inside)
}

/// The list that a row is repeated for: it begins with `{{#each …}}` and ends with `{{/each}}`, which closes just that.
fn repeated_row(row: &Element) -> Option<String> {
    let text = row.whole_text();
    let pieces = pieces(text.trim());
    let (Some(Piece::Tag(_, Tag::Open(Block::Each, name))), Some(Piece::Tag(_, Tag::Close(Block::Each)))) =
        (pieces.first(), pieces.last())
    else {
        return None;
    };
    let mut depth = 0;
    for piece in &pieces[..pieces.len() - 1] {
        match piece {
            Piece::Tag(_, Tag::Open(Block::Each, _)) => depth += 1,
            Piece::Tag(_, Tag::Close(Block::Each)) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return None;
        }
    }
    Some(name.clone())
}

/// Removes the first and the last tag of a row.
fn strip_ends(row: &mut Element) {
    let mut texts = Vec::new();
    every_text(row, &mut |text| texts.push(text.text()));
    let whole: String = texts.concat();
    let (first, last) = (whole.find("}}").map_or(0, |end| end + 2), whole.rfind("{{").unwrap_or(whole.len()));
    let mut at = 0;
    every_text(row, &mut |text| {
        let own = text.text();
        let end = at + own.len();
        // What is not within the two tags, blanks around them excepted, stays.
        let from = first.clamp(at, end) - at;
        let to = last.clamp(at, end) - at;
        let kept = own.get(from..to.max(from)).unwrap_or_default();
        if kept.len() != own.len() {
            text.set_text(kept);
        }
        at = end;
    });
}

/// Calls `look` for every `w:t` in it, in whatever paragraph.
fn every_text(element: &mut Element, look: &mut dyn FnMut(&mut Element)) {
    for child in &mut element.children {
        let Node::Element(inner) = child else { continue };
        if inner.is("w:t") { look(inner) } else { every_text(inner, look) }
    }
}

fn has(element: &Element, name: &str) -> bool {
    element.children.iter().any(|child| matches!(child, Node::Element(inner) if inner.is(name)))
}

fn first_paragraph(element: &Element) -> Option<usize> {
    if element.paragraph > 0 {
        return Some(element.paragraph);
    }
    element.children.iter().find_map(|child| match child {
        Node::Element(inner) => first_paragraph(inner),
        Node::Other(_) => None,
    })
}

/// A line end in a value is a line break of the same paragraph.
fn break_lines(run: &mut Element) {
    let broken =
        |node: &Node| matches!(node, Node::Element(text) if text.is("w:t") && text.text().contains('\n'));
    if !run.children.iter().any(broken) {
        return;
    }
    let mut children = Vec::new();
    for child in std::mem::take(&mut run.children) {
        match child {
            Node::Element(text) if text.is("w:t") => {
                for (index, line) in text.text().lines().enumerate() {
                    if index > 0 {
                        children.push(Node::Element(Element::named("w:br")));
                    }
                    let mut piece = Element::named("w:t");
                    piece.set_text(line);
                    children.push(Node::Element(piece));
                }
            }
            other => children.push(other),
        }
    }
    run.children = children;
}
