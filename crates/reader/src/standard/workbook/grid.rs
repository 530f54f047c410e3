//! The rows of one sheet as entries.

use std::collections::{BTreeMap, BTreeSet};

use chengjing_domain::standard::sheet::{
    Column, FORM_HEADINGS, Found, KIND_OF_FILE, Kind, Layout, MOST_LEVELS, Sheet, level_heading,
};
use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::{Fields, Reading, Spot, Tree, Value, get, remove, set, tree_of};
use crate::source::{TypedSheet, Value as Held};

/// So far down people put a title above the headings.
const HEAD_ROWS: usize = 10;

/// A sheet with its headings found.
pub(super) struct Grid<'a> {
    pub(super) sheet: &'static Sheet,
    name: (usize, &'static str),
    cells: &'a TypedSheet,
    /// The row of the headings.
    pub(super) head: u32,
    columns: Vec<(&'static Column, u32)>,
    /// The columns of the levels, from the top.
    pub(super) levels: Vec<(usize, u32)>,
}

/// An entry that is being read.
pub(super) struct Record {
    pub(super) fields: Fields,
    pub(super) place: usize,
    values: BTreeMap<&'static str, Json>,
    inner: Vec<Tree>,
}

impl Record {
    pub(super) fn at(place: usize) -> Self {
        Self { fields: Vec::new(), place, values: BTreeMap::new(), inner: Vec::new() }
    }

    pub(super) fn set(&mut self, field: &'static str, place: usize, value: Json) {
        set(&mut self.fields, field, place, tree_of(&value, place));
        self.values.insert(field, value);
    }

    /// What stands there can't be read, or has to be there and is not.
    pub(super) fn unread(&mut self, field: &'static str, place: usize) {
        if !field.is_empty() {
            set(&mut self.fields, field, place, Tree { line: place, value: Value::Unread });
        }
    }

    pub(super) fn value(&self, field: &str) -> Option<&Json> {
        self.values.get(field)
    }

    pub(super) fn tree(self) -> Tree {
        Tree { line: self.place, value: Value::Map(self.fields) }
    }
}

/// A heading without blanks, and with narrow signs.
pub(super) fn folded(text: &str) -> String {
    let narrow = |c: char| match c {
        '！'..='～' => u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c),
        c => c,
    };
    text.chars().filter(|c| !c.is_whitespace()).map(narrow).collect()
}

pub(super) fn heading(held: &Held) -> String {
    match held {
        Held::Text(text) => folded(text),
        _ => String::new(),
    }
}

/// The rows below that hold something of their own.
pub(super) fn rows_below(cells: &TypedSheet, head: u32) -> Vec<u32> {
    let rows: BTreeSet<u32> = cells.cells.keys().map(|(row, _)| *row).filter(|row| *row > head).collect();
    rows.into_iter().collect()
}

/// The row of the headings of a form, and its two columns.
pub(super) fn form_head(cells: &TypedSheet) -> Option<(u32, u32, u32)> {
    let [what, says, _] = FORM_HEADINGS;
    let find = |word: &str| cells.cells.iter().find(|(_, held)| heading(held) == word).map(|(cell, _)| *cell);
    let ((row, what), (of_other, says)) = (find(what)?, find(says)?);
    (row == of_other).then_some((row, what, says))
}

/// Whether the form says that it is a catalogue.
pub(super) fn says_catalogue(cells: &TypedSheet) -> bool {
    let Some((head, what, says)) = form_head(cells) else { return false };
    rows_below(cells, head).into_iter().any(|row| {
        let kind = cells.cells.get(&(row, what)).is_some_and(|held| heading(held) == KIND_OF_FILE.heading);
        let said = cells.cells.get(&(row, says)).and_then(|held| found(held).ok());
        kind && said.and_then(|found| KIND_OF_FILE.kind.parse(&found).ok()) == Some(Json::from("catalogue"))
    })
}

