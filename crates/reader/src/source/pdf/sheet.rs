//! The text of a page as it is drawn, and the text of the tables on it, cell by cell.

use std::collections::HashMap;

use super::{
    ruled::Ruled,
    table::{Cell, Columns, Table},
};

/// What stands between a cell's sides and its text, in points, both sides together: no program leaves more by itself.
const PADDING: f32 = 14.0;
const LEAST_PADDING: f32 = 4.0;

/// Signs that no line begins with, and signs that none ends with.
const CLOSING: &str = "、，。；：！？）》”’〉】,.;:!?)%％";
const OPENING: &str = "（《“‘〈【(";

/// Pieces of lines in tables, of all pages of a file: more than any has that people wrote.
pub(super) const PIECES: usize = 1_000_000;

/// So much higher than most text of the page are the characters of a watermark; those of a cell are no higher than it,
/// hardly.
const LARGE: f32 = 2.5;
const TOO_HIGH: f32 = 1.5;

/// Which way a line runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    Along,
    Up,
    Down,
    /// As no text of a table does.
    Oblique,
}

impl Way {
    pub(super) fn of(along: f32, up: f32) -> Self {
        let slight = 0.1 * along.hypot(up);
        if up.abs() <= slight {
            Self::Along
        } else if along.abs() > slight {
            Self::Oblique
        } else if up > 0.0 {
            Self::Up
        } else {
            Self::Down
        }
    }
}

/// How many characters of a page are how high, in whole points.
pub(super) struct Heights([usize; 64]);

impl Default for Heights {
    fn default() -> Self {
        Self([0; 64])
    }
}

impl Heights {
    pub(super) fn add(&mut self, height: f32, way: Way) {
        let last = self.0.len() - 1;
        if way != Way::Oblique
            && let Some(count) = self.0.get_mut((height.round() as usize).min(last))
        {
            *count += 1;
        }
    }

    /// As high as this, or lower, is half of them.
    pub(super) fn median(&self) -> f32 {
        let half = self.0.iter().sum::<usize>().div_ceil(2);
        let mut lower = 0;
        let reaches = |count: &usize| {
            lower += count;
            lower >= half
        };
        self.0.iter().position(reaches).unwrap_or_default().max(1) as f32
    }
}

/// Where a character stands: the beginning of its foot, its width, the height of its line and the width of a full
/// character, on paper. Heights count upwards.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) em: f32,
    pub(super) way: Way,
}

impl Spot {
    /// Its place where the paper is turned so that its line runs along.
    fn turned(&self) -> (f32, f32) {
        match self.way {
            Way::Along | Way::Oblique => (self.x, self.y),
            Way::Up => (self.y, -self.x),
            Way::Down => (-self.y, self.x),
        }
    }

    /// The middle of the character.
    fn middle(&self) -> (f32, f32) {
        let (half, up) = (self.width / 2.0, 0.35 * self.height);
        match self.way {
            Way::Along | Way::Oblique => (self.x + half, self.y + up),
            Way::Up => (self.x - up, self.y + half),
            Way::Down => (self.x + up, self.y - half),
        }
    }
}

/// What of a page's text stands where.
pub(super) enum Part {
    Text(String),
    Table(Table),
}

/// A page as it is read.
#[derive(Default)]
pub(super) struct Page {
    pub(super) parts: Vec<Part>,
    /// Visible characters.
    pub(super) visible: usize,
    /// The text above its first table and below its last one.
    pub(super) above: String,
    pub(super) below: String,
}

/// Takes in characters in the order in which they are drawn.
#[derive(Default)]
pub(super) struct Sheet {
    /// The text outside of tables.
    out: String,
    /// Where the last character of that ended, its line's foot and how high the line is.
    last: Option<(f32, f32, f32)>,
    tables: Vec<Filling>,
    /// How high most text is.
    usual: f32,
    /// The cell that the last character went to, which way its line runs and where that ended.
    current: Option<(usize, usize, Way, f32, f32)>,
    above: String,
    below: String,
}

/// A table whose cells are being filled.
struct Filling {
    ruled: Ruled,
    text: String,
    pieces: Vec<Piece>,
    /// Where in the text outside it begins: at the first of its characters.
    begin: Option<usize>,
}

