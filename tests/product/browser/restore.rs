//! A database that is restored while its board is open in a browser: the page loads itself anew, once.

use std::{fs, path::Path};

use savt::db::Backend;

use super::COUNT_LOADS;
use crate::{
    epoch::lose_last_item,
    harness::{
        browser::Browser,
        databases::Fresh,
        port::Port,
        process::{Process, run},
    },
};

/// Errors in the console while no server listens.
const NO_SERVER: [&str; 4] = [
    "ERR_CONNECTION_REFUSED",
    "ERR_INCOMPLETE",
    "ERR_CONNECTION_RESET",
    "htmx",
];

/// Opens a board with the items `Kept` and `Lost`.
async fn open_board(process: &Process) -> Browser {
    let browser = Browser::at(process.address).await;
    browser.read("#items .name", "Lost").await;
    browser.read("#connection", "Live").await;
    browser.script("window.isOld = true").await;
    browser
}

/// The page has loaded itself anew, shows the restored board, is live, and does not go on loading.
async fn assert_restored(browser: &Browser, process: &Process) {
    browser
        .until_script("return window.isOld ?? false", false)
        .await;
    browser.read("#items .name", "Kept").await;
    browser.read("#connection", "Live").await;
    assert_eq!(browser.texts("#items .head .name").await, ["Kept"]);
    browser.script(COUNT_LOADS).await;
    browser.script("window.isNew = true").await;
    process.person().create_item("New").await;
    browser
        .until_script(
            "return document.querySelector('#items').innerText.includes('New')",
            true,
        )
        .await;
    // Before, it loaded the page every second.
    tokio::time::sleep(std::time::Duration::from_millis(2_500)).await;
    let loads = "return [window.loads, window.isNew]";
    assert_eq!(
        browser.script(loads).await,
        serde_json::json!([0, true]),
        "the page loads itself again"
    );
}

async fn create_items(process: &Process, names: &[&str]) {
    for name in names {
        process.person().create_item(name).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_savt_restore_an_open_page_shows_the_restored_board() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let database = fresh.url().strip_prefix("sqlite:").unwrap();
    let copy = format!("{database}.copy");
    let port = Port::reserve();
    let process = Process::serve_at(port.address(), fresh.url());
    create_items(&process, &["Kept"]).await;
    run(&["backup", &copy, "--database-url", fresh.url()]).expect_success();
    create_items(&process, &["Lost"]).await;
    let browser = open_board(&process).await;

    process.kill();
    let restore = ["restore", &copy, "--force", "--database-url", fresh.url()];
    run(&restore).expect_success();
    let process = Process::serve_at(port.address(), fresh.url());
    assert_restored(&browser, &process).await;
    browser.close_despite(&NO_SERVER).await;
    assert!(Path::new(&copy).exists());
    fs::remove_file(copy).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn after_postgres_lost_events_an_open_page_shows_what_is_left() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let port = Port::reserve();
    let process = Process::serve_at(port.address(), fresh.url());
    create_items(&process, &["Kept", "Lost"]).await;
    let browser = open_board(&process).await;

    process.kill();
    // Without a new epoch: the page has seen a later event than the board has.
    lose_last_item(&fresh.open().await).await;
    let process = Process::serve_at(port.address(), fresh.url());
    assert_restored(&browser, &process).await;
    browser.close_despite(&NO_SERVER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restore_under_a_running_server_an_open_page_shows_the_restored_board() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let process = Process::serve(fresh.url());
    create_items(&process, &["Kept", "Lost"]).await;
    let browser = open_board(&process).await;
    lose_last_item(&fresh.open().await).await;
    run(&["migrate", "epoch", "--database-url", fresh.url()]).expect_success();
    assert_restored(&browser, &process).await;
    browser.close().await;
}
