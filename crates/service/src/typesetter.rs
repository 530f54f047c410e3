//! What use cases need of whoever sets documents. The binary brings one; it takes minutes to build, so that this room and
//! its tests do without.

use std::collections::BTreeMap;

use bytes::Bytes;
use futures_util::future::BoxFuture;

/// Sets typst sources as PDFs.
pub trait Typesetter: Send + Sync {
    /// Sets one source. It takes a core for a fraction of a second, and ends at some limit whatever the source does.
    fn set(&self, manuscript: Manuscript) -> BoxFuture<'_, Result<Bytes, Unset>>;
}

/// A source and what it may read or import, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manuscript {
    pub source: String,
    pub files: BTreeMap<String, String>,
}

/// A fault of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFault {
    /// The source itself, or a file beside it.
    pub file: String,
    /// From 1; None where it concerns the whole.
    pub line: Option<usize>,
    /// What typst says, in English.
    pub message: String,
}

/// Why a source was not set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unset {
    Faulty(Vec<SourceFault>),
    /// No font of the machine has Chinese characters.
    NoChineseFont {
        looked_for: Vec<String>,
        /// The package that brings one.
        package: String,
    },
    /// It took too much time or memory.
    OverLimits,
    /// What sets sources did not work.
    Failed(String),
}
