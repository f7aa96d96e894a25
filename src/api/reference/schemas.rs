//! The schemas of the document: what requests and answers consist of.

use maud::{Markup, html};
use serde_json::Value;

use super::prose::prose;

const REFERENCE: &str = "#/components/schemas/";

/// A link to a schema, or the name of its type.
pub(super) fn kind(schema: &Value) -> Markup {
    if let Some(name) = schema["$ref"]
        .as_str()
        .and_then(|to| to.strip_prefix(REFERENCE))
    {
        return html! { a href={ "#schema-" (name) } { (name) } };
    }
    if let Some(alternatives) = schema["oneOf"].as_array() {
        return html! {
            @for (n, alternative) in alternatives.iter().enumerate() {
                @if n > 0 { " or " }
                (kind(alternative))
            }
        };
    }
    if schema["type"] == "array" {
        return html! { "list of " (kind(&schema["items"])) };
    }
    let types = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect::<Vec<_>>(),
    };
    match types.is_empty() {
        true => html! { "any value" },
        false => html! { (types.join(" or ")) },
    }
}

/// All schemas.
pub(super) fn all(document: &Value) -> Markup {
    let schemas = document["components"]["schemas"].as_object();
    html! {
        section {
            h2 #schemas { "Schemas" }
            p { "Members without " em { "optional" } " are always there in answers, and required in requests." }
            @for (name, schema) in schemas.into_iter().flatten() {
                article #{ "schema-" (name) } {
                    h3 { (name) }
                    // The types of problems have a section of their own.
                    @let description = schema["description"].as_str().unwrap_or_default();
                    p { (prose(description.split("\n\n").next().unwrap_or_default())) }
                    (content(schema))
                }
            }
        }
    }
}

fn content(schema: &Value) -> Markup {
    if let Some(values) = schema["enum"].as_array() {
        return html! {
            p {
                @for (n, value) in values.iter().enumerate() {
                    @if n > 0 { ", " }
                    code { (value.as_str().unwrap_or_default()) }
                }
            }
        };
    }
    let whole = std::slice::from_ref(schema);
    let parts = schema["allOf"].as_array().map_or(whole, Vec::as_slice);
    let has_members = parts.iter().any(|part| part["properties"].is_object());
    html! {
        @if has_members {
            dl { @for part in parts { (members(part)) } }
        } @else {
            p { (kind(schema)) }
        }
    }
}

fn members(schema: &Value) -> Markup {
    let required = schema["required"].as_array();
    let is_required =
        |name: &str| required.is_some_and(|required| required.iter().any(|other| other == name));
    html! {
        @for (name, member) in schema["properties"].as_object().into_iter().flatten() {
            dt { code { (name) } }
            dd {
                (kind(member))
                @if let Some(format) = member["format"].as_str().filter(|format| *format == "date-time") { ", " (format) }
                (bounds(member))
                @if !is_required(name) { ", " em { "optional" } }
                @if let Some(text) = description(member) { ". " (prose(text)) }
            }
        }
    }
}

/// That of a member, or of what it refers to or null.
fn description(member: &Value) -> Option<&str> {
    let of_alternative = || member["oneOf"][0]["description"].as_str();
    member["description"].as_str().or_else(of_alternative)
}

/// The limits of numbers, texts and lists.
pub(super) fn bounds(schema: &Value) -> Markup {
    let of = |minimum: &str, maximum: &str| (schema[minimum].as_i64(), schema[maximum].as_i64());
    let (unit, (minimum, maximum)) = match &schema["type"] {
        kind if mentions(kind, "string") => (" characters", of("minLength", "maxLength")),
        kind if mentions(kind, "array") => (" entries", of("minItems", "maxItems")),
        _ => ("", of("minimum", "maximum")),
    };
    html! {
        @match (minimum, maximum) {
            (Some(minimum), Some(maximum)) => { ", " (minimum) " to " (maximum) (unit) }
            (Some(minimum), None) => { ", at least " (minimum) (unit) }
            (None, Some(maximum)) => { ", at most " (maximum) (unit) }
            (None, None) => {}
        }
    }
}

fn mentions(kind: &Value, name: &str) -> bool {
    match kind {
        Value::Array(kinds) => kinds.iter().any(|kind| kind == name),
        kind => kind == name,
    }
}
