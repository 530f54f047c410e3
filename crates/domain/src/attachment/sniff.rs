//! What a file is by its own bytes, and whether that is taken.

use serde::{Deserialize, Serialize};

use super::{Family, MediaKind, archive, name};

/// First bytes of a file that are looked at.
pub const HEAD: usize = 64 << 10;
/// Last bytes: an archive's end with the longest comment.
pub const TAIL: usize = 66 << 10;

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum NotTaken {
    Empty,
    TooLarge {
        limit: u64,
    },
    /// Something that runs.
    Program,
    /// A web page or an SVG: a browser would run what is in it.
    Markup,
    /// None of the kinds that are taken.
    Unknown,
    /// Its name says one thing, its bytes another.
    Mismatch {
        named: MediaKind,
        found: MediaKind,
    },
    /// Two files in one, so that one program sees what another does not.
    Polyglot,
    /// It would unpack without end.
    Bomb,
    BrokenArchive,
    /// An archive whose files would be written outside of it.
    UnsafeNames,
    Macros,
}

impl NotTaken {
    pub fn zh(&self) -> String {
        match self {
            Self::Empty => "文件是空的".into(),
            Self::TooLarge { limit } => format!("文件太大，最多{} MB", limit >> 20),
            Self::Program => "不接收可执行文件".into(),
            Self::Markup => "不接收网页或 SVG 文件，请另存为图片或 PDF".into(),
            Self::Unknown => "不接收这种文件，请用图片、视频、PDF、Word、Excel、PPT、WPS、文本或 zip".into(),
            Self::Mismatch { named, found } => {
                format!("文件名写的是{}，内容却是{}，请核对后再传", named.zh(), found.zh())
            }
            Self::Polyglot => "文件里夹带了另一个文件，请重新拍摄或另存后再传".into(),
            Self::Bomb => "压缩包解开后过大，请拆分或直接上传里面的文件".into(),
            Self::BrokenArchive => "压缩包或文档已损坏，请重新保存后再传".into(),
            Self::UnsafeNames => "压缩包里的文件名不安全，请重新打包".into(),
            Self::Macros => "文档带有宏，请另存为不带宏的格式".into(),
        }
    }

    pub fn en(&self) -> String {
        match self {
            Self::Empty => "the file is empty".into(),
            Self::TooLarge { limit } => format!("the file is too large; at most {} MB", limit >> 20),
            Self::Program => "programs are not taken".into(),
            Self::Markup => "web pages and SVG are not taken; save it as an image or a PDF".into(),
            Self::Unknown => {
                "this kind of file is not taken; use an image, a video, PDF, Word, Excel, PowerPoint, WPS, text or zip"
                    .into()
            }
            Self::Mismatch { named, found } => {
                format!("by its name it is {}, by its content {}", named.en(), found.en())
            }
            Self::Polyglot => "another file is hidden in it; take the picture again or save it anew".into(),
            Self::Bomb => "the archive would unpack to far too much; split it, or upload what is in it".into(),
            Self::BrokenArchive => "the archive or document is damaged; save it anew".into(),
            Self::UnsafeNames => "the names in the archive are not safe; pack it anew".into(),
            Self::Macros => "the document has macros; save it without them".into(),
        }
    }
}

/// What is read of a file to tell what it is.
#[derive(Debug, Clone, Default)]
pub struct Extract {
    /// In bytes, the whole file.
    pub size: u64,
    /// The first [`HEAD`] bytes, or all.
    pub head: Vec<u8>,
    /// The last [`TAIL`] bytes, or all.
    pub tail: Vec<u8>,
    /// The bytes that [`archive::directory`] names, where it names any.
    pub directory: Option<Vec<u8>>,
}

