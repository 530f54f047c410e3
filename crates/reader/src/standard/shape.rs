//! A tree against the shape that the domain's types have: every fault at once, and a value that those types can take.
//!
//! What can't be read is a gap: it is left out where it need not be there, and something stands in for it where it must, so
//! that all else keeps its place and is checked on.
//!
//! The shape is the JSON Schema that is generated from the types, so that the two can't differ. Of the schema language it
//! knows what that generator writes.

use chengjing_domain::{observation::Period, standard::Gaps};
use rust_decimal::Decimal;
use serde_json::{Map, Value as Json};

use super::{
    LineFault,
    tree::{Tree, Value},
};

struct Shape<'a> {
    root: &'a Json,
    faults: Vec<LineFault>,
    gaps: Gaps,
}

/// A tree as a schema wants it.
pub(super) struct Fitted {
    /// None: nothing of it can be read.
    pub(super) value: Option<Json>,
    pub(super) faults: Vec<LineFault>,
    /// What of the value is not what stands in the tree.
    pub(super) gaps: Gaps,
}

/// What of a tree fits a schema, and all that does not.
pub(super) fn fit(schema: &Json, tree: &Tree) -> Fitted {
    let mut shape = Shape { root: schema, faults: Vec::new(), gaps: Gaps::default() };
    let value = shape.fit(schema, tree, "");
    Fitted { value, faults: shape.faults, gaps: shape.gaps }
}

impl<'a> Shape<'a> {
    fn fault(&mut self, line: usize, path: &str, zh: impl Into<String>, en: impl Into<String>) {
        self.faults.push(LineFault { line, path: path.to_owned(), zh: zh.into(), en: en.into() });
    }

