//! Texts in cells. Most stand as they are; what the cell's language would take for something else, or what a spreadsheet
//! would not keep (blanks at the ends), stands in `"` with the escapes of JSON.

use super::fold;

/// Characters that a workbook's XML does not hold as they are.
fn unsafe_in_xml(c: char) -> bool {
    (c.is_control() && c != '\n') || matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{feff}')
}

/// A text in quotes, whether it needs them or not.
pub(in super::super) fn quote(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            // `_x000D_` is an escape of spreadsheets.
            '_' if text.contains("_x") => quoted.push_str("\\u005f"),
            c if unsafe_in_xml(c) => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn needs_quotes(text: &str) -> bool {
    text.is_empty()
        || text.trim() != text
        || text.starts_with('"')
        || text.contains("_x")
        || text.contains(unsafe_in_xml)
}

/// A text that may hold none of `signs`, in quotes where it does.
pub(super) fn name(text: &str, signs: &[char]) -> String {
    let sign = |c: char| c == '"' || c == '\n' || signs.contains(&fold(c));
    if needs_quotes(text) || text.contains(sign) { quote(text) } else { text.to_owned() }
}

/// What stands in quotes; None where it is no text in quotes.
pub(super) fn unquote(text: &str) -> Option<String> {
    let text = text.trim();
    if !text.starts_with('"') {
        return None;
    }
    serde_json::from_str(text).ok()
}

/// A text that is a cell of its own.
pub(in super::super) fn quoted_text(text: &str) -> String {
    if needs_quotes(text) { quote(text) } else { text.to_owned() }
}

pub(in super::super) fn unquoted_text(cell: &str) -> String {
    unquote(cell).unwrap_or_else(|| cell.trim().replace("\r\n", "\n"))
}

/// The parts of a text between signs outside of quotes.
pub(super) fn split(text: &str, sign: impl Fn(char) -> bool) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut from, mut inside, mut escaped) = (0, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            c if !inside && sign(c) => {
                parts.push(&text[from..at]);
                from = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

const BETWEEN: [char; 3] = ['、', ',', ';'];

pub(in super::super) fn list(texts: &[String]) -> String {
    texts.iter().map(|text| name(text, &BETWEEN)).collect::<Vec<_>>().join("、")
}

pub(in super::super) fn read_list(cell: &str) -> Vec<String> {
    entries(split(cell, |c| c == '\n' || BETWEEN.contains(&fold(c))))
}

pub(in super::super) fn lines(texts: &[String]) -> String {
    texts.iter().map(|text| name(text, &[])).collect::<Vec<_>>().join("\n")
}

pub(in super::super) fn read_lines(cell: &str) -> Vec<String> {
    entries(split(cell, |c| c == '\n'))
}

fn entries(parts: Vec<&str>) -> Vec<String> {
    let filled = parts.into_iter().map(str::trim).filter(|part| !part.is_empty());
    filled.map(unquoted_text).collect()
}
