//! Paper: the page to print in full, and the board without controls.

use serde_json::json;

use super::savt;
use crate::harness::{app::Savt, browser::Browser};

/// Everything that could be pressed, and everything that is cut off.
const PRESSABLE_OR_CUT: &str = "
    const visible = (element) => element.checkVisibility();
    const controls = [...document.querySelectorAll('button, input, select, summary, form, .more, nav, footer, #toasts, #filter')].filter(visible);
    const cut = [...document.querySelectorAll('main *')].filter(visible).filter((element) =>
        getComputedStyle(element).overflow !== 'visible'
        && (element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1));
    return [...controls, ...cut].map((element) => element.outerHTML.slice(0, 200));
";

/// The colors of all text, and how cards break over pages.
const INK: &str = "
    const styles = (css) => [...document.querySelectorAll(css)].filter((element) => element.checkVisibility()).map((element) => getComputedStyle(element));
    return {
        colors: [...new Set(styles('h1, h2, h3, #stats, .name, .kind, .amount, .vetoers, .vetoers bdi').map(({ color }) => color))],
        breaks: [...new Set(styles('#items > li').map(({ breakInside }) => breakInside))],
        skipped: [...new Set(styles('#items > li').map(({ contentVisibility }) => contentVisibility))],
    };
";

/// Creates an item with one feature and thirty vetoers, one of them with a long name and a long reason.
async fn fill_board(savt: &Savt) -> (String, String) {
    let (name, why) = ("N".repeat(100), "reason ".repeat(28));
    let why = why.trim_end().to_owned();
    let anna = savt.person_called(&name).await;
    let pizza = anna.create_item("Margherita").await;
    let feature = anna.suggest("Tomato", 1, pizza).await;
    anna.suggest("Basil", 1, None).await;
    anna.veto_because(feature, &why).await;
    for n in 2..=30 {
        savt.person_called(&format!("Guest {n}"))
            .await
            .veto(feature)
            .await;
    }
    (name, why)
}

#[tokio::test(flavor = "multi_thread")]
async fn paper_shows_everything_and_nothing_to_press() {
    let savt = savt().await;
    let (name, why) = fill_board(&savt).await;
    let browser = Browser::at(savt.address()).await;
    // On the screen, with the button that prints, reached from the share sheet.
    browser.set_viewport(1440, true).await;
    browser.press("Share").await;
    browser.press("Print").await;
    browser.see("#print").await;
    browser.screenshot("print-screen-dark").await;
    assert_eq!(browser.path().await, "/?view=print");
    browser
        .script("window.print = () => { window.printed = true; }")
        .await;
    browser.press("Print").await;
    assert_eq!(browser.script("return window.printed").await, true);

    browser.print_media().await;
    for page in ["/?view=print", "/"] {
        browser.go(page).await;
        browser.see("#item-1").await;
        assert_eq!(browser.script(PRESSABLE_OR_CUT).await, json!([]), "{page}");
        let ink =
            json!({ "colors": ["rgb(0, 0, 0)"], "breaks": ["avoid"], "skipped": ["visible"] });
        assert_eq!(browser.script(INK).await, ink, "{page}");
        let vetoers = browser.texts(".vetoers").await.concat();
        assert!(
            vetoers.contains(&format!("{name} ({why})")),
            "{page}: {vetoers}"
        );
        browser.read("main", "Basil").await;
        browser.screenshot(&format!("print-{}", page.len())).await;
    }
    // The board names two of thirty, and says how to print the others.
    browser.read(".vetoers", "and 28 more").await;
    browser
        .read(".print-note", "choose “Share”, then “Print”")
        .await;
    browser.go("/?view=print").await;
    browser.read(".vetoers", "Guest 30").await;
    browser.see_no(".print-note").await;
    browser.close().await;
}
