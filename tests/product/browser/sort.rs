//! The sort order of the items: the user chooses it, it is the order in the DOM, and changes by others never apply it
//! again.

use serde_json::json;

use super::{COUNT_LOADS, disconnect_in_background, layout::assert_fits, savt};
use crate::harness::{
    app::Savt,
    browser::{Browser, SCREENS},
};

/// Creates three items with two features each, of which two, one and none are vetoed.
async fn create_items(savt: &Savt) {
    let alice = savt.person_called("Alice").await;
    for (name, vetoed) in [("Quattro", 2), ("Marinara", 1), ("Äpfel", 0)] {
        let item = alice.create_item(name).await;
        for topping in 0..2 {
            let feature = alice.suggest(&format!("Topping {topping}"), 1, item).await;
            if topping < vetoed {
                alice.veto(feature).await;
            }
        }
    }
}

async fn choose_order(browser: &Browser, order: &str) {
    browser.choose("#order", order).await;
}

/// Waits until the items have this order in the DOM, and asserts that they have it on the screen.
async fn wait_for_order(browser: &Browser, names: &[&str]) {
    let cards = "return [...document.querySelectorAll('#items > .item')].map((card) => card.querySelector('.name').textContent)";
    browser.until_script(cards, json!(names)).await;
    let by_position = "return [...document.querySelectorAll('#items > .item')]
        .map((card) => [card.getBoundingClientRect(), card.querySelector('.name').textContent])
        .sort(([a], [b]) => a.top - b.top || a.left - b.left)
        .map(([, name]) => name)";
    assert_eq!(browser.script(by_position).await, json!(names));
}

#[tokio::test(flavor = "multi_thread")]
async fn items_keep_the_chosen_order_until_sorted_again() {
    let savt = savt().await;
    create_items(&savt).await;
    let browser = Browser::at(savt.address()).await;
    browser.read("#connection", "Live").await;
    wait_for_order(&browser, &["Quattro", "Marinara", "Äpfel"]).await;
    browser.see_no("#reapply-order").await;
    choose_order(&browser, "Name").await;
    wait_for_order(&browser, &["Äpfel", "Marinara", "Quattro"]).await;
    choose_order(&browser, "Fewest vetoed toppings").await;
    wait_for_order(&browser, &["Äpfel", "Marinara", "Quattro"]).await;

    // Changes by others move no item until the user sorts again.
    let bob = savt.person_called("Bob").await;
    for feature in [5, 6] {
        bob.veto(feature).await;
    }
    bob.create_item("Bianca").await;
    bob.suggest("Olives", 1, 4).await;
    let olives = "return document.querySelector('#item-4-features').textContent.includes('Olives')";
    browser.until_script(olives, true).await;
    browser.read("#feature-6 .vetoers", "Bob").await;
    wait_for_order(&browser, &["Äpfel", "Marinara", "Quattro", "Bianca"]).await;
    browser.press("Sort again").await;
    wait_for_order(&browser, &["Bianca", "Marinara", "Quattro", "Äpfel"]).await;
    browser.see_no("#reapply-order").await;
    browser.focus_on("#order").await;

    // The order is stored for this tab only.
    browser.go("/history").await;
    browser.go("/").await;
    wait_for_order(&browser, &["Bianca", "Marinara", "Quattro", "Äpfel"]).await;
    let other = Browser::at(savt.address()).await;
    wait_for_order(&other, &["Quattro", "Marinara", "Äpfel", "Bianca"]).await;
    other.close().await;
    choose_order(&browser, "Order added").await;
    wait_for_order(&browser, &["Quattro", "Marinara", "Äpfel", "Bianca"]).await;
    browser.see_no("#reapply-order").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sorting_keeps_input_and_new_items_come_last() {
    let savt = savt().await;
    create_items(&savt).await;
    let browser = Browser::at(savt.address()).await;
    browser.read("#connection", "Live").await;
    choose_order(&browser, "Name").await;
    browser
        .type_into("#create-item input[name=name]", "Bianca\n")
        .await;
    wait_for_order(&browser, &["Äpfel", "Marinara", "Quattro", "Bianca"]).await;
    browser
        .type_into("#item-4 .suggest input[name=name]", "half a na")
        .await;
    browser.press("Sort again").await;
    wait_for_order(&browser, &["Äpfel", "Bianca", "Marinara", "Quattro"]).await;
    let field = "#item-4 .suggest input[name=name]";
    assert_eq!(browser.value(field).await, "half a na");
    // A board that reloads after too many missed changes keeps the chosen order.
    browser.type_into(field, "m").await;
    browser.script(COUNT_LOADS).await;
    let bob = savt.person_called("Bob").await;
    disconnect_in_background(&browser, &bob).await;
    for n in 0..210 {
        bob.suggest(&format!("Salt {n}"), 1, None).await;
    }
    browser.close_front_tab().await;
    browser.read("#free-features > [id]", "Salt 209").await;
    assert_eq!(browser.script("return window.loads").await, 1);
    wait_for_order(&browser, &["Äpfel", "Bianca", "Marinara", "Quattro"]).await;
    browser.focus_on(field).await;
    assert_eq!(browser.value(field).await, "half a nam");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_javascript_sorting_is_not_offered() {
    let savt = savt().await;
    create_items(&savt).await;
    let browser = Browser::without_javascript(savt.address()).await;
    browser.see("#filter").await;
    browser.see_no("#order, #reapply-order").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sorted_board_fits_every_screen() {
    let savt = savt().await;
    create_items(&savt).await;
    let browser = Browser::at(savt.address()).await;
    for (width, screen) in SCREENS {
        browser.set_viewport(width, false).await;
        choose_order(&browser, "Fewest vetoed toppings").await;
        let bob = savt.person_called(&format!("Bob {width}")).await;
        bob.create_item("Bianca").await;
        browser.see("#reapply-order").await;
        browser.screenshot(&format!("sort-{screen}-light")).await;
        assert_fits(&browser, "a sorted board").await;
        browser.screenshot(&format!("sort-{screen}-light")).await;
    }
    browser.close().await;
}
