//! The running text of a document: what is counted and printed of it.

use chengjing_domain::attachment::MediaKind;

use super::{CONTINUED_CELL, Unreadable, extract, refused};

/// The text of a document as it stands on its pages: a paragraph or a row of a table is a line.
///
/// # Errors
/// [`Unreadable`]; [`Unreadable::UnknownKind`] for kinds that are no running text, [`Unreadable::Empty`] where there is none.
pub fn running_text(kind: MediaKind, bytes: &[u8]) -> Result<String, Unreadable> {
    if !matches!(kind, MediaKind::Text | MediaKind::Docx | MediaKind::Pdf) {
        return Err(refused(bytes).unwrap_or(Unreadable::UnknownKind));
    }
    let text = extract("", bytes)?.text;
    // A document of pictures alone has a text that nobody can read here.
    if text.trim().is_empty() {
        return Err(Unreadable::Empty);
    }
    if kind == MediaKind::Text || !text.contains(CONTINUED_CELL) {
        return Ok(text);
    }
    // The mark of a cell that goes on is ours, and on no page.
    let mut ditto = [0; 4];
    let ditto: &str = CONTINUED_CELL.encode_utf8(&mut ditto);
    let line = |line: &str| -> String {
        let cells: Vec<&str> = line.split('\t').map(|cell| if cell == ditto { "" } else { cell }).collect();
        cells.join("\t")
    };
    Ok(text.lines().map(line).collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use chengjing_domain::evidence::limit::characters;
    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn docx(body: &str) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let document = format!("<w:document><w:body>{body}</w:body></w:document>");
        zip.start_file("word/document.xml", SimpleFileOptions::default()).expect("a part");
        zip.write_all(document.as_bytes()).expect("its bytes");
        zip.finish().expect("a zip").into_inner()
    }

    #[test]
    fn a_document_has_as_many_characters_as_if_it_was_typed_and_what_is_no_text_is_refused() {
        let paragraph = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
        let cell = |merge: &str, text: &str| {
            format!("<w:tc><w:tcPr><w:vMerge{merge}/></w:tcPr>{}</w:tc>", paragraph(text))
        };
        let plain = |text: &str| format!("<w:tc>{}</w:tc>", paragraph(text));
        let first = cell(" w:val=\"restart\"", "甲乙") + &plain("丙");
        let second = cell("", "") + &plain("丁");
        let table = format!("<w:tbl><w:tr>{first}</w:tr><w:tr>{second}</w:tr></w:tbl>");
        for (kind, bytes, expected) in [
            (MediaKind::Text, "城 镜\r\n\t三字 ok".as_bytes().to_vec(), Ok(6)),
            (MediaKind::Text, vec![0xd6, 0xd0, 0xce, 0xc4], Ok(2)),
            (MediaKind::Docx, docx(&paragraph(&"城 ".repeat(1_500))), Ok(1_500)),
            (MediaKind::Docx, docx(&table), Ok(4)),
            (MediaKind::Docx, docx(&paragraph("  ")), Err(Unreadable::Empty)),
            (MediaKind::Docx, b"PK\x03\x04 cut off".to_vec(), Err(Unreadable::Damaged { what: "zip" })),
            (MediaKind::Pdf, b"%PDF-1.7 cut off".to_vec(), Err(Unreadable::Damaged { what: "pdf" })),
            (MediaKind::Jpeg, b"\xff\xd8\xff".to_vec(), Err(Unreadable::Picture)),
            (MediaKind::Xlsx, docx(""), Err(Unreadable::UnknownKind)),
        ] {
            let counted = running_text(kind, &bytes).map(|text| characters(&text));
            assert_eq!(counted, expected, "{kind:?}");
        }
    }
}