/// What a cell holds, or what of it can't be read.
fn found(held: &Held) -> Result<Found, (String, String)> {
    match held {
        Held::Text(text) => Ok(Found::Text(text.clone())),
        // Fifteen digits are what a spreadsheet shows and keeps; what stands behind them is the float's.
        Held::Number(number) => {
            let text = format!("{number:.14e}");
            // Noughts at the end would count against the places that a decimal has.
            let text = text.split_once('e').map_or_else(String::new, |(digits, power)| {
                format!("{}e{power}", digits.trim_end_matches('0').trim_end_matches('.'))
            });
            Decimal::from_scientific(&text)
                .map(|number| Found::Number(number.normalize()))
                .map_err(|_| (format!("{number} 过大或过小"), format!("{number} is too large or too small")))
        }
        Held::Truth(truth) => Err((
            format!("是逻辑值 {truth}，请把单元格设为文本后重填"),
            format!("it is the truth value {truth}; format the cell as text and type it again"),
        )),
        Held::Moment => Err((
            "被当成了日期，请把单元格设为文本后重填".to_owned(),
            "the spreadsheet has made a date of it; format the cell as text and type it again".to_owned(),
        )),
        Held::Error(error) => {
            Err((format!("是公式的错误值 {error}"), format!("it is a formula's error {error}")))
        }
    }
}

/// What a cell says; a fault where it is not what its column takes.
pub(super) fn parse(reading: &mut Reading, spot: Spot, column: &Column, held: &Held) -> Option<Json> {
    let parsed = found(held)
        .and_then(|found| column.kind.parse(&found).map_err(|expected| (expected.zh, expected.en)));
    match parsed {
        Ok(value) => Some(value),
        Err((zh, en)) => {
            let heading = column.heading;
            reading.fault_of_cell(spot, format!("{heading}：{zh}"), format!("{heading}: {en}"));
            None
        }
    }
}

impl<'a> Grid<'a> {
    /// Finds the headings; None where there are none, and that was said.
    pub(super) fn new(
        reading: &mut Reading,
        sheet: &'static Sheet,
        name: (usize, &'static str),
        cells: &'a TypedSheet,
    ) -> Option<Self> {
        let levels: Vec<String> = match sheet.layout {
            Layout::Tree => (1..=MOST_LEVELS).map(level_heading).collect(),
            _ => Vec::new(),
        };
        let known = |text: &str| {
            levels.iter().any(|level| level == text)
                || sheet.columns.iter().any(|column| folded(column.heading) == text)
        };
        let rows: BTreeSet<u32> = cells.cells.keys().map(|(row, _)| *row).collect();
        let of_row = |row: u32| cells.cells.range((row, 0)..=(row, u32::MAX));
        let head = rows
            .iter()
            .copied()
            .take(HEAD_ROWS)
            .find(|row| of_row(*row).filter(|(_, held)| known(&heading(held))).count() >= 2);
        let all: Vec<&str> = sheet.columns.iter().map(|column| column.heading).collect();
        let Some(head) = head else {
            // A sheet that nobody has filled in.
            if !rows.is_empty() || sheet.layout == Layout::Tree {
                let spot = Spot { sheet: name, row: 0, column: 0 };
                reading.fault(
                    spot,
                    format!("找不到表头行，应有这些列：{}", all.join("、")),
                    format!("there is no row of headings: {} are expected", all.join(", ")),
                );
            }
            return None;
        };
        let mut grid = Self { sheet, name, cells, head, columns: Vec::new(), levels: Vec::new() };
        for (&(row, at), held) in of_row(head) {
            let spot = Spot { sheet: name, row, column: at };
            let heading = heading(held);
            let level = levels.iter().position(|level| *level == heading).map(|level| level + 1);
            let column = sheet.columns.iter().find(|column| folded(column.heading) == heading);
            let twice = column.is_some_and(|column| grid.columns.iter().any(|(one, _)| one == &column))
                || level.is_some_and(|level| grid.levels.iter().any(|(one, _)| *one == level));
            if twice {
                reading.fault(
                    spot,
                    format!("“{heading}”列有两个"),
                    format!("the column “{heading}” is there twice"),
                );
            } else if let Some(level) = level {
                grid.levels.push((level, at));
            } else if let Some(column) = column {
                grid.columns.push((column, at));
            } else {
                let shown = match held {
                    Held::Text(text) => text.trim().to_owned(),
                    _ => String::new(),
                };
                reading.passed_over(
                    spot,
                    format!("“{shown}”列不在格式内，没有读入"),
                    format!("the column “{shown}” is none of the sheet's and was not read"),
                );
            }
        }
        grid.levels.sort_unstable();
        let first = levels.first().filter(|_| grid.levels.first().is_none_or(|(level, _)| *level != 1));
        let absent = sheet.columns.iter().filter(|column| {
            column.needed && column.only.is_none() && !grid.columns.iter().any(|(one, _)| one == column)
        });
        for heading in first.map(String::as_str).into_iter().chain(absent.map(|column| column.heading)) {
            reading.fault(
                Spot { sheet: name, row: head, column: 0 },
                format!("缺少“{heading}”列"),
                format!("the column “{heading}” is missing"),
            );
        }
        Some(grid)
    }

    pub(super) fn spot(&self, row: u32, column: u32) -> Spot {
        Spot { sheet: self.name, row, column }
    }

    pub(super) fn rows(&self) -> Vec<u32> {
        rows_below(self.cells, self.head)
    }

    /// Where the column of a field stands.
    pub(super) fn at(&self, field: &str, inner: bool) -> Option<(&'static Column, u32)> {
        self.columns.iter().find(|(column, _)| column.field == field && column.inner == inner).copied()
    }

    pub(super) fn held(&self, row: u32, column: u32) -> Option<&'a Held> {
        self.cells.cells.get(&(row, column))
    }

