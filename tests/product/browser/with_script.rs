//! A browser with script: rows change in place, and what one was doing goes on.

use std::time::Duration;

use serde_json::{Value, json};

use super::{at_a_pizza, savt};
use crate::harness::browser::{Browser, ESCAPE};

/// Remembers this very page, which a page load would forget.
async fn mark(browser: &Browser) {
    browser.script("window.marked = true").await;
}

async fn assert_same_page(browser: &Browser) {
    assert_eq!(browser.script("return window.marked").await, true);
}

/// Lets the time pass in which a second tap on the same button would be a double tap: longer than in `savt.js`.
async fn another_tap() {
    tokio::time::sleep(Duration::from_millis(450)).await;
}

/// Whatever was under way is done when this is: requests of a browser are answered in turn.
async fn something_else(browser: &Browser) {
    browser
        .type_into("#free-features + .suggest input[name=name]", "Salt\n")
        .await;
    browser.read("#free-features > [id]", "Salt").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_veto_changes_its_row_and_nothing_else() {
    let savt = savt().await;
    let browser = at_a_pizza(&savt).await;
    mark(&browser).await;
    browser
        .type_into("#create-item input[name=name]", "half a na")
        .await;

    browser.press("Veto Mozzarella").await;
    browser
        .read("#feature-1 .vetoers", "vetoed by User-1")
        .await;
    browser
        .focus_on("#feature-1 button[aria-label='Take back veto on Mozzarella']")
        .await;
    browser.read("#stats", "1 vetoed").await;
    something_else(&browser).await;

    another_tap().await;
    browser.press("Take back veto on Mozzarella").await;
    browser.see_no("#feature-1 .vetoers").await;
    assert_eq!(
        browser.value("#create-item input[name=name]").await,
        "half a na"
    );
    assert_same_page(&browser).await;
    browser.close().await;
}

/// Presses a button; how its row looks in the next frame: its class, and whether the button is pressed.
async fn next_frame(browser: &Browser) -> Value {
    browser
        .script_async(
            "const done = arguments[0];
             const row = document.querySelector('#feature-1');
             const button = row.querySelector('button.veto');
             button.click();
             requestAnimationFrame(() => done([row.className, button.ariaPressed]));",
        )
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_veto_shows_in_the_next_frame_and_goes_if_it_is_refused() {
    let savt = savt().await;
    let browser = at_a_pizza(&savt).await;
    let nobody_else_writes = savt.database().write().await.unwrap();
    assert_eq!(
        next_frame(&browser).await,
        json!(["feature vetoed", "true"])
    );
    browser.see("#toasts .failed").await;
    browser
        .see("#feature-1:not(.vetoed) button.veto:not([aria-pressed])")
        .await;
    drop(nobody_else_writes);

    another_tap().await;
    browser.press("Veto Mozzarella").await;
    browser
        .read("#feature-1 .vetoers", "vetoed by User-1")
        .await;
    let other = savt.person();
    other.veto(1).await;
    browser.read("#feature-1 .vetoers", "User-2").await;
    another_tap().await;
    let nobody_else_writes = savt.database().write().await.unwrap();
    assert_eq!(
        next_frame(&browser).await,
        json!(["feature vetoed", null]),
        "another one's veto stays"
    );
    browser.see("#feature-1 button.veto[aria-pressed]").await;
    drop(nobody_else_writes);

    other.take_back(1).await;
    browser
        .script(
            "const reason = new URLSearchParams({ reason: 'no milk' });
             fetch('/features/1/veto', { method: 'POST', body: reason });",
        )
        .await;
    browser
        .read("#feature-1 .vetoers", "vetoed by User-1 (no milk)")
        .await;
    another_tap().await;
    assert_eq!(
        next_frame(&browser).await,
        json!(["feature", null]),
        "a reason is nobody's veto"
    );
    browser.see_no("#feature-1 .vetoers").await;
    browser.close_despite(&["503"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn toppings_are_typed_one_after_the_other() {
    let savt = savt().await;
    let browser = at_a_pizza(&savt).await;
    mark(&browser).await;

    for topping in ["Basil", "Tomato"] {
        browser.focus_on("#item-1 .suggest input[name=name]").await;
        browser.keys(&format!("{topping}\n")).await;
        browser.read("#item-1-features > [id]", topping).await;
    }
    browser.focus_on("#item-1 .suggest input[name=name]").await;
    assert_eq!(browser.value("#item-1 .suggest input[name=name]").await, "");
    let names = browser.texts("#item-1 .feature .name").await;
    assert_eq!(names, ["Mozzarella", "Basil", "Tomato"]);
    assert_same_page(&browser).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_already_is_pointed_out_while_one_types() {
    let savt = savt().await;
    let browser = at_a_pizza(&savt).await;
    browser.read("#connection", "Live").await;
    let field = "#item-1 .suggest input[name=name]";
    let hint = "#item-1 .suggest .double";
    browser.type_into(field, " MOZZARÈLLA").await;
    browser.read(hint, "Mozzarella is here already").await;
    browser.keys("s").await;
    browser.see_no(hint).await;

    // Somebody else suggests it meanwhile. What is on another list is something else.
    savt.person().suggest("Basilico", 1, None).await;
    browser.retype(field, "Basilico").await;
    browser.read("#free-features > [id]", "Basilico").await;
    browser.see_no(hint).await;
    savt.person().suggest("basilico", 1, 1).await;
    browser.read(hint, "basilico is here already").await;
    browser.keys("\n").await;
    browser.read("#feature-3 .amount", "×2").await;
    browser.see_no(hint).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_types_fast_loses_nothing() {
    let savt = savt().await;
    let browser = at_a_pizza(&savt).await;
    // Faster than any answer: the second name is typed before the first one is there.
    browser
        .script(
            "const form = document.querySelector('#item-1 .suggest');
             for (const name of ['Basil', 'Basil', 'Tomato', 'Thyme', 'Salami']) {
                 form.elements.name.value = name;
                 form.requestSubmit();
             }
             form.elements.name.value = 'Half a na';",
        )
        .await;
    browser.read("#item-1-features > [id]", "Salami").await;
    something_else(&browser).await;
    let names = browser.texts("#item-1-features .what").await;
    assert_eq!(names, ["Mozzarella", "Basil", "Tomato", "Thyme", "Salami"]);
    assert_eq!(
        browser.value("#item-1 .suggest input[name=name]").await,
        "Half a na"
    );
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_menu_opens_renames_and_closes() {
    let savt = savt().await;
    let browser = at_a_pizza(&savt).await;
    mark(&browser).await;

    browser.press("More about Mozzarella").await;
    browser.see("#sheet[open]").await;
    browser.keys(ESCAPE).await;
    browser.see_no("#sheet").await;
    browser.focus_on("#feature-1 .more").await;

    browser.press("More about Mozzarella").await;
    browser.retype("#sheet input[name=name]", "Burrata\n").await;
    browser.read("#feature-1 .name", "Burrata").await;
    browser.see_no("#sheet").await;
    browser.focus_on("#feature-1 .more").await;

    browser.press("More about Margherita").await;
    browser.press("Delete Margherita").await;
    browser.see_no("#sheet").await;
    browser.see(".empty").await;
    browser.read("#free-features > [id]", "Burrata").await;

    browser.press("More about Burrata").await;
    browser.press("Close").await;
    browser.see_no("#sheet").await;
    assert_same_page(&browser).await;
    assert_eq!(browser.path().await, "/");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_says_why_and_keeps_what_was_typed() {
    let savt = savt().await;
    let browser = at_a_pizza(&savt).await;
    mark(&browser).await;
    let long = "x".repeat(101);

    browser
        .type_into("#item-1 .suggest input[name=name]", &long)
        .await;
    browser.keys("\n").await;
    browser.read("#suggest-reason-1", "too long").await;
    assert_eq!(
        browser.value("#item-1 .suggest input[name=name]").await,
        long
    );
    browser
        .retype("#item-1 .suggest input[name=name]", "Basil\n")
        .await;
    browser.read("#item-1-features > [id]", "Basil").await;
    browser.see_no("#suggest-reason-1").await;

    // In the menu, which stays open: beside the field, or under the form that has none.
    browser.press("More about Mozzarella").await;
    browser.retype("#sheet input[name=name]", "basil\n").await;
    browser.read("#edit-reason", "another name").await;
    assert_eq!(browser.value("#sheet input[name=name]").await, "basil");
    browser.press("Close").await;
    browser.see_no("#sheet").await;
    browser
        .type_into("#create-item input[name=name]", "Marinara\n")
        .await;
    browser.see("#item-2").await;
    browser.press("More about Marinara").await;
    browser.press("Split Marinara").await;
    browser.read("#sheet .toast", "nothing to split").await;
    assert_same_page(&browser).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn undo_is_at_hand() {
    let savt = savt().await;
    let browser = at_a_pizza(&savt).await;
    browser.press("More about Mozzarella").await;
    browser.press("Delete Mozzarella").await;
    browser.see_no("#feature-1").await;
    browser.see_no("#sheet").await;

    browser
        .read("#toasts .toast:last-child", "deleted Mozzarella")
        .await;
    let undo = browser.see("#toasts .toast:last-child button").await;
    undo.click().await.unwrap();
    browser.see("#feature-1").await;
    browser.read("#toasts .toast:last-child", "undid").await;

    // On the page of the history too, which then shows it.
    browser.go("/history").await;
    browser.see("#event-3 button").await.click().await.unwrap();
    browser.read("#event-3 .undone", "undone by").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_tap_is_one_veto() {
    let savt = savt().await;
    let browser = at_a_pizza(&savt).await;
    // The worst case: the second tap meets the button in the moment it has become its opposite.
    browser
        .script_async(
            "const done = arguments[0];
             const button = document.querySelector('#feature-1 button.veto');
             new MutationObserver((_, observer) => {
                 const opposite = document.querySelector('#feature-1 button[aria-pressed]');
                 if (!opposite) return;
                 observer.disconnect();
                 opposite.click();
                 done();
             }).observe(document.getElementById('items'), { subtree: true, childList: true, attributes: true });
             button.click();
             button.click();",
        )
        .await;
    something_else(&browser).await;
    browser
        .read("#feature-1 .vetoers", "vetoed by User-1")
        .await;
    browser.go("/history").await;
    let events = browser.texts(".event p").await;
    let vetoes = events.iter().filter(|event| event.contains("veto")).count();
    assert_eq!(vetoes, 1, "{events:?}");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_is_said_in_words() {
    let savt = savt().await;
    let browser = at_a_pizza(&savt).await;
    let field = "#item-1 .suggest input[name=name]";

    // A proxy that answers instead of SAVT, and one that says all is well.
    browser.script("window.really = window.fetch").await;
    for (status, words) in [(502, "cannot be reached"), (200, "not SAVT that answered")] {
        let page = format!("new Response('<h1>Hello</h1>', {{ status: {status} }})");
        let fetch = format!("window.fetch = async () => {page}");
        browser.script(&fetch).await;
        browser.retype(field, "Basil\n").await;
        browser.read("#toasts .failed:last-child", words).await;
        assert_eq!(browser.value(field).await, "Basil");
    }

    // Nothing at all.
    browser
        .script("window.fetch = async () => { throw 'gone' }")
        .await;
    browser.type_into(field, "\n").await;
    browser
        .read("#toasts .failed:last-child", "No answer came")
        .await;
    assert_eq!(browser.value(field).await, "Basil");

    browser.script("window.fetch = window.really").await;
    browser.type_into(field, "\n").await;
    browser.read("#item-1-features > [id]", "Basil").await;
    browser.close_despite(&["htmx:error"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_says_who_one_is() {
    let savt = savt().await;
    let alice = Browser::at(savt.address()).await;
    alice.press("Who are you?").await;
    alice.type_into("#me input[name=name]", "Alice\n").await;
    alice.read("#me", "You are Alice").await;
    alice.focus_on("#me > summary").await;

    let phone = Browser::at(savt.address()).await;
    phone.press("Who are you?").await;
    phone.type_into("#me input[name=name]", "Alice\n").await;
    phone.read("#me-reason", "That name is taken").await;
    phone.press("That's me").await;
    phone.read("#me", "You are Alice").await;
    phone.see_no("#me-reason").await;
    alice.close().await;
    phone.close().await;
}