/// A part of a line in a cell.
struct Piece {
    cell: usize,
    /// Bytes of the table's text.
    start: usize,
    end: usize,
    left: f32,
    right: f32,
    y: f32,
    height: f32,
    em: f32,
    way: Way,
}

impl Sheet {
    /// `usual`: how high most text of the page is.
    pub(super) fn with(tables: &[Ruled], usual: f32) -> Self {
        let filling = |ruled: &Ruled| Filling {
            ruled: ruled.clone(),
            text: String::new(),
            pieces: Vec::new(),
            begin: None,
        };
        Self { tables: tables.iter().map(filling).collect(), usual, ..Self::default() }
    }

    /// Another string of text begins to be shown.
    pub(super) fn begin_string(&mut self) {
        self.current = None;
    }

    /// `pieces`: how many more may be kept.
    pub(super) fn place(&mut self, spot: &Spot, characters: &str, pieces: &mut usize) {
        let is_watermark = spot.way == Way::Oblique || spot.height > LARGE * self.usual;
        if !is_watermark
            && let Some((table, cell)) = self.cell(spot)
            && let Some(filling) = self.tables.get_mut(table)
        {
            filling.begin.get_or_insert(self.out.len());
            filling.place(cell, spot, characters, pieces);
            // What goes on beyond a side without a gap is too long for its cell.
            let goes_on = !characters.ends_with(char::is_whitespace);
            let (x, y) = spot.turned();
            self.current = goes_on.then_some((table, cell, spot.way, x + spot.width, y));
            return;
        }
        self.current = None;
        let before = self.out.len();
        separate(&mut self.out, self.last, (spot.x, spot.y, spot.height), spot.em);
        self.out.push_str(characters);
        let added = &self.out[before..];
        self.last = Some((spot.x + spot.width, spot.y, spot.height));
        if let (Some(first), Some(last)) = (self.tables.first(), self.tables.last())
            && !is_watermark
        {
            if -spot.y < first.ruled.top() {
                self.above.push_str(added);
            } else if -spot.y > last.ruled.bottom() {
                self.below.push_str(added);
            }
        }
    }

    fn cell(&self, spot: &Spot) -> Option<(usize, usize)> {
        if self.tables.is_empty() {
            return None;
        }
        if let Some((table, cell, way, end, line)) = self.current
            && let (x, y) = spot.turned()
            && way == spot.way
            && (x - end).abs() <= 0.3 * spot.em
            && (y - line).abs() <= 0.5 * spot.height
        {
            return Some((table, cell));
        }
        let (x, y) = spot.middle();
        self.tables.iter().enumerate().find_map(|(table, filling)| {
            let cell = filling.ruled.at(x, -y)?;
            let place = filling.ruled.cells.get(cell)?;
            let room = if spot.way == Way::Along { place.high } else { place.right - place.left };
            (spot.height <= TOO_HIGH * room).then_some((table, cell))
        })
    }

    /// The tables in which so much stands that they are some, or that go on from the page before.
    pub(super) fn tables(&self, open: Option<&Columns>) -> Vec<Ruled> {
        let is_table = |table: &&Filling| {
            table.ruled.rows > 1 && table.holds_text()
                || table.begin.is_some() && open.is_some_and(|open| open.fit(&table.ruled.columns()))
        };
        self.tables.iter().filter(is_table).map(|table| table.ruled.clone()).collect()
    }

    pub(super) fn finish(mut self) -> Page {
        let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
        let mut page = Page {
            visible: visible(&self.out),
            above: std::mem::take(&mut self.above),
            below: std::mem::take(&mut self.below),
            ..Page::default()
        };
        let mut tables: Vec<Filling> = self.tables;
        tables.retain(|table| table.begin.is_some());
        tables.sort_by_key(|table| table.begin);
        let mut at = 0;
        for table in tables {
            let begin = table.begin.unwrap_or(at);
            page.parts.push(Part::Text(self.out[at..begin].to_owned()));
            at = begin;
            page.visible += visible(&table.text);
            page.parts.push(Part::Table(table.finish()));
        }
        page.parts.push(Part::Text(self.out.split_off(at)));
        page
    }
}

