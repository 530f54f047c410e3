//! Standards, catalogues and facts as files: YAML, of which JSON is a part. All that is wrong is told at once, each with
//! its line and its place.

mod shape;
mod tree;
mod workbook;
mod write;

use chengjing_domain::{
    score::Facts,
    standard::{CatalogueFile, Fault, Gaps, Standard, Whole, check_catalogue},
};
use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};
use serde::de::DeserializeOwned;

use self::tree::Tree;
pub use self::workbook::{
    CellFault, Cells, Refused, Workbook, WorkbookRead, looks_like_workbook, read_workbook,
    read_workbook_partly,
};
pub use self::write::{place_of, with_edition, with_place, with_site_types, write};

/// What is wrong, where it stands in the file, and what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineFault {
    /// From 1.
    pub line: usize,
    /// From the top of the file: `tree[0].children[2].marks`; empty: the file.
    pub path: String,
    pub zh: String,
    pub en: String,
}

/// What a file may hold.
#[derive(Debug, Clone)]
pub enum File {
    /// With the places of its parts, which what is found out later needs.
    Standard(Box<Standard>, Places),
    Catalogue(CatalogueFile),
}

/// What of a file could be read.
#[derive(Debug, Clone)]
pub struct Read {
    pub file: File,
    pub places: Places,
    /// All that is wrong with its shape, and with a catalogue in itself.
    pub faults: Vec<LineFault>,
}

/// Where the parts of a file stand, and what of them could not be read.
#[derive(Debug, Clone)]
pub struct Places {
    tree: Tree,
    gaps: Gaps,
}

impl Places {
    pub const fn gaps(&self) -> &Gaps {
        &self.gaps
    }

    /// A fault of the domain with its line.
    pub fn locate(&self, fault: Fault) -> LineFault {
        let Fault { path, zh, en } = fault;
        LineFault { line: self.tree.line_of(&path), path, zh, en }
    }
}

/// Reads a file of a standard or of a catalogue; which of the two it is, its `tree` tells.
///
/// # Errors
/// All that is wrong with its syntax and its shape, and with a catalogue in itself.
pub fn read(bytes: &[u8]) -> Result<File, Vec<LineFault>> {
    let Read { file, faults, .. } = read_partly(bytes)?;
    if faults.is_empty() { Ok(file) } else { Err(faults) }
}

/// Reads as much as can be read, so that it can be said what else is wrong with it.
///
/// # Errors
/// All that is wrong, where nothing can be read.
pub fn read_partly(bytes: &[u8]) -> Result<Read, Vec<LineFault>> {
    partly(parse(bytes)?)
}

fn partly(tree: Tree) -> Result<Read, Vec<LineFault>> {
    let is_standard =
        matches!(&tree.value, tree::Value::Map(map) if map.iter().any(|(name, ..)| name == "tree"));
    if is_standard {
        let (standard, places, faults): (Standard, _, _) = typed(tree)?;
        let file = File::Standard(Box::new(standard), places.clone());
        return Ok(Read { file, places, faults });
    }
    let (file, places, mut faults): (CatalogueFile, Places, _) = typed(tree)?;
    let of_meaning = check_catalogue(&file, &places.gaps).into_iter();
    faults.extend(of_meaning.map(|fault| places.locate(fault)));
    Ok(Read { file: File::Catalogue(file), places, faults: sorted(faults) })
}

/// Puts a standard and the catalogues that it uses together.
///
/// # Errors
/// All that is wrong with it.
pub fn put_together(
    standard: Standard,
    places: &Places,
    catalogues: &[CatalogueFile],
) -> Result<Whole, Vec<LineFault>> {
    Whole::of(standard, catalogues)
        .map_err(|faults| sorted(faults.into_iter().map(|fault| places.locate(fault)).collect()))
}

/// All that is wrong with a standard and what it takes of catalogues, as far as they could be read; `of_catalogues` says what
/// of each could not be.
pub fn faults(
    standard: &Standard,
    places: &Places,
    catalogues: &[CatalogueFile],
    of_catalogues: &[Gaps],
) -> Vec<LineFault> {
    let faults = Whole::faults(standard, &places.gaps, catalogues, of_catalogues);
    sorted(faults.into_iter().map(|fault| places.locate(fault)).collect())
}

/// Reads facts and holds them against a standard.
///
/// # Errors
/// All that is wrong with their syntax and shape, and all that does not fit the standard.
pub fn read_facts(bytes: &[u8], whole: &Whole) -> Result<Facts, Vec<LineFault>> {
    let (facts, places, mut faults): (Facts, Places, _) = typed(parse(bytes)?)?;
    let unfit = facts.check_read(whole, &places.gaps).into_iter();
    faults.extend(unfit.map(|fault| places.locate(fault)));
    if faults.is_empty() { Ok(facts) } else { Err(sorted(faults)) }
}

/// The JSON Schema of what can be read: `standard`, `catalogue` or `facts`.
pub fn schema(of: Kind) -> Schema {
    match of {
        Kind::Standard => shape_of::<Standard>(),
        Kind::Catalogue => shape_of::<CatalogueFile>(),
        Kind::Facts => shape_of::<Facts>(),
    }
}

/// Of what a schema is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Standard,
    Catalogue,
    Facts,
}

fn shape_of<T: JsonSchema>() -> Schema {
    // As it is read, not as it is written: what has a default may be left out.
    SchemaGenerator::new(SchemaSettings::draft2020_12().for_deserialize()).into_root_schema_for::<T>()
}

fn parse(bytes: &[u8]) -> Result<Tree, Vec<LineFault>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        vec![LineFault {
            line,
            path: String::new(),
            zh: "文件不是 UTF-8 编码，请另存为 UTF-8".to_owned(),
            en: "the file is not UTF-8; save it as UTF-8".to_owned(),
        }]
    })?;
    tree::parse(text.strip_prefix('\u{feff}').unwrap_or(text)).map_err(|broken| {
        vec![LineFault { line: broken.line, path: String::new(), zh: broken.zh, en: broken.en }]
    })
}

/// A tree as a type of the domain, with what of it could not be read and why.
fn typed<T: DeserializeOwned + JsonSchema>(
    tree: Tree,
) -> Result<(T, Places, Vec<LineFault>), Vec<LineFault>> {
    let shape::Fitted { value, faults, gaps } = shape::fit(shape_of::<T>().as_value(), &tree);
    let mut faults = sorted(faults);
    let Some(value) = value else { return Err(faults) };
    match serde_json::from_value(value) {
        Ok(typed) => Ok((typed, Places { tree, gaps }, faults)),
        Err(error) => {
            if faults.is_empty() {
                faults.push(LineFault {
                    line: tree.line,
                    path: String::new(),
                    zh: format!("内容不合要求：{error}"),
                    en: format!("it is not what is expected: {error}"),
                });
            }
            Err(faults)
        }
    }
}

fn sorted(mut faults: Vec<LineFault>) -> Vec<LineFault> {
    faults.sort_by_key(|fault| fault.line);
    faults
}
