//! The zip around a template, opened with limits, and closed again.

use std::io::{Cursor, Read, Write};

use serde_json::Value;
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::{
    fault::{TemplateFault, Why},
    fill::Filler,
    tree,
};

/// More than any letter with its coat of arms.
const PART: u64 = 16 << 20;
const WHOLE: u64 = 64 << 20;
const PARTS: usize = 1_000;

/// Fills a docx template in. The same template and data give the same bytes.
///
/// # Errors
/// All faults of the template at once.
pub fn fill_docx(template: &[u8], data: &Value) -> Result<Vec<u8>, Vec<TemplateFault>> {
    let damaged = || vec![TemplateFault::whole(Why::Damaged)];
    let mut archive = ZipArchive::new(Cursor::new(template)).map_err(|_| damaged())?;
    if archive.len() > PARTS {
        return Err(vec![TemplateFault::whole(Why::TooLarge)]);
    }
    if archive.index_for_name("word/document.xml").is_none() {
        return Err(damaged());
    }
    let mut filler = Filler::new(data);
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    // No moment of its own, or two copies would differ.
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    let mut total = 0;
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(|_| damaged())?;
        if file.is_dir() {
            continue;
        }
        let name = file.name().map_err(|_| damaged())?.into_owned();
        let mut bytes = Vec::new();
        // The size that the archive claims is anybody's; what comes out is counted.
        file.take(PART + 1).read_to_end(&mut bytes).map_err(|_| damaged())?;
        total += bytes.len() as u64;
        if bytes.len() as u64 > PART || total > WHOLE {
            return Err(vec![TemplateFault::whole(Why::TooLarge)]);
        }
        filler.faults.extend(unsafe_part(&name, &bytes));
        if is_text(&name) {
            let text = String::from_utf8(bytes).ok();
            let Some(nodes) = text.as_deref().and_then(tree::parse) else {
                filler.faults.push(TemplateFault { part: name, paragraph: 0, why: Why::Damaged });
                continue;
            };
            bytes = tree::write(&filler.part(&name, nodes)).map_err(|_| damaged())?;
        }
        out.start_file(name, options).map_err(|_| damaged())?;
        out.write_all(&bytes).map_err(|_| damaged())?;
    }
    let whole = out.finish().map_err(|_| damaged())?.into_inner();
    if filler.faults.is_empty() { Ok(whole) } else { Err(filler.faults) }
}

/// Whether people write in that part.
fn is_text(name: &str) -> bool {
    let Some(name) = name.strip_prefix("word/").and_then(|name| name.strip_suffix(".xml")) else {
        return false;
    };
    name == "document"
        || ["header", "footer", "footnotes", "endnotes"].iter().any(|start| name.starts_with(start))
}

/// What would run, or be fetched from elsewhere, when somebody opens the document.
fn unsafe_part(name: &str, bytes: &[u8]) -> Option<TemplateFault> {
    let fault = |what: &str| Some(TemplateFault::whole(Why::Unsafe(what.to_owned())));
    let lower = name.to_lowercase();
    if lower.contains("vbaproject") || lower.contains("vbadata") {
        return fault("宏 (macros)");
    }
    if lower.contains("activex") || lower.contains("embeddings/") {
        return fault("嵌入对象 (embedded objects)");
    }
    if lower.ends_with(".rels") {
        let text = String::from_utf8_lossy(bytes);
        let external = text.split("<Relationship ").any(|relation| {
            relation.contains("TargetMode=\"External\"") && !relation.contains("/relationships/hyperlink\"")
        });
        if external {
            return fault("外部链接的内容 (content from elsewhere)");
        }
    }
    None
}
