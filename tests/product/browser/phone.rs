//! Phones: the board starts high on the screen, whatever things are called, and nothing is out of reach.

use serde_json::json;

use super::{layout::assert_fits, savt};
use crate::harness::browser::Browser;

/// A common width of phones.
const WIDTH: u32 = 390;

/// Where the first card may start, in pixels from the top.
const MAX_TOP: f64 = 300.0;

async fn assert_first_card_is_high(browser: &Browser, what: &str) {
    let top = "return document.querySelector('#items > li').getBoundingClientRect().top + scrollY";
    let top = browser.script(top).await.as_f64().unwrap();
    assert!(top <= MAX_TOP, "the first card of {what} starts at {top}");
    let lines = "return new Set([...document.querySelectorAll('#filter label')]
        .map((label) => label.getBoundingClientRect().top)).size";
    assert_eq!(browser.script(lines).await, 1, "lines of filters of {what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_card_starts_in_the_upper_third() {
    let savt = savt().await;
    savt.demo().await;
    let longest = savt.another_with_word(&"W".repeat(30)).await;
    for (server, words) in [(&savt, "short"), (&longest, "long")] {
        let browser = Browser::at(server.address()).await;
        browser.set_viewport(WIDTH, false).await;
        for language in ["Deutsch", "English"] {
            browser.press(language).await;
            browser.read("#connection", "Live").await;
            assert_first_card_is_high(&browser, &format!("{words} words in {language}")).await;
            assert_fits(&browser, "the board").await;
            browser
                .screenshot(&format!("phone-{words}-{language}-light"))
                .await;
        }
        browser.close().await;
    }
}

/// The label of the focused choice, and whether its outline is inside of what is visible.
const FOCUSED_CHOICE: &str = "
    const label = document.querySelector('#filter label:has(:focus)');
    const { outlineWidth, outlineOffset } = getComputedStyle(label);
    const ring = parseFloat(outlineWidth) + parseFloat(outlineOffset);
    const box = label.getBoundingClientRect();
    const line = document.getElementById('filter').getBoundingClientRect();
    return [label.textContent, ring >= 5
        && box.left - ring >= Math.max(0, line.left) && box.right + ring <= Math.min(innerWidth, line.right)
        && box.top - ring >= line.top && box.bottom + ring <= line.bottom];
";

#[tokio::test(flavor = "multi_thread")]
async fn the_line_of_filters_scrolls_to_the_focused_choice() {
    let savt = savt().await;
    savt.demo().await;
    let browser = Browser::at(savt.address()).await;
    browser.set_viewport(WIDTH, false).await;
    browser.go("/").await;
    browser.read("#connection", "Live").await;
    let scrolls = "const { scrollWidth, clientWidth } = document.getElementById('filter'); return scrollWidth > clientWidth";
    assert_eq!(browser.script(scrolls).await, true);
    browser.keys("f").await;
    let right = "\u{e014}";
    let choices = "All,Fine for everyone,My vetoes,Vetoed,vegetarian,vegan,with meat,with fish";
    for name in choices.split(',') {
        browser
            .until_script(FOCUSED_CHOICE, json!([name, true]))
            .await;
        browser.keys(right).await;
    }
    browser
        .until_script(FOCUSED_CHOICE, json!(["All", true]))
        .await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_field_for_the_kind_is_folded_in_until_it_is_wanted() {
    let savt = savt().await;
    savt.demo().await;
    let kind = "#create-item input[name=kind]";
    for javascript in [true, false] {
        let browser = match javascript {
            true => Browser::at(savt.address()).await,
            false => Browser::without_javascript(savt.address()).await,
        };
        // On a wide screen it is always there.
        browser.see(kind).await;
        browser.see_no(".kind-toggle").await;
        browser.set_viewport(WIDTH, false).await;
        browser.go("/").await;
        browser.see_no(kind).await;
        let before =
            "return [...document.querySelectorAll('#create-item > :is(label, details, button)')]
            .filter((element) => element.checkVisibility())
            .map((element) => Math.round(element.getBoundingClientRect().bottom))";
        let bottoms = browser.script(before).await;
        let bottoms = bottoms.as_array().unwrap();
        assert_eq!(bottoms.len(), 3, "field, disclosure and button");
        assert!(
            bottoms.iter().all(|bottom| bottom == &bottoms[0]),
            "one line: {bottoms:?}"
        );
        browser.press("Kind").await;
        if javascript {
            browser.focus_on(kind).await;
        }
        browser.type_into(kind, "vegan").await;
        assert_fits(&browser, "the unfolded form").await;
        browser
            .screenshot(&format!("phone-kind-{javascript}-light"))
            .await;
        // A field with content stays visible, because it is sent.
        browser.press("Kind").await;
        browser.see(kind).await;
        let name = format!("Pizza with {javascript}");
        browser
            .type_into("#create-item input[name=name]", &name)
            .await;
        browser.press("Add").await;
        browser.read("#items .item:last-child .kind", "vegan").await;
        browser.see_no(kind).await;
        browser.close().await;
    }
}
