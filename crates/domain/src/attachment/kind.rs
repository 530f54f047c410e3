use serde::{Deserialize, Serialize};

/// The kinds of files that are taken. The list is closed: whatever is not in it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    Jpeg,
    Png,
    Webp,
    Gif,
    Heic,
    Pdf,
    Docx,
    Xlsx,
    Pptx,
    /// What Office wrote before 2007 and WPS writes still: compound files.
    Office,
    Mp4,
    Mov,
    Text,
    Csv,
    Zip,
}

/// Kinds that are treated alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    Image,
    Document,
    Video,
    Text,
    Archive,
}

const MIB: u64 = 1 << 20;

impl Family {
    /// The most bytes that a file of it may have. A photograph of a hundred million pixels has some 40 MB, a minute
    /// of a phone's video some 100.
    pub fn limit(self) -> u64 {
        match self {
            Self::Image => 50 * MIB,
            Self::Document => 100 * MIB,
            Self::Video => 500 * MIB,
            Self::Text => 20 * MIB,
            Self::Archive => 200 * MIB,
        }
    }
}

use Family as F;
use MediaKind as K;

/// Kind, code, media type, endings (the first is the usual one).
const KINDS: &[(MediaKind, &str, &str, &[&str])] = &[
    (K::Jpeg, "jpeg", "image/jpeg", &["jpg", "jpeg", "jpe", "jfif"]),
    (K::Png, "png", "image/png", &["png"]),
    (K::Webp, "webp", "image/webp", &["webp"]),
    (K::Gif, "gif", "image/gif", &["gif"]),
    (K::Heic, "heic", "image/heic", &["heic", "heif"]),
    (K::Pdf, "pdf", "application/pdf", &["pdf"]),
    (K::Docx, "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"]),
    (K::Xlsx, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"]),
    (K::Pptx, "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", &["pptx"]),
    (K::Office, "office", "application/x-ole-storage", &["doc", "xls", "ppt", "wps", "et", "dps"]),
    (K::Mp4, "mp4", "video/mp4", &["mp4", "m4v", "3gp"]),
    (K::Mov, "mov", "video/quicktime", &["mov", "qt"]),
    (K::Text, "text", "text/plain", &["txt", "text", "log", "md"]),
    (K::Csv, "csv", "text/csv", &["csv", "tsv"]),
    (K::Zip, "zip", "application/zip", &["zip"]),
];

impl MediaKind {
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().map(|(kind, ..)| *kind)
    }

    fn row(self) -> (&'static str, &'static str, &'static [&'static str]) {
        let row = KINDS.iter().find(|(kind, ..)| *kind == self);
        row.map_or(("", "application/octet-stream", &[]), |(_, code, media_type, endings)| {
            (*code, *media_type, *endings)
        })
    }

    pub fn code(self) -> &'static str {
        self.row().0
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::all().find(|kind| kind.code() == code)
    }

    /// What a browser is told that it is.
    pub fn media_type(self) -> &'static str {
        self.row().1
    }

    /// Without the dot, in small letters.
    pub fn endings(self) -> &'static [&'static str] {
        self.row().2
    }

    pub fn from_ending(ending: &str) -> Option<Self> {
        Self::all().find(|kind| kind.endings().contains(&ending))
    }

    pub fn family(self) -> Family {
        match self {
            K::Jpeg | K::Png | K::Webp | K::Gif | K::Heic => F::Image,
            K::Pdf | K::Docx | K::Xlsx | K::Pptx | K::Office => F::Document,
            K::Mp4 | K::Mov => F::Video,
            K::Text | K::Csv => F::Text,
            K::Zip => F::Archive,
        }
    }

    /// Whether a browser may show it in place; everything else it saves. Only kinds in which nothing can run.
    pub fn shown_in_place(self) -> bool {
        matches!(self, K::Jpeg | K::Png | K::Webp | K::Gif | K::Heic | K::Pdf | K::Mp4 | K::Mov)
    }

    /// What people call it.
    pub fn zh(self) -> &'static str {
        match self.family() {
            F::Image => "图片",
            F::Video => "视频",
            F::Text => "文本",
            F::Archive => "压缩包",
            F::Document => match self {
                K::Pdf => "PDF",
                K::Xlsx => "表格",
                K::Pptx => "演示文稿",
                _ => "文档",
            },
        }
    }

    pub fn en(self) -> &'static str {
        match self.family() {
            F::Image => "an image",
            F::Video => "a video",
            F::Text => "a text",
            F::Archive => "an archive",
            F::Document => match self {
                K::Pdf => "a PDF",
                K::Xlsx => "a spreadsheet",
                K::Pptx => "a presentation",
                _ => "a document",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_code_a_type_and_endings_of_its_own() {
        let mut seen = Vec::new();
        for kind in MediaKind::all() {
            assert_eq!(MediaKind::from_code(kind.code()), Some(kind));
            assert_eq!(serde_json::to_value(kind).expect("a word"), kind.code());
            assert!(kind.media_type().contains('/'));
            assert!(!kind.endings().is_empty());
            for ending in kind.endings() {
                assert_eq!(MediaKind::from_ending(ending), Some(kind));
                assert!(!seen.contains(ending), "{ending} twice");
                seen.push(ending);
            }
        }
        assert_eq!(MediaKind::from_ending("exe"), None);
    }

    #[test]
    fn nothing_that_a_browser_could_run_is_shown_in_place() {
        let shown: Vec<&str> =
            MediaKind::all().filter(|kind| kind.shown_in_place()).map(MediaKind::media_type).collect();
        assert!(shown.iter().all(|kind| {
            kind.starts_with("image/") || kind.starts_with("video/") || *kind == "application/pdf"
        }));
        assert!(!shown.iter().any(|kind| kind.contains("svg") || kind.contains("html")));
    }
}
