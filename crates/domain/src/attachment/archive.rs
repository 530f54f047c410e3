//! What an archive says it holds, from its directory alone: nothing is unpacked.
//!
//! Offsets and lengths are those of PKWARE's APPNOTE, 4.3.12 and 4.3.16.

use std::ops::Range;

use super::{MediaKind, NotTaken};

/// A directory longer than this names some fifty thousand files.
pub const LONGEST_DIRECTORY: u64 = 4 << 20;

/// Unpacked bytes that an archive may promise in any case, and at most.
const HARMLESS: u64 = 200 << 20;
const MOST_UNPACKED: u64 = 4 << 30;
/// Beyond [`HARMLESS`], this many times its packed size is no document any more but a bomb.
const MOST_TIMES: u64 = 100;

const END: &[u8] = b"PK\x05\x06";
const END_LENGTH: usize = 22;
const ENTRY: &[u8] = b"PK\x01\x02";
const ENTRY_LENGTH: usize = 46;

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?).into())
}

/// Where the directory of an archive of `size` bytes stands, by its last bytes; None where they are no archive's end.
pub fn directory(tail: &[u8], size: u64) -> Option<Range<u64>> {
    let last = tail.len().checked_sub(END_LENGTH)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    (first..=last).rev().find_map(|at| {
        let end = tail.get(at..).filter(|end| end.starts_with(END))?;
        // Its comment must reach to the last byte, or the signature is part of something else.
        if at + END_LENGTH + usize::from(short(end, 20)?) != tail.len() {
            return None;
        }
        let (length, start) = (long(end, 12)?, long(end, 16)?);
        let here = size.checked_sub(u64::try_from(tail.len() - at).ok()?)?;
        let range = start..start.checked_add(length)?;
        (range.end <= here).then_some(range)
    })
}

/// What kind of file an archive of `size` bytes with this directory is.
///
/// # Errors
/// [`NotTaken`] where it would unpack without end, names files outside of itself, or holds programs.
pub fn judge(directory: &[u8], size: u64) -> Result<MediaKind, NotTaken> {
    let (mut packed, mut unpacked) = (0_u64, 0_u64);
    let mut seen = Seen::default();
    let mut at = 0;
    while at < directory.len() {
        let entry =
            directory.get(at..).filter(|entry| entry.starts_with(ENTRY)).ok_or(NotTaken::BrokenArchive)?;
        let read = || -> Option<(u64, u64, usize, usize)> {
            let name = usize::from(short(entry, 28)?);
            let rest = usize::from(short(entry, 30)?) + usize::from(short(entry, 32)?);
            Some((long(entry, 20)?, long(entry, 24)?, name, rest))
        };
        let (small, large, name_length, rest) = read().ok_or(NotTaken::BrokenArchive)?;
        let name = entry.get(ENTRY_LENGTH..ENTRY_LENGTH + name_length).ok_or(NotTaken::BrokenArchive)?;
        packed = packed.saturating_add(small);
        unpacked = unpacked.saturating_add(large);
        seen.note(name)?;
        at += ENTRY_LENGTH + name_length + rest;
    }
    // Entries that share their bytes promise more than the file has: the bomb that needs no nesting.
    if packed > size || unpacked > MOST_UNPACKED || (unpacked > HARMLESS && unpacked / MOST_TIMES > size) {
        return Err(NotTaken::Bomb);
    }
    seen.kind()
}

/// The names that tell archives apart.
#[derive(Debug, Default)]
struct Seen {
    types: bool,
    word: bool,
    sheets: bool,
    slides: bool,
    macros: bool,
    program: bool,
}

impl Seen {
    fn note(&mut self, name: &[u8]) -> Result<(), NotTaken> {
        let leaves = name.split(|byte| matches!(byte, b'/' | b'\\')).any(|part| part == b"..");
        let rooted = matches!(name, [b'/' | b'\\', ..]) || matches!(name, [_, b':', ..]);
        if leaves || rooted || name.contains(&0) {
            return Err(NotTaken::UnsafeNames);
        }
        self.types |= name == b"[Content_Types].xml";
        self.word |= name == b"word/document.xml";
        self.sheets |= name == b"xl/workbook.xml";
        self.slides |= name == b"ppt/presentation.xml";
        self.macros |= name.ends_with(b"vbaProject.bin");
        self.program |= name == b"AndroidManifest.xml" || name == b"META-INF/MANIFEST.MF";
        Ok(())
    }

    fn kind(&self) -> Result<MediaKind, NotTaken> {
        if self.macros {
            return Err(NotTaken::Macros);
        }
        if self.program {
            return Err(NotTaken::Program);
        }
        Ok(match (self.types, self.word, self.sheets, self.slides) {
            (true, true, ..) => MediaKind::Docx,
            (true, _, true, _) => MediaKind::Xlsx,
            (true, .., true) => MediaKind::Pptx,
            _ => MediaKind::Zip,
        })
    }
}

