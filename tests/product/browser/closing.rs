//! Closing a board while others use it, the clock of a deadline, and the same without scripts.

use chrono::{TimeDelta, Utc};
use serde_json::json;

use super::savt;
use crate::{closing::populated, harness::browser::Browser};

const FIELD: &str = "#item-1 .suggest input[name=name]";
const REASON: &str = "#suggest-reason-1";

async fn click(browser: &Browser, css: &str) {
    browser.see(css).await.click().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_leaves_what_others_are_typing() {
    let savt = savt().await;
    populated(&savt).await;
    let carla = Browser::at(savt.address()).await;
    let dora = Browser::at(savt.address()).await;
    dora.read("#connection", "Live").await;
    dora.type_into(FIELD, "Olives").await;

    carla.press("Close the decision").await;
    click(&carla, "#sheet .choice").await;
    carla
        .type_into("#sheet textarea", "At eight, at Anna's.")
        .await;
    click(&carla, "#close-form button").await;
    carla.see_no("#sheet").await;
    carla.read("#outcome h2", "Decided: Margherita").await;
    carla.read("#toasts", "closed the decision with").await;
    carla.see("#toasts .toast:last-child button").await;
    for gone in ["#create-item", ".suggest", "button.veto", ".closing-link"] {
        carla.see_no(gone).await;
    }

    // Dora keeps the field and its text, and is told.
    dora.read("#outcome .sentence", "At eight").await;
    dora.read("#item-1 .chosen", "Chosen").await;
    dora.see_no("#create-item").await;
    dora.see_no("button.veto").await;
    dora.focus_on(FIELD).await;
    assert_eq!(dora.value(FIELD).await, "Olives");
    let announced = "return document.getElementById('announcer').textContent";
    dora.until_script(announced, json!("Decided: Margherita"))
        .await;
    dora.keys("\n").await;
    dora.read(REASON, "closed this decision on").await;
    dora.until_script(
        "return /UTC/.test(document.querySelector('#suggest-reason-1 time').textContent)",
        json!(false),
    )
    .await;
    assert_eq!(dora.value(FIELD).await, "Olives");

    // A menu has no actions.
    carla.press("More about Hawaii").await;
    carla.read("#sheet .closed-note", "reopen it first").await;
    carla.see_no("#sheet .menu form").await;
    carla.press("Close").await;
    carla.see_no("#sheet").await;

    carla.press("Reopen").await;
    carla.see_no("#outcome").await;
    carla.see("#create-item").await;
    dora.see("#create-item").await;
    dora.focus_on(FIELD).await;
    dora.keys("\n").await;
    dora.read("#item-1-features", "Olives").await;
    carla.read("#item-1-features", "Olives").await;
    carla.close().await;
    dora.close_despite(&["423"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_menu_keeps_what_is_typed_until_the_board_is_open_again() {
    const NAME: &str = "#sheet #edit-form [name=name]";
    let savt = savt().await;
    let anna = populated(&savt).await;
    let browser = Browser::at(savt.address()).await;
    browser.read("#connection", "Live").await;
    browser.press("More about Hawaii").await;
    browser.see_no("#sheet .closed-note").await;
    browser.retype(NAME, "Maui").await;

    anna.post("/close", &[("chosen", "1")]).await.is(303);
    browser.read("#sheet .closed-note", "reopen it first").await;
    browser.see_no("#sheet .menu form button").await;
    browser.focus_on(NAME).await;
    browser.keys("\n").await;
    browser
        .read("#edit-reason", "Anna closed this decision on")
        .await;
    browser.screenshot("menu-of-a-board-that-closed").await;
    assert_eq!(browser.value(NAME).await, "Maui");

    anna.post("/reopen", &[]).await.is(303);
    browser.see("#sheet #edit-form button").await;
    browser.see_no("#sheet .closed-note").await;
    assert_eq!(browser.value(NAME).await, "Maui");
    browser.focus_on(NAME).await;
    browser.keys("\n").await;
    browser.see_no("#sheet").await;
    browser.read("#item-2 .name", "Maui").await;

    // A menu that was opened while the board was closed works once it is open.
    anna.post("/close", &[]).await.is(303);
    browser.read("#outcome", "closed").await;
    browser.press("More about Maui").await;
    browser.read("#sheet .closed-note", "reopen it first").await;
    browser.see_no("#sheet .menu form").await;
    anna.post("/reopen", &[]).await.is(303);
    browser.see("#sheet #edit-form button").await;
    browser.see_no("#sheet .closed-note").await;

    // The same for the form that closes the board, when somebody else is faster.
    browser.press("Close").await;
    browser.press("Close the decision").await;
    browser.type_into("#sheet textarea", "At eight.").await;
    anna.post("/close", &[]).await.is(303);
    browser.read("#sheet .closed-note", "reopen it first").await;
    browser.see_no("#close-form button").await;
    assert_eq!(browser.value("#sheet textarea").await, "At eight.");
    anna.post("/reopen", &[]).await.is(303);
    click(&browser, "#close-form button").await;
    browser.read("#outcome .sentence", "At eight.").await;
    browser.close_despite(&["423"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_counts_down_and_closes_the_page() {
    let savt = savt().await;
    let anna = populated(&savt).await;
    let browser = Browser::at(savt.address()).await;
    browser.read("#connection", "Live").await;
    browser.press("Close the decision").await;
    browser.see_no("#deadline-utc").await;
    // In local time, as a person sees and types it.
    let local = "
        const at = new Date(Date.now() + 7_830_000);
        const local = new Date(at - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
        document.querySelector('#deadline-form [type=datetime-local]').value = local;
        return local;
    ";
    let local = browser.script(local).await;
    click(&browser, "#deadline-form button").await;
    browser.see_no("#sheet").await;
    // 9 or 10 minutes, because the field has no seconds.
    browser.read("#outcome .clock", "in 2 hr").await;
    let utc = "return /UTC/.test(document.querySelector('#outcome time').textContent)";
    browser.until_script(utc, json!(false)).await;
    let set = "return new Date(document.getElementById('outcome').dataset.deadline) - new Date(arguments[0])";
    let set = set.replace("arguments[0]", &local.to_string());
    assert_eq!(browser.script(&set).await, json!(0));
    // The form shows the deadline as it was typed, and a wrong clock of the browser does not matter.
    browser.press("Change or close now").await;
    let field = "#deadline-form [type=datetime-local]";
    assert_eq!(json!(browser.value(field).await), local);
    browser.press("Remove the deadline").await;
    browser.see_no("#outcome").await;

    let at = Utc::now() + TimeDelta::seconds(8);
    let at = at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
    anna.post("/close", &[("at", &at)]).await.is(303);
    browser.read("#outcome .clock", "in").await;
    browser.read("#outcome h2", "The decision is closed").await;
    browser.see_no("button.veto").await;
    let buttons = "return document.querySelectorAll('#consent button').length";
    browser.until_script(buttons, 0).await;
    browser.press("Reopen").await;
    browser.see("#consent button").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_scripts_closes_and_reopens() {
    let savt = savt().await;
    populated(&savt).await;
    let browser = Browser::without_javascript(savt.address()).await;
    browser.press("Close the decision").await;
    browser.read("#deadline-utc", "This time is UTC").await;
    click(&browser, ".choice").await;
    browser.type_into("textarea", "At eight.").await;
    click(&browser, "#close-form button").await;
    browser.read("#outcome h2", "Decided: Margherita").await;
    browser.read("#toasts", "closed the decision").await;
    for gone in ["#create-item", ".suggest", "button.veto", ".closing-link"] {
        browser.see_no(gone).await;
    }
    browser.press("More about Hawaii").await;
    browser.read(".closed-note", "reopen it first").await;
    browser.see_no(".menu form").await;
    browser.press("Reopen").await;
    browser.see("#create-item").await;
    browser.see_no("#outcome").await;
    browser.close().await;
}
