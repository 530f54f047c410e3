//! A part of a docx as a tree that can be cut, repeated and written again, with everything in it that is not understood.

use quick_xml::{
    Reader, Writer,
    events::{BytesEnd, BytesStart, BytesText, Event},
};

/// Deeper nesting is no office's document.
const DEEPEST: usize = 200;

#[derive(Debug, Clone)]
pub(super) enum Node {
    Element(Element),
    Other(Event<'static>),
}

#[derive(Debug, Clone)]
pub(super) struct Element {
    start: BytesStart<'static>,
    pub(super) children: Vec<Node>,
    /// Of a paragraph: which one of its part it is, from 1; 0 for everything else.
    pub(super) paragraph: usize,
}

impl Element {
    fn new(start: BytesStart<'static>) -> Self {
        Self { start, children: Vec::new(), paragraph: 0 }
    }

    /// An element without attributes.
    pub(super) fn named(name: &str) -> Self {
        Self::new(BytesStart::new(name.to_owned()))
    }

    /// Its name with the prefix that every program gives WordprocessingML.
    pub(super) fn is(&self, name: &str) -> bool {
        self.start.name().as_ref() == name
    }

    /// The characters that stand directly in it.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for child in &self.children {
            match child {
                Node::Other(Event::Text(piece)) => text.push_str(&piece.xml10_content()),
                Node::Other(Event::CData(piece)) => text.push_str(&piece.xml10_content()),
                Node::Other(Event::GeneralRef(reference)) => text.extend(character(reference)),
                Node::Other(_) | Node::Element(_) => {}
            }
        }
        text
    }

    /// Puts other characters in it, of which blanks at its ends count too.
    pub(super) fn set_text(&mut self, text: &str) {
        self.start.clear_attributes();
        self.start.push_attribute(("xml:space", "preserve"));
        self.children = vec![Node::Other(Event::Text(BytesText::new(text).into_owned()))];
    }

    /// Calls `look` for every `w:t` in it, but for those of paragraphs inside it (text boxes).
    pub(super) fn each_text(&mut self, look: &mut impl FnMut(&mut Element)) {
        for child in &mut self.children {
            let Node::Element(element) = child else { continue };
            if element.is("w:t") {
                look(element);
            } else if !element.is("w:p") {
                element.each_text(look);
            }
        }
    }

    /// All text of its paragraphs.
    pub(super) fn whole_text(&self) -> String {
        let mut text = String::new();
        for child in &self.children {
            let Node::Element(element) = child else { continue };
            if element.is("w:t") {
                text.push_str(&element.text());
            } else {
                text.push_str(&element.whole_text());
            }
        }
        text
    }
}

/// The five references of XML and characters by number; a document's own entities are never resolved.
fn character(reference: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return Some(c);
    }
    match reference.as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

/// Reads a part; None where it is no XML, too deep, or declares entities.
pub(super) fn parse(part: &str) -> Option<Vec<Node>> {
    let mut reader = Reader::from_str(part);
    let mut open: Vec<Element> = Vec::new();
    let mut top = Vec::new();
    let mut paragraphs = 0;
    loop {
        let event = reader.read_event().ok()?;
        let done = match event {
            Event::Start(start) => {
                open.push(numbered(Element::new(start.into_owned()), &mut paragraphs));
                if open.len() > DEEPEST {
                    return None;
                }
                continue;
            }
            Event::Empty(start) => Node::Element(numbered(Element::new(start.into_owned()), &mut paragraphs)),
            Event::End(_) => Node::Element(open.pop()?),
            Event::DocType(_) => return None,
            Event::Eof => break,
            other => Node::Other(other.into_owned()),
        };
        match open.last_mut() {
            Some(parent) => parent.children.push(done),
            None => top.push(done),
        }
    }
    open.is_empty().then_some(top)
}

fn numbered(mut element: Element, paragraphs: &mut usize) -> Element {
    if element.is("w:p") {
        *paragraphs += 1;
        element.paragraph = *paragraphs;
    }
    element
}

/// The bytes of a part.
pub(super) fn write(nodes: &[Node]) -> std::io::Result<Vec<u8>> {
    let mut writer = Writer::new(Vec::new());
    put(&mut writer, nodes)?;
    Ok(writer.into_inner())
}

fn put(writer: &mut Writer<Vec<u8>>, nodes: &[Node]) -> std::io::Result<()> {
    for node in nodes {
        match node {
            Node::Other(event) => writer.write_event(event.borrow())?,
            Node::Element(element) if element.children.is_empty() => {
                writer.write_event(Event::Empty(element.start.borrow()))?;
            }
            Node::Element(element) => {
                writer.write_event(Event::Start(element.start.borrow()))?;
                put(writer, &element.children)?;
                let end = BytesEnd::new(element.start.name().as_ref().to_owned());
                writer.write_event(Event::End(end))?;
            }
        }
    }
    Ok(())
}
