//! Word documents: paragraphs with their automatic numbers, tables, tracked changes as accepted, text boxes.

mod body;
mod numbering;

use self::{body::Body, numbering::Numbering};
use super::{Source, Unreadable, archive::Archive};

pub(super) const DOCUMENT: &str = "word/document.xml";

pub(super) fn extract(name: &str, archive: &mut Archive<'_>) -> Result<Source, Unreadable> {
    let document = archive.part(DOCUMENT)?.ok_or(Unreadable::Damaged { what: "docx" })?;
    let definitions = archive.part("word/numbering.xml")?.unwrap_or_default();
    let styles = archive.part("word/styles.xml")?.unwrap_or_default();
    let numbering = Numbering::read(&definitions, &styles);
    let text = Body::read(&document, numbering)?;
    Ok(Source::plain(name, &text))
}