/// What a name claims, before a byte has come; None where it claims nothing.
///
/// # Errors
/// [`NotTaken`] where nothing of that name would be taken.
pub fn claimed(name: &str) -> Result<Option<MediaKind>, NotTaken> {
    const PROGRAMS: &[&str] = &[
        "exe", "com", "bat", "cmd", "msi", "scr", "pif", "ps1", "vbs", "vbe", "js", "jse", "wsf", "wsh",
        "hta", "lnk", "reg", "dll", "sh", "jar", "apk", "app", "dmg", "deb", "rpm", "py", "php", "jsp",
        "asp", "aspx", "docm", "xlsm", "pptm",
    ];
    const MARKUP: &[&str] =
        &["svg", "svgz", "html", "htm", "xhtml", "xht", "xml", "xsl", "mhtml", "mht", "shtml"];
    let Some(ending) = name::ending(name) else { return Ok(None) };
    let ending = ending.as_str();
    if PROGRAMS.contains(&ending) {
        Err(NotTaken::Program)
    } else if MARKUP.contains(&ending) {
        Err(NotTaken::Markup)
    } else {
        MediaKind::from_ending(ending).map(Some).ok_or(NotTaken::Unknown)
    }
}

/// What a file is, whose name claims `claim`.
///
/// # Errors
/// [`NotTaken`].
pub fn judge(claim: Option<MediaKind>, file: &Extract) -> Result<MediaKind, NotTaken> {
    if file.size == 0 {
        return Err(NotTaken::Empty);
    }
    let is_archive = file.head.starts_with(b"PK\x03\x04") || file.head.starts_with(b"PK\x05\x06");
    let found = if is_archive {
        let Some(directory) = file.directory.as_deref() else {
            // One that is too long to be read is there all the same.
            let there = archive::directory(&file.tail, file.size).is_some();
            return Err(if there { NotTaken::Bomb } else { NotTaken::BrokenArchive });
        };
        archive::judge(directory, file.size)?
    } else {
        let found = by_head(&file.head, claim)?;
        let hides = archive::directory(&file.tail, file.size).is_some();
        // Text that quotes markup is text; a picture that holds it was made to be taken for a page.
        let binary = !matches!(found.family(), Family::Text);
        if hides || (binary && has_markup(&file.head[..file.head.len().min(1_024)])) {
            return Err(NotTaken::Polyglot);
        }
        found
    };
    if fits(claim, found) {
        if file.size > found.family().limit() {
            return Err(NotTaken::TooLarge { limit: found.family().limit() });
        }
        Ok(found)
    } else {
        Err(claim.map_or(NotTaken::Unknown, |named| NotTaken::Mismatch { named, found }))
    }
}

/// Phones and chat programs rename pictures and videos among their own kind; everything else is what it says.
fn fits(claim: Option<MediaKind>, found: MediaKind) -> bool {
    let Some(claim) = claim else {
        // Whatever has no ending must at least be told apart by its bytes alone.
        return !matches!(found, MediaKind::Office);
    };
    let alike = matches!(found.family(), Family::Image | Family::Video | Family::Text);
    claim == found
        || (alike && claim.family() == found.family())
        // Office writes today's documents under yesterday's endings, and yesterday's under today's where a password
        // protects them.
        || (claim.family() == Family::Document && found.family() == Family::Document && claim != MediaKind::Pdf && found != MediaKind::Pdf)
}

