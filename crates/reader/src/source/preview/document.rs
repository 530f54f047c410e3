//! A Word document as it is looked at.

use std::collections::HashMap;

use super::{BLOCKS, Block, Cell, Document, Paragraph, Room};
use crate::source::docx::{self, Headings, Mark, Sink, Table};

/// Word has no tables with more columns.
const WIDEST: u32 = 63;

/// Takes in a document's blocks as long as there is room.
pub(super) struct Pages {
    headings: Headings,
    room: Room,
    document: Document,
}

impl Pages {
    pub(super) fn new(headings: Headings) -> Self {
        Self { headings, room: Room::new(BLOCKS), document: Document::default() }
    }

    pub(super) fn end(self) -> Document {
        Document { more: self.room.more, ..self.document }
    }

    fn put(&mut self, paragraph: Paragraph) {
        // Blank ones only keep others apart.
        if !paragraph.text.trim().is_empty() && self.room.takes(paragraph.text.len()) {
            self.document.blocks.push(Block::Paragraph(paragraph));
        }
    }
}

impl Sink for Pages {
    const CELLS: bool = true;

    fn paragraph(&mut self, paragraph: docx::Paragraph, mark: Option<Mark>) {
        let level = mark.as_ref().map_or(0, |mark| u8::try_from(mark.level).unwrap_or(u8::MAX));
        self.put(Paragraph {
            heading: self.headings.level(paragraph.outline, paragraph.style.as_deref()),
            marker: mark.map(|mark| mark.number.unwrap_or_else(|| "•".to_owned())),
            level,
            centred: paragraph.centred,
            text: paragraph.text.trim().to_owned(),
        });
        for line in paragraph.boxes.lines() {
            self.put(Paragraph { text: line.trim().to_owned(), ..Paragraph::default() });
        }
    }

    fn table(&mut self, table: Table) {
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        // By column: where the cell stands that the next row may continue.
        let mut above: HashMap<u32, (usize, usize)> = HashMap::new();
        for row in table.rows {
            if !self.room.takes(row.iter().map(|cell| cell.text.len()).sum()) {
                continue;
            }
            let at = rows.len();
            let mut cells: Vec<Cell> = Vec::new();
            let mut column = 0;
            for cell in row.into_iter().take(WIDEST as usize) {
                let columns = u32::try_from(cell.span).unwrap_or(WIDEST).clamp(1, WIDEST);
                let origin = above.get(&column).filter(|_| cell.continued).and_then(|(row, place)| {
                    let origin = rows.get_mut(*row)?.get_mut(*place)?;
                    // What lies between would be covered too.
                    (row + origin.rows as usize == at).then_some(origin)
                });
                if let Some(origin) = origin {
                    origin.rows += 1;
                } else {
                    above.insert(column, (at, cells.len()));
                    let text = cell.text.trim().to_owned();
                    cells.push(Cell { column, text, columns, rows: 1, number: false });
                }
                column += columns;
            }
            rows.push(cells);
        }
        if !rows.is_empty() {
            self.document.blocks.push(Block::Table(rows));
        }
    }

    fn picture(&mut self) {
        self.document.pictures += 1;
    }
}
