//! The filter of the board. It is pure CSS, so it works without JavaScript and applies to every change at once.

use super::{accessibility::assert_accessible, layout::assert_fits, savt};
use crate::harness::{app::Savt, browser::Browser};

/// Creates three items (one without a veto, one with a vetoed feature, one without features) and the free features Wine
/// (vetoed) and Water.
async fn create_items(savt: &Savt) {
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

async fn choose_filter(browser: &Browser, value: &str) {
    let label = format!("#filter label:has([value={value}])");
    browser.see(&label).await.click().await.unwrap();
}

/// Waits until exactly these items and free features are visible.
async fn wait_until_shown(browser: &Browser, names: &str) {
    for name in ["Fine", "Vetoed", "Nothing", "Wine", "Water"] {
        let visible = format!("return [...document.querySelectorAll('#items > li, #free-features > li')]
            .find((row) => row.querySelector('.name').textContent === '{name}')?.checkVisibility() ?? false");
        let expected = names.split(' ').any(|shown| shown == name);
        browser.until_script(&visible, expected).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_filter_shows_the_matching_items_and_features() {
    let savt = savt().await;
    create_items(&savt).await;
    let browser = Browser::at(savt.address()).await;
    wait_until_shown(&browser, "Fine Vetoed Nothing Wine Water").await;
    choose_filter(&browser, "fine").await;
    wait_until_shown(&browser, "Fine Water").await;
    let summary = "Showing 1 of 3 pizzas and 1 of 2 toppings for all pizzas";
    browser.read("#shown output", summary).await;
    choose_filter(&browser, "vetoed").await;
    wait_until_shown(&browser, "Vetoed Wine").await;
    choose_filter(&browser, "mine").await;
    wait_until_shown(&browser, "").await;
    browser
        .read("#shown output", "You have not vetoed any topping.")
        .await;
    browser.press("Show all").await;
    wait_until_shown(&browser, "Fine Vetoed Nothing Wine Water").await;
    browser.see_no("#show-all").await;

    // The filter applies to own vetoes and to changes by others.
    browser.press("Veto Water").await;
    choose_filter(&browser, "mine").await;
    wait_until_shown(&browser, "Water").await;
    choose_filter(&browser, "fine").await;
    wait_until_shown(&browser, "Fine").await;
    browser
        .read("#shown output", "0 of 2 toppings for all pizzas")
        .await;
    let bob = savt.person_called("Bob").await;
    bob.suggest("Salt", 1, 3).await;
    wait_until_shown(&browser, "Fine Nothing").await;
    browser.read("#shown output", "Showing 2 of 3 pizzas").await;
    bob.veto(1).await;
    wait_until_shown(&browser, "Nothing").await;
    browser.read("#shown output", "Showing 1 of 3 pizzas").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_does_not_hide_the_row_in_use() {
    let savt = savt().await;
    create_items(&savt).await;
    let browser = Browser::at(savt.address()).await;
    browser.read("#connection", "Live").await;
    choose_filter(&browser, "fine").await;
    browser
        .type_into("#item-1 .suggest input[name=name]", "Toma")
        .await;
    savt.person().veto(1).await;
    browser.read("#shown output", "Showing 0 of 3 pizzas").await;
    wait_until_shown(&browser, "Fine Water").await;
    browser.keys("to\n").await;
    browser.read("#item-1-features > [id]", "Tomato").await;
    browser.focus_on("#item-1 .suggest input[name=name]").await;

    // The row stays in place for a second tap.
    choose_filter(&browser, "fine").await;
    wait_until_shown(&browser, "Water").await;
    let still_visible = "const resolve = arguments[0];
        const row = document.getElementById('feature-4');
        row.querySelector('button').focus();
        new MutationObserver(() => {
            if (!row.querySelector('.vetoers')) return;
            setTimeout(() => resolve(row.checkVisibility()), 50);
        }).observe(row, { childList: true, subtree: true });
        row.querySelector('button').click();";
    assert_eq!(browser.script_async(still_visible).await, true);
    wait_until_shown(&browser, "").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_persists_and_does_not_hide_own_additions() {
    let savt = savt().await;
    create_items(&savt).await;
    let browser = Browser::at(savt.address()).await;
    choose_filter(&browser, "vetoed").await;
    browser.go("/history").await;
    browser.go("/").await;
    wait_until_shown(&browser, "Vetoed Wine").await;
    browser.read("#shown output", "Showing 1 of 3 pizzas").await;
    let other = Browser::at(savt.address()).await;
    wait_until_shown(&other, "Fine Vetoed Nothing Wine Water").await;
    other.close().await;

    browser
        .type_into("#create-item input[name=name]", "Marinara\n")
        .await;
    browser
        .read(
            "#shown output",
            "Showing everything again, including Marinara",
        )
        .await;
    browser.see("#item-4 .suggest input[name=name]").await;
    browser.focus_on("#create-item input[name=name]").await;
    choose_filter(&browser, "fine").await;
    wait_until_shown(&browser, "Fine Water").await;
    choose_filter(&browser, "vetoed").await;
    browser
        .type_into("#free-features + .suggest input[name=name]", "Bread\n")
        .await;
    browser
        .read("#shown output", "Showing everything again, including Bread")
        .await;
    // The filter applies to additions by others.
    choose_filter(&browser, "fine").await;
    savt.person().create_item("Funghi").await;
    browser.read("#shown output", "Showing 1 of 5 pizzas").await;
    browser.see_no("#item-5").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_filter_works_without_javascript() {
    let savt = savt().await;
    create_items(&savt).await;
    let browser = Browser::without_javascript(savt.address()).await;
    for (filter, shown, hidden) in [
        ("fine", "#item-1", "#item-2, #item-3, #feature-3"),
        ("vetoed", "#item-2", "#item-1, #item-3, #feature-4"),
        ("mine", "#items-heading", ".item, #free-features > .feature"),
        ("all", "#item-3", "#show-all"),
    ] {
        choose_filter(&browser, filter).await;
        browser.see(shown).await;
        browser.see_no(hidden).await;
    }
    browser.close().await;
}

/// Waits until exactly these items are visible.
async fn wait_until_items_shown(browser: &Browser, names: &[&str]) {
    let visible = "return [...document.querySelectorAll('#items > li')].filter((card) => card.checkVisibility())
        .map((card) => card.querySelector('.name').textContent)";
    browser.until_script(visible, names).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn kinds_are_filters_while_an_item_has_them() {
    let savt = savt().await;
    let alice = savt.person_called("Alice").await;
    let plain = alice.create_item("Plain").await;
    let browser = Browser::at(savt.address()).await;
    browser.read("#connection", "Live").await;
    let choices = "return [...document.querySelectorAll('#filter label')].map((label) => label.textContent).slice(4)";
    browser.until_script(choices, Vec::<String>::new()).await;
    let vegan = alice.create_item_of_kind("Marinara", "vegan").await;
    alice.create_item_of_kind("Salami", "with meat").await;
    alice.suggest("Water", 1, None).await;
    browser
        .until_script(choices, vec!["vegan", "with meat"])
        .await;

    choose_filter(&browser, "\"kind vegan\"").await;
    wait_until_items_shown(&browser, &["Marinara"]).await;
    let summary = "Showing 1 of 3 pizzas and 1 of 1 topping";
    browser.read("#shown output", summary).await;
    alice.edit_item(plain, "Plain", "vegan").await;
    wait_until_items_shown(&browser, &["Plain", "Marinara"]).await;
    // The choice lasts, and own additions are not hidden.
    browser.go("/").await;
    wait_until_items_shown(&browser, &["Plain", "Marinara"]).await;
    browser
        .type_into("#create-item input[name=name]", "Funghi\n")
        .await;
    wait_until_items_shown(&browser, &["Plain", "Marinara", "Salami", "Funghi"]).await;
    // A kind that no item has any more is no choice any more.
    choose_filter(&browser, "\"kind vegan\"").await;
    wait_until_items_shown(&browser, &["Plain", "Marinara"]).await;
    for item in [plain, vegan] {
        alice
            .edit_item(item, if item == plain { "Plain" } else { "Marinara" }, "")
            .await;
    }
    browser.until_script(choices, vec!["with meat"]).await;
    wait_until_items_shown(&browser, &["Plain", "Marinara", "Salami", "Funghi"]).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_board_can_be_searched() {
    let savt = savt().await;
    let alice = savt.person_called("Alice").await;
    for n in 1..=19 {
        alice.create_item(&format!("Pizza {n}")).await;
    }
    let browser = Browser::at(savt.address()).await;
    browser.read("#connection", "Live").await;
    browser.see_no("#search").await;
    let jalapeno = alice.create_item("Jalapeño").await;
    alice.suggest("Cheddar", 1, jalapeno).await;
    let hot = alice.suggest("Hot sauce", 1, 7).await;
    browser.type_into("#search", "JALAPENO").await;
    wait_until_items_shown(&browser, &["Jalapeño"]).await;
    browser
        .read("#shown output", "Showing 1 of 20 pizzas")
        .await;
    browser.retype("#search", "sauce hot").await;
    wait_until_items_shown(&browser, &["Pizza 7"]).await;
    // A change by others is searched too, and the filter applies as well.
    alice.suggest("Hot sauce", 1, jalapeno).await;
    wait_until_items_shown(&browser, &["Pizza 7", "Jalapeño"]).await;
    alice.veto(hot).await;
    choose_filter(&browser, "fine").await;
    wait_until_items_shown(&browser, &["Jalapeño"]).await;
    browser.retype("#search", "nothing like this").await;
    wait_until_items_shown(&browser, &[]).await;
    browser.read("#shown output", "Nothing matches.").await;
    browser.press("Show all").await;
    browser.focus_on("#search").await;
    browser
        .until_script("return document.querySelectorAll('#items > li').length", 20)
        .await;
    assert_eq!(browser.value("#search").await, "");
    for (width, screen) in [(390, "phone"), (1280, "desktop")] {
        browser.set_viewport(width, false).await;
        browser.retype("#search", "sauce").await;
        wait_until_items_shown(&browser, &["Pizza 7", "Jalapeño"]).await;
        assert_fits(&browser, "a searched board").await;
        assert_accessible(&browser, "a searched board").await;
        browser.screenshot(&format!("search-{screen}")).await;
    }
    // With fewer items the field disappears, and hides nothing any more.
    alice.delete_item(1).await;
    browser.see_no("#search").await;
    browser.see("#item-2").await;
    browser.close().await;

    let browser = Browser::without_javascript(savt.address()).await;
    alice.create_item("One more").await;
    browser.go("/").await;
    browser.see("#item-2").await;
    browser.see_no("#search").await;
    browser.close().await;
}
