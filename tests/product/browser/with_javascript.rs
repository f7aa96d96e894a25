//! Pages with JavaScript: changes update rows in place and keep focus and input.

use std::time::Duration;

use serde_json::{Value, json};

use super::{open_pizza_board, savt};
use crate::harness::browser::{Browser, ESCAPE, too_long_name};

/// Marks the page. Loading it again removes the mark.
async fn mark_page(browser: &Browser) {
    browser.script("window.marked = true").await;
}

async fn assert_same_page(browser: &Browser) {
    assert_eq!(browser.script("return window.marked").await, true);
}

/// Waits longer than the interval in which `savt.js` treats a second tap as a double tap.
async fn wait_out_double_tap() {
    tokio::time::sleep(Duration::from_millis(450)).await;
}

/// Waits until earlier requests are answered: the requests of one browser are answered in order.
async fn wait_for_earlier_requests(browser: &Browser) {
    browser
        .type_into("#free-features + .suggest input[name=name]", "Salt\n")
        .await;
    browser.read("#free-features > [id]", "Salt").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_veto_updates_only_its_row() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    mark_page(&browser).await;
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
    wait_for_earlier_requests(&browser).await;

    wait_out_double_tap().await;
    browser.press("Take back veto on Mozzarella").await;
    browser.see_no("#feature-1 .vetoers").await;
    assert_eq!(
        browser.value("#create-item input[name=name]").await,
        "half a na"
    );
    assert_same_page(&browser).await;
    browser.close().await;
}

