//! Another order of the cards: chosen by one's own hand, true for keys and screen readers, and never disturbed by others.

use serde_json::json;

use super::{COUNT_LOADS, lets_go, looks::assert_whole, savt};
use crate::harness::{
    app::Savt,
    browser::{Browser, SCREENS},
};

/// Of three pizzas the first has two vetoed toppings, the second one of two, the third none.
async fn three_pizzas(savt: &Savt) {
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

async fn choose(browser: &Browser, order: &str) {
    browser.choose("#order", order).await;
}

/// Waits until the cards stand in this order, for eyes and for keys alike.
async fn stand(browser: &Browser, names: &[&str]) {
    let cards = "return [...document.querySelectorAll('#items > .item')].map((card) => card.querySelector('.name').textContent)";
    browser.until_script(cards, json!(names)).await;
    let by_place = "return [...document.querySelectorAll('#items > .item')]
        .map((card) => [card.getBoundingClientRect(), card.querySelector('.name').textContent])
        .sort(([one], [other]) => one.top - other.top || one.left - other.left)
        .map(([, name]) => name)";
    assert_eq!(browser.script(by_place).await, json!(names));
}

#[tokio::test(flavor = "multi_thread")]
async fn cards_stand_as_one_chooses_and_stay() {
    let savt = savt().await;
    three_pizzas(&savt).await;
    let browser = Browser::at(savt.address()).await;
    browser.read("#connection", "Live").await;
    stand(&browser, &["Quattro", "Marinara", "Äpfel"]).await;
    browser.see_no("#order-again").await;
    choose(&browser, "By name").await;
    stand(&browser, &["Äpfel", "Marinara", "Quattro"]).await;
    choose(&browser, "Fewest vetoed toppings first").await;
    stand(&browser, &["Äpfel", "Marinara", "Quattro"]).await;

    // Whatever others do, nothing moves until one wants it to.
    let bob = savt.person_called("Bob").await;
    for feature in [5, 6] {
        bob.veto(feature).await;
    }
    bob.create_item("Bianca").await;
    bob.suggest("Olives", 1, 4).await;
    let olives = "return document.querySelector('#item-4-features').textContent.includes('Olives')";
    browser.until_script(olives, true).await;
    browser.read("#feature-6 .vetoers", "Bob").await;
    stand(&browser, &["Äpfel", "Marinara", "Quattro", "Bianca"]).await;
    browser.press("Sort again").await;
    stand(&browser, &["Bianca", "Marinara", "Quattro", "Äpfel"]).await;
    browser.see_no("#order-again").await;
    browser.focus_on("#order").await;

    // It is kept for this tab, and for no other.
    browser.go("/history").await;
    browser.go("/").await;
    stand(&browser, &["Bianca", "Marinara", "Quattro", "Äpfel"]).await;
    let other = Browser::at(savt.address()).await;
    stand(&other, &["Quattro", "Marinara", "Äpfel", "Bianca"]).await;
    other.close().await;
    choose(&browser, "As added").await;
    stand(&browser, &["Quattro", "Marinara", "Äpfel", "Bianca"]).await;
    browser.see_no("#order-again").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_types_stays_and_what_one_adds_comes_last() {
    let savt = savt().await;
    three_pizzas(&savt).await;
    let browser = Browser::at(savt.address()).await;
    browser.read("#connection", "Live").await;
    choose(&browser, "By name").await;
    browser
        .type_into("#create-item input[name=name]", "Bianca\n")
        .await;
    browser.focus_on("#item-4 .suggest input[name=name]").await;
    stand(&browser, &["Äpfel", "Marinara", "Quattro", "Bianca"]).await;
    browser.keys("half a na").await;
    browser.press("Sort again").await;
    stand(&browser, &["Äpfel", "Bianca", "Marinara", "Quattro"]).await;
    let field = "#item-4 .suggest input[name=name]";
    assert_eq!(browser.value(field).await, "half a na");
    // Who missed too much gets the board again, in the order they chose.
    browser.type_into(field, "m").await;
    browser.script(COUNT_LOADS).await;
    let bob = savt.person_called("Bob").await;
    lets_go(&browser, &bob).await;
    for n in 0..210 {
        bob.suggest(&format!("Salt {n}"), 1, None).await;
    }
    browser.to_the_front().await;
    browser.read("#free-features > [id]", "Salt 209").await;
    assert_eq!(browser.script("return window.loads").await, 1);
    stand(&browser, &["Äpfel", "Bianca", "Marinara", "Quattro"]).await;
    browser.focus_on(field).await;
    assert_eq!(browser.value(field).await, "half a nam");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_script_there_is_no_choice_of_it() {
    let savt = savt().await;
    three_pizzas(&savt).await;
    let browser = Browser::without_script(savt.address()).await;
    browser.see("#filter").await;
    browser.see_no("#order, #order-again").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_choice_keeps_the_page_whole() {
    let savt = savt().await;
    three_pizzas(&savt).await;
    let browser = Browser::at(savt.address()).await;
    for (width, screen) in SCREENS {
        browser.look(width, false).await;
        choose(&browser, "Fewest vetoed toppings first").await;
        let bob = savt.person_called(&format!("Bob {width}")).await;
        bob.create_item("Bianca").await;
        browser.see("#order-again").await;
        browser.screenshot(&format!("order-{screen}-light")).await;
        assert_whole(&browser, "another order").await;
        browser.screenshot(&format!("order-{screen}-light")).await;
    }
    browser.close().await;
}
