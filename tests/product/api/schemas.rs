//! JSON against the schemas of an OpenAPI document, strictly: what a schema does not mention is not allowed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

/// Validates answers and requests.
pub(super) struct Schemas {
    /// The components, closed to members that they do not mention.
    components: Value,
    compiled: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Schemas {
    pub(super) fn of(document: &Value) -> Schemas {
        let mut components = document["components"].clone();
        let schemas = components["schemas"].as_object_mut().unwrap();
        schemas.values_mut().for_each(close);
        Schemas {
            components,
            compiled: Mutex::default(),
        }
    }

    /// What is wrong with a value, or nothing.
    pub(super) fn errors(&self, schema: &Value, value: &Value) -> Vec<String> {
        let validator = self.compiled(schema);
        let errors = validator.iter_errors(value);
        errors
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect()
    }

    fn compiled(&self, schema: &Value) -> Arc<Validator> {
        let mut compiled = self.compiled.lock().unwrap();
        let entry = compiled.entry(schema.to_string());
        let validator = entry.or_insert_with(|| {
            let mut root = schema.clone();
            close(&mut root);
            root["components"] = self.components.clone();
            let options = jsonschema::options().with_draft(Draft::Draft202012);
            let validator = options.should_validate_formats(true).build(&root);
            Arc::new(validator.unwrap())
        });
        validator.clone()
    }
}

/// Refuses members that an object schema does not mention, here and everywhere inside.
fn close(schema: &mut Value) {
    close_inside(schema);
    let Value::Object(object) = schema else {
        return;
    };
    // The validator follows references without end where it looks for unevaluated members of a schema that refers to itself.
    let keyword = match (
        object.contains_key("allOf"),
        object.contains_key("properties"),
    ) {
        (true, _) => "unevaluatedProperties",
        (false, true) => "additionalProperties",
        (false, false) => return,
    };
    if !object.contains_key("additionalProperties") {
        object.insert(keyword.to_owned(), json!(false));
    }
}

fn close_inside(schema: &mut Value) {
    let Value::Object(object) = schema else {
        return;
    };
    if let Some(Value::Object(properties)) = object.get_mut("properties") {
        properties.values_mut().for_each(close);
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = object.get_mut(key) {
            close(inner);
        }
    }
    for key in ["oneOf", "anyOf"] {
        if let Some(Value::Array(alternatives)) = object.get_mut(key) {
            alternatives.iter_mut().for_each(close);
        }
    }
    // Its parts know only their own members.
    if let Some(Value::Array(parts)) = object.get_mut("allOf") {
        parts.iter_mut().for_each(close_inside);
    }
}

/// Every schema inside of a part of the document, with the path to it.
pub(super) fn for_each_schema(
    path: &str,
    part: &Value,
    visit: &mut impl FnMut(&str, &Map<String, Value>),
) {
    match part {
        Value::Object(object) => {
            visit(path, object);
            for (key, value) in object {
                // What an example contains is data.
                if !["example", "examples", "default", "enum"].contains(&key.as_str()) {
                    for_each_schema(&format!("{path}/{key}"), value, visit);
                }
            }
        }
        Value::Array(values) => {
            for (n, value) in values.iter().enumerate() {
                for_each_schema(&format!("{path}/{n}"), value, visit);
            }
        }
        _ => {}
    }
}

#[test]
fn what_a_schema_does_not_mention_is_an_error() {
    let document = json!({"components": {"schemas": {
        "Person": {"type": "object", "required": ["name"], "properties": {
            "name": {"type": "string", "minLength": 1},
            "pets": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}},
        }},
        "Pet": {"allOf": [
            {"type": "object", "properties": {"age": {"type": "integer"}}},
            {"type": "object", "properties": {"born": {"type": "string", "format": "date-time"}}},
        ]},
    }}});
    let schemas = Schemas::of(&document);
    let person = json!({"oneOf": [{"$ref": "#/components/schemas/Person"}, {"type": "null"}]});
    for (value, is_valid) in [
        (json!(null), true),
        (json!({"name": "Ann"}), true),
        (json!({"name": "Ann", "age": 7}), false),
        (json!({"name": ""}), false),
        (json!({}), false),
        (
            json!({"name": "Ann", "pets": [{"age": 7, "born": "2030-01-02T03:04:05Z"}]}),
            true,
        ),
        (
            json!({"name": "Ann", "pets": [{"age": 7, "legs": 4}]}),
            false,
        ),
        (
            json!({"name": "Ann", "pets": [{"born": "yesterday"}]}),
            false,
        ),
    ] {
        let errors = schemas.errors(&person, &value);
        assert_eq!(errors.is_empty(), is_valid, "{value}: {errors:?}");
    }
}