/// Presses the veto button and returns the class of its row and whether the button is pressed in the next frame.
async fn press_and_read_next_frame(browser: &Browser) -> Value {
    browser
        .script_async(
            "const resolve = arguments[0];
             const row = document.querySelector('#feature-1');
             const button = row.querySelector('button.veto');
             button.click();
             requestAnimationFrame(() => resolve([row.className, button.ariaPressed]));",
        )
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_veto_appears_before_the_response_and_disappears_if_rejected() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    let write_lock = savt.database().write().await.unwrap();
    assert_eq!(
        press_and_read_next_frame(&browser).await,
        json!(["feature vetoed", "true"])
    );
    browser.see("#toasts .failed").await;
    browser
        .see("#feature-1:not(.vetoed) button.veto:not([aria-pressed])")
        .await;
    drop(write_lock);

    wait_out_double_tap().await;
    browser.press("Veto Mozzarella").await;
    browser
        .read("#feature-1 .vetoers", "vetoed by User-1")
        .await;
    let other = savt.person();
    other.veto(1).await;
    browser.read("#feature-1 .vetoers", "User-2").await;
    wait_out_double_tap().await;
    let write_lock = savt.database().write().await.unwrap();
    assert_eq!(
        press_and_read_next_frame(&browser).await,
        json!(["feature vetoed", null]),
        "the veto of another participant stays"
    );
    browser.see("#feature-1 button.veto[aria-pressed]").await;
    drop(write_lock);

    other.withdraw_veto(1).await;
    browser
        .script(
            "const reason = new URLSearchParams({ reason: 'no milk' });
             fetch('/features/1/veto', { method: 'POST', body: reason });",
        )
        .await;
    browser
        .read("#feature-1 .vetoers", "vetoed by User-1 (no milk)")
        .await;
    wait_out_double_tap().await;
    assert_eq!(
        press_and_read_next_frame(&browser).await,
        json!(["feature", null]),
        "a reason does not count as another veto"
    );
    browser.see_no("#feature-1 .vetoers").await;
    browser.close_despite(&["503"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn features_can_be_typed_one_after_the_other() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    mark_page(&browser).await;

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
async fn a_duplicate_name_shows_a_hint_while_typing() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    browser.read("#connection", "Live").await;
    let field = "#item-1 .suggest input[name=name]";
    let hint = "#item-1 .suggest .duplicate-hint";
    browser.type_into(field, " MOZZARÈLLA").await;
    browser.read(hint, "Mozzarella is already here").await;
    browser.keys("s").await;
    browser.see_no(hint).await;

    // A suggestion by another participant shows the hint only if it is in the same list.
    savt.person().suggest("Basilico", 1, None).await;
    browser.retype(field, "Basilico").await;
    browser.read("#free-features > [id]", "Basilico").await;
    browser.see_no(hint).await;
    savt.person().suggest("basilico", 1, 1).await;
    browser.read(hint, "basilico is already here").await;
    browser.keys("\n").await;
    browser.read("#feature-3 .amount", "×2").await;
    browser.see_no(hint).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn submitting_faster_than_responses_arrive_loses_nothing() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    // The next name is submitted before the response to the previous one arrives.
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
    wait_for_earlier_requests(&browser).await;
    let names = browser.texts("#item-1-features .feature-body").await;
    let expected = ["Mozzarella", "Basil ×2", "Tomato", "Thyme", "Salami"];
    assert_eq!(names, expected);
    assert_eq!(
        browser.value("#item-1 .suggest input[name=name]").await,
        "Half a na"
    );
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sheet_opens_renames_and_closes() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    mark_page(&browser).await;

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
async fn a_rejection_shows_the_reason_and_keeps_the_input() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    mark_page(&browser).await;
    let long = too_long_name();

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

    // In the sheet, which stays open: the reason is beside the field, or in a toast for a form without fields.
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
    browser.read("#sheet .toast", "cannot be split").await;
    assert_same_page(&browser).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_can_be_undone_from_its_toast_and_the_history() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
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

    // On the history page, which then shows the undo.
    browser.go("/history").await;
    browser.see("#event-3 button").await.click().await.unwrap();
    browser.read("#event-3 .undone", "undone by").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_tap_is_one_veto() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    // The worst case: the second tap hits the button right after it has become the opposite button.
    browser
        .script_async(
            "const resolve = arguments[0];
             const button = document.querySelector('#feature-1 button.veto');
             new MutationObserver((_, observer) => {
                 const opposite = document.querySelector('#feature-1 button[aria-pressed]');
                 if (!opposite) return;
                 observer.disconnect();
                 opposite.click();
                 resolve();
             }).observe(document.getElementById('items'), { subtree: true, childList: true, attributes: true });
             button.click();
             button.click();",
        )
        .await;
    wait_for_earlier_requests(&browser).await;
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
async fn a_missing_or_foreign_response_shows_a_message() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    let field = "#item-1 .suggest input[name=name]";

    // A proxy answers instead of SAVT, with an error and with success.
    browser.script("window.originalFetch = window.fetch").await;
    for (status, message) in [(502, "cannot be reached"), (200, "did not come from SAVT")] {
        let page = format!("new Response('<h1>Hello</h1>', {{ status: {status} }})");
        let fetch = format!("window.fetch = async () => {page}");
        browser.script(&fetch).await;
        browser.retype(field, "Basil\n").await;
        browser.read("#toasts .failed:last-child", message).await;
        assert_eq!(browser.value(field).await, "Basil");
    }

    // No response.
    browser
        .script("window.fetch = async () => { throw 'gone' }")
        .await;
    browser.type_into(field, "\n").await;
    browser
        .read("#toasts .failed:last-child", "SAVT did not respond")
        .await;
    assert_eq!(browser.value(field).await, "Basil");

    browser.script("window.fetch = window.originalFetch").await;
    browser.type_into(field, "\n").await;
    browser.read("#item-1-features > [id]", "Basil").await;
    browser.close_despite(&["htmx:error"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_participant_sets_or_claims_a_name() {
    let savt = savt().await;
    let alice = Browser::at(savt.address()).await;
    alice.press("Who are you?").await;
    alice.type_into("#me input[name=name]", "Alice\n").await;
    alice.read("#me", "You are Alice").await;
    alice.focus_on("#me > summary").await;

    let phone = Browser::at(savt.address()).await;
    phone.press("Who are you?").await;
    phone.type_into("#me input[name=name]", "Alice\n").await;
    phone.read("#me-reason", "This name is taken").await;
    phone.press("That's me").await;
    phone.read("#me", "You are Alice").await;
    phone.see_no("#me-reason").await;
    alice.close().await;
    phone.close().await;
}
