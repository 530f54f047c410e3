//! A standard written as a file, so that what was edited as a form can be read, kept and taken elsewhere as one.

use chengjing_domain::standard::{Node, Standard, edition::node};
use serde_json::{Map, Value};

use super::{File, read};

/// In which order the fields of anything are written; others follow by name.
const ORDER: &[&str] = &[
    "id",
    "edition",
    "code",
    "title",
    "about",
    "text",
    "marks",
    "capped",
    "levels",
    "uses",
    "window",
    "rounding",
    "unknown",
    "method",
    "requirements",
    "criteria",
    "questions",
    "groups",
    "statistic",
    "combine",
    "weight",
    "average",
    "form",
    "expression",
    "from",
    "above",
    "up_to",
    "below",
    "grade",
    "name",
    "option",
    "kind",
    "of",
    "grading",
    "steps",
    "linear",
    "otherwise",
    "counts",
    "gates",
    "negative_list",
    "bonus",
    "contributions",
    "sampling",
    "measures",
    "children",
    "tree",
    "catalogue",
];

/// What stands in lines of its own; everything else is short enough for one.
const IN_LINES: &[&str] = &[
    "uses",
    "tree",
    "children",
    "measures",
    "catalogue",
    "site_types",
    "criteria",
    "requirements",
    "questions",
    "statistics",
    "filings",
    "options",
    "exceptions",
    "gates",
    "negative_list",
    "bonus",
    "honours",
    "contributions",
    "sampling",
];

/// What need not be written, because it is so where nothing is said.
const UNSAID: &[(&str, &str)] = &[
    ("combine", "all"),
    ("average", "cells"),
    ("proof", "photo"),
    ("absent", "not_applicable"),
    ("unknown", "nothing"),
    ("counted", "met"),
];

/// The file of a standard. Reading it gives the same standard.
pub fn write(standard: &Standard) -> String {
    let mut text = String::new();
    if let Ok(Value::Object(fields)) = serde_json::to_value(standard) {
        write_fields(&mut text, &fields, 0, false);
    }
    text
}

/// The file `source` with the edition of `changed`, all other lines as they were; written anew where that can't be done in
/// place.
pub fn with_edition(source: &str, changed: &Standard) -> String {
    let edition = format!("edition: {}", scalar(&changed.edition, true));
    let line = |line: &str| if line.starts_with("edition:") { edition.clone() } else { line.to_owned() };
    let text: Vec<String> = source.lines().map(line).collect();
    fitting(text.join("\n") + "\n", changed)
}

/// The file `source` with the place of that code as it is in `changed`, all lines of other places as they were; written anew
/// where that can't be done in place.
pub fn with_place(source: &str, changed: &Standard, code: &str) -> String {
    let place = || {
        let Ok(File::Standard(before, places)) = read(source.as_bytes()) else { return None };
        let path = place_of(&before.tree, code)?;
        let lines: Vec<&str> = source.lines().collect();
        let first = places.tree.line_of(&path).checked_sub(1)?;
        let indent = indent_of(lines.get(first)?);
        if !lines[first].trim_start().starts_with("- ") {
            return None;
        }
        let outside = |line: &&str| !line.trim().is_empty() && indent_of(line) <= indent;
        let last = lines.iter().skip(first + 1).position(outside).map_or(lines.len(), |n| first + 1 + n);
        let Ok(Value::Object(fields)) = serde_json::to_value(node(&changed.tree, code)?) else { return None };
        let mut own = String::new();
        write_fields(&mut own, &fields, indent + 2, true);
        let (before, after) = (lines[..first].join("\n"), lines[last..].join("\n"));
        Some(format!("{before}\n{}- {own}{after}\n", " ".repeat(indent)))
    };
    fitting(place().unwrap_or_default(), changed)
}

/// The file `source` with the site types of `changed`, all other lines as they were where the file had no catalogue of its own;
/// written anew where it had.
pub fn with_site_types(source: &str, changed: &Standard) -> String {
    let catalogue = || {
        let Ok(Value::Object(mut fields)) = serde_json::to_value(changed) else { return None };
        fields.retain(|name, _| name == "catalogue");
        let mut own = String::new();
        write_fields(&mut own, &fields, 0, false);
        let gap = if source.ends_with('\n') { "" } else { "\n" };
        Some(format!("{source}{gap}{own}"))
    };
    fitting(catalogue().unwrap_or_default(), changed)
}

