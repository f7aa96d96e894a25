//! Pasting several lines offers to add one item for each.

use serde_json::json;

use super::savt;
use crate::harness::browser::{Browser, DESKTOP, ESCAPE, PHONE};

const ITEM: &str = "#create-item input[name=name]";
const NAMES: &str = "#create-items textarea";

#[tokio::test(flavor = "multi_thread")]
async fn pasted_lines_become_items_and_one_undo_takes_them_back() {
    let savt = savt().await;
    let browser = Browser::at(savt.address()).await;
    browser.type_into(ITEM, "half").await;
    browser.paste(ITEM, "one line").await;
    browser.see_no("#create-items").await;
    browser
        .paste(ITEM, "Margherita\r\nFunghi\n\n Napoli \n")
        .await;
    browser.focus_on("#create-items button").await;
    browser.read("#create-items button", "Add 3 pizzas").await;
    assert_eq!(browser.value(ITEM).await, "half");
    for (width, screen) in [(PHONE, "phone"), (DESKTOP, "desktop")] {
        browser.set_viewport(width, false).await;
        browser.screenshot(&format!("paste-{screen}-light")).await;
    }
    browser.type_into(NAMES, "\nfunghi").await;
    browser.read("#create-items button", "Add 4 pizzas").await;
    browser.type_into("#create-items input", "vegan").await;
    browser.press("Add 4 pizzas").await;
    browser.see("#item-4").await;
    browser.see_no("#create-items").await;
    browser.focus_on(ITEM).await;
    let names = ["Margherita", "Funghi", "Napoli", "funghi-2"];
    assert_eq!(browser.texts("#items > [id] .name").await, names);
    let kinds = "return document.querySelectorAll('#items .kind').length";
    browser.until_script(kinds, json!(4)).await;
    let toast = "Margherita, Funghi, Napoli, funghi-2 (vegan)";
    browser.read("#toasts .toast:last-child", toast).await;
    let undo = browser.see("#toasts .toast:last-child form button").await;
    undo.send_keys("\n").await.unwrap();
    browser.see_no("#item-1").await;
    browser.see_no("#item-4").await;

    // A list that is rejected stays. The link opens the same form.
    browser.press("Add several").await;
    browser.focus_on(NAMES).await;
    let long = "x".repeat(101);
    browser.type_into(NAMES, &format!("Quattro\n{long}")).await;
    browser.press("Add 2 pizzas").await;
    browser.read("#create-items-reason", "Line 2").await;
    assert_eq!(browser.value(NAMES).await, format!("Quattro\n{long}"));
    browser.type_into(NAMES, ESCAPE).await;
    browser.see_no("#create-items").await;
    browser.focus_on(ITEM).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_scripts_adds_several_items() {
    let savt = savt().await;
    let browser = Browser::without_javascript(savt.address()).await;
    browser.press("Add several").await;
    browser.type_into("textarea", "Margherita\nFunghi").await;
    browser.press("Add all").await;
    browser.see("#item-2").await;
    assert_eq!(
        browser.texts("#items > [id] .name").await,
        ["Margherita", "Funghi"]
    );
    browser.read("#toasts", "added Margherita, Funghi").await;
    browser.close().await;
}
