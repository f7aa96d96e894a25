//! The browsers that tests use one after the other: to start Chromium takes longer than most tests do.

use std::{
    collections::HashMap,
    sync::{Mutex, OnceLock},
};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

use super::driver::{Command, Driver};

/// The browsers that no test uses now, by what their owners prefer. One that a failed test used does not come back.
static IDLE: Mutex<Option<HashMap<String, Vec<Client>>>> = Mutex::new(None);

/// A browser without a page and without memories, which prefers this.
pub(super) async fn take(preferences: &Value) -> Client {
    let idle = IDLE
        .lock()
        .unwrap()
        .get_or_insert_default()
        .get_mut(&preferences.to_string())
        .and_then(Vec::pop);
    match idle {
        Some(client) => client,
        None => {
            start(
                preferences,
                json!({ "browser": "ALL", "performance": "ALL" }),
            )
            .await
        }
    }
}

/// A browser that tells this of what goes on in it.
pub(super) async fn start(preferences: &Value, logs: Value) -> Client {
    let driver = Driver::shared();
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(driver.capabilities(preferences, logs));
    let starting = async move { builder.connect(&driver.url()).await };
    runtime().spawn(starting).await.unwrap().unwrap()
}

/// Gives a browser to the tests that follow, as if it was new: one empty tab, which has none of the settings that a test made,
/// no cookies, nothing stored, and nothing in the log.
pub(super) async fn give_back(client: Client, preferences: &Value, home: &str) {
    let old = client.windows().await.unwrap();
    let new = client.new_window(true).await.unwrap().handle;
    for window in old {
        client.switch_to_window(window).await.unwrap();
        client.close_window().await.unwrap();
    }
    client.switch_to_window(new).await.unwrap();
    for (command, parameters) in [
        // The focus of a new tab is where one types an address.
        ("Page.bringToFront", json!({})),
        ("Network.clearBrowserCookies", json!({})),
        ("Network.clearBrowserCache", json!({})),
        (
            "Storage.clearDataForOrigin",
            json!({ "origin": home, "storageTypes": "all" }),
        ),
    ] {
        let body = json!({ "cmd": command, "params": parameters });
        let command = Command::new("goog/cdp/execute", body);
        client.issue_cmd(command).await.unwrap();
    }
    for log in ["browser", "performance"] {
        let command = Command::new("se/log", json!({ "type": log }));
        client.issue_cmd(command).await.unwrap();
    }
    IDLE.lock()
        .unwrap()
        .get_or_insert_default()
        .entry(preferences.to_string())
        .or_default()
        .push(client);
}

/// Where the connections to the browsers live, which outlive the runtime of any test.
fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(1).enable_all().build().unwrap()
    })
}
