//! A standard as a workbook: which sheets and columns it has, and what a cell says. Whoever writes workbooks and whoever
//! reads them go by this one table, so that nothing is lost on the way there and back.

mod cell;
mod columns;
mod phrase;
mod rows;

pub use cell::{Cell, Expected, Found, Kind};
pub use columns::{CATALOGUE_SHEETS, KIND_OF_FILE, STANDARD_SHEETS};
pub use rows::{Head, Line, Table, catalogue_tables, standard_tables};

/// The sheet that tells people what the others take; whoever reads the workbook passes it over.
pub const GUIDE: &str = "说明";

/// The headings of a sheet that has a row a field: what it is, what it says, what it takes.
pub const FORM_HEADINGS: [&str; 3] = ["项目", "内容", "填写说明"];

/// How many levels of the tree have a column.
pub const MOST_LEVELS: usize = 30;

/// A sheet of the workbook.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sheet {
    pub name: &'static str,
    /// What it holds, for whoever fills it in.
    pub about: &'static str,
    pub layout: Layout,
    pub columns: &'static [Column],
}

/// What a row of a sheet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// A field of the file.
    Form,
    /// An entry of the list at this place of the file.
    List(&'static str),
    /// An entry of the list `inner` inside an entry of the list at `outer`. Rows of one outer entry have its first
    /// column's value, and the columns that are not [`Column::inner`] stand in its first row.
    Nested { outer: &'static str, inner: &'static str },
    /// A place of the tree, or a further measure of the place above. On the left stands a column for each level, and
    /// a row's level is that of its last filled one.
    Tree,
}

/// A column, or in a form a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    pub heading: &'static str,
    /// Where its value stands in the entry: `quota.at_most`.
    pub field: &'static str,
    pub kind: Kind,
    /// An entry can't be without it.
    pub needed: bool,
    /// Only where another field of the entry has this value.
    pub only: Option<(&'static str, &'static str)>,
    /// It belongs to the inner entry of a nested sheet, to the measure in the tree.
    pub inner: bool,
    /// What an empty cell means, where it is written as one.
    pub quiet: Option<&'static str>,
    /// In characters.
    pub width: u16,
    /// What it takes, for whoever fills it in.
    pub about: &'static str,
}

impl Sheet {
    /// The column of this field.
    pub fn column(&self, field: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.field == field)
    }
}

/// The heading over a level of the tree, from 1: 一级指标.
pub fn level_heading(level: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, ones) = (level / 10, DIGITS[level % 10]);
    match tens {
        0 => format!("{ones}级指标"),
        1 => format!("十{ones}级指标"),
        _ => format!("{}十{ones}级指标", DIGITS[tens % 10]),
    }
}

/// What the tree's sheet says of a field of a measure: 材料审核, 分段：≥90 A=1；其余=0.
pub fn said(field: &str, value: &serde_json::Value) -> Cell {
    let tree = STANDARD_SHEETS.iter().find(|sheet| sheet.layout == Layout::Tree);
    let column = tree.and_then(|tree| tree.column(field));
    column.map_or(Cell::Empty, |column| column.kind.print(value))
}
