//! Whole files from mutated parts. A fuzzer that had to invent a zip's checksums or a pdf's table of offsets would
//! never reach what lies behind them; so an input holds the parts alone, with a zero byte between them, and the
//! container is written around it. An input that begins like a file of its own is taken as it is.

use std::io::{Cursor, Write as _};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// The parts of a Word document, in the order in which an input holds them.
pub(crate) const DOCX: [&str; 3] = ["word/document.xml", "word/numbering.xml", "word/styles.xml"];

/// The parts of a workbook. What an input leaves out is filled in, so that most inputs get as far as a sheet.
pub(crate) const XLSX: [&str; 5] = [
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
];

const WORKBOOK: &str =
    r#"<workbook xmlns:r="r"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const RELATIONS: &str = r#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

pub(crate) fn zip(names: &[&str], input: &[u8]) -> Vec<u8> {
    if input.starts_with(b"PK") {
        return input.to_vec();
    }
    let mut given = input.split(|byte| *byte == 0);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for name in names {
        let part = match (given.next(), *name) {
            (Some(part), _) => part,
            (None, "xl/workbook.xml") => WORKBOOK.as_bytes(),
            (None, "xl/_rels/workbook.xml.rels") => RELATIONS.as_bytes(),
            (None, _) => continue,
        };
        // Writing to memory fails only for names that are not ours.
        zip.start_file(*name, stored).expect("a part's name");
        zip.write_all(part).expect("a part's bytes");
    }
    zip.finish().expect("a directory").into_inner()
}

/// Each piece is an object, the first the catalogue. In an object, what follows the first byte 1 is its stream, whose
/// length is written for it.
pub(crate) fn pdf(input: &[u8]) -> Vec<u8> {
    if input.starts_with(b"%PDF") {
        return input.to_vec();
    }
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in input.split(|byte| *byte == 0).enumerate() {
        offsets.push(file.len());
        file.extend(format!("{} 0 obj\n", index + 1).bytes());
        match object.iter().position(|byte| *byte == 1) {
            Some(at) => {
                let (dictionary, stream) = (&object[..at], &object[at + 1..]);
                file.extend(b"<<");
                file.extend(dictionary);
                file.extend(format!("/Length {}>>\nstream\n", stream.len()).bytes());
                file.extend(stream);
                file.extend(b"\nendstream");
            }
            None => file.extend(object),
        }
        file.extend(b"\nendobj\n");
    }
    let table = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1).bytes());
    for offset in &offsets {
        file.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    let size = offsets.len() + 1;
    file.extend(format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n").bytes());
    file
}
