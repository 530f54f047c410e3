//! Several documents in one file.

use std::io::{Cursor, Write};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::PressError;

/// Packs documents under their names into one zip. The same ones give the same bytes.
///
/// # Errors
/// Where two have the same name, or together they are too large.
pub fn pack(documents: &[(String, Vec<u8>)]) -> Result<Vec<u8>, PressError> {
    // Docx and PDF are compressed already.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(zip::DateTime::default());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in documents {
        zip.start_file(name.as_str(), options)?;
        zip.write_all(bytes).map_err(PressError::Docx)?;
    }
    Ok(zip.finish()?.into_inner())
}
