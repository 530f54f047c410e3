//! What is drawn on a page, followed operator by operator as far as it places text.

use std::{collections::HashMap, rc::Rc};

use lopdf::{Dictionary, Document, Object, ObjectId, content::Content};

use super::{
    font::Font,
    ruled::{self, Effort},
    rules::{Path, Rules},
    sheet::{self, Heights, Page, Sheet, Spot, Way},
    table::Columns,
};

/// What all pages of a file together may cost.
#[derive(Clone, Copy)]
pub(super) struct Budget {
    /// Bytes of drawing.
    bytes: usize,
    operations: usize,
    characters: usize,
    /// Of tables.
    pieces: usize,
    effort: Effort,
    /// What looking at pages once more may cost: it must not make a file too large that is not.
    again: Again,
}

#[derive(Clone, Copy)]
struct Again {
    bytes: usize,
    operations: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            bytes: 128 << 20,
            operations: 10_000_000,
            characters: 16 << 20,
            pieces: sheet::PIECES,
            effort: Effort::default(),
            again: Again { bytes: 128 << 20, operations: 10_000_000 },
        }
    }
}

impl Budget {
    /// A page's drawing; None where the budget does not last.
    pub(super) fn page(&mut self, document: &Document, page: ObjectId) -> Option<Vec<u8>> {
        let content = document.get_page_content_with_limit(page, self.bytes.min(32 << 20)).ok()?;
        self.bytes = self.bytes.checked_sub(content.len())?;
        Some(content)
    }

    pub(super) fn spent(&self) -> bool {
        self.bytes == 0 || self.operations == 0 || self.characters == 0
    }
}

/// Forms inside forms inside forms …; a form may draw itself.
const DEEPEST: usize = 12;

/// x' = ax + cy + e, y' = bx + dy + f.
pub(super) type Matrix = [f32; 6];

const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// Puts a page upright whose text runs upwards, and one whose text runs downwards: tables that are too wide for a page lie
/// on their side.
const UPRIGHT: [Matrix; 2] = [[0.0, -1.0, 1.0, 0.0, 0.0, 0.0], [0.0, 1.0, -1.0, 0.0, 0.0, 0.0]];

/// First `inner`, then `outer`.
fn then(inner: &Matrix, outer: &Matrix) -> Matrix {
    let [a, b, c, d, e, f] = *inner;
    let [p, q, r, s, t, u] = *outer;
    [a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u]
}

#[derive(Clone)]
struct State<'a> {
    matrix: Matrix,
    font: Option<Rc<Font<'a>>>,
    size: f32,
    character_gap: f32,
    word_gap: f32,
    stretch: f32,
    leading: f32,
    rise: f32,
    /// Of lines.
    width: f32,
}

pub(super) struct Drawer<'a, 'b> {
    document: &'a Document,
    budget: &'b mut Budget,
    fonts: HashMap<*const Dictionary, Rc<Font<'a>>>,
    sheet: Sheet,
    path: Path,
    rules: Rules,
    /// Whether rules are looked for.
    looking: bool,
    /// Characters, and those that run upwards and downwards.
    shown: usize,
    turned: [usize; 2],
    heights: Heights,
    /// Forms that could not be opened.
    refused: usize,
}

impl<'a, 'b> Drawer<'a, 'b> {
    pub(super) fn new(document: &'a Document, budget: &'b mut Budget) -> Self {
        Self {
            document,
            budget,
            fonts: HashMap::new(),
            sheet: Sheet::default(),
            path: Path::default(),
            rules: Rules::default(),
            looking: true,
            shown: 0,
            turned: [0; 2],
            heights: Heights::default(),
            refused: 0,
        }
    }

