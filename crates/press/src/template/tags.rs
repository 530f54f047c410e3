//! The words of a template: `{{unit}}`, `{{#each duties}} … {{/each}}`, `{{#if note}} … {{/if}}`, `{{#unless late}} … {{/unless}}`,
//! and `{{@number}}`, which counts from 1 inside `each`.

use serde_json::Value;

/// What opens and closes a part that is repeated or left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    Each,
    If,
    Unless,
}

impl Block {
    const ALL: [(Self, &'static str); 3] = [(Self::Each, "each"), (Self::If, "if"), (Self::Unless, "unless")];

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, own)| *own == word).map(|(block, _)| block)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tag {
    Value(String),
    Open(Block, String),
    Close(Block),
    /// It stands between braces and is none of them.
    Unknown,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Literal(&'a str),
    /// With its braces, as it stands there.
    Tag(&'a str, Tag),
    /// Braces that are opened and never closed.
    Broken(&'a str),
}

pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        if start > 0 {
            pieces.push(Piece::Literal(&rest[..start]));
        }
        let Some(length) = rest[start..].find("}}") else {
            pieces.push(Piece::Broken(&rest[start..]));
            return pieces;
        };
        let end = start + length + 2;
        pieces.push(Piece::Tag(&rest[start..end], read(&rest[start + 2..end - 2])));
        rest = &rest[end..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest));
    }
    pieces
}

fn read(inside: &str) -> Tag {
    let inside = inside.trim();
    let name = |word: &str| {
        let fine = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '@');
        Some(word.trim().to_owned()).filter(|word| !word.is_empty() && word.chars().all(fine))
    };
    if let Some(opened) = inside.strip_prefix('#') {
        let (word, rest) = opened.split_once(char::is_whitespace).unwrap_or((opened, ""));
        return match (Block::from_word(word), name(rest)) {
            (Some(block), Some(name)) => Tag::Open(block, name),
            _ => Tag::Unknown,
        };
    }
    if let Some(closed) = inside.strip_prefix('/') {
        return Block::from_word(closed.trim()).map_or(Tag::Unknown, Tag::Close);
    }
    name(inside).map_or(Tag::Unknown, Tag::Value)
}

/// The tag that a text is, where it is one and nothing else.
pub(super) fn only_tag(text: &str) -> Option<Tag> {
    match pieces(text.trim()).as_slice() {
        [Piece::Tag(_, tag)] => Some(tag.clone()),
        _ => None,
    }
}

/// The data that a tag sees: the item of the innermost `each`, then what stands around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) value: &'a Value,
    /// Which item of its list it is, from 1.
    pub(super) number: Option<usize>,
    pub(super) around: Option<&'a Scope<'a>>,
}

impl<'a> Scope<'a> {
    pub(super) fn of(value: &'a Value) -> Self {
        Self { value, number: None, around: None }
    }

    /// What a name stands for; None where there is nothing of that name.
    pub(super) fn lookup(&self, name: &str) -> Option<&'a Value> {
        let mut words = name.split('.');
        let first = words.next()?;
        let mut at = Some(self);
        let found = loop {
            let scope = at?;
            if let Some(found) = scope.value.get(first) {
                break found;
            }
            at = scope.around;
        };
        words.try_fold(found, |value, word| value.get(word))
    }

    /// The number of the innermost item.
    pub(super) fn number(&self) -> Option<usize> {
        self.number.or_else(|| self.around.and_then(Self::number))
    }
}

/// Whether a value counts as there: not nothing, not no, not empty, not zero.
pub(super) fn is_there(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(_) => true,
    }
}

/// A value as it is printed; None for lists and groups, which are not.
pub(super) fn printed(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(yes) => Some(if *yes { "是" } else { "否" }.to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tags_are_told_from_the_text_around_them() {
        let cases = [
            ("{{unit}}", Some(Tag::Value("unit".into()))),
            (" {{ unit }} ", Some(Tag::Value("unit".into()))),
            ("{{#each duties}}", Some(Tag::Open(Block::Each, "duties".into()))),
            ("{{ #if note }}", Some(Tag::Open(Block::If, "note".into()))),
            ("{{#unless late.more}}", Some(Tag::Open(Block::Unless, "late.more".into()))),
            ("{{/each}}", Some(Tag::Close(Block::Each))),
            ("{{@number}}", Some(Tag::Value("@number".into()))),
            ("{{#each}}", Some(Tag::Unknown)),
            ("{{#for duties}}", Some(Tag::Unknown)),
            ("{{unit + 1}}", Some(Tag::Unknown)),
            ("{{}}", Some(Tag::Unknown)),
            ("致{{unit}}", None),
            ("{{unit}}{{unit}}", None),
            ("{ {unit} }", None),
        ];
        for (text, expected) in cases {
            assert_eq!(only_tag(text), expected, "{text}");
        }
        assert_eq!(pieces("好{{unit"), [Piece::Literal("好"), Piece::Broken("{{unit")]);
    }

    #[test]
    fn names_are_looked_up_from_the_inside_out() {
        let (data, item) =
            (json!({ "unit": "县教育局", "year": 2026, "a": { "b": 1 } }), json!({ "unit": "城关镇" }));
        let outer = Scope::of(&data);
        let inner = Scope { value: &item, number: Some(3), around: Some(&outer) };
        assert_eq!(inner.lookup("unit"), Some(&json!("城关镇")));
        assert_eq!(inner.lookup("year"), Some(&json!(2026)));
        assert_eq!(inner.lookup("a.b"), Some(&json!(1)));
        assert_eq!((inner.lookup("a.c"), inner.lookup("none")), (None, None));
        assert_eq!((inner.number(), outer.number()), (Some(3), None));
    }
}
