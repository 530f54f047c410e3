//! YAML for people: fields in the order of the format, what goes without saying left out, short things on one line.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{MapAccess, SeqAccess, Visitor},
};

/// As far as a line may go, in columns of a terminal.
const WIDTH: usize = 110;

/// Lists whose entries are worth several lines each.
const LONG: [&str; 9] = [
    "tree",
    "children",
    "measures",
    "site_types",
    "criteria",
    "requirements",
    "filings",
    "questions",
    "gates",
];

/// Fields whose values are numbers, which the format keeps as decimals in texts.
const NUMBERS: [&str; 19] = [
    "above",
    "along",
    "at_least",
    "at_most",
    "below",
    "counts",
    "equal",
    "from",
    "full_at",
    "marks",
    "met_from",
    "missing",
    "off",
    "otherwise",
    "partly",
    "share",
    "up_to",
    "weight",
    "zero_at",
];

/// What a field is where it is left out.
const GOES_WITHOUT_SAYING: [(&str, &str); 12] = [
    ("absent", r#""not_applicable""#),
    ("average", r#""cells""#),
    ("catalogue", "{}"),
    ("combine", r#""all""#),
    ("counted", r#""met""#),
    (
        "grades",
        r#"[{"name":"A","counts":"1"},{"name":"B","counts":"0.66"},{"name":"C","counts":"0.33"},{"name":"D","counts":"0"}]"#,
    ),
    ("otherwise", r#""0""#),
    ("proof", r#""photo""#),
    ("quota", "{}"),
    ("scale", r#"{"form":"binary"}"#),
    ("this_round", "false"),
    ("unknown", r#""nothing""#),
];

/// A standard or a catalogue as YAML.
///
/// # Errors
/// Never for those; whatever else is not JSON.
pub fn to_yaml<T: Serialize>(document: &T) -> Result<String, serde_json::Error> {
    let ordered: Ordered = serde_json::from_str(&serde_json::to_string(document)?)?;
    let mut text = String::new();
    if let Ordered::Map(fields) = &ordered {
        block_map(&mut text, fields, 0, true);
    }
    Ok(text)
}

/// JSON whose fields keep their order.
#[derive(Debug, Clone, PartialEq)]
enum Ordered {
    Null,
    Plain(String),
    Text(String),
    List(Vec<Self>),
    Map(Vec<(String, Self)>),
}

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Ordered;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }
            fn visit_bool<E>(self, value: bool) -> Result<Ordered, E> {
                Ok(Ordered::Plain(value.to_string()))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Ordered, E> {
                Ok(Ordered::Plain(value.to_string()))
            }
            fn visit_str<E>(self, value: &str) -> Result<Ordered, E> {
                Ok(Ordered::Text(value.to_owned()))
            }
            fn visit_unit<E>(self) -> Result<Ordered, E> {
                Ok(Ordered::Null)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Ordered, A::Error> {
                let mut list = Vec::new();
                while let Some(value) = access.next_element()? {
                    list.push(value);
                }
                Ok(Ordered::List(list))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Ordered, A::Error> {
                let mut map = Vec::new();
                while let Some((name, value)) = access.next_entry::<String, Ordered>()? {
                    if !goes_without_saying(&name, &value) {
                        map.push((name, value));
                    }
                }
                Ok(Ordered::Map(map))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

fn goes_without_saying(name: &str, value: &Ordered) -> bool {
    let default = GOES_WITHOUT_SAYING.iter().find(|(field, _)| *field == name);
    default.is_some_and(|(_, default)| json(value) == *default)
}

/// As compact JSON, in which the defaults are written.
fn json(value: &Ordered) -> String {
    let joined = |parts: Vec<String>| parts.join(",");
    match value {
        Ordered::Null => "null".to_owned(),
        Ordered::Plain(text) => text.clone(),
        Ordered::Text(text) => quoted(text),
        Ordered::List(list) => format!("[{}]", joined(list.iter().map(json).collect())),
        Ordered::Map(map) => {
            let fields = map.iter().map(|(name, value)| format!("{}:{}", quoted(name), json(value)));
            format!("{{{}}}", joined(fields.collect()))
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A value on one line.
fn line(name: &str, value: &Ordered) -> String {
    match value {
        Ordered::Null => "null".to_owned(),
        Ordered::Plain(text) => text.clone(),
        Ordered::Text(text) => scalar(name, text),
        Ordered::List(list) => {
            let entries: Vec<String> = list.iter().map(|one| line(name, one)).collect();
            format!("[{}]", entries.join(", "))
        }
        Ordered::Map(map) if map.is_empty() => "{}".to_owned(),
        Ordered::Map(map) => {
            let fields: Vec<String> =
                map.iter().map(|(name, value)| format!("{}: {}", key(name), line(name, value))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
    }
}

/// A field's name. Where YAML 1.1 is read, `off` would be a boolean.
fn key(name: &str) -> &str {
    if name == "off" { "\"off\"" } else { name }
}

fn scalar(name: &str, text: &str) -> String {
    if NUMBERS.contains(&name) && is_number(text) {
        return text.to_owned();
    }
    if is_plain(text) { text.to_owned() } else { quoted_for_yaml(text) }
}

fn is_number(text: &str) -> bool {
    let bare = text.strip_prefix('-').unwrap_or(text);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match bare.split_once('.') {
        Some((whole, rest)) => digits(whole) && digits(rest),
        None => digits(bare),
    }
}

/// Whether a text needs no quotes, in a list on one line either. Rather too few than one too many.
fn is_plain(text: &str) -> bool {
    let letter = |c: char| c.is_alphabetic() || matches!(c, '〔' | '“' | '《' | '(');
    let inside = |c: char| {
        c.is_alphanumeric()
            || matches!(
                c,
                '-' | '_'
                    | '/'
                    | '.'
                    | '*'
                    | '+'
                    | '%'
                    | ' '
                    | '('
                    | ')'
                    | ';'
                    | '='
                    | '≥'
                    | '≤'
                    | '–'
                    | '—'
                    | '·'
            )
            || matches!(c, '\u{3001}'..='\u{301f}' | '\u{ff01}'..='\u{ff60}' | '“' | '”' | '‘' | '’' | '…')
    };
    const WORDS: [&str; 8] = ["true", "false", "null", "yes", "no", "on", "off", "y"];
    let lower = text.to_lowercase();
    text.starts_with(letter)
        && text.chars().all(inside)
        && !text.ends_with(' ')
        // Before a comma or a bracket, such a dash would be read as the beginning of an entry.
        && !text.contains(" -")
        && !WORDS.contains(&lower.as_str())
        && !matches!(lower.as_str(), "n" | ".nan" | ".inf")
}

/// In double quotes, with what JSON leaves as it is and YAML breaks lines at.
fn quoted_for_yaml(text: &str) -> String {
    let mut all = String::new();
    for c in quoted(text).chars() {
        match c {
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
                all.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => all.push(c),
        }
    }
    all
}

/// Columns of a terminal: a Chinese character takes two.
fn columns(text: &str) -> usize {
    text.chars().map(|c| if u32::from(c) < 0x1100 { 1 } else { 2 }).sum()
}

/// Whether a value goes on the line of its name.
fn fits(name: &str, value: &Ordered, used: usize) -> bool {
    let entries =
        matches!(value, Ordered::List(list) if list.iter().any(|one| matches!(one, Ordered::Map(_))));
    let empty = matches!(value, Ordered::List(list) if list.is_empty());
    let long = entries && (LONG.contains(&name) || depth(value) > 3);
    empty || (!long && used + columns(&line(name, value)) <= WIDTH)
}

fn depth(value: &Ordered) -> usize {
    match value {
        Ordered::List(list) => 1 + list.iter().map(depth).max().unwrap_or(0),
        Ordered::Map(map) => 1 + map.iter().map(|(_, value)| depth(value)).max().unwrap_or(0),
        _ => 0,
    }
}

/// The fields of a map, a line each; `first`: the line has not been begun.
fn block_map(text: &mut String, fields: &[(String, Ordered)], indent: usize, first: bool) {
    for (n, (name, value)) in fields.iter().enumerate() {
        if n > 0 || first {
            text.push_str(&" ".repeat(indent));
        }
        text.push_str(key(name));
        text.push(':');
        // Whole lists of a file's own begin on lines of their own.
        let whole = indent == 0
            && matches!(value, Ordered::List(list) if list.iter().any(|one| matches!(one, Ordered::Map(_))));
        if !whole && fits(name, value, indent + name.len() + 2) || is_scalar(value) {
            text.push(' ');
            text.push_str(&line(name, value));
            text.push('\n');
            continue;
        }
        text.push('\n');
        match value {
            Ordered::List(list) => block_list(text, name, list, indent + 2),
            Ordered::Map(map) => block_map(text, map, indent + 2, true),
            Ordered::Null | Ordered::Plain(_) | Ordered::Text(_) => {}
        }
    }
}

fn is_scalar(value: &Ordered) -> bool {
    matches!(value, Ordered::Null | Ordered::Plain(_) | Ordered::Text(_))
}

fn block_list(text: &mut String, name: &str, list: &[Ordered], indent: usize) {
    /// Entries of these are told in several lines, however short.
    const TALL: [&str; 6] = ["tree", "children", "measures", "site_types", "requirements", "questions"];
    for value in list {
        text.push_str(&" ".repeat(indent));
        text.push_str("- ");
        match value {
            Ordered::Map(map)
                if !map.is_empty()
                    && (TALL.contains(&name)
                        || name == "criteria"
                        || indent + 2 + columns(&line(name, value)) > WIDTH) =>
            {
                block_map(text, map, indent + 2, false);
            }
            value => {
                text.push_str(&line(name, value));
                text.push('\n');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_things_stand_on_one_line_and_what_could_be_misread_in_quotes() {
        let document = serde_json::json!({
            "edition": "2026", "marks": "30.5", "title": "甲: 乙", "unknown": "nothing", "about": "一\n二",
            "levels": ["项目", "no", "- x", "", "a, b"], "window": { "months": 12, "this_round": false },
            "gates": [{ "title": "门槛", "of": { "node": "Ⅰ-1" }, "at_least": "85" }],
        });
        let text = to_yaml(&document).expect("yaml");
        let lines = [
            r#"about: "一\n二""#,
            r#"edition: "2026""#,
            "gates:",
            "  - { at_least: 85, of: { node: Ⅰ-1 }, title: 门槛 }",
            r#"levels: [项目, "no", "- x", "", "a, b"]"#,
            "marks: 30.5",
            r#"title: "甲: 乙""#,
            "window: { months: 12 }",
        ];
        assert_eq!(text, lines.join("\n") + "\n");
    }
}