/// A new line where the text goes on at another height, a blank where it leaves a gap.
fn separate(out: &mut String, last: Option<(f32, f32, f32)>, (x, y, height): (f32, f32, f32), em: f32) {
    let Some((end, line, high)) = last else { return };
    if (y - line).abs() > 0.5 * height.max(high).min(2.0 * height) {
        out.push('\n');
    } else if (x - end).abs() > 0.3 * em && !out.ends_with([' ', '\n']) {
        out.push(' ');
    }
}

impl Filling {
    fn place(&mut self, cell: usize, spot: &Spot, characters: &str, pieces: &mut usize) {
        let blank = characters.trim().is_empty();
        let (x, y) = spot.turned();
        if let Some(piece) = self.pieces.last_mut()
            && (piece.cell, piece.way) == (cell, spot.way)
            && (y - piece.y).abs() <= 0.5 * spot.height.max(piece.height).min(2.0 * spot.height)
            && (-0.3..=0.3).contains(&((x - piece.right) / spot.em))
        {
            self.text.push_str(characters);
            piece.end = self.text.len();
            piece.right = x + spot.width;
            return;
        }
        if blank || *pieces == 0 {
            return;
        }
        *pieces -= 1;
        let start = self.text.len();
        self.text.push_str(characters);
        self.pieces.push(Piece {
            cell,
            start,
            end: self.text.len(),
            left: x,
            right: x + spot.width,
            y,
            height: spot.height,
            em: spot.em,
            way: spot.way,
        });
    }

    /// Text in two rows and in two columns at least.
    fn holds_text(&self) -> bool {
        let cells = || self.pieces.iter().filter_map(|piece| self.ruled.cells.get(piece.cell));
        let Some(first) = cells().next() else { return false };
        let mut more = cells();
        more.clone().any(|cell| cell.row != first.row) && more.any(|cell| cell.left != first.left)
    }

    fn finish(self) -> Table {
        let Self { ruled, text, mut pieces, .. } = self;
        pieces.sort_by(|a, b| (a.cell, a.way).cmp(&(b.cell, b.way)).then(b.y.total_cmp(&a.y)));
        let mut rest = pieces.as_mut_slice();
        let mut lines: HashMap<usize, Vec<Line>> = HashMap::new();
        // How far lines reach in cells with the same sides: there the program had to break them.
        let mut widest: HashMap<(u32, u32), f32> = HashMap::new();
        let sides = |cell: usize| {
            let place = ruled.cells.get(cell)?;
            Some((place.left.to_bits(), place.right.to_bits()))
        };
        while let Some(first) = rest.first() {
            let cell = first.cell;
            let count = rest.partition_point(|piece| piece.cell <= cell);
            let (own, after) = std::mem::take(&mut rest).split_at_mut(count);
            rest = after;
            let own = lines_of(&text, own);
            if let Some(sides) = sides(cell) {
                let widest = widest.entry(sides).or_default();
                let along = own.iter().filter(|line| line.way == Way::Along);
                *widest = along.map(Line::width).fold(*widest, f32::max);
            }
            lines.insert(cell, own);
        }
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        rows.resize_with(ruled.rows, Vec::new);
        for (at, place) in ruled.cells.iter().enumerate() {
            let widest = sides(at).and_then(|sides| widest.get(&sides)).copied().unwrap_or_default();
            let wide = place.right - place.left;
            let room = widest.min(wide - LEAST_PADDING).max(wide - PADDING);
            let text = lines.get(&at).map(|lines| joined(lines, room)).unwrap_or_default();
            if let Some(row) = rows.get_mut(place.row) {
                row.push(Cell {
                    left: place.left,
                    right: place.right,
                    rows: place.rows,
                    text,
                    continued: false,
                });
            }
        }
        for row in &mut rows {
            row.sort_by(|a, b| a.left.total_cmp(&b.left));
        }
        Table::new(ruled.columns(), rows)
    }
}

/// A line in a cell.
struct Line {
    text: String,
    left: f32,
    right: f32,
    em: f32,
    way: Way,
}

impl Line {
    fn width(&self) -> f32 {
        self.right - self.left
    }
}

