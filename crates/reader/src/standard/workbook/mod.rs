//! Standards and catalogues as workbooks. What a cell says becomes a value of the same tree that a text file becomes, so
//! that the shape and all that is found out later are checked alike; a place of the tree is a cell instead of a line.

mod grid;
mod places;

use chengjing_domain::standard::sheet::{
    CATALOGUE_SHEETS, FORM_HEADINGS, GUIDE, KIND_OF_FILE, Layout, STANDARD_SHEETS, Sheet,
};
use serde_json::Value as Json;

use self::grid::{Grid, Record};
use super::{
    File, LineFault, Read, partly,
    tree::{Tree, Value},
};
use crate::source::{TypedSheet, read_typed_sheets};

/// What is wrong in a cell, and what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFault {
    /// Empty: the file.
    pub sheet: String,
    /// As spreadsheets name it: `D17`.
    pub cell: String,
    pub zh: String,
    pub en: String,
}

/// A standard or a catalogue out of a workbook.
#[derive(Debug, Clone)]
pub struct Workbook {
    pub file: File,
    /// What each place of the file is in the workbook.
    pub cells: Cells,
    /// What stands in the workbook and was not read, for it has no place in a standard.
    pub passed_over: Vec<CellFault>,
}

/// What of a workbook could be read.
#[derive(Debug, Clone)]
pub struct WorkbookRead {
    pub read: Read,
    pub cells: Cells,
    pub passed_over: Vec<CellFault>,
}

/// A workbook that can't be taken in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refused {
    pub faults: Vec<CellFault>,
    pub passed_over: Vec<CellFault>,
}

/// The cells that the lines of faults stand for.
#[derive(Debug, Clone, Default)]
pub struct Cells(Vec<Spot>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    /// Number and name of the sheet.
    sheet: (usize, &'static str),
    row: u32,
    column: u32,
}

impl Cells {
    /// A fault of the standard with its cell.
    pub fn locate(&self, fault: LineFault) -> CellFault {
        let LineFault { line, zh, en, .. } = fault;
        match self.0.get(line) {
            Some(spot) => spot.fault(zh, en),
            None => CellFault { sheet: String::new(), cell: String::new(), zh, en },
        }
    }

    /// All of them, in the order of the sheets.
    pub fn locate_all(&self, mut faults: Vec<LineFault>) -> Vec<CellFault> {
        faults.sort_by_key(|fault| self.0.get(fault.line));
        faults.into_iter().map(|fault| self.locate(fault)).collect()
    }
}

impl Spot {
    fn fault(self, zh: String, en: String) -> CellFault {
        CellFault { sheet: self.sheet.1.to_owned(), cell: cell_name(self.row, self.column), zh, en }
    }
}

/// `D17` for row 16 and column 3.
fn cell_name(row: u32, column: u32) -> String {
    let (mut letters, mut rest) = (Vec::new(), u64::from(column) + 1);
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    let letters: String = letters.into_iter().rev().collect();
    format!("{letters}{}", u64::from(row) + 1)
}

/// Whether the bytes are those of a workbook rather than of a text.
pub fn looks_like_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK") || bytes.starts_with(b"\xd0\xcf\x11\xe0")
}

/// Reads a standard or a catalogue from a workbook.
///
/// # Errors
/// All that is wrong with its sheets and cells, or, where these are right, with its shape, and with a catalogue in itself.
pub fn read_workbook(bytes: &[u8]) -> Result<Workbook, Refused> {
    let WorkbookRead { read, cells, passed_over } = read_workbook_partly(bytes)?;
    if read.faults.is_empty() {
        return Ok(Workbook { file: read.file, cells, passed_over });
    }
    Err(Refused { faults: cells.locate_all(read.faults), passed_over })
}

