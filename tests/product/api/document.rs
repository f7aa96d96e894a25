//! The OpenAPI document describes the API that is served, and is complete.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    client::ApiClient,
    contract::{DOCUMENT, keys},
    schemas::for_each_schema,
};
use crate::harness::{app::Savt, databases::db_test};

db_test!(every_described_operation_is_served);
async fn every_described_operation_is_served(savt: Savt) {
    let client = ApiClient::of(&savt).await;
    let contract = client.contract();
    for path in keys(&contract.document["paths"]) {
        let operations = contract.operations();
        let methods = operations.filter(|(_, template, _)| template == path);
        let mut described: BTreeSet<String> = methods.map(|(method, ..)| method).collect();
        described.insert("OPTIONS".to_owned());
        if described.contains("GET") {
            described.insert("HEAD".to_owned());
        }
        let address = address(path);
        let answer = client.send("OPTIONS", &address, None).await.is(204);
        let allowed = answer.header("allow").split(", ").map(str::to_owned);
        assert_eq!(allowed.collect::<BTreeSet<_>>(), described, "{path}");
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE"] {
            let answer = client.send(method, &address, None).await;
            let is_served = answer.status() != 405;
            assert_eq!(is_served, described.contains(method), "{method} {path}");
        }
    }
}

/// An address on the board `main`.
fn address(template: &str) -> String {
    let path = template.replace("{slug}", "main");
    format!(
        "/api/v1{}",
        path.replace("{id}", "1").replace("{number}", "1")
    )
}

db_test!(every_operation_is_described_for_people);
async fn every_operation_is_described_for_people(savt: Savt) {
    let client = ApiClient::of(&savt).await;
    let contract = client.contract();
    let document = &contract.document;
    let tags = document["tags"].as_array().unwrap();
    let mut ids = BTreeSet::new();
    for (method, path, operation) in contract.operations() {
        let context = format!("{method} {path}");
        let id = operation["operationId"].as_str().unwrap();
        assert!(ids.insert(id), "two operations are called {id}");
        for member in ["summary", "description"] {
            let text = operation[member].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "no {member}: {context}");
        }
        let tag = &operation["tags"][0];
        assert!(tags.iter().any(|known| known["name"] == *tag), "{context}");
        assert!(operation["security"].is_array(), "{context}");
        for status in keys(&operation["responses"]) {
            let response = &operation["responses"][status];
            let text = response["description"].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "{status} has no description: {context}");
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = &parameter["name"];
            assert!(parameter["schema"].is_object(), "{name}: {context}");
            let text = parameter["description"].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "{name} has no description: {context}");
        }
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let in_path = parameters.filter(|parameter| parameter["in"] == "path");
        let names: BTreeSet<&str> = in_path
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        let segments = path
            .split('/')
            .filter_map(|segment| segment.strip_prefix('{'));
        let placeholders = segments.map(|segment| segment.trim_end_matches('}'));
        assert_eq!(names, placeholders.collect(), "{context}");
    }
}

db_test!(every_example_is_valid);
async fn every_example_is_valid(savt: Savt) {
    let client = ApiClient::of(&savt).await;
    let contract = client.contract();
    let mut found = 0;
    for_each_schema("", &contract.document, &mut |path, object| {
        let of_schema = object.get("example").into_iter();
        let examples = object.get("examples").and_then(Value::as_array);
        for example in of_schema.chain(examples.into_iter().flatten()) {
            let schema = match object.get("schema") {
                Some(schema) => schema.clone(),
                None => Value::Object(object.clone()),
            };
            let errors = contract.schemas.errors(&schema, example);
            assert!(errors.is_empty(), "{path}: {errors:?}");
            found += 1;
        }
    });
    assert!(found > 30, "{found} examples");
}

db_test!(the_document_names_the_program_and_every_type_of_problem);
async fn the_document_names_the_program_and_every_type_of_problem(savt: Savt) {
    let client = ApiClient::of(&savt).await;
    let document = &client.contract().document;
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(document["servers"][0]["url"], "/api/v1");
    let schemas = &document["components"]["schemas"];
    let types = client.contract().problem_types();
    let uris: Vec<&Value> = types.iter().map(|kind| &kind["type"]).collect();
    let listed = schemas["ProblemType"]["enum"].as_array().unwrap();
    assert_eq!(uris, listed.iter().collect::<Vec<_>>());
    assert!(uris.contains(&&json!("/api#name-taken")));
    let text = schemas["ProblemType"]["description"].as_str().unwrap();
    for uri in uris {
        assert!(text.contains(uri.as_str().unwrap()), "{uri}");
    }
    let parts = schemas["Problem"]["allOf"].as_array().unwrap().iter();
    let kinds = parts
        .filter(|part| part["properties"]["type"]["$ref"] == "#/components/schemas/ProblemType");
    assert_eq!(kinds.count(), 1);
}

db_test!(everything_in_the_document_is_used);
async fn everything_in_the_document_is_used(savt: Savt) {
    let client = ApiClient::of(&savt).await;
    let document = &client.contract().document;
    let text = document.to_string();
    for name in keys(&document["components"]["schemas"]) {
        let reference = format!(r##""#/components/schemas/{name}""##);
        assert!(text.contains(&reference), "{name} is not used");
    }
    let mut schemes = BTreeSet::new();
    for (_, _, operation) in client.contract().operations() {
        for alternative in operation["security"].as_array().unwrap() {
            schemes.extend(keys(alternative));
        }
    }
    let known = keys(&document["components"]["securitySchemes"]);
    assert_eq!(schemes, known.collect());
    // Every answer but the document itself has a schema of its own.
    for (method, path, operation) in client.contract().operations() {
        for status in keys(&operation["responses"]) {
            let contents = &operation["responses"][status]["content"];
            for content in keys(contents) {
                let schema = &contents[content]["schema"];
                let is_own = !schema["$ref"].is_null() || DOCUMENT.ends_with(path);
                assert!(is_own, "{method} {path}: {status} {content}");
            }
        }
    }
}
