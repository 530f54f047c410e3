//! The body of a Word document, walked once.

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use super::numbering::Numbering;
use crate::source::{
    TEXT, Unreadable,
    grid::Grid,
    xml::{attribute, local, reference},
};

/// Elements whose content is not part of the text as accepted: what was deleted or moved away, the older twin of a
/// text box, and how a character is read (拼音) above it.
const SKIPPED: &[&str] = &["del", "moveFrom", "Fallback", "delText", "instrText", "rt"];

/// Deeper nesting is no office's document.
const DEEPEST: usize = 200;

pub(super) struct Body {
    numbering: Numbering,
    out: String,
    /// A paragraph for each paragraph that is open: text boxes stand inside paragraphs.
    paragraphs: Vec<Paragraph>,
    tables: Vec<Table>,
    skipping: usize,
    in_text: bool,
    /// Bytes of all rows so far: merged cells can make much of little.
    in_tables: usize,
}

#[derive(Default)]
struct Paragraph {
    text: String,
    list: Option<String>,
    level: usize,
    style: Option<String>,
    /// The text boxes anchored in it, to stand behind it.
    boxes: String,
}

#[derive(Default)]
struct Table {
    grid: Grid,
    lines: String,
    cell: String,
    span: usize,
    continued: bool,
}

impl Body {
    /// [`Unreadable::Damaged`] where the XML breaks off in the middle.
    pub(super) fn read(document: &[u8], numbering: Numbering) -> Result<String, Unreadable> {
        const DAMAGED: Unreadable = Unreadable::Damaged { what: "docx" };
        let mut reader = Reader::from_reader(document);
        let mut body = Self {
            numbering,
            out: String::new(),
            paragraphs: Vec::new(),
            tables: Vec::new(),
            skipping: 0,
            in_text: false,
            in_tables: 0,
        };
        let mut depth = 0_usize;
        loop {
            match reader.read_event().map_err(|_| DAMAGED)? {
                Event::Start(element) => {
                    depth += 1;
                    if depth > DEEPEST {
                        return Err(DAMAGED);
                    }
                    body.open(&element);
                }
                Event::Empty(element) => {
                    body.open(&element);
                    body.close(local(element.name().as_ref()));
                }
                Event::End(element) => {
                    depth = depth.saturating_sub(1);
                    body.close(local(element.name().as_ref()));
                }
                Event::Text(text) => body.push_str(&text),
                Event::GeneralRef(name) => {
                    if let Some(c) = reference(&name) {
                        body.push_str(c.encode_utf8(&mut [0; 4]));
                    }
                }
                Event::CData(data) => body.push_str(&data),
                Event::Eof => break,
                _ => {}
            }
            if body.in_tables > TEXT {
                return Err(Unreadable::TooLarge);
            }
        }
        if depth == 0 { Ok(body.out) } else { Err(DAMAGED) }
    }

    fn push_str(&mut self, text: &str) {
        if self.in_text
            && self.skipping == 0
            && let Some(paragraph) = self.paragraphs.last_mut()
        {
            paragraph.text.push_str(text);
        }
    }

    fn push(&mut self, c: char) {
        if self.skipping == 0
            && let Some(paragraph) = self.paragraphs.last_mut()
        {
            paragraph.text.push(c);
        }
    }

    fn open(&mut self, element: &BytesStart<'_>) {
        let name = element.name();
        let name = local(name.as_ref());
        if SKIPPED.contains(&name) {
            self.skipping += 1;
        }
        if self.skipping > 0 {
            return;
        }
        let value = || attribute(element, "val");
        match name {
            "p" => self.paragraphs.push(Paragraph::default()),
            "t" => self.in_text = true,
            "tab" => self.push(' '),
            "br" | "cr" => self.push('\n'),
            "noBreakHyphen" => self.push('-'),
            "numId" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.list = value();
                }
            }
            "ilvl" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.level = value().and_then(|level| level.parse().ok()).unwrap_or(0);
                }
            }
            "pStyle" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.style = value();
                }
            }
            "tbl" => self.tables.push(Table::default()),
            "tr" => {
                if let Some(table) = self.tables.last_mut() {
                    table.grid.begin_row();
                }
            }
            "tc" => {
                if let Some(table) = self.tables.last_mut() {
                    (table.span, table.continued) = (1, false);
                    table.cell.clear();
                }
            }
            "gridSpan" => {
                if let Some(table) = self.tables.last_mut() {
                    table.span = value().and_then(|span| span.parse().ok()).unwrap_or(1);
                }
            }
            "vMerge" => {
                if let Some(table) = self.tables.last_mut() {
                    table.continued = value().is_none_or(|value| value != "restart");
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if SKIPPED.contains(&name) {
            self.skipping = self.skipping.saturating_sub(1);
            return;
        }
        if self.skipping > 0 {
            return;
        }
        match name {
            "t" => self.in_text = false,
            "p" => self.end_paragraph(),
            "tc" => {
                if let Some(table) = self.tables.last_mut() {
                    if table.continued && table.cell.trim().is_empty() {
                        table.grid.continued(table.span);
                    } else {
                        table.grid.cell(&table.cell, table.span, 1);
                    }
                }
            }
            "tr" => {
                if let Some(table) = self.tables.last_mut()
                    && let Some(line) = table.grid.end_row()
                {
                    self.in_tables += line.len();
                    table.lines.push_str(&line);
                    table.lines.push('\n');
                }
            }
            "tbl" => {
                if let Some(table) = self.tables.pop() {
                    self.put(&table.lines);
                }
            }
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        let Some(paragraph) = self.paragraphs.pop() else { return };
        let own = paragraph.list.map(|list| (list, paragraph.level));
        // An empty paragraph draws no number that anybody sees, and plans are full of them.
        let number = if paragraph.text.trim().is_empty() {
            None
        } else {
            self.numbering.next(own, paragraph.style.as_deref())
        };
        let line = format!("{}{}\n", number.unwrap_or_default(), paragraph.text);
        match self.paragraphs.last_mut() {
            // The paragraph of a text box.
            Some(around) => {
                around.boxes.push_str(&line);
                around.boxes.push_str(&paragraph.boxes);
            }
            None => {
                self.put(&line);
                self.put(&paragraph.boxes);
            }
        }
    }

    fn put(&mut self, lines: &str) {
        match self.tables.last_mut() {
            Some(table) => table.cell.push_str(lines),
            None => self.out.push_str(lines),
        }
    }
}
