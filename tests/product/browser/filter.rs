//! Showing only some of a board: by the stylesheet alone, so that it works without script and follows whatever changes.

use super::savt;
use crate::harness::{app::Savt, browser::Browser};

/// Of three pizzas one is fine, one vetoed, one has nothing on it; Wine and Water are free.
async fn at_three_pizzas(savt: &Savt) {
    let alice = savt.person_called("Alice").await;
    let fine = alice.create_item("Fine").await;
    alice.suggest("Basil", 1, fine).await;
    let vetoed = alice.create_item("Vetoed").await;
    let ham = alice.suggest("Ham", 1, vetoed).await;
    alice.create_item("Nothing").await;
    let wine = alice.suggest("Wine", 1, None).await;
    alice.suggest("Water", 1, None).await;
    alice.veto(ham).await;
    alice.veto(wine).await;
}

async fn choose(browser: &Browser, value: &str) {
    let label = format!("#filter label:has([value={value}])");
    browser.see(&label).await.click().await.unwrap();
}

/// Waits until these are what stands on the board.
async fn shows(browser: &Browser, names: &str) {
    for name in ["Fine", "Vetoed", "Nothing", "Wine", "Water"] {
        let away = format!("return [...document.querySelectorAll('#items > li, #free-features > li')]
            .find((thing) => thing.querySelector('.name').textContent === '{name}')?.checkVisibility() ?? false");
        let wanted = names.split(' ').any(|wanted| wanted == name);
        browser.until_script(&away, wanted).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_choice_shows_what_it_says() {
    let savt = savt().await;
    at_three_pizzas(&savt).await;
    let browser = Browser::at(savt.address()).await;
    shows(&browser, "Fine Vetoed Nothing Wine Water").await;
    choose(&browser, "fine").await;
    shows(&browser, "Fine Water").await;
    let words = "Showing 1 of 3 pizzas and 1 of 2 toppings for all";
    browser.read("#shown output", words).await;
    choose(&browser, "vetoed").await;
    shows(&browser, "Vetoed Wine").await;
    choose(&browser, "mine").await;
    shows(&browser, "").await;
    browser
        .read("#shown output", "You have vetoed no topping.")
        .await;
    browser.press("Show all").await;
    shows(&browser, "Fine Vetoed Nothing Wine Water").await;
    browser.see_no("#show-all").await;

    // What one vetoes oneself, and what others do.
    browser.press("Veto Water").await;
    choose(&browser, "mine").await;
    shows(&browser, "Water").await;
    choose(&browser, "fine").await;
    shows(&browser, "Fine").await;
    browser
        .read("#shown output", "0 of 2 toppings for all")
        .await;
    let bob = savt.person_called("Bob").await;
    bob.suggest("Salt", 1, 3).await;
    shows(&browser, "Fine Nothing").await;
    browser.read("#shown output", "Showing 2 of 3 pizzas").await;
    bob.veto(1).await;
    shows(&browser, "Nothing").await;
    browser.read("#shown output", "Showing 1 of 3 pizzas").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_typing_or_has_just_pressed_loses_nothing() {
    let savt = savt().await;
    at_three_pizzas(&savt).await;
    let browser = Browser::at(savt.address()).await;
    browser.read("#connection", "Live").await;
    choose(&browser, "fine").await;
    browser
        .type_into("#item-1 .suggest input[name=name]", "Toma")
        .await;
    savt.person().veto(1).await;
    browser.read("#shown output", "Showing 0 of 3 pizzas").await;
    shows(&browser, "Fine Water").await;
    browser.keys("to\n").await;
    browser.read("#item-1-features > [id]", "Tomato").await;
    browser.focus_on("#item-1 .suggest input[name=name]").await;

    // A second tap on the same place meets the same row.
    choose(&browser, "fine").await;
    shows(&browser, "Water").await;
    let stays = "const done = arguments[0];
        const row = document.getElementById('feature-4');
        row.querySelector('button').focus();
        new MutationObserver(() => {
            if (!row.querySelector('.vetoers')) return;
            setTimeout(() => done(row.checkVisibility()), 50);
        }).observe(row, { childList: true, subtree: true });
        row.querySelector('button').click();";
    assert_eq!(browser.script_async(stays).await, true);
    shows(&browser, "").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_is_kept_and_hides_nothing_one_has_just_made() {
    let savt = savt().await;
    at_three_pizzas(&savt).await;
    let browser = Browser::at(savt.address()).await;
    choose(&browser, "vetoed").await;
    browser.go("/history").await;
    browser.go("/").await;
    shows(&browser, "Vetoed Wine").await;
    browser.read("#shown output", "Showing 1 of 3 pizzas").await;
    let other = Browser::at(savt.address()).await;
    shows(&other, "Fine Vetoed Nothing Wine Water").await;
    other.close().await;

    browser
        .type_into("#create-item input[name=name]", "Marinara\n")
        .await;
    browser
        .read("#shown output", "Showing all again, Marinara among them")
        .await;
    browser.focus_on("#item-4 .suggest input[name=name]").await;
    choose(&browser, "fine").await;
    shows(&browser, "Fine Water").await;
    choose(&browser, "vetoed").await;
    browser
        .type_into("#free-features + .suggest input[name=name]", "Bread\n")
        .await;
    browser
        .read("#shown output", "Showing all again, Bread among them")
        .await;
    // What others make follows the choice.
    choose(&browser, "fine").await;
    savt.person().create_item("Funghi").await;
    browser.read("#shown output", "Showing 1 of 5 pizzas").await;
    browser.see_no("#item-5").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_works_without_script() {
    let savt = savt().await;
    at_three_pizzas(&savt).await;
    let browser = Browser::without_script(savt.address()).await;
    for (choice, seen, unseen) in [
        ("fine", "#item-1", "#item-2, #item-3, #feature-3"),
        ("vetoed", "#item-2", "#item-1, #item-3, #feature-4"),
        ("mine", "#items-heading", ".item, #free-features > .feature"),
        ("all", "#item-3", "#show-all"),
    ] {
        choose(&browser, choice).await;
        browser.see(seen).await;
        browser.see_no(unseen).await;
    }
    browser.close().await;
}