    /// Follows a page's drawing: once, or once more where rules turn out to be those of tables, so that each character
    /// goes to its cell. `open`: the columns of a table that may go on here.
    pub(super) fn read(mut self, content: &[u8], resources: &'a Dictionary, open: Option<&Columns>) -> Page {
        let characters = self.budget.characters;
        let mut page = IDENTITY;
        self.run(content, resources, 0, page);
        let mut plain = std::mem::take(&mut self.sheet);
        let half = self.shown / 2;
        if let Some(side) = self.turned.iter().position(|turned| *turned > half)
            && !self.budget.spent()
        {
            let rules = std::mem::take(&mut self.rules);
            match self.again(content, resources, UPRIGHT[side], characters) {
                Some(sheet) => (plain, page) = (sheet, UPRIGHT[side]),
                None => self.rules = rules,
            }
        }
        self.looking = false;
        let mut tables = ruled::find(&mut self.rules, open, &mut self.budget.effort);
        // Those that turn out to be none, since hardly anything stands in them, cost another look.
        for _ in 0..2 {
            if tables.is_empty() || self.budget.spent() || self.budget.pieces == 0 {
                break;
            }
            self.sheet = Sheet::with(&tables, self.heights.median());
            let Some(sheet) = self.again(content, resources, page, characters) else { break };
            let sound = sheet.tables(open);
            if sound.len() == tables.len() {
                return sheet.finish();
            }
            tables = sound;
        }
        plain.finish()
    }

    /// Follows a page's drawing once more, which is not charged to the file but to what it may cost to look again; None
    /// where that does not last for all that was seen at first.
    fn again(
        &mut self,
        content: &[u8],
        resources: &'a Dictionary,
        page: Matrix,
        characters: usize,
    ) -> Option<Sheet> {
        let first = *self.budget;
        let refused = std::mem::take(&mut self.refused);
        let Again { bytes, operations } = first.again;
        *self.budget = Budget { bytes, operations, characters, ..first };
        self.run(content, resources, 0, page);
        let sheet = std::mem::take(&mut self.sheet);
        let whole = !self.budget.spent() && self.budget.pieces > 0 && self.refused == refused;
        self.refused = refused;
        let Budget { bytes, operations, pieces, .. } = *self.budget;
        *self.budget = Budget { pieces, again: Again { bytes, operations }, ..first };
        whole.then_some(sheet)
    }

    /// Follows one stream of operators. `depth` counts the forms around it.
    fn run(&mut self, content: &[u8], resources: &'a Dictionary, depth: usize, matrix: Matrix) {
        let mut state = State {
            matrix,
            font: None,
            size: 1.0,
            character_gap: 0.0,
            word_gap: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            width: 1.0,
        };
        let mut saved: Vec<State<'a>> = Vec::new();
        let (mut text, mut line) = (IDENTITY, IDENTITY);
        for operation in Content::decode_iter(content).flatten() {
            self.budget.operations = self.budget.operations.saturating_sub(1);
            if self.budget.spent() {
                return;
            }
            let operands = &operation.operands;
            let value =
                |index: usize| operands.get(index).and_then(|object| object.as_float().ok()).unwrap_or(0.0);
            let matrix = || -> Option<Matrix> {
                (operands.len() >= 6).then(|| [value(0), value(1), value(2), value(3), value(4), value(5)])
            };
            let next_line = |line: &Matrix, x: f32, y: f32| then(&[1.0, 0.0, 0.0, 1.0, x, y], line);
            match operation.operator.as_str() {
                "q" if saved.len() < 256 => saved.push(state.clone()),
                "Q" => state = saved.pop().unwrap_or(state),
                "cm" => {
                    if let Some(matrix) = matrix() {
                        state.matrix = then(&matrix, &state.matrix);
                    }
                }
                "BT" => (text, line) = (IDENTITY, IDENTITY),
                "Tf" => {
                    state.size = value(1);
                    let name = operands.first().and_then(|name| name.as_name().ok());
                    state.font = name.and_then(|name| self.font(resources, name));
                }
                "Tc" => state.character_gap = value(0),
                "Tw" => state.word_gap = value(0),
                "Tz" => state.stretch = value(0) / 100.0,
                "TL" => state.leading = value(0),
                "Ts" => state.rise = value(0),
                "w" => state.width = value(0),
                "Td" | "TD" => {
                    if operation.operator == "TD" {
                        state.leading = -value(1);
                    }
                    line = next_line(&line, value(0), value(1));
                    text = line;
                }
                "Tm" => {
                    if let Some(matrix) = matrix() {
                        (text, line) = (matrix, matrix);
                    }
                }
                "T*" | "'" | "\"" => {
                    if operation.operator == "\"" {
                        (state.word_gap, state.character_gap) = (value(0), value(1));
                    }
                    line = next_line(&line, 0.0, -state.leading);
                    text = line;
                    if let Some(string) = operands.last().and_then(|last| last.as_str().ok()) {
                        self.sheet.begin_string();
                        self.show(&state, &mut text, string);
                    }
                }
                "Tj" => {
                    if let Some(string) = operands.first().and_then(|first| first.as_str().ok()) {
                        self.sheet.begin_string();
                        self.show(&state, &mut text, string);
                    }
                }
                "TJ" => {
                    self.sheet.begin_string();
                    for piece in
                        operands.first().and_then(|first| first.as_array().ok()).into_iter().flatten()
                    {
                        match piece {
                            Object::String(string, _) => self.show(&state, &mut text, string),
                            other => {
                                let back =
                                    other.as_float().unwrap_or(0.0) / 1000.0 * state.size * state.stretch;
                                text = next_line(&text, -back, 0.0);
                            }
                        }
                    }
                }
                "Do" if depth < DEEPEST => {
                    if let Some(name) = operands.first().and_then(|name| name.as_name().ok()) {
                        self.form(resources, name, depth, &state.matrix);
                    }
                }
                operator if self.looking => {
                    self.path.follow(operator, value, &state.matrix, state.width, &mut self.rules);
                }
                _ => {}
            }
        }
    }

