//! Optimistic rows: an own addition appears before the response, and never twice or in the wrong place.

use serde_json::{Value, json};

use super::{open_pizza_board, savt};
use crate::harness::browser::Browser;

const FIELD: &str = "#item-1 .suggest input[name=name]";

/// Submits a form and returns the ids and names in this list right away, as the next frame shows them.
async fn submit_and_list(browser: &Browser, form: &str, name: &str, list: &str) -> Value {
    browser
        .script(&format!(
            "const form = document.querySelector({form:?});
             form.elements.name.value = {name:?};
             form.requestSubmit();
             return [...document.querySelector({list:?}).children]
                 .map((row) => [row.id, row.querySelector('.name').textContent]);"
        ))
        .await
}

/// Counts the frames in which a name is twice in the list.
const COUNT_DUPLICATES: &str = "
    window.duplicates = 0;
    const check = () => {
        const names = [...document.querySelectorAll('#item-1-features .name')].map((name) => name.textContent);
        if (new Set(names).size < names.length) window.duplicates++;
    };
    (function frame() { check(); requestAnimationFrame(frame); })();
";

#[tokio::test(flavor = "multi_thread")]
async fn a_suggestion_appears_before_the_response_and_disappears_if_rejected() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    let height = "return document.querySelector('#item-1').offsetHeight";
    let before = browser.script(height).await;
    let write_lock = savt.database().write().await.unwrap();
    let rows = submit_and_list(&browser, "#item-1 .suggest", "Basil", "#item-1-features").await;
    assert_eq!(rows, json!([["feature-1", "Mozzarella"], ["", "Basil"]]));
    browser.screenshot("optimistic-row-desktop-light").await;
    let pending_height = browser.script(height).await;
    browser.see("#toasts .failed").await;
    browser.see_no(".pending").await;
    assert_eq!(browser.value(FIELD).await, "Basil");
    assert_eq!(browser.script(height).await, before);
    drop(write_lock);

    // The pending row is as high as the row that replaces it.
    browser.type_into(FIELD, "\n").await;
    browser.see("#feature-2").await;
    browser.see_no(".pending").await;
    assert_eq!(browser.script(height).await, pending_height);

    // Rejected with a reason, and without any response.
    let long = "x".repeat(101);
    let rows = submit_and_list(&browser, "#item-1 .suggest", &long, "#item-1-features").await;
    assert_eq!(rows[2], json!(["", long]));
    browser.read("#suggest-reason-1", "too long").await;
    browser.see_no(".pending").await;
    assert_eq!(browser.value(FIELD).await, long);
    browser
        .script("window.fetch = () => new Promise((_, fail) => setTimeout(fail, 100, 'gone'))")
        .await;
    let rows = submit_and_list(&browser, "#item-1 .suggest", "Thyme", "#item-1-features").await;
    assert_eq!(rows[2], json!(["", "Thyme"]));
    browser
        .read("#toasts .failed", "SAVT did not respond")
        .await;
    browser.see_no(".pending").await;
    browser.close_despite(&["503", "htmx:error"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_item_appears_before_the_response() {
    let savt = savt().await;
    let browser = Browser::at(savt.address()).await;
    let write_lock = savt.database().write().await.unwrap();
    let cards = submit_and_list(&browser, "#create-item", "Margherita", "#items").await;
    assert_eq!(cards, json!([["", "Margherita"]]));
    browser.see_no(".empty").await;
    browser.screenshot("optimistic-card-desktop-light").await;
    let height = "return document.querySelector('#items').offsetHeight";
    let pending_height = browser.script(height).await;
    browser.see("#toasts .failed").await;
    browser.see_no(".pending").await;
    browser.see(".empty").await;
    drop(write_lock);

    let field = "#create-item input[name=name]";
    browser.type_into(field, "\n").await;
    browser.see("#item-1").await;
    assert_eq!(browser.script(height).await, pending_height);
    // A taken name gets a suffix, and an empty name is generated.
    for (typed, stored) in [("margherita", "margherita-2"), ("", "Pizza-1")] {
        let cards = submit_and_list(&browser, "#create-item", typed, "#items").await;
        let pending = cards.as_array().unwrap().last().unwrap();
        assert_eq!(pending[0], "");
        browser.read("#items > [id] .name", stored).await;
        browser.see_no(".pending").await;
    }
    browser.close_despite(&["503"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_response_and_the_stream_may_arrive_in_either_order() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    browser.read("#connection", "Live").await;
    browser.script(COUNT_DUPLICATES).await;
    // The response arrives first.
    for name in ["Basil", "Thyme"] {
        submit_and_list(&browser, "#item-1 .suggest", name, "#item-1-features").await;
        browser.read("#item-1-features > [id]", name).await;
    }
    // The stream message arrives first.
    browser.hold_responses("/create/").await;
    submit_and_list(&browser, "#item-1 .suggest", "Olives", "#item-1-features").await;
    browser.see("#feature-4").await;
    browser.see_no(".pending").await;
    // Rows of others are placed before the pending row, in the order of their ids.
    let bob = savt.person_called("Bob").await;
    let write_lock = savt.database().write().await.unwrap();
    submit_and_list(
        &browser,
        "#free-features + .suggest",
        "Salt",
        "#free-features",
    )
    .await;
    browser.release_responses().await;
    browser.see("#free-features > .pending").await;
    drop(write_lock);
    browser.read("#free-features > [id]", "Salt").await;
    browser.see_no(".pending").await;
    bob.suggest("Capers", 1, 1).await;
    browser.read("#item-1-features > [id]", "Capers").await;
    let names = browser.texts("#item-1-features .name").await;
    assert_eq!(names, ["Mozzarella", "Basil", "Thyme", "Olives", "Capers"]);
    assert_eq!(browser.script("return window.duplicates").await, 0);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_others_precede_a_pending_row_and_a_duplicate_adds_none() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    browser.read("#connection", "Live").await;
    browser.hold_responses("/create/").await;
    let delay_messages = "document.getElementById('connection')
        .addEventListener('htmx:sse:before:message', ({ detail }) => detail.waitUntil(window.heldMessages));";
    browser
        .script(&format!(
            "window.heldMessages = new Promise((release) => {{ window.releaseMessages = release; }}); {delay_messages}"
        ))
        .await;
    let bob = savt.person_called("Bob").await;
    bob.suggest("Capers", 1, 1).await;
    submit_and_list(&browser, "#item-1 .suggest", "Basil", "#item-1-features").await;
    let rows = submit_and_list(&browser, "#item-1 .suggest", "basil", "#item-1-features").await;
    assert_eq!(rows, json!([["feature-1", "Mozzarella"], ["", "Basil"]]));
    let filter = "#filter label:has([value=fine])";
    browser.see(filter).await.click().await.unwrap();
    browser.read("#shown output", "Showing 1 of 1 pizzas").await;
    browser
        .script(
            "window.orders = [];
             new MutationObserver(() => window.orders.push(
                 [...document.querySelectorAll('#item-1-features > li')].map((row) => row.id))
             ).observe(document.querySelector('#item-1-features'), { childList: true });
             window.releaseMessages();",
        )
        .await;
    browser.see("#feature-2").await;
    browser.see("#feature-3").await;
    let first = browser.script("return window.orders[0]").await;
    assert_eq!(first, json!(["feature-1", "feature-2", ""]));
    browser.release_responses().await;
    browser.read("#feature-3 .amount", "×2").await;
    browser.see_no(".pending").await;
    browser.close().await;
}
