//! What holds for operations of a kind is written into the description in one place, from what the operations say of
//! themselves.

use serde_json::{Map, Value, json};

type Object = Map<String, Value>;

/// Writes objects that take in the fields of others out in full: where such another one forbids fields that it does not
/// know, the two together could never be.
pub(super) fn write_out(schemas: &mut Value) {
    let parts = schemas.clone();
    for schema in schemas.as_object_mut().into_iter().flat_map(Map::values_mut) {
        if schema["allOf"].is_array() {
            let (mut properties, mut required) = (Object::new(), Vec::new());
            gather(schema, &parts, &mut properties, &mut required);
            let mut whole = json!({ "type": "object", "properties": properties, "required": required });
            if let Some(description) = schema["description"].as_str() {
                whole["description"] = description.into();
            }
            *schema = whole;
        }
    }
}

fn gather(schema: &Value, schemas: &Value, properties: &mut Object, required: &mut Vec<Value>) {
    let schema = resolved(schema, schemas);
    for part in schema["allOf"].as_array().into_iter().flatten() {
        gather(part, schemas, properties, required);
    }
    properties.extend(schema["properties"].as_object().cloned().unwrap_or_default());
    required.extend(schema["required"].as_array().cloned().unwrap_or_default());
}

/// Completes the description of one operation. `schemas`: the named schemas that it refers to.
pub(super) fn complete(method: &str, operation: &mut Value, schemas: &Value) {
    if let Some(permission) = operation["x-permission"].as_str() {
        let said = operation["description"].as_str().unwrap_or_default();
        let gap = if said.is_empty() { "" } else { "\n\n" };
        operation["description"] = format!("{said}{gap}Permission: `{permission}`.").into();
    }
    let has_body = !operation["requestBody"].is_null();
    let parameters = operation["parameters"].as_array();
    let is_versioned = parameters.is_some_and(|all| all.iter().any(|one| one["name"] == "If-Match"));
    // Who is not logged in has no key of their own.
    let is_open =
        operation["security"].as_array().is_some_and(|ways| ways.iter().any(|way| way == &json!({})));
    if method == "post" && !is_open {
        accept_key(operation);
    }
    if let Some(Value::Object(body)) = operation.pointer_mut("/requestBody/content/application~1json") {
        give_example(body, schemas);
    }
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    // The refusals are said once for all operations; what cannot happen to this one goes.
    let kinds = [("412", method != "get"), ("413", has_body), ("415", has_body), ("428", is_versioned)];
    for (status, happens) in kinds {
        if !happens {
            responses.remove(status);
        }
    }
    for (status, response) in responses {
        let headers: &[(&str, &str)] = match status.as_str() {
            "200" | "201" if is_tagged(response, schemas) => {
                &[("ETag", "The version, as `If-Match` takes it: `\"v1\"`.")]
            }
            "429" | "503" => &[("Retry-After", "In how many seconds to try again.")],
            _ => continue,
        };
        for (name, description) in headers {
            response["headers"][name] = json!({ "description": description, "schema": { "type": "string" } });
        }
    }
}

fn accept_key(operation: &mut Value) {
    let said = "A name for this request, made by the caller. Sent again under the same key, it gets the first one's \
        answer and does nothing twice; an answer that holds a secret is not kept, and comes with a new one.";
    let key = json!({
        "name": "Idempotency-Key",
        "in": "header",
        "required": false,
        "description": said,
        "schema": { "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$" },
        "example": "0197f3c2-6c1e-7d52-9a57-0b8d5c1c2a11",
    });
    match operation["parameters"].as_array_mut() {
        Some(parameters) => parameters.push(key),
        None => operation["parameters"] = json!([key]),
    }
}

/// Does the answer hold one thing with its version?
fn is_tagged(response: &Value, schemas: &Value) -> bool {
    let schema = resolved(&response["content"]["application/json"]["schema"], schemas);
    // The program's own version is a text.
    schema["properties"]["version"]["type"] == "integer" && !schema["properties"]["items"].is_object()
}

fn resolved<'s>(schema: &'s Value, schemas: &'s Value) -> &'s Value {
    match schema["$ref"].as_str().and_then(|name| name.strip_prefix("#/components/schemas/")) {
        Some(name) => &schemas[name],
        None => schema,
    }
}

/// An example of a whole body, made of the examples that its fields give.
fn give_example(body: &mut Object, schemas: &Value) {
    if body.contains_key("example") || body.contains_key("examples") {
        return;
    }
    if let Some(example) = sample(&body["schema"], schemas) {
        body.insert("example".to_owned(), example);
    }
}

/// What is required, and what has an example of its own. None where a required text says nothing of what may stand in it.
fn sample(schema: &Value, schemas: &Value) -> Option<Value> {
    for given in
        [&schema["example"], &schema["examples"][0], &schema["default"], &schema["enum"][0], &schema["const"]]
    {
        if !given.is_null() {
            return Some(given.clone());
        }
    }
    if schema["$ref"].is_string() {
        return sample(resolved(schema, schemas), schemas);
    }
    if let Some(one) = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array()) {
        return one.iter().find(|one| one["type"] != "null").and_then(|one| sample(one, schemas));
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().find_map(Value::as_str).unwrap_or_default(),
        kind => kind.as_str().unwrap_or_default(),
    };
    match kind {
        "object" => {
            let mut whole = Object::new();
            let is_required = |name: &str| {
                schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name))
            };
            let mut others = Vec::new();
            for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                match sample(property, schemas) {
                    Some(value) if is_required(name) || !property["example"].is_null() => {
                        whole.insert(name.clone(), value);
                    }
                    Some(value) => others.push((name.clone(), value)),
                    None if is_required(name) => return None,
                    None => {}
                }
            }
            // A change of anything is one of something.
            if whole.is_empty() {
                whole.extend(others.into_iter().take(2));
            }
            Some(whole.into())
        }
        "array" => {
            let least = schema["minItems"].as_u64().unwrap_or(1).clamp(1, 10);
            sample(&schema["items"], schemas).map(|item| (0..least).map(|_| item.clone()).collect())
        }
        "string" => match schema["format"].as_str().unwrap_or_default() {
            "uuid" => Some(json!("0197f3c2-6c1e-7d52-9a57-0b8d5c1c2a11")),
            "date" => Some(json!("2026-06-30")),
            "date-time" => Some(json!("2026-06-30T09:30:00Z")),
            _ => None,
        },
        "integer" | "number" => Some(json!(schema["minimum"].as_i64().unwrap_or(1).max(1))),
        "boolean" => Some(json!(true)),
        _ => None,
    }
}
