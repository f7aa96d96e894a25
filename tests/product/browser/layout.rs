//! Layout: every page fits its window, for all names. The screenshots in `target/screenshots/` are for visual review.

use super::savt;
use crate::harness::{
    app::Savt,
    browser::{Browser, DESKTOP, NARROWEST, PHONE, SCHEMES, SCREENS},
};

/// Asserts that the page is no wider than the window and that every control and link is large enough to tap.
pub(super) async fn assert_fits(browser: &Browser, what: &str) {
    let overflow = "const { scrollWidth, clientWidth } = document.documentElement;
        return scrollWidth === clientWidth ? [] : [...document.querySelectorAll('body *')]
            // The choices of the filter are a line that scrolls by itself.
            .filter((element) => element.getBoundingClientRect().right > clientWidth && !element.matches('#filter *'))
            .map((element) => `${element.outerHTML.slice(0, 80)}: ${element.getBoundingClientRect().right} of ${clientWidth}`)";
    assert_eq!(
        browser.script(overflow).await,
        serde_json::json!([]),
        "{what} is too wide"
    );
    // 44 pixels, less a rounding error; a link in a sentence is as high as its line.
    let small = "const minimum = (element) => element.matches('a:not(.more)') ? 24 : 43.9;
        return [...document.querySelectorAll('button, summary, a, input:not([type=hidden]), select')]
            .filter((element) => element.checkVisibility() && !element.closest('[inert]'))
            .filter((element) => {
                const { width, height } = element.getBoundingClientRect();
                return Math.min(width, height) < minimum(element);
            })
            .map((element) => element.outerHTML)";
    let empty: Vec<String> = Vec::new();
    assert_eq!(
        browser.script(small).await,
        serde_json::json!(empty),
        "{what} is too small to press"
    );
    let zoomed = "return [...document.querySelectorAll('input:not([type=hidden], [type=radio], [type=checkbox]), select')]
            .filter((field) => parseFloat(getComputedStyle(field).fontSize) < 16)
            .map((field) => field.outerHTML)";
    // A field with a smaller font makes Safari on phones enlarge the page.
    browser.until_script(zoomed, serde_json::json!(empty)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_board_fits_every_screen() {
    let savt = savt().await;
    savt.demo().await;
    let browser = Browser::at(savt.address()).await;
    for (width, screen) in [(PHONE, "phone"), (768, "tablet"), (DESKTOP, "desktop")] {
        for (dark, scheme) in SCHEMES {
            browser.set_viewport(width, dark).await;
            browser.go("/").await;
            assert_fits(&browser, "the board").await;
            browser
                .screenshot(&format!("board-{screen}-{scheme}"))
                .await;
            let filter = "#filter label:has([value=vetoed])";
            browser.see(filter).await.click().await.unwrap();
            browser.read("#shown output", "Showing").await;
            assert_fits(&browser, "the vetoed filter").await;
            browser
                .screenshot(&format!("vetoed-{screen}-{scheme}"))
                .await;
            let all = "#filter label:has([value=all])";
            browser.see(all).await.click().await.unwrap();
            browser.press("More about Artichokes").await;
            browser.see("#sheet[open]").await;
            assert_fits(&browser, "the sheet").await;
            browser
                .screenshot(&format!("sheet-{screen}-{scheme}"))
                .await;
            browser.go("/history").await;
            assert_fits(&browser, "the history").await;
            browser
                .screenshot(&format!("history-{screen}-{scheme}"))
                .await;
        }
    }
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_veto_with_a_reason_fits_every_screen() {
    let savt = savt().await;
    let alice = savt.person_called("Alice").await;
    let pizza = alice.create_item("Capricciosa").await;
    alice.suggest("Anchovies", 1, pizza).await;
    let long = "They are far too salty for me, and the children do not eat any of them either.";
    alice.veto_because(1, long).await;
    let browser = Browser::at(savt.address()).await;
    for (width, screen) in SCREENS {
        for (dark, scheme) in SCHEMES {
            browser.set_viewport(width, dark).await;
            browser.go("/").await;
            // By script, because a toast may cover the elements.
            let click = async |css: &str| {
                let script = format!("document.querySelector({css:?}).click()");
                browser.script(&script).await;
            };
            click("#feature-1 .veto").await;
            browser.see(".add-reason").await;
            assert_fits(&browser, "the toast after a veto").await;
            browser
                .screenshot(&format!("add-reason-{screen}-{scheme}"))
                .await;
            click(".add-reason").await;
            browser
                .retype("#sheet .reason-form input", "too salty\n")
                .await;
            browser.see_no("#sheet").await;
            browser.read("#feature-1 .vetoers", "(too salty)").await;
            click("#feature-1 .more").await;
            browser.see("#sheet .reason-form").await;
            assert_fits(&browser, "the sheet of an own veto").await;
            browser
                .screenshot(&format!("reason-{screen}-{scheme}"))
                .await;
            click("#sheet .reason-form + form .veto").await;
            browser.see_no("#sheet").await;
        }
    }
    browser.close().await;
}

/// Names that can break a layout: without spaces, right to left, only emoji, and with stacked diacritics.
fn unusual_names() -> [String; 5] {
    [
        "W".repeat(100),
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
            .to_owned(),
        "بيتزا مارغريتا مع جبنة الموزاريلا والفلفل الحار والزيتون الأسود".to_owned(),
        "👩‍👩‍👧‍👦🍕🏳️‍🌈".repeat(6),
        "Z\u{351}\u{36b}\u{343}a\u{330}\u{348}l\u{322}g\u{321}o\u{334}".repeat(5),
    ]
}

/// Creates an item with 20 features, one of them with 30 vetoes, and items, features and participants with unusual
/// names.
async fn fill_board(savt: &Savt) {
    let alice = savt.person_called("Alice").await;
    let pizza = alice.create_item("Everything").await;
    for n in 1..=20 {
        alice
            .suggest(&format!("Topping {n}"), 1 + n % 3, pizza)
            .await;
    }
    for name in unusual_names() {
        let person = savt.person_called(&name).await;
        let item = person.create_item_of_kind(&name, &"W".repeat(50)).await;
        let feature = person.suggest(&name, 3, item).await;
        person.suggest(&name, 2, None).await;
        for feature in [1, 2, 3, feature] {
            person.veto_because(feature, &name).await;
        }
    }
    for n in 6..=30 {
        savt.person_called(&format!("Guest {n}"))
            .await
            .veto(1)
            .await;
    }
}

/// Asserts that no element extends beyond its card.
async fn assert_no_overflow(browser: &Browser, what: &str) {
    let overflowing =
        "return [...document.querySelectorAll('.item, #free-features, .menu')].flatMap((card) => {
            const { left, right } = card.getBoundingClientRect();
            return [...card.querySelectorAll('*')].filter((element) => {
                const box = element.getBoundingClientRect();
                return box.width && (box.left < left - 1 || box.right > right + 1);
            });
        }).map((element) => element.outerHTML)";
    let overflowing = browser.script(overflowing).await;
    assert_eq!(overflowing, serde_json::json!([]), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn unusual_names_and_many_vetoes_fit_every_screen() {
    let savt = savt().await;
    fill_board(&savt).await;
    let browser = Browser::at(savt.address()).await;
    for (width, screen) in [
        (NARROWEST, "narrow"),
        (PHONE, "phone"),
        (768, "tablet"),
        (1440, "wide"),
    ] {
        browser.set_viewport(width, false).await;
        browser.go("/").await;
        browser.read("#feature-1 .vetoers", "and 28 more").await;
        assert_fits(&browser, "the board").await;
        assert_no_overflow(&browser, "the board").await;
        browser
            .screenshot(&format!("full-board-{screen}-light"))
            .await;
        browser
            .script("document.getElementById('free-heading').scrollIntoView()")
            .await;
        browser
            .screenshot(&format!("full-board-free-{screen}-light"))
            .await;
        browser.press("28 more who vetoed Topping 1").await;
        browser.read("#sheet .vetoers", "Guest 30").await;
        assert_fits(&browser, "the list of vetoers").await;
        assert_no_overflow(&browser, "the list of vetoers").await;
        browser
            .screenshot(&format!("full-board-sheet-{screen}-light"))
            .await;
        browser.press("Close").await;
        browser.focus_on("#feature-1 .vetoers a").await;
    }
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn long_names_fit_the_narrowest_screen() {
    let savt = savt().await;
    let browser = Browser::at(savt.address()).await;
    browser.set_viewport(NARROWEST, false).await;
    browser.screenshot("empty-narrow-light").await;
    assert_fits(&browser, "the empty board").await;

    let german = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
    let arabic = "بيتزا مارغريتا مع جبنة الموزاريلا والفلفل الحار والزيتون الأسود";
    let wide = "W".repeat(100);
    browser.press("Who are you?").await;
    browser
        .type_into("#me input[name=name]", &format!("{wide}\n"))
        .await;
    browser.focus_on("#me > summary").await;
    browser.press("Kind").await;
    for (number, name) in (1..).zip([german, arabic, &wide]) {
        browser
            .type_into("#create-item input[name=kind]", &wide[..50])
            .await;
        browser
            .type_into("#create-item input[name=name]", &format!("{name}\n"))
            .await;
        let field = format!("#item-{number} .suggest input[name=name]");
        browser.type_into(&field, &format!("{name}\n")).await;
        let veto = browser.see(&format!("#feature-{number} button.veto")).await;
        // With the keyboard, because a toast may cover the button.
        veto.send_keys("\n").await.unwrap();
        browser.see(&format!("#feature-{number} .vetoers")).await;
    }
    assert_fits(&browser, "the board").await;
    browser.screenshot("long-narrow-light").await;
    for more in ["#feature-3 .more", "#item-3 > .head > .more"] {
        browser.see(more).await.send_keys("\n").await.unwrap();
        browser.see("#sheet[open]").await;
        assert_fits(&browser, "the sheet").await;
        browser.press("Close").await;
        browser.see_no("#sheet").await;
    }
    for page in ["/history", "/features/3", "/items/3", "/nothing"] {
        browser.go(page).await;
        assert_fits(&browser, page).await;
    }
    browser.screenshot("error-narrow-light").await;
    browser.go("/").await;
    browser
        .type_into(".new-board input", &format!("{wide}\n"))
        .await;
    browser.read("h1", &wide).await;
    assert_fits(&browser, "a board with a long name").await;
    browser.close().await;
}