/// Reads as much as can be read, so that it can be said what else is wrong with it.
///
/// # Errors
/// All that is wrong with its sheets and cells.
pub fn read_workbook_partly(bytes: &[u8]) -> Result<WorkbookRead, Refused> {
    let sheets = read_typed_sheets(bytes).map_err(|why| {
        let (zh, en) = (why.zh().to_string(), why.en().to_string());
        let fault = CellFault { sheet: String::new(), cell: String::new(), zh, en };
        Refused { faults: vec![fault], ..Refused::default() }
    })?;
    let mut reading = Reading::default();
    let tree = reading.file(&sheets);
    let Reading { mut spots, mut faults, mut passed_over, torn, .. } = reading;
    let told = |all: &mut Vec<(Spot, String, String)>| -> Vec<CellFault> {
        all.sort_by_key(|(spot, ..)| *spot);
        all.drain(..).map(|(spot, zh, en)| spot.fault(zh, en)).collect()
    };
    let passed_over = told(&mut passed_over);
    let refused = |faults| Refused { faults, passed_over: passed_over.clone() };
    if torn {
        return Err(refused(told(&mut faults)));
    }
    let of_cells: Vec<LineFault> = faults
        .into_iter()
        .map(|(spot, zh, en)| {
            spots.push(spot);
            LineFault { line: spots.len() - 1, path: String::new(), zh, en }
        })
        .collect();
    let cells = Cells(spots);
    match partly(tree) {
        Ok(mut read) => {
            read.faults.extend(of_cells);
            Ok(WorkbookRead { read, cells, passed_over })
        }
        Err(faults) => Err(refused(cells.locate_all(faults.into_iter().chain(of_cells).collect()))),
    }
}

/// What has been read so far.
#[derive(Debug, Default)]
struct Reading {
    spots: Vec<Spot>,
    faults: Vec<(Spot, String, String)>,
    passed_over: Vec<(Spot, String, String)>,
    catalogue: bool,
    /// Whole rows or columns have no place: what is missing then follows from that, and nothing more is looked for.
    torn: bool,
}

/// The fields of an entry, each with its place.
type Fields = Vec<(String, usize, Tree)>;

impl Reading {
    fn place(&mut self, spot: Spot) -> usize {
        self.spots.push(spot);
        self.spots.len() - 1
    }

    /// What is wrong with a row, a column or a sheet.
    fn fault(&mut self, spot: Spot, zh: impl Into<String>, en: impl Into<String>) {
        self.torn = true;
        self.fault_of_cell(spot, zh, en);
    }

    /// What is wrong with one cell: all others can be read.
    fn fault_of_cell(&mut self, spot: Spot, zh: impl Into<String>, en: impl Into<String>) {
        self.faults.push((spot, zh.into(), en.into()));
    }

    fn passed_over(&mut self, spot: Spot, zh: impl Into<String>, en: impl Into<String>) {
        self.passed_over.push((spot, zh.into(), en.into()));
    }

    fn file(&mut self, found: &[TypedSheet]) -> Tree {
        let form = STANDARD_SHEETS[0];
        let named = |name: &str| found.iter().find(|sheet| sheet.name.trim() == name);
        if let Some(sheet) = named(form.name) {
            self.catalogue = grid::says_catalogue(sheet);
        }
        let sheets = if self.catalogue { CATALOGUE_SHEETS } else { STANDARD_SHEETS };
        let known = |name: &str| name == GUIDE || sheets.iter().any(|sheet| sheet.name == name);
        let strangers: Vec<&str> =
            found.iter().map(|sheet| sheet.name.trim()).filter(|name| !known(name)).collect();
        for (number, name) in strangers.iter().enumerate() {
            let spot = Spot { sheet: (sheets.len() + number, form.name), row: 0, column: 0 };
            self.passed_over(
                spot,
                format!("工作表“{name}”不在格式内，没有读入"),
                format!("the sheet “{name}” is none of a standard's and was not read"),
            );
        }
        let mut root: Fields = Vec::new();
        let top = self.place(Spot { sheet: (0, form.name), row: 0, column: 0 });
        for (number, sheet) in sheets.iter().enumerate() {
            let name = (number, sheet.name);
            let start = Spot { sheet: name, row: 0, column: 0 };
            match named(sheet.name) {
                Some(cells) => self.sheet(sheet, name, cells, &mut root),
                None if matches!(sheet.layout, Layout::Form | Layout::Tree) || !strangers.is_empty() => {
                    let (zh, en) = match strangers.is_empty() {
                        true => (String::new(), String::new()),
                        false => (
                            format!("；有不认识的工作表“{}”，请不要给工作表改名", strangers.join("”“")),
                            format!("; there is “{}”: sheets must keep their names", strangers.join("”, “")),
                        ),
                    };
                    self.fault(
                        start,
                        format!("缺少工作表“{}”{zh}", sheet.name),
                        format!("the sheet “{}” is missing{en}", sheet.name),
                    );
                }
                None => {}
            }
        }
        if !self.catalogue && !root.iter().any(|(name, ..)| name == "tree") {
            set(&mut root, "tree", top, Tree { line: top, value: Value::List(Vec::new()) });
        }
        if self.catalogue && !root.iter().any(|(name, ..)| name == "catalogue") {
            set(&mut root, "catalogue", top, Tree { line: top, value: Value::Map(Vec::new()) });
        }
        Tree { line: top, value: Value::Map(root) }
    }

