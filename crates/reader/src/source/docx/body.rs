//! The body of a Word document, walked once.

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use super::numbering::{Mark, Numbering};
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

/// More rows and cells than all tables of any document have, where they are kept one by one.
const CELLS: usize = 500_000;

/// What takes in what stands in a document, from its beginning to its end.
pub(in crate::source) trait Sink {
    /// Whether it wants tables cell by cell.
    const CELLS: bool;

    /// A paragraph outside of all tables, with what Word draws in front of it.
    fn paragraph(&mut self, paragraph: Paragraph, mark: Option<Mark>);

    /// A table outside of all others.
    fn table(&mut self, table: Table);

    /// A picture.
    fn picture(&mut self);
}

/// The text of a plan: a line for each paragraph and row.
impl Sink for String {
    const CELLS: bool = false;

    fn paragraph(&mut self, paragraph: Paragraph, mark: Option<Mark>) {
        self.push_str(&paragraph.line(mark));
        self.push_str(&paragraph.boxes);
    }

    fn table(&mut self, table: Table) {
        self.push_str(&table.lines);
    }

    fn picture(&mut self) {}
}

pub(super) struct Body<S> {
    numbering: Numbering,
    sink: S,
    /// A paragraph for each paragraph that is open: text boxes stand inside paragraphs.
    paragraphs: Vec<Paragraph>,
    tables: Vec<Table>,
    skipping: usize,
    in_text: bool,
    /// Bytes of all rows so far: merged cells can make much of little.
    in_tables: usize,
    /// Rows and cells that were kept.
    kept: usize,
}

#[derive(Default)]
pub(in crate::source) struct Paragraph {
    pub(in crate::source) text: String,
    list: Option<String>,
    level: usize,
    pub(in crate::source) style: Option<String>,
    /// Its own level in the outline, from 0; 9 is no heading.
    pub(in crate::source) outline: Option<usize>,
    pub(in crate::source) centred: bool,
    /// The text boxes anchored in it, to stand behind it.
    pub(in crate::source) boxes: String,
}

impl Paragraph {
    fn line(&self, mark: Option<Mark>) -> String {
        format!("{}{}\n", mark.and_then(|mark| mark.number).unwrap_or_default(), self.text)
    }
}

#[derive(Default)]
pub(in crate::source) struct Table {
    grid: Grid,
    lines: String,
    cell: String,
    span: usize,
    continued: bool,
    /// Where the sink wants them.
    pub(in crate::source) rows: Vec<Vec<Cell>>,
}

pub(in crate::source) struct Cell {
    /// A line for each of its paragraphs.
    pub(in crate::source) text: String,
    /// So many columns of the table it covers, at least 1.
    pub(in crate::source) span: usize,
    /// It continues the cell above.
    pub(in crate::source) continued: bool,
}

impl<S: Sink> Body<S> {
    /// Hands everything to `sink`, and gives it back. [`Unreadable::Damaged`] where the XML breaks off in the middle.
    pub(super) fn read(document: &[u8], numbering: Numbering, sink: S) -> Result<S, Unreadable> {
        const DAMAGED: Unreadable = Unreadable::Damaged { what: "docx" };
        let mut reader = Reader::from_reader(document);
        let mut body = Self {
            numbering,
            sink,
            paragraphs: Vec::new(),
            tables: Vec::new(),
            skipping: 0,
            in_text: false,
            in_tables: 0,
            kept: 0,
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
            if body.in_tables > TEXT || body.kept > CELLS {
                return Err(Unreadable::TooLarge);
            }
        }
        if depth == 0 { Ok(body.sink) } else { Err(DAMAGED) }
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
            "outlineLvl" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.outline = value().and_then(|level| level.parse().ok());
                }
            }
            "jc" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.centred = value().is_some_and(|side| side == "center");
                }
            }
            "blip" | "imagedata" => self.sink.picture(),
            "tbl" => self.tables.push(Table::default()),
            "tr" => {
                let outermost = self.tables.len() == 1;
                if let Some(table) = self.tables.last_mut() {
                    table.grid.begin_row();
                    if S::CELLS && outermost {
                        table.rows.push(Vec::new());
                        self.kept += 1;
                    }
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
                    let continued = table.continued && table.cell.trim().is_empty();
                    if continued {
                        table.grid.continued(table.span);
                    } else {
                        table.grid.cell(&table.cell, table.span, 1);
                    }
                    if let Some(row) = table.rows.last_mut() {
                        row.push(Cell { text: std::mem::take(&mut table.cell), span: table.span, continued });
                        self.kept += 1;
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
                let Some(table) = self.tables.pop() else { return };
                match self.tables.last_mut() {
                    Some(around) => around.cell.push_str(&table.lines),
                    None => self.sink.table(table),
                }
            }
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        let Some(mut paragraph) = self.paragraphs.pop() else { return };
        let own = paragraph.list.take().map(|list| (list, paragraph.level));
        // An empty paragraph draws no number that anybody sees, and plans are full of them.
        let mark = if paragraph.text.trim().is_empty() {
            None
        } else {
            self.numbering.next(own, paragraph.style.as_deref())
        };
        // The paragraph of a text box, or of a cell.
        let around = match (self.paragraphs.last_mut(), self.tables.last_mut()) {
            (Some(paragraph), _) => &mut paragraph.boxes,
            (None, Some(table)) => &mut table.cell,
            (None, None) => return self.sink.paragraph(paragraph, mark),
        };
        around.push_str(&paragraph.line(mark));
        around.push_str(&paragraph.boxes);
    }
}
