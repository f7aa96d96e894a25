//! The reference at `/api`: complete, without scripts, and its commands work.

use std::collections::{BTreeMap, BTreeSet};

use savt::web::{Password, SitePassword};
use scraper::{Html, Selector};
use serde_json::json;

use super::{client::ApiClient, contract::keys, shell::sh};
use crate::harness::{app::Savt, databases::db_test};

async fn page(savt: &Savt) -> Html {
    let answer = savt.person().get("/api").await.is(200);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    Html::parse_document(&answer.body)
}

fn texts(page: &Html, css: &str) -> Vec<String> {
    let selector = Selector::parse(css).unwrap();
    page.select(&selector)
        .map(|element| element.text().collect())
        .collect()
}

fn attributes(page: &Html, css: &str, name: &str) -> Vec<String> {
    let selector = Selector::parse(css).unwrap();
    let values = page
        .select(&selector)
        .filter_map(|element| element.attr(name));
    values.map(str::to_owned).collect()
}

/// The command of each operation, by `operationId`.
fn commands(page: &Html) -> BTreeMap<String, String> {
    let ids = attributes(page, "article", "id");
    let operations = ids.iter().filter_map(|id| id.strip_prefix("operation-"));
    operations
        .map(|id| {
            let mut command = texts(page, &format!("#operation-{id} pre"));
            assert_eq!(command.len(), 1, "{id}");
            (id.to_owned(), command.remove(0))
        })
        .collect()
}

db_test!(the_reference_has_everything_that_the_document_has);
async fn the_reference_has_everything_that_the_document_has(savt: Savt) {
    let client = ApiClient::of(&savt).await;
    let contract = client.contract();
    let page = page(&savt).await;
    assert!(texts(&page, "script").is_empty());
    let ids = attributes(&page, "[id]", "id");
    let unique: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len(), "every id is unique");
    for (method, path, operation) in contract.operations() {
        let id = operation["operationId"].as_str().unwrap();
        let section = texts(&page, &format!("#operation-{id}")).remove(0);
        assert!(section.contains(&format!("{method} {path}")), "{section}");
        assert!(
            section.contains(operation["summary"].as_str().unwrap()),
            "{section}"
        );
        for status in keys(&operation["responses"]) {
            assert!(section.contains(status.as_str()), "{status}: {section}");
        }
    }
    let schemas = &contract.document["components"]["schemas"];
    for name in keys(schemas) {
        let section = texts(&page, &format!("#schema-{name}")).remove(0);
        for member in keys(&schemas[name]["properties"]) {
            assert!(section.contains(member.as_str()), "{name} without {member}");
        }
    }
    for kind in contract.problem_types() {
        let uri = kind["type"].as_str().unwrap();
        let section = texts(&page, uri.strip_prefix("/api").unwrap()).remove(0);
        for member in ["title", "detail"] {
            let text = kind[member].as_str().unwrap().replace('`', "");
            assert!(section.contains(&text), "{uri} without {text}");
        }
    }
    // Every link within the page leads somewhere, and so does the one to the document.
    let links = attributes(&page, "a", "href");
    for link in &links {
        let is_known = match link.strip_prefix('#') {
            Some(id) => unique.contains(&id.to_owned()),
            None => ["/", "/api/v1/openapi.json"].contains(&link.as_str()),
        };
        assert!(is_known, "{link}");
    }
    assert!(links.iter().any(|link| link == "/api/v1/openapi.json"));
}

/// A board with three participants, four items, and three features of the third one, as assignments of a shell.
async fn variables(client: &ApiClient) -> String {
    let made = client
        .post("/api/v1/boards", json!({"name": "Board"}))
        .await
        .is(201);
    let slug = made["slug"].as_str().unwrap();
    let board = client.on(slug);
    let joined = board
        .post("/participants", json!({"name": "One"}))
        .await
        .is(201);
    let token = joined["token"].as_str().unwrap();
    let one = board.with_token(token);
    one.join("Two").await;
    one.join("Three").await;
    for n in 1..=4 {
        one.add_item(&format!("Item {n}")).await;
    }
    for n in 1..=3 {
        one.suggest(&format!("Feature {n}"), 1, Some(3)).await;
    }
    let number = one.board().await["version"].clone();
    format!("SLUG={slug}; TOKEN={token}; ID=3; NUMBER={number}\n")
}

/// Makes curl fail if the server refuses the request.
const STRICT: &str = "curl() { command curl -sS --fail-with-body \"$@\"; }\n";

db_test!(every_command_works_when_pasted);
async fn every_command_works_when_pasted(savt: Savt) {
    let client = ApiClient::of(&savt).await;
    let commands = commands(&page(&savt).await);
    let operations = client.contract().operations();
    assert_eq!(commands.len(), operations.count());
    for (operation, command) in &commands {
        // Needs a password.
        if operation != "log_in" {
            let variables = variables(&client).await;
            sh(format!("{STRICT}{variables}{command}")).await;
        }
    }
}

db_test!(the_commands_have_access_where_there_is_a_password);
async fn the_commands_have_access_where_there_is_a_password(savt: Savt) {
    let client = ApiClient::of(&savt).await;
    let variables = variables(&client).await;
    let schemas = &client.contract().document["components"]["schemas"];
    let password = schemas["Login"]["properties"]["password"]["example"]
        .as_str()
        .unwrap();
    let password: Password = password.parse().unwrap();
    let lock = SitePassword::new(&password).unwrap();
    let savt = savt.another_with(|app| app.with_site_password(lock)).await;
    // The reference itself is readable without the password.
    let commands = commands(&page(&savt).await);
    let printed = sh(format!("{STRICT}{}", commands["log_in"])).await;
    let answer: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let access = format!("ACCESS={}\n", answer["access"].as_str().unwrap());
    for operation in ["read_board", "add_item", "openapi"] {
        let command = &commands[operation];
        sh(format!("{STRICT}{variables}{access}{command}")).await;
    }
}

db_test!(the_commands_use_the_public_address);
async fn the_commands_use_the_public_address(savt: Savt) {
    use savt::http::origin::OriginPolicy;
    let policy = OriginPolicy {
        public: Some("https://savt.example/".parse().unwrap()),
        ..OriginPolicy::default()
    };
    let allowed = savt::http::allowed_hosts::AllowedHosts::default();
    let savt = savt
        .another_with(|app| app.with_addresses(policy, allowed))
        .await;
    for command in commands(&page(&savt).await).values() {
        assert!(
            command.contains("\"https://savt.example/api/v1/"),
            "{command}"
        );
    }
}

db_test!(the_reference_is_sent_again_only_if_it_differs);
async fn the_reference_is_sent_again_only_if_it_differs(savt: Savt) {
    let person = savt.person();
    let etag = person.get("/api").await.is(200).header("etag").to_owned();
    let known = || person.get_request("/api").header("If-None-Match", &etag);
    let again = known().send().await.unwrap();
    assert_eq!(again.status(), 304);
    assert_eq!(again.headers()["cache-control"], "private, no-cache");
    // Its commands have another address.
    let elsewhere = known().header("Host", "savt.example").send();
    assert_eq!(elsewhere.await.unwrap().status(), 200);
}
