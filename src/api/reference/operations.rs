//! The operations of the document, by tag.

use maud::{Markup, html};
use serde_json::Value;

use super::{
    curl::{self, Installation},
    prose::prose,
    schemas::{bounds, kind},
};

/// One operation.
struct Operation<'d> {
    method: String,
    path: &'d str,
    description: &'d Value,
}

impl Operation<'_> {
    fn id(&self) -> &str {
        text(&self.description["operationId"])
    }
}

/// The operations of each tag, in the order of the tags.
fn by_tag(document: &Value) -> impl Iterator<Item = (&Value, Vec<Operation<'_>>)> {
    let tags = document["tags"].as_array().into_iter().flatten();
    tags.map(|tag| {
        let operations = all(document).filter(|operation| {
            let tags = operation.description["tags"].as_array();
            tags.is_some_and(|tags| tags.contains(&tag["name"]))
        });
        (tag, operations.collect())
    })
}

fn all(document: &Value) -> impl Iterator<Item = Operation<'_>> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let operations = item.as_object().into_iter().flatten();
        operations.map(move |(method, description)| Operation {
            method: method.to_uppercase(),
            path,
            description,
        })
    })
}

/// Links to all operations.
pub(super) fn contents(document: &Value) -> Markup {
    html! {
        nav aria-label="Operations" {
            ul {
                @for (tag, operations) in by_tag(document) {
                    li {
                        (capitalized(text(&tag["name"]))) ": "
                        @for (n, operation) in operations.iter().enumerate() {
                            @if n > 0 { " · " }
                            a href={ "#operation-" (operation.id()) } { (text(&operation.description["summary"])) }
                        }
                    }
                }
                li { a href="#schemas" { "Schemas" } " · " a href="#problems" { "Problems" } }
            }
        }
    }
}

/// All operations.
pub(super) fn sections(document: &Value, installation: &Installation) -> Markup {
    html! {
        @for (tag, operations) in by_tag(document) {
            section {
                h2 { (capitalized(text(&tag["name"]))) }
                p { (prose(text(&tag["description"]))) }
                @for operation in operations { (section(&operation, document, installation)) }
            }
        }
    }
}

fn section(operation: &Operation, document: &Value, installation: &Installation) -> Markup {
    let Operation {
        method,
        path,
        description,
    } = operation;
    let curl = curl::command(installation, method, path, description, document);
    let body = &description["requestBody"];
    let parameters = description["parameters"].as_array();
    html! {
        article #{ "operation-" (operation.id()) } {
            h3 { (text(&description["summary"])) }
            p { code { (method) " " (path) } }
            p { (prose(text(&description["description"]))) }
            pre { code { (curl) } }
            @if let Some(parameters) = parameters {
                h4 { "Parameters" }
                dl { @for parameter in parameters { (self::parameter(parameter)) } }
            }
            @if body.is_object() {
                h4 { "Body" }
                p {
                    (kind(&body["content"]["application/json"]["schema"]))
                    @if body["required"] != true { ", " em { "optional" } }
                }
            }
            h4 { "Answers" }
            dl {
                @for (status, response) in description["responses"].as_object().into_iter().flatten() {
                    (answer(status, response))
                }
            }
        }
    }
}

fn parameter(parameter: &Value) -> Markup {
    html! {
        dt { code { (text(&parameter["name"])) } }
        dd {
            (kind(&parameter["schema"])) " in the " (text(&parameter["in"])) (bounds(&parameter["schema"]))
            @if parameter["required"] != true { ", " em { "optional" } }
            ". " (prose(text(&parameter["description"])))
        }
    }
}

fn answer(status: &str, response: &Value) -> Markup {
    let contents = response["content"].as_object().into_iter().flatten();
    html! {
        dt { (status) }
        dd {
            (prose(text(&response["description"])))
            @for (media_type, content) in contents {
                " · "
                @if media_type != "application/json" && media_type != "application/problem+json" { code { (media_type) } " " }
                (kind(&content["schema"]))
            }
            // The headers about limits are the same everywhere.
            @for (header, described) in response["headers"].as_object().into_iter().flatten() {
                @if described["$ref"].is_null() {
                    " · " code { (header) }
                }
            }
        }
    }
}

fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

/// A text of the document; empty if it is missing.
pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