    /// What stands in the cell, or in the merged cell that reaches over it from above.
    fn held_from_above(&self, row: u32, column: u32) -> Option<&'a Held> {
        self.held(row, column).or_else(|| {
            let from = self.cells.covered.get(&(row, column))?;
            (from.1 == column && from.0 > self.head).then(|| self.cells.cells.get(from)).flatten()
        })
    }

    /// The entry in a row; None where none of its cells says anything.
    pub(super) fn record(&self, reading: &mut Reading, row: u32, inner: bool) -> Option<Record> {
        let of_kind = || self.columns.iter().copied().filter(|(column, _)| column.inner == inner);
        let cell = |at| if inner { self.held_from_above(row, at) } else { self.held(row, at) };
        let (_, first) = of_kind().find(|(_, at)| cell(*at).is_some())?;
        let key = of_kind().find(|(column, _)| column.needed).map_or(first, |(_, at)| at);
        let mut record = Record::at(reading.place(self.spot(row, key)));
        for (column, at) in of_kind() {
            if let Some(held) = cell(at) {
                let value = parse(reading, self.spot(row, at), column, held);
                let place = reading.place(self.spot(row, at));
                match value {
                    Some(value) => record.set(column.field, place, value),
                    None => record.unread(column.field, place),
                }
            }
        }
        for (column, at) in of_kind() {
            let (spot, there, heading) = (self.spot(row, at), cell(at).is_some(), column.heading);
            let fits = match column.only {
                None => Some(true),
                // Of an entry that does not tell, nothing is known.
                Some((field, value)) => record.value(field).map(|given| given == value),
            };
            if there && fits == Some(false) {
                let (of, word) = self.words(column);
                reading.fault_of_cell(
                    spot,
                    format!("“{heading}”只在“{of}”为“{word}”时填"),
                    format!("“{heading}” is only for “{of}” “{word}”"),
                );
                remove(&mut record.fields, column.field);
            } else if !there && fits == Some(true) && column.needed {
                reading.fault_of_cell(spot, format!("“{heading}”没有填"), format!("“{heading}” is empty"));
                let place = reading.place(spot);
                record.unread(column.field, place);
            }
        }
        Some(record)
    }

    /// The heading and the word that a column is only for.
    fn words(&self, column: &Column) -> (&'static str, &'static str) {
        let Some((field, value)) = column.only else { return ("", "") };
        let Some(other) = self.sheet.column(field) else { return ("", "") };
        let word = match other.kind {
            Kind::Word(words) => words.iter().find(|(name, _)| *name == value).map_or("", |(_, word)| *word),
            _ => "",
        };
        (other.heading, word)
    }

    /// What a further row says of an entry that has begun: the same, or what was left open there.
    pub(super) fn further(&self, reading: &mut Reading, row: u32, record: &mut Record, but: &[&str]) {
        for (column, at) in self.columns.iter().copied() {
            let Some(held) = self.held(row, at).filter(|_| !column.inner && !but.contains(&column.field))
            else {
                continue;
            };
            let spot = self.spot(row, at);
            let Some(value) = parse(reading, spot, column, held) else {
                if record.value(column.field).is_none() {
                    let place = reading.place(spot);
                    record.unread(column.field, place);
                }
                continue;
            };
            match record.value(column.field) {
                Some(known) if *known == value => {}
                Some(_) => {
                    let begun = reading.spots[record.place].row + 1;
                    reading.fault_of_cell(
                        spot,
                        format!("“{}”与第 {begun} 行同一项的不一致", column.heading),
                        format!("“{}” is not what row {begun} says of the same entry", column.heading),
                    );
                }
                None => {
                    let place = reading.place(spot);
                    record.set(column.field, place, value);
                }
            }
        }
    }

    /// Entries with entries inside them.
    pub(super) fn nested(&self, reading: &mut Reading, inner: &str) -> Vec<Tree> {
        let Some((key, key_at)) =
            self.columns.iter().copied().find(|(column, _)| !column.inner && column.field == "id")
        else {
            return Vec::new();
        };
        let mut records: Vec<Record> = Vec::new();
        let mut number_of: BTreeMap<String, usize> = BTreeMap::new();
        let mut current: Option<usize> = None;
        for row in self.rows() {
            let named = self.held(row, key_at).map(|held| {
                let id = found(held).ok().and_then(|found| key.kind.parse(&found).ok());
                id.as_ref().and_then(Json::as_str).map(str::to_owned)
            });
            let known = match &named {
                // As the row above.
                None => current,
                Some(id) => id.as_ref().and_then(|id| number_of.get(id).copied()),
            };
            match known {
                Some(at) => {
                    self.further(reading, row, &mut records[at], &[key.field]);
                    current = Some(at);
                }
                None => {
                    let place = reading.place(self.spot(row, key_at));
                    let record = self.record(reading, row, false).unwrap_or_else(|| {
                        let spot = self.spot(row, key_at);
                        let heading = key.heading;
                        reading.fault(spot, format!("“{heading}”没有填"), format!("“{heading}” is empty"));
                        Record::at(place)
                    });
                    let number = records.len();
                    number_of.extend(named.flatten().map(|id| (id, number)));
                    records.push(record);
                    current = Some(number);
                }
            }
            let inside = self.record(reading, row, true);
            if let (Some(at), Some(inside)) = (current, inside) {
                records[at].inner.push(inside.tree());
            }
        }
        let whole = |mut record: Record| {
            let place = record.place;
            let inside = std::mem::take(&mut record.inner);
            set(&mut record.fields, inner, place, Tree { line: place, value: Value::List(inside) });
            record.tree()
        };
        records.into_iter().map(whole).collect()
    }
}

/// The text of a field of an entry.
pub(super) fn text_of<'t>(fields: &'t Fields, name: &str) -> Option<&'t str> {
    match &get(fields, name)?.value {
        Value::Scalar { text, .. } => Some(text),
        _ => None,
    }
}
