//! Typesetting: a typst source, its data and the files beside it in, a PDF out.
//!
//! A source sees what it is given and nothing else: no network, no packages, no folder of the machine, no clock. What it
//! can do is use time and memory without end, so whoever sets the source of somebody else does it in a process of its
//! own, with limits: [`Task`] and [`Answer`] are what such a process reads and writes.

mod fonts;
mod world;

use std::collections::BTreeMap;

pub use fonts::{Fonts, OFFICIAL, Role};
use serde::{Deserialize, Serialize};
use typst::{diag::SourceDiagnostic, foundations::Smart, syntax::Source};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;
use world::Desk;

/// What a source is called in faults, and what others import it as.
pub const MAIN: &str = "main.typ";

/// What is to be set.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Task {
    pub source: String,
    /// Texts that the source may read or import, by name: `data.json`. `fonts.typ` is always there.
    pub files: BTreeMap<String, String>,
}

/// What is wrong with a source, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// [`MAIN`], or the name of a file beside it.
    pub file: String,
    /// From 1; None where it concerns the whole.
    pub line: Option<usize>,
    /// What typst says, in English.
    pub message: String,
    pub hints: Vec<String>,
}

/// Why nothing was set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Trouble {
    #[error("{} faults in the source", .0.len())]
    Faulty(Vec<Fault>),
    /// No font of the machine has Chinese characters; these families were looked for.
    #[error("no font has Chinese characters; install the package {package}, or one of: {}", .looked_for.join(", "))]
    NoChineseFont { looked_for: Vec<String>, package: String },
}

/// How a process that sets one [`Task`] answers, in front of the PDF's bytes.
pub type Answer = Result<(), Trouble>;

/// The Debian package whose fonts are good enough where none of the official ones is there.
pub const PACKAGE: &str = "fonts-noto-cjk";

/// Sets a source.
///
/// # Errors
/// All faults that typst finds, and a machine without a Chinese font.
pub fn typeset(task: &Task, fonts: &Fonts) -> Result<Vec<u8>, Trouble> {
    let Some(families) = fonts.families() else {
        let looked_for = fonts::looked_for().map(str::to_owned).collect();
        return Err(Trouble::NoChineseFont { looked_for, package: PACKAGE.to_owned() });
    };
    let desk = Desk::lay(task, &families, fonts)?;
    let faulty = |faults: &[SourceDiagnostic]| {
        Trouble::Faulty(faults.iter().map(|fault| fault_of(&desk, fault)).collect())
    };
    let document = typst::compile::<PagedDocument>(&desk).output.map_err(|faults| faulty(&faults))?;
    // The same source and data give the same bytes: nothing of the machine or the moment goes in.
    let options = PdfOptions { creator: Smart::Custom(Some("城镜".to_owned())), ..PdfOptions::default() };
    typst_pdf::pdf(&document, &options).map_err(|faults| faulty(&faults))
}

fn fault_of(desk: &Desk<'_>, fault: &SourceDiagnostic) -> Fault {
    use typst::{World, WorldExt};
    // A fault inside a file that was imported is told where the source called it, when there is such a place.
    let place = fault.span.id().and_then(|id| {
        let range = desk.range(fault.span)?;
        let source: Source = desk.source(id).ok()?;
        Some((id, source.lines().byte_to_line(range.start)? + 1))
    });
    let file = place.map_or(MAIN, |(id, _)| id.get().vpath().get_without_slash());
    Fault {
        file: file.to_owned(),
        line: place.map(|(_, line)| line),
        message: fault.message.to_string(),
        hints: fault.hints.iter().map(|hint| hint.v.to_string()).collect(),
    }
}