    fn fit(&mut self, schema: &'a Json, tree: &Tree, path: &str) -> Option<Json> {
        if let Value::Unread = tree.value {
            return None;
        }
        let schema = self.definition(schema);
        if has_type(schema, "null") && is_null(tree) {
            return Some(Json::Null);
        }
        if let Some(choices) = list(schema, "anyOf") {
            if is_null(tree) {
                return Some(Json::Null);
            }
            // A value that may be missing: the other choice is null.
            let other = choices.iter().find(|choice| !has_type(choice, "null"))?;
            return self.fit(other, tree, path);
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
    fn choose(&mut self, choices: &'a [Json], tree: &Tree, path: &str) -> Option<Json> {
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
                return None;
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
                return None;
            };
            if let Value::Unread = given.value {
                return None;
            }
            let place = inside(path, tag);
            let word = self.word(&words, given, &place)?;
            let chosen = choices.iter().find(|choice| told(choice).is_some_and(|(_, one)| word == *one))?;
            return self.object(chosen, tree, path);
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
                None
            }
        }
    }

    fn object(&mut self, schema: &'a Json, tree: &Tree, path: &str) -> Option<Json> {
        let Value::Map(map) = &tree.value else {
            self.fault(tree.line, path, "应是一组字段", "fields are expected");
            return None;
        };
        let properties = schema.get("properties").and_then(Json::as_object);
        let others = schema.get("additionalProperties").filter(|others| others.is_object());
        let required: Vec<&str> =
            list(schema, "required").into_iter().flatten().filter_map(Json::as_str).collect();
        let mut object = Map::new();
        for (number, (name, line, value)) in map.iter().enumerate() {
            let place = inside(path, name);
            if map[..number].iter().any(|(before, ..)| before == name) {
                let (zh, en) = (format!("“{name}”写了两次"), format!("“{name}” is there twice"));
                self.fault(*line, &place, zh, en);
                continue;
            }
            let own = properties.and_then(|properties| properties.get(name));
            if let Some(schema) = own.or(others) {
                match self.fit(schema, value, &place) {
                    Some(fitted) => drop(object.insert(name.clone(), fitted)),
                    None => {
                        if own.is_none() || required.contains(&name.as_str()) {
                            object.insert(name.clone(), self.stand_in(schema));
                        }
                        self.gaps.add(place);
                    }
                }
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
                let absent = properties
                    .into_iter()
                    .flatten()
                    .filter(|(known, _)| !map.iter().any(|(given, ..)| given == *known));
                for (known, schema) in absent {
                    if resembles(name, known) || self.may_mean(schema, value) {
                        self.gaps.add(inside(path, known));
                    }
                }
            }
        }
        for name in required {
            if !map.iter().any(|(given, ..)| given == name) {
                self.fault(
                    tree.line,
                    path,
                    format!("缺少字段 {name}"),
                    format!("the field {name} is missing"),
                );
                self.gaps.add(inside(path, name));
                if let Some(schema) = properties.and_then(|properties| properties.get(name)) {
                    object.insert(name.to_owned(), self.stand_in(schema));
                }
            }
        }
        Some(Json::Object(object))
    }

    fn list(&mut self, schema: &'a Json, tree: &Tree, path: &str) -> Option<Json> {
        let Value::List(values) = &tree.value else {
            self.fault(
                tree.line,
                path,
                "应是列表，每项以“- ”开头",
                "a list is expected: each entry begins with “- ”",
            );
            return None;
        };
        let items = schema.get("items")?;
        let mut each = Vec::with_capacity(values.len());
        for (n, value) in values.iter().enumerate() {
            let place = format!("{path}[{n}]");
            // Those behind it keep their numbers.
            each.push(self.fit(items, value, &place).unwrap_or_else(|| {
                self.gaps.add(place);
                self.stand_in(items)
            }));
        }
        Some(Json::Array(each))
    }

    /// Whether something under a name that is not known may be meant for a field that is not there: a list or fields for
    /// such, a number for a number. Of a text, its name alone can tell.
    fn may_mean(&self, schema: &'a Json, value: &Tree) -> bool {
        let schema = self.definition(schema);
        let some = list(schema, "anyOf").and_then(|choices| {
            choices.iter().find(|choice| !has_type(choice, "null")).map(|choice| self.definition(choice))
        });
        let schema = some.unwrap_or(schema);
        match &value.value {
            Value::List(_) => has_type(schema, "array"),
            Value::Map(_) => has_type(schema, "object") || list(schema, "oneOf").is_some(),
            Value::Scalar { text, .. } => {
                let number = has_type(schema, "number") || has_type(schema, "integer");
                number && text.trim().parse::<Decimal>().is_ok()
            }
            Value::Unread => false,
        }
    }

    /// Something of that shape, of which nothing is said.
    fn stand_in(&self, schema: &'a Json) -> Json {
        let schema = self.definition(schema);
        if let Some(word) = schema.get("const") {
            return word.clone();
        }
        let choices = ["oneOf", "anyOf"].into_iter().find_map(|name| list(schema, name));
        if let Some(first) = choices.and_then(|choices| choices.first()) {
            return self.stand_in(first);
        }
        if let Some(word) = list(schema, "enum").and_then(|words| words.first()) {
            return word.clone();
        }
        if has_type(schema, "object") {
            let properties = schema.get("properties").and_then(Json::as_object);
            let required = list(schema, "required").into_iter().flatten().filter_map(Json::as_str);
            let each =
                required.filter_map(|name| Some((name.to_owned(), self.stand_in(properties?.get(name)?))));
            return Json::Object(each.collect());
        }
        if has_type(schema, "array") {
            Json::Array(Vec::new())
        } else if has_type(schema, "boolean") {
            Json::Bool(false)
        } else if has_type(schema, "integer") {
            Json::from(0)
        } else if has_type(schema, "number") {
            Json::from("0")
        } else if schema.get("format").and_then(Json::as_str) == Some("date-time") {
            Json::from("1970-01-01T00:00:00Z")
        } else if schema.get("format").and_then(Json::as_str) == Some(Period::FORMAT) {
            Json::from("1970")
        } else {
            Json::from("")
        }
    }

    fn word(&mut self, words: &[&str], tree: &Tree, path: &str) -> Option<Json> {
        match &tree.value {
            Value::Scalar { text, .. } if words.contains(&text.as_str()) => Some(Json::String(text.clone())),
            other => {
                let (known, given) = (words.join(", "), other.shown());
                self.fault(
                    tree.line,
                    path,
                    format!("{given}不可用，应是：{known}"),
                    format!("{given} is not known; one of {known} is expected"),
                );
                None
            }
        }
    }

    fn truth(&mut self, tree: &Tree, path: &str) -> Option<Json> {
        match tree.value.plain() {
            Some("true") => Some(Json::Bool(true)),
            Some("false") => Some(Json::Bool(false)),
            _ => {
                self.fault(tree.line, path, "应是 true 或 false", "true or false is expected");
                None
            }
        }
    }

    fn whole_number(&mut self, tree: &Tree, path: &str) -> Option<Json> {
        match tree.value.plain().and_then(|text| text.parse::<u32>().ok()) {
            Some(number) => Some(Json::from(number)),
            None => {
                let given = tree.value.shown();
                self.fault(
                    tree.line,
                    path,
                    format!("{given}应是不小于 0 的整数"),
                    format!("{given}: a whole number, not less than 0, is expected"),
                );
                None
            }
        }
    }

    /// Never through a float: a number stays the decimal that was written, without zeros at its end, which a sheet does not
    /// keep.
    fn decimal(&mut self, tree: &Tree, path: &str) -> Option<Json> {
        let Value::Scalar { text, .. } = &tree.value else {
            self.fault(tree.line, path, "应是一个数", "a number is expected");
            return None;
        };
        match text.trim().parse::<Decimal>() {
            Ok(number) => Some(Json::String(number.normalize().to_string())),
            Err(_) => {
                let given = tree.value.shown();
                self.fault(
                    tree.line,
                    path,
                    format!("{given}应是一个数"),
                    format!("{given}: a number is expected"),
                );
                None
            }
        }
    }

    fn text(&mut self, schema: &Json, tree: &Tree, path: &str) -> Option<Json> {
        let Value::Scalar { text, .. } = &tree.value else {
            self.fault(tree.line, path, "应是一段文字", "a text is expected");
            return None;
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
            return None;
        }
        let period = schema.get("format").and_then(Json::as_str) == Some(Period::FORMAT);
        if period && text.parse::<Period>().is_err() {
            let given = tree.value.shown();
            self.fault(
                tree.line,
                path,
                format!("{given}应写作 2026、2026-Q3 或 2026-06"),
                format!("{given}: a period is expected, 2026, 2026-Q3 or 2026-06"),
            );
            return None;
        }
        Some(Json::String(text.clone()))
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
            Self::Unread => String::new(),
        }
    }
}

/// Whether a name that is not known may be one that is, with a slip of the hand.
fn resembles(given: &str, known: &str) -> bool {
    let (given, known): (Vec<char>, Vec<char>) = (given.chars().collect(), known.chars().collect());
    let same = given.iter().zip(&known).take_while(|(a, b)| a == b).count();
    if same >= 4 {
        return true;
    }
    // How many letters have to be put in, left out or changed.
    let mut row: Vec<usize> = (0..=known.len()).collect();
    for (n, a) in given.iter().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], n + 1);
        for (m, b) in known.iter().enumerate() {
            let least = (row[m] + 1).min(row[m + 1] + 1).min(corner + usize::from(a != b));
            corner = std::mem::replace(&mut row[m + 1], least);
        }
    }
    row[known.len()] <= (known.len() / 3).min(2)
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
