//! Pdf with a text layer. A library opens the container and its objects; what is drawn on the pages is followed here,
//! with a budget: a file of a few kilobytes may say that it draws for days.

mod cmap;
mod font;
mod page;
mod ruled;
mod rules;
mod sheet;
mod table;

use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::{Dictionary, Document, LoadOptions, Object};

use self::{
    page::{Budget, Drawer},
    table::{Pages, Text},
};
use super::{Source, Unreadable};
use crate::problem::{Problem, ProblemKind};

/// Fewer visible characters a page than this, and the pages are pictures.
const CHARACTERS_A_PAGE: usize = 10;

/// What the objects that are packed together may unpack to, in bytes.
const OBJECTS: usize = 64 << 20;

const DAMAGED: Unreadable = Unreadable::Damaged { what: "pdf" };

pub(super) fn extract(name: &str, bytes: &[u8]) -> Result<Source, Unreadable> {
    // The library trusts what a file says of itself in places; a broken file must end here and nowhere else.
    let text = catch_unwind(AssertUnwindSafe(|| text(bytes))).unwrap_or(Err(DAMAGED));
    // what is left of a file without its end has no text: that says nothing of the whole
    let cut_off = cut_off(bytes);
    let whole = !cut_off || super::find(bytes, b"%%EOF").is_some();
    let text = text.map_err(|why| if why == Unreadable::NoTextLayer && !whole { DAMAGED } else { why })?;
    // Rules show which cells are merged.
    let mut source = Source { merges_known: text.tables, ..Source::plain(name, &text.out) };
    for line in text.unruled {
        let kind = ProblemKind::Source {
            zh: "这里的表格没有读到框线，是逐行读取的，各栏文字可能混在一起；请对照原件核对，或上传 Word、Excel 原件"
                .to_owned(),
            en: "no rules were found around the table here; it was read line by line and its columns may be mixed: compare it \
                 with the original, or upload the Word or Excel file"
                .to_owned(),
        };
        source.problems.push(Problem { line, column: 1, kind });
    }
    if cut_off {
        let kind = ProblemKind::Source {
            zh: "文件不完整，可能没有传完，后面的文字可能缺失；请重新获取完整的文件".to_owned(),
            en: "the file is incomplete, perhaps not all of it was sent, and part of its text may be missing; get a fresh copy"
                .to_owned(),
        };
        source.problems.insert(0, Problem { line: 1, column: 1, kind });
    }
    Ok(source)
}

/// Does the file lack its end? What stands there says where everything is; without it objects are gathered one by one, as
/// many as there are.
fn cut_off(bytes: &[u8]) -> bool {
    /// Some programs write something behind the end.
    const TAIL: usize = 2048;
    let tail = &bytes[bytes.len().saturating_sub(TAIL)..];
    super::find(tail, b"%%EOF").is_none() && super::find(tail, b"startxref").is_none()
}

fn text(bytes: &[u8]) -> Result<Text, Unreadable> {
    // Each pack is limited by itself, so many packs share what all may have.
    let packs = super::count(bytes, b"ObjStm").clamp(1, 512);
    let options = LoadOptions { max_decompressed_size: Some(OBJECTS / packs), ..LoadOptions::default() };
    let document = Document::load_mem_with_options(bytes, options).map_err(|error| {
        let said = error.to_string().to_lowercase();
        let locked = ["password", "decrypt", "encrypt"].iter().any(|word| said.contains(word));
        if locked { Unreadable::Encrypted } else { DAMAGED }
    })?;
    // The library opens what the empty password opens, and leaves the rest as it is.
    if document.is_encrypted() {
        return Err(Unreadable::Encrypted);
    }
    let none = Dictionary::new();
    let mut budget = Budget::default();
    let mut read = Pages::default();
    let mut pages = 0_usize;
    for page in document.page_iter() {
        let Ok(dictionary) = document.get_dictionary(page) else { continue };
        pages += 1;
        let Some(content) = budget.page(&document, page) else { return Err(Unreadable::TooLarge) };
        let resources =
            inherited(&document, dictionary, b"Resources").and_then(|object| object.as_dict().ok());
        let drawer = Drawer::new(&document, &mut budget);
        let page = drawer.read(&content, resources.unwrap_or(&none), read.open());
        read.add(page);
        if budget.spent() {
            return Err(Unreadable::TooLarge);
        }
    }
    if pages == 0 {
        Err(DAMAGED)
    } else if read.visible < CHARACTERS_A_PAGE * pages {
        Err(Unreadable::NoTextLayer)
    } else {
        Ok(read.finish())
    }
}