/// The lines of a cell from its top to its bottom; its pieces are in order of their ways and heights.
fn lines_of(text: &str, pieces: &mut [Piece]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut rest = pieces;
    while let Some(first) = rest.first() {
        let (way, y, height) = (first.way, first.y, first.height);
        let same = |piece: &&Piece| piece.way == way && piece.y >= y - 0.5 * height.min(piece.height);
        let count = rest.iter().take_while(same).count().max(1);
        let (own, after) = std::mem::take(&mut rest).split_at_mut(count);
        rest = after;
        own.sort_by(|a, b| a.left.total_cmp(&b.left));
        let mut line: Option<Line> = None;
        for piece in own {
            let words = text.get(piece.start..piece.end).unwrap_or_default();
            // Blanks at its end have a width that says nothing.
            let gone = words.chars().rev().take_while(|c| c.is_whitespace()).count() as f32;
            let right = piece.right - gone * 0.25 * piece.em;
            match &mut line {
                Some(line) => {
                    let (last, next) = (line.text.chars().next_back(), words.chars().next());
                    // Lines that are spread to fill their cell leave gaps between characters, and before figures.
                    let spread = last.is_some_and(is_full) || next.is_some_and(is_full);
                    let gap = if spread { 1.0 } else { 0.3 };
                    // What is turned has the whole height of its cell to be spread over.
                    let parted = way == Way::Along || is_latin(last, next);
                    if parted && piece.left - line.right > gap * piece.em && last != Some(' ') {
                        line.text.push(' ');
                    }
                    line.text.push_str(words);
                    line.right = right;
                }
                None => {
                    line = Some(Line { text: words.to_owned(), left: piece.left, right, em: piece.em, way });
                }
            }
        }
        lines.extend(line.map(|line| Line { text: line.text.trim().to_owned(), ..line }));
    }
    lines
}

/// The text of a cell that has `room` for a line. Where what begins the next line would have found room the line's end
/// was wanted; it becomes a blank, as everywhere in cells.
fn joined(lines: &[Line], room: f32) -> String {
    let mut text = String::new();
    // A character a line is text that stands upright.
    let upright = lines.iter().all(|line| line.text.chars().count() == 1);
    let mut above: Option<&Line> = None;
    for line in lines {
        if let Some(above) = above
            && !upright
        {
            // Characters are all as wide; figures and signs are not just as wide as is reckoned here.
            let slack = if above.text.chars().all(is_full) { 0.1 } else { 0.3 };
            let needed = above.width() + (first_width(&line.text) + slack) * line.em;
            let (last, next) = (above.text.chars().next_back(), line.text.chars().next());
            let ends = needed <= room && line.way == Way::Along;
            if ends || is_latin(last, next) || is_next_unit(last, &line.text) {
                text.push(' ');
            }
        }
        text.push_str(&line.text);
        above = Some(line);
    }
    text
}

/// Whether a line names a unit of its own behind one that is named whole: 县委宣传部, 县文明办.
fn is_next_unit(last: Option<char>, line: &str) -> bool {
    let named = |c: Option<char>| c.is_some_and(|c| "局办委部会院校社站队团公司中心".contains(c));
    let own = matches!(line.chars().next(), Some('县' | '市' | '区' | '各'));
    own && named(last) && named(line.chars().next_back()) && !line.contains(['。', '，', '；'])
}

/// As wide as a line is high.
fn is_full(c: char) -> bool {
    !c.is_ascii() && !matches!(c, '“' | '”' | '‘' | '’' | '·' | '—' | '…')
}

/// A blank stands between words of letters; a number that was broken goes on.
pub(super) fn is_latin(last: Option<char>, next: Option<char>) -> bool {
    let (Some(last), Some(next)) = (last, next) else { return false };
    let letter = |c: char| c.is_alphanumeric() && c.is_ascii();
    (letter(last) || matches!(last, ',' | '.' | ';' | ':'))
        && letter(next)
        && !(last.is_ascii_digit() && next.is_ascii_digit())
}

/// The width of what no program breaks at the beginning of a line, in full characters.
fn first_width(line: &str) -> f32 {
    let mut chars = line.chars().peekable();
    let mut width = 0.0;
    while let Some(c) = chars.next() {
        width += if c.is_ascii() { 0.6 } else { 1.0 };
        let Some(&next) = chars.peek() else { break };
        // No line begins with a sign that ends something, none ends with one that opens something, and a figure may keep
        // what it counts.
        let closing = CLOSING.contains(next);
        let word = c.is_ascii_graphic() && (next.is_ascii_graphic() || is_full(next));
        if !(closing || word || OPENING.contains(c)) || next.is_whitespace() {
            break;
        }
    }
    width
}
