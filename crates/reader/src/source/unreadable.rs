use std::fmt;

/// Why a document can't be read, and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    Empty,
    /// A scanned pdf: pictures of text, no text.
    NoTextLayer,
    /// A Word document of before 2007, or WPS's own format.
    OldWord,
    /// An Excel workbook of before 2007.
    OldExcel,
    Encrypted,
    /// The file is cut off or damaged.
    Damaged {
        what: &'static str,
    },
    /// It unpacks to more than any plan holds.
    TooLarge,
    /// A picture.
    Picture,
    /// A presentation, an archive, a program …
    UnknownKind,
}

impl Unreadable {
    pub fn zh(&self) -> impl fmt::Display + '_ {
        Zh(self)
    }

    pub fn en(&self) -> impl fmt::Display + '_ {
        En(self)
    }
}

struct Zh<'a>(&'a Unreadable);

struct En<'a>(&'a Unreadable);

impl fmt::Display for Zh<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Unreadable::Empty => f.write_str("文件是空的"),
            Unreadable::NoTextLayer => {
                f.write_str("这份 PDF 是扫描图片，没有文字；请换成 Word 原件，或先做文字识别(OCR)再上传")
            }
            Unreadable::OldWord => {
                f.write_str("这是旧版 Word(.doc)文件；请用 Word 或 WPS 打开后另存为 .docx 再上传")
            }
            Unreadable::OldExcel => {
                f.write_str("这是旧版 Excel(.xls)文件；请用 Excel 或 WPS 打开后另存为 .xlsx 再上传")
            }
            Unreadable::Encrypted => f.write_str("文件有密码保护；请去掉密码后再上传"),
            Unreadable::Damaged { what } => {
                write!(f, "文件不完整或已损坏({what})；请重新下载或另存一份再上传")
            }
            Unreadable::TooLarge => f.write_str("文件展开后太大，不像是一份方案；请只保留方案正文再上传"),
            Unreadable::Picture => f.write_str("这是图片；请上传 Word、PDF(可复制文字的)、Excel 或文本文件"),
            Unreadable::UnknownKind => f.write_str("不认识这种文件；请上传 docx、pdf、xlsx、txt 或网页 html"),
        }
    }
}

impl fmt::Display for En<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Unreadable::Empty => f.write_str("the file is empty"),
            Unreadable::NoTextLayer => f.write_str(
                "this PDF holds scanned pictures and no text; use the Word original, or run OCR first",
            ),
            Unreadable::OldWord => {
                f.write_str("this is an old Word file (.doc); save it as .docx and try again")
            }
            Unreadable::OldExcel => {
                f.write_str("this is an old Excel file (.xls); save it as .xlsx and try again")
            }
            Unreadable::Encrypted => {
                f.write_str("the file is protected by a password; remove it and try again")
            }
            Unreadable::Damaged { what } => {
                write!(f, "the file is cut off or damaged ({what}); get a fresh copy")
            }
            Unreadable::TooLarge => {
                f.write_str("the file unpacks to more than any plan holds; keep the plan alone")
            }
            Unreadable::Picture => {
                f.write_str("this is a picture; use Word, a PDF with text, Excel or plain text")
            }
            Unreadable::UnknownKind => {
                f.write_str("this kind of file is not known; use docx, pdf, xlsx, txt or html")
            }
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        En(self).fmt(f)
    }
}

impl std::error::Error for Unreadable {}