    fn sheet(
        &mut self,
        sheet: &'static Sheet,
        name: (usize, &'static str),
        cells: &TypedSheet,
        root: &mut Fields,
    ) {
        if cells.beyond {
            self.passed_over(
                Spot { sheet: name, row: 0, column: 64 },
                "从 BM 列起的内容没有读入",
                "what stands from column BM on was not read",
            );
        }
        if sheet.layout == Layout::Form {
            return self.form(sheet, name, cells, root);
        }
        let Some(grid) = Grid::new(self, sheet, name, cells) else { return };
        let list_place = self.place(grid.spot(grid.head, 0));
        match sheet.layout {
            Layout::Form => {}
            Layout::Tree => {
                let nodes = places::tree(self, &grid);
                set(root, "tree", list_place, Tree { line: list_place, value: Value::List(nodes) });
            }
            Layout::List(list) => {
                let mut entries = Vec::new();
                for row in grid.rows() {
                    if let Some(record) = grid.record(self, row, false) {
                        entries.push(record.tree());
                    }
                }
                // The bonus is there or not by its limit, which stands in the form.
                if list == "bonus.honours" && get(root, "bonus.at_most").is_none() {
                    if let Some(first) = entries.first() {
                        let spot = self.spots[first.line];
                        self.fault(
                            spot,
                            "有加分项时，“基本信息”表要写明“加分上限”",
                            "with honours, “加分上限” in “基本信息” is needed",
                        );
                    }
                    return;
                }
                if !entries.is_empty() || list == "bonus.honours" {
                    set(root, list, list_place, Tree { line: list_place, value: Value::List(entries) });
                }
            }
            Layout::Nested { outer, inner } => {
                let entries = grid.nested(self, inner);
                if !entries.is_empty() {
                    set(root, outer, list_place, Tree { line: list_place, value: Value::List(entries) });
                }
            }
        }
    }

    /// A row a field.
    fn form(
        &mut self,
        sheet: &'static Sheet,
        name: (usize, &'static str),
        cells: &TypedSheet,
        root: &mut Fields,
    ) {
        let start = Spot { sheet: name, row: 0, column: 0 };
        let Some((head, what, says)) = grid::form_head(cells) else {
            let [what, says, _] = FORM_HEADINGS;
            self.fault(
                start,
                format!("找不到表头行，应有“{what}”“{says}”两列"),
                format!("there is no row of headings: “{what}” and “{says}” are expected"),
            );
            return;
        };
        let mut record = Record::at(self.place(Spot { sheet: name, row: head, column: what }));
        let mut seen: Vec<&str> = Vec::new();
        let rows: Vec<u32> = grid::rows_below(cells, head);
        for row in rows {
            let Some(heading) = cells.cells.get(&(row, what)).map(grid::heading) else { continue };
            let spot = Spot { sheet: name, row, column: what };
            let of_form = sheet.columns.iter().chain([&KIND_OF_FILE]);
            let Some(column) = of_form.into_iter().find(|column| grid::folded(column.heading) == heading)
            else {
                self.passed_over(
                    spot,
                    format!("“{heading}”一行不在格式内，没有读入"),
                    format!("the row “{heading}” is none of the form's and was not read"),
                );
                continue;
            };
            if seen.contains(&column.heading) {
                self.fault(
                    spot,
                    format!("“{}”写了两次", column.heading),
                    format!("“{}” is there twice", column.heading),
                );
                continue;
            }
            seen.push(column.heading);
            let spot = Spot { column: says, ..spot };
            match cells.cells.get(&(row, says)) {
                None if column.needed => {
                    self.fault_of_cell(
                        spot,
                        format!("“{}”没有填", column.heading),
                        format!("“{}” is empty", column.heading),
                    );
                    record.unread(column.field, self.place(spot));
                }
                None => {}
                Some(value) => {
                    let value = grid::parse(self, spot, column, value);
                    let place = self.place(spot);
                    match value {
                        Some(value) if !column.field.is_empty() => record.set(column.field, place, value),
                        Some(_) => {}
                        None => record.unread(column.field, place),
                    }
                }
            }
        }
        for column in sheet.columns.iter().chain([&KIND_OF_FILE]) {
            if column.needed && !seen.contains(&column.heading) {
                self.fault(
                    start,
                    format!("缺少“{}”一行", column.heading),
                    format!("the row “{}” is missing", column.heading),
                );
            }
        }
        root.extend(record.fields);
        // Without honours it is a bonus all the same.
        if get(root, "bonus.at_most").is_some() {
            let place = record.place;
            set(root, "bonus.honours", place, Tree { line: place, value: Value::List(Vec::new()) });
        }
    }
}

/// Puts a value at a place such as `quota.at_most`; what stood there is gone.
fn set(fields: &mut Fields, path: &str, place: usize, value: Tree) {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let at = fields.iter().position(|(known, ..)| known == name);
    let Some(rest) = rest else {
        match at {
            Some(at) => fields[at] = (name.to_owned(), place, value),
            None => fields.push((name.to_owned(), place, value)),
        }
        return;
    };
    let at = at.unwrap_or_else(|| {
        fields.push((name.to_owned(), place, Tree { line: place, value: Value::Map(Vec::new()) }));
        fields.len() - 1
    });
    if let Value::Map(inside) = &mut fields[at].2.value {
        set(inside, rest, place, value);
    }
}

/// Takes out what stands at a place.
fn remove(fields: &mut Fields, path: &str) {
    let Some((name, rest)) = path.split_once('.') else {
        fields.retain(|(known, ..)| known != path);
        return;
    };
    for (_, _, within) in fields.iter_mut().filter(|(known, ..)| known == name) {
        if let Value::Map(inside) = &mut within.value {
            remove(inside, rest);
        }
    }
}

fn get<'a>(fields: &'a Fields, path: &str) -> Option<&'a Tree> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let (.., found) = fields.iter().find(|(known, ..)| known == name)?;
    match (rest, &found.value) {
        (None, _) => Some(found),
        (Some(rest), Value::Map(inside)) => get(inside, rest),
        (Some(_), _) => None,
    }
}

/// A value all of which stands in one cell.
fn tree_of(value: &Json, place: usize) -> Tree {
    let plain = |text: String| Value::Scalar { text, quoted: false };
    let value = match value {
        Json::Null => plain("null".to_owned()),
        Json::Bool(truth) => plain(truth.to_string()),
        Json::Number(number) => plain(number.to_string()),
        Json::String(text) => Value::Scalar { text: text.clone(), quoted: true },
        Json::Array(list) => Value::List(list.iter().map(|one| tree_of(one, place)).collect()),
        Json::Object(map) => {
            Value::Map(map.iter().map(|(name, one)| (name.clone(), place, tree_of(one, place))).collect())
        }
    };
    Tree { line: place, value }
}
