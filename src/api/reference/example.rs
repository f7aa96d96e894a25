//! The body that a request could have, from the examples in its schema.

use serde_json::{Map, Value};

/// The schema that a reference leads to, or the schema itself.
pub(super) fn resolve<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    let reference = schema["$ref"].as_str();
    let pointer = reference.and_then(|reference| reference.strip_prefix('#'));
    pointer
        .and_then(|pointer| document.pointer(pointer))
        .unwrap_or(schema)
}

/// The members that have an example; none if the schema has no such member.
pub(super) fn body(document: &Value, schema: &Value) -> Option<Value> {
    let schema = resolve(document, schema);
    let properties = schema["properties"].as_object()?;
    let members: Map<String, Value> = properties
        .iter()
        .filter_map(|(name, property)| Some((name.clone(), of_property(property)?)))
        .collect();
    (!members.is_empty()).then_some(Value::Object(members))
}

fn of_property(property: &Value) -> Option<Value> {
    let examples = property["examples"].as_array();
    let first = examples.and_then(|examples| examples.first());
    property.get("example").or(first).cloned()
}
