//! A tree against the shape that the domain's types have: every fault at once, and a value that those types can take.
//!
//! The shape is the JSON Schema that is generated from the types, so that the two can't differ. Of the schema language it
//! knows what that generator writes.

use rust_decimal::Decimal;
use serde_json::{Map, Value as Json};

use super::{
    LineFault,
    tree::{Tree, Value},
};

struct Shape<'a> {
    root: &'a Json,
    faults: Vec<LineFault>,
}

/// What of a tree fits a schema, and all that does not.
pub(super) fn fit(schema: &Json, tree: &Tree) -> (Json, Vec<LineFault>) {
    let mut shape = Shape { root: schema, faults: Vec::new() };
    let value = shape.fit(schema, tree, "");
    (value, shape.faults)
}

impl<'a> Shape<'a> {
    fn fault(&mut self, line: usize, path: &str, zh: impl Into<String>, en: impl Into<String>) {
        self.faults.push(LineFault { line, path: path.to_owned(), zh: zh.into(), en: en.into() });
    }

    fn fit(&mut self, schema: &'a Json, tree: &Tree, path: &str) -> Json {
        let schema = self.definition(schema);
        if has_type(schema, "null") && is_null(tree) {
            return Json::Null;
        }
        if let Some(choices) = list(schema, "anyOf") {
            if is_null(tree) {
                return Json::Null;
            }
            // A value that may be missing: the other choice is null.
            let other = choices.iter().find(|choice| !has_type(choice, "null"));
            return other.map_or(Json::Null, |choice| self.fit(choice, tree, path));
        }
        if let Some(choices) = list(schema, "oneOf") {
            return self.choose(choices, tree, path);
        }
        if let Some(words) = list(schema, "enum") {
            let words: Vec<&str> = words.iter().filter_map(Json::as_str).collect();
            return self.word(&words, tree, path);
        }
        if let Some(word) = schema.get("const").and_then(Json::as_str) {
            return self.word(&[word], tree, path);
        }
        if has_type(schema, "object") {
            self.object(schema, tree, path)
        } else if has_type(schema, "array") {
            self.list(schema, tree, path)
        } else if has_type(schema, "boolean") {
            self.truth(tree, path)
        } else if has_type(schema, "integer") {
            self.whole_number(tree, path)
        } else if has_type(schema, "number") {
            self.decimal(tree, path)
        } else {
            self.text(schema, tree, path)
        }
    }

