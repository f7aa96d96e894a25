//! What one adds is seen at once, before it is there, and never where it is not.

use serde_json::{Value, json};

use super::{at_a_pizza, savt};
use crate::harness::browser::Browser;

const FIELD: &str = "#item-1 .suggest input[name=name]";

/// Sends a form; what stands in this list before anything else happens, with its id: the next frame shows it.
async fn next_frame(browser: &Browser, form: &str, name: &str, list: &str) -> Value {
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

/// Counts the frames and the changes after which something stands twice in a list.
const WATCH: &str = "
    window.twice = 0;
    const look = () => {
        const names = [...document.querySelectorAll('#item-1-features .name')].map((name) => name.textContent);
        if (new Set(names).size < names.length) window.twice++;
    };
    (function frame() { look(); requestAnimationFrame(frame); })();
";

#[tokio::test(flavor = "multi_thread")]
async fn a_suggestion_shows_in_the_next_frame_and_goes_if_it_is_refused() {
    let savt = savt().await;
    let browser = at_a_pizza(&savt).await;
    let height = "return document.querySelector('#item-1').offsetHeight";
    let before = browser.script(height).await;
    let nobody_else_writes = savt.database().write().await.unwrap();
    let rows = next_frame(&browser, "#item-1 .suggest", "Basil", "#item-1-features").await;
    assert_eq!(rows, json!([["feature-1", "Mozzarella"], ["", "Basil"]]));
    browser.screenshot("ghost-row-desktop-light").await;
    let ahead = browser.script(height).await;
    browser.see("#toasts .failed").await;
    browser.see_no(".ghost").await;
    assert_eq!(browser.value(FIELD).await, "Basil");
    assert_eq!(browser.script(height).await, before);
    drop(nobody_else_writes);

    // It is as large as what comes in its place.
    browser.type_into(FIELD, "\n").await;
    browser.see("#feature-2").await;
    browser.see_no(".ghost").await;
    assert_eq!(browser.script(height).await, ahead);

    // With a reason, and none at all.
    let long = "x".repeat(101);
    let rows = next_frame(&browser, "#item-1 .suggest", &long, "#item-1-features").await;
    assert_eq!(rows[2], json!(["", long]));
    browser.read("#suggest-reason-1", "too long").await;
    browser.see_no(".ghost").await;
    assert_eq!(browser.value(FIELD).await, long);
    browser
        .script("window.fetch = () => new Promise((_, fail) => setTimeout(fail, 100, 'gone'))")
        .await;
    let rows = next_frame(&browser, "#item-1 .suggest", "Thyme", "#item-1-features").await;
    assert_eq!(rows[2], json!(["", "Thyme"]));
    browser.read("#toasts .failed", "No answer came").await;
    browser.see_no(".ghost").await;
    browser.close_despite(&["503", "htmx:error"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_item_shows_in_the_next_frame() {
    let savt = savt().await;
    let browser = Browser::at(savt.address()).await;
    let nobody_else_writes = savt.database().write().await.unwrap();
    let cards = next_frame(&browser, "#create-item", "Margherita", "#items").await;
    assert_eq!(cards, json!([["", "Margherita"]]));
    browser.see_no(".empty").await;
    browser.screenshot("ghost-card-desktop-light").await;
    let height = "return document.querySelector('#items').offsetHeight";
    let ahead = browser.script(height).await;
    browser.see("#toasts .failed").await;
    browser.see_no(".ghost").await;
    browser.see(".empty").await;
    drop(nobody_else_writes);

    let field = "#create-item input[name=name]";
    browser.type_into(field, "\n").await;
    browser.see("#item-1").await;
    assert_eq!(browser.script(height).await, ahead);
    // A name that is taken becomes another one, and none is given one.
    for (typed, named) in [("margherita", "margherita-2"), ("", "Pizza-1")] {
        let cards = next_frame(&browser, "#create-item", typed, "#items").await;
        let ghost = cards.as_array().unwrap().last().unwrap();
        assert_eq!(ghost[0], "");
        browser.read("#items > [id] .name", named).await;
        browser.see_no(".ghost").await;
    }
    browser.close_despite(&["503"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_and_the_stream_may_come_in_any_order() {
    let savt = savt().await;
    let browser = at_a_pizza(&savt).await;
    browser.read("#connection", "Live").await;
    browser.script(WATCH).await;
    // The answer first.
    for name in ["Basil", "Thyme"] {
        next_frame(&browser, "#item-1 .suggest", name, "#item-1-features").await;
        browser.read("#item-1-features > [id]", name).await;
    }
    // The stream first.
    browser.hold_answers("/create/").await;
    next_frame(&browser, "#item-1 .suggest", "Olives", "#item-1-features").await;
    browser.see("#feature-4").await;
    browser.see_no(".ghost").await;
    // Others' rows come before it, in the order of the numbers.
    let bob = savt.person_called("Bob").await;
    let nobody_else_writes = savt.database().write().await.unwrap();
    next_frame(
        &browser,
        "#free-features + .suggest",
        "Salt",
        "#free-features",
    )
    .await;
    browser.let_answers_go().await;
    browser.see("#free-features > .ghost").await;
    drop(nobody_else_writes);
    browser.read("#free-features > [id]", "Salt").await;
    browser.see_no(".ghost").await;
    bob.suggest("Capers", 1, 1).await;
    browser.read("#item-1-features > [id]", "Capers").await;
    let names = browser.texts("#item-1-features .name").await;
    assert_eq!(names, ["Mozzarella", "Basil", "Thyme", "Olives", "Capers"]);
    assert_eq!(browser.script("return window.twice").await, 0);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn others_rows_come_before_it_and_more_of_the_same_is_no_row() {
    let savt = savt().await;
    let browser = at_a_pizza(&savt).await;
    browser.read("#connection", "Live").await;
    browser.hold_answers("/create/").await;
    let heard = "document.getElementById('connection')
        .addEventListener('htmx:sse:before:message', ({ detail }) => detail.waitUntil(window.later));";
    browser
        .script(&format!(
            "window.later = new Promise((come) => {{ window.come = come; }}); {heard}"
        ))
        .await;
    let bob = savt.person_called("Bob").await;
    bob.suggest("Capers", 1, 1).await;
    next_frame(&browser, "#item-1 .suggest", "Basil", "#item-1-features").await;
    let more = next_frame(&browser, "#item-1 .suggest", "basil", "#item-1-features").await;
    assert_eq!(more, json!([["feature-1", "Mozzarella"], ["", "Basil"]]));
    let filter = "#filter label:has([value=fine])";
    browser.see(filter).await.click().await.unwrap();
    browser.read("#shown output", "Showing 1 of 1 pizzas").await;
    browser
        .script(
            "window.places = [];
             new MutationObserver(() => window.places.push(
                 [...document.querySelectorAll('#item-1-features > li')].map((row) => row.id))
             ).observe(document.querySelector('#item-1-features'), { childList: true });
             window.come();",
        )
        .await;
    browser.see("#feature-2").await;
    browser.see("#feature-3").await;
    let first = browser.script("return window.places[0]").await;
    assert_eq!(first, json!(["feature-1", "feature-2", ""]));
    browser.let_answers_go().await;
    browser.read("#feature-3 .amount", "×2").await;
    browser.see_no(".ghost").await;
    browser.close().await;
}
