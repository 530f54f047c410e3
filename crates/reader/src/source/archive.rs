//! The zip around docx and xlsx, opened with limits: what a plan needs and no bomb gets past.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::Unreadable;

/// More than any plan's text, far less than memory.
const PART: u64 = 64 << 20;
const PARTS: usize = 4_096;
const WHOLE: u64 = 256 << 20;

pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
}

impl<'a> Archive<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::Damaged { what: "zip" })?;
        if zip.len() > PARTS {
            return Err(Unreadable::TooLarge);
        }
        Ok(Self { zip })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
    }

    /// A part's bytes; None where there is none of that name.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, Unreadable> {
        let Some(index) = self.zip.index_for_name(name) else { return Ok(None) };
        let file = self.zip.by_index(index).map_err(|error| match error {
            zip::result::ZipError::InvalidPassword | zip::result::ZipError::UnsupportedArchive(_) => {
                Unreadable::Encrypted
            }
            _ => Unreadable::Damaged { what: "zip" },
        })?;
        let mut bytes = Vec::new();
        // The size that the archive claims is anybody's; what comes out is counted.
        file.take(PART + 1).read_to_end(&mut bytes).map_err(|_| Unreadable::Damaged { what: "zip" })?;
        if bytes.len() as u64 > PART { Err(Unreadable::TooLarge) } else { Ok(Some(bytes)) }
    }

    /// Whether everything in it together stays within what a plan may be; for parts that a library opens by itself.
    pub(super) fn check_whole(&mut self) -> Result<(), Unreadable> {
        let mut total = 0;
        for index in 0..self.zip.len() {
            let file = self.zip.by_index(index).map_err(|_| Unreadable::Damaged { what: "zip" })?;
            let copied = std::io::copy(&mut file.take(PART + 1), &mut std::io::sink());
            let size = copied.map_err(|_| Unreadable::Damaged { what: "zip" })?;
            total += size;
            if size > PART || total > WHOLE {
                return Err(Unreadable::TooLarge);
            }
        }
        Ok(())
    }
}
