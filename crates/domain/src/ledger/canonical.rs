//! One text for one value: what is hashed must not depend on the order in which a program wrote its fields.

use std::fmt::Write;

use serde::Serialize;
use serde_json::Value;

use super::Hash;

/// JSON without blanks, keys in order of their bytes, fields that are null left out.
///
/// Null fields are left out so that a type may gain an optional field without changing the hash of what was stored
/// before. Numbers stand as `serde_json` writes them.
pub fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write_value(&mut text, value);
    text
}

/// The hash of a value's canonical text.
///
/// # Panics
/// When the type can't be written as JSON (a map whose keys are no strings), which is a fault of the type.
pub fn hash_of<T: Serialize>(value: &T) -> Hash {
    let value = serde_json::to_value(value).expect("a domain value can be written as JSON");
    Hash::of(canonical(&value).as_bytes())
}

fn write_value(text: &mut String, value: &Value) {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().filter(|(_, value)| !value.is_null()).collect();
            fields.sort_unstable_by_key(|(key, _)| key.as_str());
            text.push('{');
            for (index, (key, value)) in fields.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_scalar(text, key);
                text.push(':');
                write_value(text, value);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_value(text, item);
            }
            text.push(']');
        }
        Value::String(string) => write_scalar(text, string),
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            write!(text, "{value}").expect("a string takes all");
        }
    }
}

fn write_scalar(text: &mut String, string: &str) {
    text.push_str(&serde_json::to_string(string).expect("a string can be written as JSON"));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(value: &Value, expected: &str) {
        assert_eq!(canonical(value), expected);
    }

    #[test]
    fn the_order_of_fields_and_absent_fields_make_no_difference() {
        check(&json!({"b": 1, "a": [1, null, "x\"y"], "c": null}), r#"{"a":[1,null,"x\"y"],"b":1}"#);
        check(&json!({"名": {"z": true, "y": 1.5}}), r#"{"名":{"y":1.5,"z":true}}"#);
        check(&json!([]), "[]");
        check(&json!({}), "{}");
    }

    #[test]
    fn a_changed_value_has_another_hash() {
        assert_eq!(hash_of(&json!({"a": 1, "b": null})), hash_of(&json!({"a": 1})));
        assert_ne!(hash_of(&json!({"a": 1})), hash_of(&json!({"a": 2})));
    }
}