    fn font(&mut self, resources: &'a Dictionary, name: &[u8]) -> Option<Rc<Font<'a>>> {
        let fonts = resources.get_deref(b"Font", self.document).ok()?.as_dict().ok()?;
        let font = fonts.get_deref(name, self.document).ok()?.as_dict().ok()?;
        let document = self.document;
        Some(Rc::clone(
            self.fonts.entry(std::ptr::from_ref(font)).or_insert_with(|| Rc::new(Font::read(document, font))),
        ))
    }

    /// A form is a drawing of its own inside the page's.
    fn form(&mut self, resources: &'a Dictionary, name: &[u8], depth: usize, matrix: &Matrix) {
        let document = self.document;
        let Some(form) = resources
            .get_deref(b"XObject", document)
            .and_then(Object::as_dict)
            .and_then(|forms| forms.get_deref(name, document))
            .and_then(Object::as_stream)
            .ok()
        else {
            return;
        };
        if !form.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Form") {
            return;
        }
        let Ok(content) = form.decompressed_content_with_limit(self.budget.bytes.min(32 << 20)) else {
            self.refused += 1;
            return;
        };
        self.budget.bytes -= content.len();
        let own = form.dict.get_deref(b"Resources", document).and_then(Object::as_dict);
        let placed =
            form.dict.get_deref(b"Matrix", document).and_then(Object::as_array).ok().and_then(|array| {
                let values: Vec<f32> = array.iter().filter_map(|value| value.as_float().ok()).collect();
                Matrix::try_from(values).ok()
            });
        let matrix = placed.map_or(*matrix, |placed| then(&placed, matrix));
        self.run(&content, own.unwrap_or(resources), depth + 1, matrix);
    }

