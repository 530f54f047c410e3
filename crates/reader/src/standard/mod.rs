//! Standards, catalogues and facts as files: YAML, of which JSON is a part. All that is wrong is told at once, each with
//! its line and its place.

mod shape;
mod tree;
mod workbook;
mod write;

use chengjing_domain::{
    score::Facts,
    standard::{CatalogueFile, Fault, Standard, Whole, check_catalogue},
};
use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};
use serde::de::DeserializeOwned;

use self::tree::Tree;
pub use self::workbook::{CellFault, Cells, Refused, Workbook, looks_like_workbook, read_workbook};
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

/// Where the parts of a file stand.
#[derive(Debug, Clone)]
pub struct Places(Tree);

impl Places {
    /// A fault of the domain with its line.
    pub fn locate(&self, fault: Fault) -> LineFault {
        let Fault { path, zh, en } = fault;
        LineFault { line: self.0.line_of(&path), path, zh, en }
    }
}

/// Reads a file of a standard or of a catalogue; which of the two it is, its `tree` tells.
///
/// # Errors
/// All that is wrong with its syntax and its shape, and with a catalogue in itself.
pub fn read(bytes: &[u8]) -> Result<File, Vec<LineFault>> {
    let tree = parse(bytes)?;
    let is_standard =
        matches!(&tree.value, tree::Value::Map(map) if map.iter().any(|(name, ..)| name == "tree"));
    if is_standard {
        let standard: Standard = typed(&tree)?;
        return Ok(File::Standard(Box::new(standard), Places(tree)));
    }
    let file: CatalogueFile = typed(&tree)?;
    let places = Places(tree);
    let faults: Vec<LineFault> =
        check_catalogue(&file).into_iter().map(|fault| places.locate(fault)).collect();
    if faults.is_empty() { Ok(File::Catalogue(file)) } else { Err(sorted(faults)) }
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

/// Reads facts and holds them against a standard.
///
/// # Errors
/// All that is wrong with their syntax and shape, or, where these are right, all that does not fit the standard.
pub fn read_facts(bytes: &[u8], whole: &Whole) -> Result<Facts, Vec<LineFault>> {
    let tree = parse(bytes)?;
    let facts: Facts = typed(&tree)?;
    let places = Places(tree);
    let faults: Vec<LineFault> = facts.check(whole).into_iter().map(|fault| places.locate(fault)).collect();
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

fn typed<T: DeserializeOwned + JsonSchema>(tree: &Tree) -> Result<T, Vec<LineFault>> {
    let (value, faults) = shape::fit(shape_of::<T>().as_value(), tree);
    if !faults.is_empty() {
        return Err(sorted(faults));
    }
    into_type(value, tree.line)
}

fn into_type<T: DeserializeOwned>(value: serde_json::Value, line: usize) -> Result<T, Vec<LineFault>> {
    serde_json::from_value(value).map_err(|error| {
        vec![LineFault {
            line,
            path: String::new(),
            zh: format!("内容不合要求：{error}"),
            en: format!("it is not what is expected: {error}"),
        }]
    })
}

fn sorted(mut faults: Vec<LineFault>) -> Vec<LineFault> {
    faults.sort_by_key(|fault| fault.line);
    faults
}
