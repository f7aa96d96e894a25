//! A pool of browsers that tests reuse: starting Chromium takes longer than most tests.

use std::{
    collections::HashMap,
    sync::{Mutex, OnceLock},
};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

use super::driver::{Command, Driver};

/// Idle browsers by their preferences. The browser of a failed test is not returned.
static IDLE: Mutex<Option<HashMap<String, Vec<Client>>>> = Mutex::new(None);

/// Takes a clean browser with these preferences from the pool, or starts one.
pub(super) async fn acquire(preferences: &Value) -> Client {
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

/// Starts a browser with these logs enabled.
pub(super) async fn start(preferences: &Value, logs: Value) -> Client {
    let driver = Driver::shared();
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(driver.capabilities(preferences, logs));
    let starting = async move { builder.connect(&driver.url()).await };
    runtime().spawn(starting).await.unwrap().unwrap()
}

/// Cleans a browser and returns it to the pool: one empty tab with default settings, no cookies, no stored data, empty
/// logs.
pub(super) async fn release(client: Client, preferences: &Value, home: &str) {
    let old = client.windows().await.unwrap();
    let new = client.new_window(true).await.unwrap().handle;
    for window in old {
        client.switch_to_window(window).await.unwrap();
        client.close_window().await.unwrap();
    }
    client.switch_to_window(new).await.unwrap();
    for (command, parameters) in [
        // In a new tab the address bar has the focus.
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

/// The runtime of the connections to the browsers, which outlive the runtime of each test.
fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(1).enable_all().build().unwrap()
    })
}
