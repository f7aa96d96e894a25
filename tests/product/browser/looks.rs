//! How the pages look: nothing sticks out however long a name is, and pictures for people to judge in
//! `target/screenshots/`.

use super::savt;
use crate::harness::browser::{Browser, DESKTOP, NARROWEST, PHONE};

/// The page is no wider than the window, and whatever is pressed is as large as a thumb.
pub(super) async fn assert_whole(browser: &Browser, what: &str) {
    let wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert_eq!(browser.script(wide).await, 0, "{what} is too wide");
    // 44 pixels, less what is lost in counting.
    let small = "const small = ({ width, height }) => Math.min(width, height) < 43.9;
        return [...document.querySelectorAll('button, summary, .more, input:not([type=hidden]), select')]
            .filter((thing) => thing.checkVisibility() && small(thing.getBoundingClientRect()))
            .map((thing) => thing.outerHTML)";
    let none: Vec<String> = Vec::new();
    assert_eq!(
        browser.script(small).await,
        serde_json::json!(none),
        "{what} is too small to press"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_in_pictures() {
    let savt = savt().await;
    savt.demo().await;
    let browser = Browser::at(savt.address()).await;
    for (width, screen) in [(PHONE, "phone"), (768, "tablet"), (DESKTOP, "desktop")] {
        for (dark, scheme) in [(false, "light"), (true, "dark")] {
            browser.look(width, dark).await;
            browser.go("/").await;
            assert_whole(&browser, "the board").await;
            browser
                .screenshot(&format!("board-{screen}-{scheme}"))
                .await;
            browser.press("More about Artichokes").await;
            browser.see("#sheet[open]").await;
            assert_whole(&browser, "the menu").await;
            browser.screenshot(&format!("menu-{screen}-{scheme}")).await;
            browser.go("/history").await;
            assert_whole(&browser, "the history").await;
            browser
                .screenshot(&format!("history-{screen}-{scheme}"))
                .await;
        }
    }
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn long_names_keep_the_page_whole() {
    let savt = savt().await;
    let browser = Browser::at(savt.address()).await;
    browser.look(NARROWEST, false).await;
    browser.screenshot("empty-narrow-light").await;
    assert_whole(&browser, "the empty board").await;

    let german = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
    let arabic = "بيتزا مارغريتا مع جبنة الموزاريلا والفلفل الحار والزيتون الأسود";
    let wide = "W".repeat(100);
    browser.press("Who are you?").await;
    browser
        .type_into("#me input[name=name]", &format!("{wide}\n"))
        .await;
    browser.focus_on("#me > summary").await;
    for (number, name) in (1..).zip([german, arabic, &wide]) {
        browser
            .type_into("#create-item input[name=kind]", &wide[..50])
            .await;
        browser
            .type_into("#create-item input[name=name]", &format!("{name}\n"))
            .await;
        browser
            .focus_on(&format!("#item-{number} .suggest input[name=name]"))
            .await;
        browser.keys(&format!("{name}\n")).await;
        let veto = browser.see(&format!("#feature-{number} button.veto")).await;
        // By the keyboard, for a toast may lie over it.
        veto.send_keys("\n").await.unwrap();
        browser.see(&format!("#feature-{number} .vetoers")).await;
    }
    assert_whole(&browser, "the board").await;
    browser.screenshot("long-narrow-light").await;
    for more in ["#feature-3 .more", "#item-3 > .head > .more"] {
        browser.see(more).await.send_keys("\n").await.unwrap();
        browser.see("#sheet[open]").await;
        assert_whole(&browser, "the menu").await;
        browser.press("Close").await;
        browser.see_no("#sheet").await;
    }
    for page in ["/history", "/features/3", "/items/3", "/nothing"] {
        browser.go(page).await;
        assert_whole(&browser, page).await;
    }
    browser.screenshot("error-narrow-light").await;
    browser.go("/").await;
    browser
        .type_into(".new-board input", &format!("{wide}\n"))
        .await;
    browser.read("h1", &wide).await;
    assert_whole(&browser, "a board of a long name").await;
    browser.close().await;
}
