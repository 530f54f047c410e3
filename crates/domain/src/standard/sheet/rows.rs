//! A standard or a catalogue as the rows of its sheets.

use serde_json::Value as Json;

use super::{
    CATALOGUE_SHEETS, Cell, Column, FORM_HEADINGS, KIND_OF_FILE, Kind, Layout, STANDARD_SHEETS, Sheet,
    level_heading, phrase,
};
use crate::standard::{CatalogueFile, Standard};

/// A sheet with what stands in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub sheet: &'static Sheet,
    pub heads: Vec<Head>,
    pub lines: Vec<Line>,
}

/// What stands over a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    pub heading: String,
    /// None: a level of the tree, or the words of a form.
    pub column: Option<Column>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub cells: Vec<Cell>,
    /// It stands above those that follow: a place of the tree that has others under it.
    pub above: bool,
}

/// The sheets of a standard.
pub fn standard_tables(standard: &Standard) -> Vec<Table> {
    tables(&serde_json::to_value(standard).unwrap_or_default(), "standard", STANDARD_SHEETS)
}

/// The sheets of a catalogue.
pub fn catalogue_tables(file: &CatalogueFile) -> Vec<Table> {
    tables(&serde_json::to_value(file).unwrap_or_default(), "catalogue", CATALOGUE_SHEETS)
}

fn tables(document: &Json, kind: &str, sheets: &'static [Sheet]) -> Vec<Table> {
    let each = sheets.iter().map(|sheet| match sheet.layout {
        Layout::Form => form(document, kind, sheet),
        Layout::List(list) => {
            let lines = entries(document, list).iter().map(|entry| line(sheet.columns, Some(entry), None));
            Table { sheet, heads: heads(sheet), lines: lines.map(plain).collect() }
        }
        Layout::Nested { outer, inner } => nested(document, sheet, outer, inner),
        Layout::Tree => tree(document, sheet),
    });
    each.collect()
}

fn plain(cells: Vec<Cell>) -> Line {
    Line { cells, above: false }
}

fn heads(sheet: &Sheet) -> Vec<Head> {
    sheet
        .columns
        .iter()
        .map(|column| Head { heading: column.heading.to_owned(), column: Some(*column) })
        .collect()
}

/// What stands at a place such as `quota.at_most`.
fn at<'a>(entry: &'a Json, field: &str) -> Option<&'a Json> {
    field.split('.').try_fold(entry, |here, name| here.get(name))
}

fn entries<'a>(document: &'a Json, list: &str) -> &'a [Json] {
    at(document, list).and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

fn cell(column: &Column, entry: Option<&Json>) -> Cell {
    let value = entry.and_then(|entry| at(entry, column.field));
    match value {
        Some(value) if column.quiet.is_none_or(|quiet| value != quiet) => column.kind.print(value),
        _ => Cell::Empty,
    }
}

/// The cells of an entry, and of an entry inside it.
fn line(columns: &[Column], outer: Option<&Json>, inner: Option<&Json>) -> Vec<Cell> {
    columns.iter().map(|column| cell(column, if column.inner { inner } else { outer })).collect()
}

fn form(document: &Json, kind: &str, sheet: &'static Sheet) -> Table {
    let text = |text: &str| Cell::Text(text.to_owned());
    let kind = KIND_OF_FILE.kind.print(&kind.into());
    let first = (&KIND_OF_FILE, kind);
    let rest = sheet.columns.iter().map(|column| (column, cell(column, Some(document))));
    let lines = [first].into_iter().chain(rest);
    Table {
        sheet,
        heads: FORM_HEADINGS.map(|heading| Head { heading: heading.to_owned(), column: None }).to_vec(),
        lines: lines
            .map(|(column, cell)| plain(vec![text(column.heading), cell, text(column.about)]))
            .collect(),
    }
}

fn nested(document: &Json, sheet: &'static Sheet, outer: &str, inner: &str) -> Table {
    let mut lines = Vec::new();
    for entry in entries(document, outer) {
        let inside = entries(entry, inner);
        lines.push(plain(line(sheet.columns, Some(entry), inside.first())));
        for one in inside.iter().skip(1) {
            // What names the entry is repeated, so that a sorted or filtered sheet still tells.
            let cells = sheet.columns.iter().map(|column| match (column.inner, column.needed) {
                (true, _) => cell(column, Some(one)),
                (false, true) => cell(column, Some(entry)),
                (false, false) => Cell::Empty,
            });
            lines.push(plain(cells.collect()));
        }
    }
    Table { sheet, heads: heads(sheet), lines }
}

fn tree(document: &Json, sheet: &'static Sheet) -> Table {
    fn deepest(nodes: &[Json]) -> usize {
        nodes.iter().map(|node| 1 + deepest(entries(node, "children"))).max().unwrap_or(0)
    }
    let nodes = entries(document, "tree");
    let levels = deepest(nodes).max(1);
    let of_levels = (1..=levels).map(|level| Head { heading: level_heading(level), column: None });
    let mut table = Table { sheet, heads: of_levels.chain(heads(sheet)).collect(), lines: Vec::new() };
    places(&mut table, nodes, &mut Vec::new(), levels);
    table
}

fn places(table: &mut Table, nodes: &[Json], above: &mut Vec<Cell>, levels: usize) {
    let mut before: Option<&Json> = None;
    for node in nodes {
        let title = at(node, "title").and_then(Json::as_str).unwrap_or_default();
        // A title that stands above already is taken for that place: who forgets a leaf's own title leaves just those
        // above it in its row. So where another place has the same one, quotes say that it is meant.
        let again = before.is_some_and(|before| {
            at(before, "title") == at(node, "title") && !entries(before, "children").is_empty()
        });
        above.push(if again { Cell::Text(phrase::quote(title)) } else { Kind::Text.print(&title.into()) });
        place(table, node, above, levels);
        above.pop();
        before = Some(node);
    }
}

fn place(table: &mut Table, node: &Json, above: &mut Vec<Cell>, levels: usize) {
    let measures = entries(node, "measures");
    let children = entries(node, "children");
    let mut titles = above.clone();
    titles.resize(levels, Cell::Empty);
    for (n, measure) in measures.iter().map(Some).chain(measures.is_empty().then_some(None)).enumerate() {
        let mut cells = titles.clone();
        cells.extend(table.sheet.columns.iter().map(|column| match (column.inner, column.field) {
            (true, _) => cell(column, measure),
            (false, "code") => cell(column, Some(node)),
            // A further measure of the same place: without marks of its own.
            (false, _) if n > 0 => Cell::Empty,
            (false, _) => cell(column, Some(node)),
        }));
        table.lines.push(Line { cells, above: !children.is_empty() });
    }
    places(table, children, above, levels);
}
