//! A page that loses the connection to SAVT: it shows this, reconnects and catches up.

use savt::db::Backend;
use serde_json::json;

use super::savt;
use crate::harness::{
    browser::Browser, databases::Fresh, port::Port, process::Process, stream::Stream,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_page_reconnects_after_a_crash() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let port = Port::reserve();
    let process = Process::serve_at(port.address(), fresh.url());
    let browser = Browser::at(port.address()).await;
    browser.read("#connection", "Live").await;
    let field = "#free-features + .suggest input[name=name]";
    browser.type_into(field, "Salt\n").await;
    browser.read("#free-features > [id]", "Salt").await;
    browser.type_into(field, "half a na").await;

    process.kill();
    browser.read("#connection", "Reconnecting").await;
    browser.read("#connection", "Offline, as of").await;
    browser.press("Veto Salt").await;
    browser
        .read("#toasts .failed", "SAVT did not respond")
        .await;

    let process = Process::serve_at(port.address(), fresh.url());
    process.person().suggest("Pepper", 1, None).await;
    browser.read("#free-features > [id]", "Pepper").await;
    browser.read("#connection", "Live").await;
    assert_eq!(browser.value(field).await, "half a na");
    browser.press("Veto Salt").await;
    browser.read("#feature-1 .vetoers", "User-1").await;
    browser
        .close_despite(&["ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE", "htmx"])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_retries_a_stream_that_never_connected() {
    let savt = savt().await;
    let browser = Browser::at(savt.address()).await;
    browser.block(&["*/events*"]).await;
    browser.go("/").await;
    browser.read("#connection", "Reconnecting").await;
    // Actions work without the stream.
    browser
        .type_into("#free-features + .suggest input[name=name]", "Salt\n")
        .await;
    browser.read("#free-features > [id]", "Salt").await;
    savt.person().veto(1).await;
    browser.block(&[]).await;
    browser.read("#feature-1 .vetoers", "User-2").await;
    browser.read("#connection", "Live").await;
    assert_eq!(
        browser
            .script("return document.querySelectorAll('.failed').length")
            .await,
        json!(0),
        "a page that reconnects by itself shows no error"
    );
    browser.close_despite(&["ERR_BLOCKED", "htmx"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_over_the_stream_limit_connects_when_a_stream_closes() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let limits = ["--trusted-proxy", "127.0.0.1", "--streams-per-client", "1"];
    let process = Process::serve_with(&limits, fresh.url());
    let shared_address = "203.0.113.7";
    let other = process.person().forwarded_for(shared_address);
    let page = other.get("").await;
    let address = page.attribute("#connection", "hx-sse:connect");
    let first = Stream::open(&other, &address, None).await;

    let browser = Browser::at(process.address).await;
    browser.read("#connection", "Live").await;
    browser.through_a_proxy(shared_address).await;
    browser.go("/").await;
    browser.read("#connection", "Reconnecting").await;
    // The page does not show the error response to its stream request.
    browser.see("#create-item").await;
    assert_eq!(browser.texts(".failed").await, [""; 0]);
    drop(first);
    browser.read("#connection", "Live").await;
    other.create_item("Margherita").await;
    browser.read("#items .name", "Margherita").await;
    browser.close_despite(&["429", "htmx"]).await;
}