/// A text that says this standard, or the standard written anew.
fn fitting(text: String, standard: &Standard) -> String {
    match read(text.as_bytes()) {
        Ok(File::Standard(said, _)) if *said == *standard => text,
        _ => write(standard),
    }
}

/// The place with that code in a tree, as faults name it: `tree[0].children[2]`.
pub fn place_of(tree: &[Node], code: &str) -> Option<String> {
    fn below(tree: &[Node], code: &str, path: &str) -> Option<String> {
        tree.iter().enumerate().find_map(|(n, one)| {
            let here = format!("{path}[{n}]");
            if one.code == code {
                Some(here)
            } else {
                below(&one.children, code, &format!("{here}.children"))
            }
        })
    }
    below(tree, code, "tree")
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The fields of a map, each in a line; `begun`: the first stands behind a dash.
fn write_fields(text: &mut String, fields: &Map<String, Value>, indent: usize, mut begun: bool) {
    let place = |name: &str| ORDER.iter().position(|known| *known == name).unwrap_or(ORDER.len());
    let said = |(name, value): &(&String, &Value)| {
        let plain = |value: &Value| UNSAID.iter().any(|(key, unsaid)| key == name && value == unsaid);
        let binary = *name == "scale" && **value == serde_json::json!({ "form": "binary" });
        !plain(value) && !binary
    };
    let mut all: Vec<(&String, &Value)> = fields.iter().filter(said).collect();
    all.sort_by_key(|(name, _)| (place(name), (*name).clone()));
    for (name, value) in all {
        if !std::mem::take(&mut begun) {
            text.push_str(&" ".repeat(indent));
        }
        text.push_str(name);
        text.push(':');
        let in_lines = IN_LINES.contains(&name.as_str());
        match value {
            Value::Array(items) if in_lines && items.iter().any(Value::is_object) => {
                text.push('\n');
                for item in items {
                    text.push_str(&format!("{}- ", " ".repeat(indent + 2)));
                    match item {
                        Value::Object(fields) if !fields.is_empty() => {
                            write_fields(text, fields, indent + 4, true);
                        }
                        other => text.push_str(&format!("{}\n", flow(other, name))),
                    }
                }
            }
            Value::Object(fields) if in_lines && !fields.is_empty() => {
                text.push('\n');
                write_fields(text, fields, indent + 2, false);
            }
            other => text.push_str(&format!(" {}\n", flow(other, name))),
        }
    }
}

/// A value in one line.
fn flow(value: &Value, name: &str) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| flow(item, name)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) if fields.is_empty() => "{}".to_owned(),
        Value::Object(fields) => {
            let place = |name: &str| ORDER.iter().position(|known| *known == name).unwrap_or(ORDER.len());
            let mut all: Vec<(&String, &Value)> = fields.iter().collect();
            all.sort_by_key(|(name, _)| (place(name), (*name).clone()));
            let all: Vec<String> =
                all.into_iter().map(|(name, value)| format!("{name}: {}", flow(value, name))).collect();
            format!("{{ {} }}", all.join(", "))
        }
        Value::String(word) => scalar(word, name == "edition"),
        other => other.to_string(),
    }
}

/// A text as it can stand in a file: as it is where nothing in it could be taken for something else.
fn scalar(text: &str, always_quoted: bool) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_/.%、。，；：（）·≥≤ ".contains(c);
    let word =
        matches!(text.to_ascii_lowercase().as_str(), "null" | "true" | "false" | "yes" | "no" | "on" | "off");
    let begins = text.chars().next().is_some_and(char::is_alphanumeric);
    // Before a comma or a bracket, a dash after a blank would be read as the beginning of an entry.
    let entry = text.ends_with(' ') || text.contains(" -");
    if !always_quoted && begins && !word && !entry && text.chars().all(plain) {
        return text.to_owned();
    }
    Value::from(text).to_string()
}