/// What a page has not itself it has from the nodes above it.
fn inherited<'a>(document: &'a Document, page: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    let mut node = page;
    // Deeper than any tree of pages; a tree may be a ring.
    for _ in 0..64 {
        if let Ok(object) = node.get_deref(key, document) {
            return Some(object);
        }
        node = node.get_deref(b"Parent", document).ok()?.as_dict().ok()?;
    }
    None
}

#[cfg(test)]
mod tests {
    use lopdf::{EncryptionState, EncryptionVersion, Permissions, Stream, dictionary};

    use super::*;

    /// Pages with a line of text each.
    fn document(pages: &[&str]) -> Document {
        let mut document = Document::with_version("1.5");
        let tree = document.new_object_id();
        let font = document.add_object(dictionary! {
            "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier", "Encoding" => "WinAnsiEncoding",
        });
        let mut kids: Vec<Object> = Vec::new();
        let resources = document.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
        let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
        for text in pages {
            let drawing = format!("BT /F1 12 Tf 72 700 Td ({text}) Tj ET");
            let content = document.add_object(Stream::new(Dictionary::new(), drawing.into_bytes()));
            let page = document.add_object(dictionary! {
                "Type" => "Page", "Parent" => tree, "Contents" => content, "Resources" => resources,
            });
            kids.push(page.into());
        }
        let count = i64::try_from(kids.len()).expect("few pages");
        document
            .objects
            .insert(tree, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }.into());
        document.trailer.set("Root", catalog);
        let id = || Object::string_literal(vec![7_u8; 16]);
        document.trailer.set("ID", vec![id(), id()]);
        document
    }

    fn bytes(mut document: Document) -> Vec<u8> {
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).expect("written");
        bytes
    }

    #[test]
    fn a_file_that_asks_for_a_password_is_told_to_be_protected() {
        for (password, expected) in
            [("geheim", Err(Unreadable::Encrypted)), ("", Ok("a plan of ten duties\n"))]
        {
            let mut document = document(&["a plan of ten duties"]);
            let version = EncryptionVersion::V2 {
                document: &document,
                owner_password: "owner",
                user_password: password,
                key_length: 128,
                permissions: Permissions::all(),
            };
            let state = EncryptionState::try_from(version).expect("a state");
            document.encrypt(&state).expect("encrypted");
            let read = extract("a.pdf", &bytes(document)).map(|source| source.text);
            assert_eq!(read.as_deref().map_err(Clone::clone), expected);
        }
    }

    #[test]
    fn a_file_without_its_end_is_read_as_far_as_it_goes_and_said_to_be_incomplete() {
        let whole = bytes(document(&["the first page of a plan", "the second page of a plan"]));
        let source = extract("a.pdf", &whole).expect("reads");
        assert!(source.problems.is_empty(), "{:?}", source.problems);
        let end = whole.windows(9).position(|window| window == b"startxref").expect("an end");
        let source = extract("a.pdf", &whole[..end]).expect("reads");
        assert!(source.text.contains("the first page"), "{}", source.text);
        assert!(matches!(source.problems[..], [Problem { kind: ProblemKind::Source { .. }, .. }]));
        // Nothing is left that could be read.
        assert_eq!(extract("a.pdf", &whole[..200]).err(), Some(DAMAGED));
    }
}