    fn show(&mut self, state: &State<'a>, text: &mut Matrix, string: &[u8]) {
        let Some(font) = &state.font else { return };
        let (sheet, budget) = (&mut self.sheet, &mut self.budget);
        let (shown, turned, heights) = (&mut self.shown, &mut self.turned, &mut self.heights);
        font.read_text(string, |glyph, characters| {
            if budget.characters == 0 {
                return;
            }
            let place = then(&[state.size * state.stretch, 0.0, 0.0, state.size, 0.0, state.rise], text);
            let place = then(&place, &state.matrix);
            let [along, up, .., x, y] = place;
            // The height of a line and the width of a full character, on paper.
            let height = place[2].hypot(place[3]).max(0.01);
            let em = place[0].hypot(place[1]).max(0.01);
            if !characters.is_empty() {
                *shown += 1;
                if up.abs() > along.abs() {
                    turned[usize::from(up < 0.0)] += 1;
                }
                let way = Way::of(along, up);
                heights.add(height, way);
                let spot = Spot { x, y, width: glyph.width / 1000.0 * em, height, em, way };
                sheet.place(&spot, characters, &mut budget.pieces);
                budget.characters = budget.characters.saturating_sub(characters.len());
            }
            let gap = state.character_gap + if glyph.blank { state.word_gap } else { 0.0 };
            let forward = (glyph.width / 1000.0 * state.size + gap) * state.stretch;
            *text = then(&[1.0, 0.0, 0.0, 1.0, forward, 0.0], text);
        });
    }
}

#[cfg(test)]
mod tests {
    use lopdf::{Stream, dictionary};

    use super::*;
    use crate::source::pdf::sheet::Part;

    /// A table of two rows and two columns with a letter in each cell, drawn in a form; bytes of that.
    fn form() -> Vec<u8> {
        let mut drawing = String::new();
        for at in [0, 50, 100] {
            drawing += &format!("{at} 0 m {at} 100 l S 0 {at} m 100 {at} l S\n");
        }
        for (x, y) in [(10, 60), (60, 60), (10, 10), (60, 10)] {
            drawing += &format!("BT /F1 12 Tf {x} {y} Td (a) Tj ET\n");
        }
        drawing.into_bytes()
    }

    /// How many tables are read with a budget; what is left of it.
    fn tables(mut budget: Budget, page: &[u8]) -> (usize, Budget) {
        let mut document = Document::with_version("1.5");
        let font = document.add_object(dictionary! {
            "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier", "Encoding" => "WinAnsiEncoding",
        });
        let fonts = dictionary! { "F1" => font };
        let own = dictionary! { "Subtype" => "Form", "Resources" => dictionary! { "Font" => fonts.clone() } };
        let form = document.add_object(Stream::new(own, form()));
        let resources = dictionary! { "Font" => fonts, "XObject" => dictionary! { "X" => form } };
        let read = Drawer::new(&document, &mut budget).read(page, &resources, None);
        assert_eq!(read.visible, 4, "no character is lost");
        (read.parts.iter().filter(|part| matches!(part, Part::Table(_))).count(), budget)
    }

    #[test]
    fn looking_once_more_is_not_charged_to_the_file_and_not_without_end() {
        let whole = Budget::default();
        let (bytes, operations) = (form().len() + 1, 200);
        let again = |bytes: usize, operations: usize| Budget { again: Again { bytes, operations }, ..whole };
        for (budget, page, expected, why) in [
            (whole, "/X Do", 1, "the table is read"),
            (Budget { bytes, operations: 40, ..whole }, "/X Do", 1, "a file is as large as it is"),
            (again(bytes, operations), "/X Do", 1, "all fits once more"),
            (again(bytes - 20, operations), "/X Do", 0, "a form does not fit"),
            (again(bytes, 20), "/X Do", 0, "there are more operations"),
            (again(bytes, 0), "0 1 -1 0 0 0 cm /X Do", 0, "the page is not put upright"),
            (whole, "0 1 -1 0 0 0 cm /X Do", 1, "the page is put upright"),
        ] {
            let (count, after) = tables(budget, page.as_bytes());
            assert_eq!(count, expected, "{why}");
            assert_eq!(budget.bytes - after.bytes, form().len(), "{why}");
            assert_eq!(budget.characters - after.characters, 4, "{why}");
            assert!((36..=40).contains(&(budget.operations - after.operations)), "{why}");
        }
    }
}
