//! Pdf with a text layer. A library opens the container and its objects; what is drawn on the pages is followed here,
//! with a budget: a file of a few kilobytes may say that it draws for days.

mod cmap;
mod font;
mod page;

use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::{Dictionary, Document, LoadOptions, Object};

use self::page::{Budget, Drawer};
use super::{Source, Unreadable};

/// Fewer visible characters a page than this, and the pages are pictures.
const CHARACTERS_A_PAGE: usize = 10;

/// What the objects that are packed together may unpack to, in bytes.
const OBJECTS: usize = 64 << 20;

const DAMAGED: Unreadable = Unreadable::Damaged { what: "pdf" };

pub(super) fn extract(name: &str, bytes: &[u8]) -> Result<Source, Unreadable> {
    // The library trusts what a file says of itself in places; a broken file must end here and nowhere else.
    let text = catch_unwind(AssertUnwindSafe(|| text(bytes))).unwrap_or(Err(DAMAGED))?;
    Ok(Source::plain(name, &text))
}

fn text(bytes: &[u8]) -> Result<String, Unreadable> {
    // Each pack is limited by itself, so many packs share what all may have.
    let packs = super::count(bytes, b"ObjStm").clamp(1, 512);
    let options = LoadOptions { max_decompressed_size: Some(OBJECTS / packs), ..LoadOptions::default() };
    let document = Document::load_mem_with_options(bytes, options).map_err(|error| {
        let said = error.to_string().to_lowercase();
        let locked = ["password", "decrypt", "encrypt"].iter().any(|word| said.contains(word));
        if locked { Unreadable::Encrypted } else { DAMAGED }
    })?;
    let none = Dictionary::new();
    let mut budget = Budget::default();
    let mut out = String::new();
    let (mut pages, mut visible) = (0_usize, 0_usize);
    for page in document.page_iter() {
        let Ok(dictionary) = document.get_dictionary(page) else { continue };
        pages += 1;
        let Some(content) = budget.page(&document, page) else { return Err(Unreadable::TooLarge) };
        let resources =
            inherited(&document, dictionary, b"Resources").and_then(|object| object.as_dict().ok());
        let mut drawer = Drawer::new(&document, &mut budget);
        drawer.run(&content, resources.unwrap_or(&none), 0);
        let lines = drawer.finish();
        visible += lines.chars().filter(|c| !c.is_whitespace()).count();
        for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
            out.push_str(line);
            out.push('\n');
        }
        if budget.spent() {
            return Err(Unreadable::TooLarge);
        }
    }
    if pages == 0 {
        Err(DAMAGED)
    } else if visible < CHARACTERS_A_PAGE * pages {
        Err(Unreadable::NoTextLayer)
    } else {
        Ok(out)
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
