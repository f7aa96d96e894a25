//! Cards: the line of the vetoers, and the button of an own veto.

use serde_json::json;

use super::{open_pizza_board, savt};
use crate::harness::browser::{Browser, PHONE};

/// How far the names stand below or above the words around them, in pixels.
const OFFSETS: &str = "
    const bottomOf = (node) => {
        const range = document.createRange();
        range.selectNodeContents(node);
        return [...range.getClientRects()].at(-1).bottom;
    };
    return [...document.querySelectorAll('.feature .vetoers')].map((vetoers) => {
        const words = vetoers.firstChild;
        const name = vetoers.querySelector('bdi');
        return Math.abs(bottomOf(words) - bottomOf(name));
    });
";

#[tokio::test(flavor = "multi_thread")]
async fn the_names_of_vetoers_stand_on_one_line_however_many_they_are() {
    let savt = savt().await;
    let alice = savt.person_called("Alice").await;
    let pizza = alice.create_item("Margherita").await;
    for topping in ["One", "Three", "Five"] {
        alice.suggest(topping, 1, pizza).await;
    }
    for name in ["Bo", "Cy", "Di", "Ed"] {
        savt.person_called(name).await.veto(3).await;
    }
    for (name, feature) in [("Flo", 2), ("Gus", 2)] {
        savt.person_called(name).await.veto(feature).await;
    }
    for feature in 1..=3 {
        alice.veto(feature).await;
    }
    let browser = Browser::at(savt.address()).await;
    for width in [PHONE, 1440] {
        browser.set_viewport(width, false).await;
        browser.go("/").await;
        browser.read("#feature-3 .vetoers", "and 3 more").await;
        let offsets = browser.script(OFFSETS).await;
        let offsets = offsets.as_array().unwrap();
        assert_eq!(offsets.len(), 3);
        for offset in offsets {
            assert!(offset.as_f64().unwrap() < 1.0, "{offsets:?} at {width}");
        }
    }
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_button_of_an_own_veto_says_what_it_does_and_keeps_its_width() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    let state = "const button = document.querySelector('#feature-1 .veto');
        return [button.textContent, button.getBoundingClientRect().width]";
    let width = "return document.querySelector('#feature-1 .veto').getBoundingClientRect().width";
    for (language, take_back) in [("English", "Take back"), ("Deutsch", "Zurück\u{ad}nehmen")] {
        browser.press(language).await;
        browser.read("#connection", "Live").await;
        let wide = browser.script(width).await;
        // Before the response, and with it.
        browser.hold_responses("/veto").await;
        browser
            .script("document.querySelector('#feature-1 .veto').click()")
            .await;
        browser.until_script(state, json!([take_back, wide])).await;
        browser.release_responses().await;
        browser.see("#feature-1 .vetoers").await;
        browser.until_script(state, json!([take_back, wide])).await;
        // In the sheet it is neither the main button nor a deletion.
        browser
            .script("document.querySelector('#feature-1 .more').click()")
            .await;
        browser.see("#sheet [aria-pressed]").await;
        let looks = "const look = (css) => {
                const { backgroundColor, color } = getComputedStyle(document.querySelector(`#sheet ${css}`));
                return [backgroundColor, color];
            };
            const [main, back, remove] = ['.reason-form button', '[aria-pressed]', '.delete'].map(look);
            return [back[0] === remove[0], back[0] !== main[0], back[1] !== remove[1]]";
        browser.until_script(looks, json!([true, true, true])).await;
        browser
            .script("document.querySelector('#sheet [aria-pressed]').click()")
            .await;
        browser.see_no("#sheet").await;
        browser.see_no("#feature-1 .vetoers").await;
        browser.until_script(state, json!(["Veto", wide])).await;
    }
    browser.press("English").await;
    browser.close().await;
}
