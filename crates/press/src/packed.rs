//! Several documents in one file.

use std::{
    io::{self, Cursor, Write},
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{Datelike, NaiveDate};
use zip::{
    CompressionMethod, ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

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

/// Packs files into one zip piece by piece. What is packed so far is taken away by [`Packer::take`], so that nothing grows
/// with the files but the list of their names.
#[derive(Debug)]
pub struct Packer {
    zip: ZipWriter<StreamWriter<Drain>>,
    drain: Drain,
    day: zip::DateTime,
}

/// What was written and not taken away yet.
#[derive(Debug, Clone, Default)]
struct Drain(Arc<Mutex<Vec<u8>>>);

impl Write for Drain {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Packer {
    /// All that is packed carries that day.
    pub fn new(day: NaiveDate) -> Self {
        let of = |number: u32| u8::try_from(number).unwrap_or(1);
        let year = u16::try_from(day.year()).unwrap_or_default();
        let stamp = zip::DateTime::from_date_and_time(year, of(day.month()), of(day.day()), 0, 0, 0);
        let drain = Drain::default();
        Self { zip: ZipWriter::new_stream(drain.clone()), drain, day: stamp.unwrap_or_default() }
    }

    /// Begins a file of so many bytes, and ends the one before. Photographs, videos and documents are compressed already,
    /// so everything is packed as it is.
    ///
    /// # Errors
    /// Where there is one of that name.
    pub fn begin(&mut self, name: &str, size: u64) -> Result<(), PressError> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(self.day)
            .large_file(size >= u64::from(u32::MAX));
        Ok(self.zip.start_file(name, options)?)
    }

    /// Goes on with the file that was begun.
    ///
    /// # Errors
    /// Where none was, or it becomes larger than was said.
    pub fn piece(&mut self, bytes: &[u8]) -> Result<(), PressError> {
        self.zip.write_all(bytes).map_err(PressError::Docx)
    }

    /// What came to be since it was asked last.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut *self.drain.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The end of the zip: what was not taken yet, with the list of all names.
    ///
    /// # Errors
    /// Where the list can't be written.
    pub fn end(self) -> Result<Vec<u8>, PressError> {
        let Self { zip, drain, .. } = self;
        zip.finish()?;
        Ok(std::mem::take(&mut *drain.0.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use zip::ZipArchive;

    use super::*;

    #[test]
    fn what_is_packed_piece_by_piece_is_found_again_and_nothing_is_held_meanwhile() {
        const FILES: u32 = 3_000;
        let day = NaiveDate::from_ymd_opt(2026, 5, 6).expect("a day");
        let piece = |number: u32| number.to_le_bytes().repeat(256);
        let mut packer = Packer::new(day);
        let (mut whole, mut most) = (Vec::new(), 0);
        for number in 0..FILES {
            packer.begin(&format!("卷宗/{number:04}_照片.jpg"), 2_048).expect("a name");
            for _ in 0..2 {
                packer.piece(&piece(number)).expect("a piece");
                let some = packer.take();
                most = some.len().max(most);
                whole.extend(some);
            }
        }
        whole.extend(packer.end().expect("an end"));
        assert!(most < 2_048, "at most a piece and a head at a time: {most}");
        let mut archive = ZipArchive::new(Cursor::new(whole)).expect("a zip");
        assert_eq!(archive.len(), 3_000);
        let mut file = archive.by_name("卷宗/2999_照片.jpg").expect("a file");
        let mut read = Vec::new();
        file.read_to_end(&mut read).expect("its bytes");
        assert_eq!(read, [piece(2_999), piece(2_999)].concat());
        assert_eq!(file.last_modified().map(|at| (at.year(), at.month(), at.day())), Some((2026, 5, 6)));
    }
}