/// An archive of entries (name, packed, unpacked) whose bytes are all zero, for tests.
#[cfg(test)]
pub(super) fn made_of(entries: &[(&str, u32, u32)]) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.resize(64, 0);
    let start = bytes.len();
    for (name, packed, unpacked) in entries {
        let mut entry = ENTRY.to_vec();
        entry.resize(ENTRY_LENGTH, 0);
        entry[20..24].copy_from_slice(&packed.to_le_bytes());
        entry[24..28].copy_from_slice(&unpacked.to_le_bytes());
        let length = u16::try_from(name.len()).expect("a short name");
        entry[28..30].copy_from_slice(&length.to_le_bytes());
        entry.extend(name.as_bytes());
        bytes.extend(entry);
    }
    let (start, length) =
        (u32::try_from(start).expect("small"), u32::try_from(bytes.len() - start).expect("small"));
    let mut end = END.to_vec();
    end.resize(END_LENGTH, 0);
    end[12..16].copy_from_slice(&length.to_le_bytes());
    end[16..20].copy_from_slice(&start.to_le_bytes());
    bytes.extend(end);
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn judged(entries: &[(&str, u32, u32)]) -> Result<MediaKind, NotTaken> {
        let bytes = made_of(entries);
        let size = bytes.len() as u64;
        let range = directory(&bytes, size).expect("its directory");
        let range = usize::try_from(range.start).expect("small")..usize::try_from(range.end).expect("small");
        judge(&bytes[range], size)
    }

    #[test]
    fn an_archive_is_what_its_directory_says() {
        use MediaKind as K;
        let types = ("[Content_Types].xml", 1, 1);
        type Entries<'a> = &'a [(&'a str, u32, u32)];
        let cases: &[(Entries<'_>, Result<MediaKind, NotTaken>)] = &[
            (&[types, ("word/document.xml", 1, 9)], Ok(K::Docx)),
            (&[("xl/workbook.xml", 1, 9), types], Ok(K::Xlsx)),
            (&[types, ("ppt/presentation.xml", 1, 9)], Ok(K::Pptx)),
            (&[("word/document.xml", 1, 9)], Ok(K::Zip)),
            (&[("照片/整治后.jpg", 5, 5)], Ok(K::Zip)),
            (&[], Ok(K::Zip)),
            (&[types, ("word/document.xml", 1, 9), ("word/vbaProject.bin", 1, 1)], Err(NotTaken::Macros)),
            (&[("AndroidManifest.xml", 1, 1)], Err(NotTaken::Program)),
            (&[("../../etc/cron.d/x", 1, 1)], Err(NotTaken::UnsafeNames)),
            (&[("a/..\\b", 1, 1)], Err(NotTaken::UnsafeNames)),
            (&[("/etc/passwd", 1, 1)], Err(NotTaken::UnsafeNames)),
            (&[("C:\\windows", 1, 1)], Err(NotTaken::UnsafeNames)),
            (&[("a..b/c", 1, 1)], Ok(K::Zip)),
            (&[("zeros", 20, u32::MAX)], Err(NotTaken::Bomb)),
            (&[("zeros", 20, 150 << 20)], Ok(K::Zip)),
            (&[("a", 100, 100), ("b", 100, 100), ("c", 100, 100)], Err(NotTaken::Bomb)),
        ];
        for (entries, expected) in cases {
            assert_eq!(judged(entries), *expected, "{entries:?}");
        }
    }

    #[test]
    fn only_a_whole_end_is_an_end() {
        let whole = made_of(&[("a", 1, 1)]);
        let size = whole.len() as u64;
        assert!(directory(&whole, size).is_some());
        assert_eq!(directory(&whole[..whole.len() - 1], size - 1), None);
        assert_eq!(directory(&[&whole[..], b"x"].concat(), size + 1), None, "something follows");
        assert_eq!(directory(b"PK", 2), None);
        let mut torn = whole.clone();
        torn[70] ^= 0xff;
        torn[64] = b'x';
        assert_eq!(judge(&torn[64..torn.len() - END_LENGTH], size), Err(NotTaken::BrokenArchive));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), size in any::<u64>()) {
            let mut like = b"PK\x01\x02".to_vec();
            like.extend(&bytes);
            let _ = judge(&like, size);
            let mut end = bytes;
            end.extend(b"PK\x05\x06");
            end.resize(end.len() + 18, 0);
            if let Some(range) = directory(&end, end.len() as u64) {
                prop_assert!(range.start <= range.end && range.end <= end.len() as u64);
            }
        }
    }
}