fn by_head(head: &[u8], claim: Option<MediaKind>) -> Result<MediaKind, NotTaken> {
    use MediaKind as K;
    let brand = || head.get(8..12).unwrap_or_default();
    match head {
        [0xff, 0xd8, 0xff, ..] => Ok(K::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(K::Png),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Ok(K::Gif),
        [b'R', b'I', b'F', b'F', ..] if brand() == b"WEBP" => Ok(K::Webp),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => match brand() {
            b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" | b"mif1" | b"msf1" => Ok(K::Heic),
            b"qt  " => Ok(K::Mov),
            b"isom" | b"iso2" | b"iso4" | b"iso5" | b"iso6" | b"mp41" | b"mp42" | b"avc1" | b"M4V "
            | b"MSNV" | b"mmp4" | b"dash" => Ok(K::Mp4),
            [b'3', b'g', ..] => Ok(K::Mp4),
            _ => Err(NotTaken::Unknown),
        },
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => Ok(K::Office),
        [b'M', b'Z', ..]
        | [0x7f, b'E', b'L', b'F', ..]
        | [b'#', b'!', ..]
        | [0xca, 0xfe, 0xba, 0xbe, ..]
        | [0xfe, 0xed, 0xfa, 0xce | 0xcf, ..]
        | [0xce | 0xcf, 0xfa, 0xed, 0xfe, ..]
        | [0x4c, 0, 0, 0, 1, 0x14, 2, 0, ..] => Err(NotTaken::Program),
        _ if head.starts_with(b"%PDF-") => Ok(K::Pdf),
        _ => text(head, claim),
    }
}

fn text(head: &[u8], claim: Option<MediaKind>) -> Result<MediaKind, NotTaken> {
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let wide = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    let begins = |word: &[u8]| start.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
    if [&b"<?xml"[..], b"<!doctype", b"<html", b"<svg", b"<script", b"<head", b"<body", b"<?php"]
        .into_iter()
        .any(begins)
        || (!wide && has_markup(&head[..head.len().min(1_024)]) && start.first() == Some(&b'<'))
    {
        return Err(NotTaken::Markup);
    }
    let control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1a);
    if !wide && head.iter().any(control) {
        return Err(NotTaken::Unknown);
    }
    Ok(if claim == Some(MediaKind::Csv) { MediaKind::Csv } else { MediaKind::Text })
}