    fn definition(&self, schema: &'a Json) -> &'a Json {
        let named = schema.get("$ref").and_then(Json::as_str).and_then(|name| name.strip_prefix("#/$defs/"));
        named.and_then(|name| self.root.get("$defs")?.get(name)).unwrap_or(schema)
    }

    /// One of several: words, or maps that one field tells apart.
    fn choose(&mut self, choices: &'a [Json], tree: &Tree, path: &str) -> Json {
        let Value::Map(map) = &tree.value else {
            let words: Vec<&str> = choices
                .iter()
                .flat_map(|choice| {
                    let one = choice.get("const").and_then(Json::as_str);
                    let several = list(choice, "enum").into_iter().flatten().filter_map(Json::as_str);
                    one.into_iter().chain(several)
                })
                .collect();
            if words.is_empty() {
                self.fault(tree.line, path, "应是一组字段", "fields are expected");
                return Json::Null;
            }
            return self.word(&words, tree, path);
        };
        let told = |choice: &'a Json| {
            let properties = choice.get("properties")?.as_object()?;
            properties.iter().find_map(|(name, one)| Some((name.as_str(), one.get("const")?.as_str()?)))
        };
        if let Some((tag, _)) = choices.iter().find_map(told) {
            let words: Vec<&str> = choices.iter().filter_map(|choice| Some(told(choice)?.1)).collect();
            let Some((_, _, given)) = map.iter().find(|(name, ..)| name == tag) else {
                let known = words.join(", ");
                self.fault(
                    tree.line,
                    path,
                    format!("缺少 {tag}，可用：{known}"),
                    format!("{tag} is missing; one of {known} is expected"),
                );
                return Json::Null;
            };
            let place = inside(path, tag);
            let word = self.word(&words, given, &place);
            let chosen = choices.iter().find(|choice| told(choice).is_some_and(|(_, one)| word == *one));
            return chosen.map_or(Json::Null, |choice| self.object(choice, tree, path));
        }
        // A map of one field, whose name tells.
        let named = |choice: &&'a Json| {
            let required = list(choice, "required").and_then(|names| names.first()).and_then(Json::as_str);
            required.is_some_and(|name| map.iter().any(|(given, ..)| given == name))
        };
        match choices.iter().find(named) {
            Some(choice) => self.object(choice, tree, path),
            None => {
                let names: Vec<&str> = choices
                    .iter()
                    .filter_map(|choice| {
                        list(choice, "required")
                            .and_then(|names| names.first())
                            .or_else(|| choice.get("const"))
                            .and_then(Json::as_str)
                    })
                    .collect();
                let known = names.join(", ");
                self.fault(
                    tree.line,
                    path,
                    format!("应是其中之一：{known}"),
                    format!("one of {known} is expected"),
                );
                Json::Null
            }
        }
    }

    fn object(&mut self, schema: &'a Json, tree: &Tree, path: &str) -> Json {
        let Value::Map(map) = &tree.value else {
            self.fault(tree.line, path, "应是一组字段", "fields are expected");
            return Json::Null;
        };
        let properties = schema.get("properties").and_then(Json::as_object);
        let others = schema.get("additionalProperties").filter(|others| others.is_object());
        let mut object = Map::new();
        for (name, line, value) in map {
            let place = inside(path, name);
            if let Some(own) = properties.and_then(|properties| properties.get(name)).or(others) {
                object.insert(name.clone(), self.fit(own, value, &place));
            } else {
                let known: Vec<&str> =
                    properties.into_iter().flat_map(Map::keys).map(String::as_str).collect();
                let known = known.join(", ");
                self.fault(
                    *line,
                    &place,
                    format!("没有“{name}”这个字段，可用：{known}"),
                    format!("there is no field “{name}”; there are {known}"),
                );
            }
        }
        for name in list(schema, "required").into_iter().flatten().filter_map(Json::as_str) {
            if !map.iter().any(|(given, ..)| given == name) {
                self.fault(
                    tree.line,
                    path,
                    format!("缺少字段 {name}"),
                    format!("the field {name} is missing"),
                );
            }
        }
        Json::Object(object)
    }

    fn list(&mut self, schema: &'a Json, tree: &Tree, path: &str) -> Json {
        let Value::List(values) = &tree.value else {
            self.fault(
                tree.line,
                path,
                "应是列表，每项以“- ”开头",
                "a list is expected: each entry begins with “- ”",
            );
            return Json::Null;
        };
        let Some(items) = schema.get("items") else { return Json::Null };
        let each =
            values.iter().enumerate().map(|(n, value)| self.fit(items, value, &format!("{path}[{n}]")));
        Json::Array(each.collect())
    }

    fn word(&mut self, words: &[&str], tree: &Tree, path: &str) -> Json {
        match &tree.value {
            Value::Scalar { text, .. } if words.contains(&text.as_str()) => Json::String(text.clone()),
            other => {
                let (known, given) = (words.join(", "), other.shown());
                self.fault(
                    tree.line,
                    path,
                    format!("{given}不可用，应是：{known}"),
                    format!("{given} is not known; one of {known} is expected"),
                );
                Json::Null
            }
        }
    }

    fn truth(&mut self, tree: &Tree, path: &str) -> Json {
        match tree.value.plain() {
            Some("true") => Json::Bool(true),
            Some("false") => Json::Bool(false),
            _ => {
                self.fault(tree.line, path, "应是 true 或 false", "true or false is expected");
                Json::Null
            }
        }
    }

    fn whole_number(&mut self, tree: &Tree, path: &str) -> Json {
        match tree.value.plain().and_then(|text| text.parse::<u32>().ok()) {
            Some(number) => Json::from(number),
            None => {
                let given = tree.value.shown();
                self.fault(
                    tree.line,
                    path,
                    format!("{given}应是不小于 0 的整数"),
                    format!("{given}: a whole number, not less than 0, is expected"),
                );
                Json::Null
            }
        }
    }

    /// Never through a float: a number stays the decimal that was written.
    fn decimal(&mut self, tree: &Tree, path: &str) -> Json {
        let Value::Scalar { text, .. } = &tree.value else {
            self.fault(tree.line, path, "应是一个数", "a number is expected");
            return Json::Null;
        };
        match text.trim().parse::<Decimal>() {
            Ok(number) => Json::String(number.to_string()),
            Err(_) => {
                let given = tree.value.shown();
                self.fault(
                    tree.line,
                    path,
                    format!("{given}应是一个数"),
                    format!("{given}: a number is expected"),
                );
                Json::Null
            }
        }
    }

    fn text(&mut self, schema: &Json, tree: &Tree, path: &str) -> Json {
        let Value::Scalar { text, .. } = &tree.value else {
            self.fault(tree.line, path, "应是一段文字", "a text is expected");
            return Json::Null;
        };
        let moment = schema.get("format").and_then(Json::as_str) == Some("date-time");
        if moment && text.parse::<chrono::DateTime<chrono::Utc>>().is_err() {
            let given = tree.value.shown();
            self.fault(
                tree.line,
                path,
                format!("{given}应是带时区的时间，如 2026-07-08T18:00:00+08:00"),
                format!("{given}: a moment with its zone is expected, such as 2026-07-08T18:00:00+08:00"),
            );
            return Json::Null;
        }
        Json::String(text.clone())
    }
}

impl Value {
    fn plain(&self) -> Option<&str> {
        match self {
            Self::Scalar { text, quoted: false } => Some(text),
            _ => None,
        }
    }

    /// As a fault quotes it.
    fn shown(&self) -> String {
        match self {
            Self::Scalar { text, .. } => {
                let short: String = text.chars().take(40).collect();
                format!("“{short}”")
            }
            Self::List(_) => "[…]".to_owned(),
            Self::Map(_) => "{…}".to_owned(),
        }
    }
}

fn inside(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn list<'a>(schema: &'a Json, name: &str) -> Option<&'a Vec<Json>> {
    schema.get(name)?.as_array()
}

fn has_type(schema: &Json, kind: &str) -> bool {
    match schema.get("type") {
        Some(Json::String(one)) => one == kind,
        Some(Json::Array(several)) => several.iter().any(|one| one.as_str() == Some(kind)),
        _ => false,
    }
}

fn is_null(tree: &Tree) -> bool {
    matches!(&tree.value, Value::Scalar { text, quoted: false } if matches!(text.as_str(), "" | "~" | "null"))
}
