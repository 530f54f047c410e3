//! Pdf with a text layer.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Source, Unreadable};

/// Fewer visible characters a page than this, and the pages are pictures.
const CHARACTERS_A_PAGE: usize = 10;

pub(super) fn extract(name: &str, bytes: &[u8]) -> Result<Source, Unreadable> {
    let damaged = Unreadable::Damaged { what: "pdf" };
    // The library trusts what a file says of itself in places; a broken file must end here and nowhere else.
    let read = catch_unwind(AssertUnwindSafe(|| pdf_extract::extract_text_from_mem_by_pages(bytes)));
    let pages = match read {
        Ok(Ok(pages)) => pages,
        Ok(Err(error)) => {
            let said = error.to_string().to_lowercase();
            let locked = ["password", "decrypt", "encrypt"].iter().any(|word| said.contains(word));
            return Err(if locked { Unreadable::Encrypted } else { damaged });
        }
        Err(_panic) => return Err(damaged),
    };
    let visible: usize = pages.iter().map(|page| page.chars().filter(|c| !c.is_whitespace()).count()).sum();
    if visible < CHARACTERS_A_PAGE * pages.len().max(1) {
        return Err(Unreadable::NoTextLayer);
    }
    let lines = pages.iter().flat_map(|page| page.lines()).map(str::trim).filter(|line| !line.is_empty());
    let text: String = lines.flat_map(|line| [line, "\n"]).collect();
    Ok(Source::plain(name, &text))
}
