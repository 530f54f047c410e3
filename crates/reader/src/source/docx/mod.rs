//! Word documents: paragraphs with their automatic numbers, tables, tracked changes as accepted, text boxes.

mod body;
mod headings;
mod numbering;

use self::{body::Body, numbering::Numbering};
pub(super) use self::{
    body::{Paragraph, Sink, Table},
    headings::Headings,
    numbering::Mark,
};
use super::{Source, Unreadable, archive::Archive};

pub(super) const DOCUMENT: &str = "word/document.xml";
const STYLES: &str = "word/styles.xml";

pub(super) fn extract(name: &str, archive: &mut Archive<'_>) -> Result<Source, Unreadable> {
    Ok(Source { merges_known: true, ..Source::plain(name, &walk(archive, String::new())?) })
}

/// Which paragraph styles are headings.
pub(super) fn headings(archive: &mut Archive<'_>) -> Result<Headings, Unreadable> {
    Ok(Headings::read(&archive.part(STYLES)?.unwrap_or_default()))
}

/// Hands the document to `sink`, and gives it back.
pub(super) fn walk<S: Sink>(archive: &mut Archive<'_>, sink: S) -> Result<S, Unreadable> {
    let document = archive.part(DOCUMENT)?.ok_or(Unreadable::Damaged { what: "docx" })?;
    let definitions = archive.part("word/numbering.xml")?.unwrap_or_default();
    let styles = archive.part(STYLES)?.unwrap_or_default();
    Body::read(&document, Numbering::read(&definitions, &styles), sink)
}