fn has_markup(bytes: &[u8]) -> bool {
    [&b"<script"[..], b"<html", b"<svg", b"<iframe", b"<?php"]
        .into_iter()
        .any(|word| bytes.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn extract(bytes: &[u8]) -> Extract {
        let size = bytes.len() as u64;
        let tail = &bytes[bytes.len().saturating_sub(TAIL)..];
        let directory = archive::directory(tail, size).map(|range| {
            let at = |n: u64| usize::try_from(n).expect("small");
            bytes[at(range.start)..at(range.end)].to_vec()
        });
        Extract { size, head: bytes[..bytes.len().min(HEAD)].to_vec(), tail: tail.to_vec(), directory }
    }

    fn check(name: &str, bytes: &[u8], expected: Result<MediaKind, NotTaken>) {
        let found = claimed(name).and_then(|claim| judge(claim, &extract(bytes)));
        assert_eq!(found, expected, "{name}");
    }

    const JPEG: &[u8] = b"\xff\xd8\xff\xe1\0\x18Exif\0\0";
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR";
    const OFFICE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0";

    #[test]
    fn what_a_file_is_is_told_by_its_bytes() {
        use MediaKind as K;
        let docx = archive::made_of(&[("[Content_Types].xml", 1, 1), ("word/document.xml", 1, 1)]);
        let zip = archive::made_of(&[("a.txt", 1, 1)]);
        check("a.jpg", JPEG, Ok(K::Jpeg));
        check("无后缀", JPEG, Ok(K::Jpeg));
        check("a.png", JPEG, Ok(K::Jpeg));
        check("a.JPG", PNG, Ok(K::Png));
        check("a.gif", b"GIF89a\x01\0\x01\0", Ok(K::Gif));
        check("a.webp", b"RIFF\x10\0\0\0WEBPVP8 ", Ok(K::Webp));
        check("IMG_1.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0", Ok(K::Heic));
        check("IMG_1.jpg", b"\0\0\0\x18ftypmif1\0\0\0\0", Ok(K::Heic));
        check("a.mov", b"\0\0\0\x14ftypqt  \0\0\0\0", Ok(K::Mov));
        check("a.mp4", b"\0\0\0\x18ftypisom\0\0\0\0", Ok(K::Mp4));
        check("a.pdf", b"%PDF-1.7\n%\xe2\xe3", Ok(K::Pdf));
        check("a.docx", &docx, Ok(K::Docx));
        check("a.zip", &zip, Ok(K::Zip));
        check("a.doc", OFFICE, Ok(K::Office));
        check("台账.et", OFFICE, Ok(K::Office));
        check("带密码.docx", OFFICE, Ok(K::Office));
        check("a.doc", &docx, Ok(K::Docx));
        check("a.txt", "整改情况\r\n一、".as_bytes(), Ok(K::Text));
        check("gbk.csv", b"\xc4\xe3\xba\xc3,1\n", Ok(K::Csv));
        check("记事本.txt", b"\xff\xfea\0<\0", Ok(K::Text));
        check("a.txt", b"1 < 2 and <script> is quoted", Ok(K::Text));
    }

    #[test]
    fn what_is_not_what_it_says_or_could_run_is_refused() {
        use NotTaken as N;
        let zip = archive::made_of(&[("a.txt", 1, 1)]);
        let bomb = archive::made_of(&[("zeros", 20, u32::MAX)]);
        let mismatch = |named, found| Err(N::Mismatch { named, found });
        check("a.exe", b"MZ", Err(N::Program));
        check("a.jpg", b"MZ\x90\0", Err(N::Program));
        check("a.txt", b"#!/bin/sh\n", Err(N::Program));
        check("无后缀", b"\x7fELF\x02", Err(N::Program));
        check("a.svg", b"<svg/>", Err(N::Markup));
        check(
            "a.png",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            Err(N::Markup),
        );
        check("a.jpg", b"\xef\xbb\xbf  <!DOCTYPE html><script>", Err(N::Markup));
        check("a.txt", b"<!-- x --><svg onload=alert(1)>", Err(N::Markup));
        check("a.jpg", b"%PDF-1.7\n", mismatch(MediaKind::Jpeg, MediaKind::Pdf));
        check("a.pdf", JPEG, mismatch(MediaKind::Pdf, MediaKind::Jpeg));
        check("a.docx", &zip, mismatch(MediaKind::Docx, MediaKind::Zip));
        check("a.pdf", OFFICE, mismatch(MediaKind::Pdf, MediaKind::Office));
        check("无后缀", OFFICE, Err(N::Unknown));
        check("a.rar", b"Rar!\x1a\x07", Err(N::Unknown));
        check("无后缀", b"Rar!\x1a\x07\x01\0", Err(N::Unknown));
        check("a.txt", b"a\0b", Err(N::Unknown));
        check("a.gif", b"GIF89a/*\x01\0*/=1;<script src=x></script>", Err(N::Polyglot));
        check("a.jpg", &[JPEG, &zip[..]].concat()[..], Err(N::Polyglot));
        check("a.zip", &bomb, Err(N::Bomb));
        check("a.docx", b"PK\x03\x04torn", Err(N::BrokenArchive));
        check("a.jpg", b"", Err(N::Empty));
    }

    #[test]
    fn a_file_has_the_limit_of_what_it_is() {
        let mut large = extract(JPEG);
        large.size = Family::Image.limit() + 1;
        assert_eq!(judge(Some(MediaKind::Jpeg), &large), Err(NotTaken::TooLarge { limit: 50 << 20 }));
        large.size -= 1;
        assert_eq!(judge(Some(MediaKind::Jpeg), &large), Ok(MediaKind::Jpeg));
    }

    #[test]
    fn every_refusal_speaks_both_languages_and_can_be_stored() {
        use NotTaken as N;
        for refusal in [
            N::Empty,
            N::TooLarge { limit: 50 << 20 },
            N::Program,
            N::Markup,
            N::Unknown,
            N::Polyglot,
            N::Bomb,
            N::BrokenArchive,
            N::UnsafeNames,
            N::Macros,
            N::Mismatch { named: MediaKind::Jpeg, found: MediaKind::Pdf },
        ] {
            assert!(!refusal.en().is_empty() && refusal.zh().chars().any(|c| c > '\u{4e00}'));
            let stored = serde_json::to_string(&refusal).expect("stored");
            assert_eq!(serde_json::from_str::<NotTaken>(&stored).expect("read"), refusal);
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), at in 0..8_usize) {
            let starts: [&[u8]; 8] = [b"", b"PK\x03\x04", JPEG, PNG, b"\0\0\0\x18ftyp", b"%PDF-", b"GIF89a", b"RIFF"];
            let _ = judge(None, &extract(&[starts[at], &bytes[..]].concat()));
        }
    }
}
