//! The forms for new items and features: what is typed quickly arrives, at any latency, and nothing is lost.

use serde_json::json;

use super::savt;
use crate::harness::browser::{Browser, DESKTOP, PHONE, too_long_name};

const ITEM: &str = "#create-item input[name=name]";
const TOPPING: &str = "#item-1 .suggest input[name=name]";

/// The names of all items, without placeholders.
const ITEMS: &str = "return [...document.querySelectorAll('#items > [id] > .head .name')].map((name) => name.textContent)";
const TOPPINGS: &str = "return [...document.querySelectorAll('#item-1 .feature-body')].map((body) => body.textContent)";

/// Lets requests fail when `window.fail` is called.
const FAIL_LATER: &str = "
    window.originalFetch = window.fetch;
    window.fetch = () => new Promise((_, fail) => { window.fail = () => fail(new Error('gone')); });
";

async fn assert_empty_and_focused(browser: &Browser, field: &str) {
    assert_eq!(browser.value(field).await, "");
    let focused = format!("return document.activeElement === document.querySelector({field:?})");
    assert_eq!(browser.script(&focused).await, true);
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_typed_in_a_row_arrive_in_order_at_any_latency() {
    let savt = savt().await;
    let setup = savt.person();
    let browser = Browser::at(savt.address()).await;
    for latency in [0, 150, 500, 2_000] {
        let board = setup.create_board(&format!("{latency} ms")).await;
        browser.go(&board).await;
        browser.read("#connection", "Live").await;
        browser.set_latency(latency).await;
        browser
            .type_into(ITEM, "Margherita\nFunghi\nNapoli\nFunghi\n")
            .await;
        assert_empty_and_focused(&browser, ITEM).await;
        let expected = json!(["Margherita", "Funghi", "Napoli", "Funghi-2"]);
        browser.until_script(ITEMS, expected).await;
        assert_empty_and_focused(&browser, ITEM).await;

        browser.type_into(TOPPING, "Ham\nBasil\nHam\n").await;
        assert_empty_and_focused(&browser, TOPPING).await;
        browser
            .until_script(TOPPINGS, json!(["Ham ×2", "Basil"]))
            .await;
        browser.see_no(".pending").await;
        assert_empty_and_focused(&browser, TOPPING).await;
        browser.set_latency(0).await;
        let stored = setup.on_board(&board).sees().await;
        assert_eq!(
            stored,
            "Margherita: Ham ×2, Basil\nFunghi\nNapoli\nFunghi-2"
        );
    }
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_added_is_given_back_and_overwrites_nothing() {
    let savt = savt().await;
    let browser = Browser::at(savt.address()).await;
    browser.script(FAIL_LATER).await;
    // The form is still empty.
    browser.type_into(ITEM, "Sicilia\n").await;
    assert_empty_and_focused(&browser, ITEM).await;
    browser.script("window.fail()").await;
    browser.see("#toasts .failed").await;
    browser
        .until_script(
            &format!("return document.querySelector({ITEM:?}).value"),
            "Sicilia",
        )
        .await;

    // Something else is being typed, and more is waiting: each is offered, and can be sent again or dropped.
    browser.type_into(ITEM, "\nFunghi\nNapoli\nhalf a na").await;
    for name in ["Sicilia", "Funghi", "Napoli"] {
        browser.script("window.fail()").await;
        browser.read("#create-item .not-added", name).await;
    }
    assert_eq!(browser.value(ITEM).await, "half a na");
    browser.screenshot("not-added-desktop-light").await;
    browser.script("window.fetch = window.originalFetch").await;
    for name in ["Sicilia", "Napoli"] {
        browser
            .script(&format!(
                "const rows = [...document.querySelectorAll('.not-added')];
                 rows.find((row) => row.textContent.includes({name:?})).querySelector('button').click();"
            ))
            .await;
        browser.read("#items > [id] .name", name).await;
    }
    browser
        .read("#create-item .not-added", "Not added: Funghi")
        .await;
    browser.press("Discard").await;
    browser.see_no(".not-added").await;
    assert_eq!(browser.value(ITEM).await, "half a na");
    browser
        .until_script(ITEMS, json!(["Sicilia", "Napoli"]))
        .await;

    // A name that is rejected returns with its reason.
    let long = too_long_name();
    browser.type_into(TOPPING, &format!("{long}\n")).await;
    browser.read("#suggest-reason-1", "too long").await;
    assert_eq!(browser.value(TOPPING).await, long);
    browser.close_despite(&["htmx:error"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_card_scrolls_into_view_only_while_the_form_stays_there() {
    let savt = savt().await;
    let browser = Browser::at(savt.address()).await;
    let setup = savt.person();
    for (width, cards) in [(DESKTOP, 5), (PHONE, 12)] {
        browser.set_viewport(width, false).await;
        let board = setup.create_board("Pizzas").await;
        for number in 0..cards {
            setup
                .on_board(&board)
                .create_item(&format!("No {number}"))
                .await;
        }
        browser.go(&board).await;
        browser.type_into(ITEM, "Margherita\n").await;
        let card = format!("#item-{}", cards + 1);
        browser.see(&card).await;
        browser.see_no(".pending").await;
        browser.focus_on(ITEM).await;
        let in_view = format!(
            "const box = document.querySelector({ITEM:?}).getBoundingClientRect();
             return box.top >= 0 && box.bottom <= innerHeight;"
        );
        browser.until_script(&in_view, true).await;
    }
    browser.close().await;
}
