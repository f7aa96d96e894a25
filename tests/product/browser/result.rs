//! The result page: live, copied, on paper.

use super::{layout::assert_fits, savt};
use crate::harness::{
    app::Savt,
    browser::{Browser, SCHEMES, SCREENS},
};

/// A usual board: ten items and 33 people, of whom each vetoes something.
async fn populate(savt: &Savt) {
    let anna = savt.person_called("Anna").await;
    for n in 1..=10 {
        let item = anna
            .create_item_of_kind(&format!("Pizza No. {n}"), "vegetarian")
            .await;
        for topping in ["Mozzarella", "Mushrooms", "Artichokes"] {
            anna.suggest(topping, 2, item).await;
        }
    }
    for n in 2..=33 {
        let person = savt.person_called(&format!("Guest {n}")).await;
        // Toppings of the first five.
        person
            .veto_because(n % 15 + 1, &format!("not for {n}"))
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_result_is_live_and_can_be_copied() {
    let savt = savt().await;
    let anna = savt.person_called("Anna").await;
    let item = anna.create_item("Margherita").await;
    let basil = anna.suggest("Basil", 1, item).await;
    let browser = Browser::at(savt.address()).await;
    browser.press("Result").await;
    browser.read("#connection", "Live").await;
    assert_eq!(browser.path().await, "/result");
    browser.read("#result", "Basil").await;
    assert_eq!(browser.texts("noscript").await.concat(), "");

    anna.veto_because(basil, "hay fever").await;
    browser.read("#result .vetoers", "Anna (hay fever)").await;
    // Two changes at once are one more refresh.
    anna.create_item("Funghi").await;
    anna.create_item("Quattro").await;
    browser.read("#result", "Quattro").await;

    browser
        .script(
            "window.written = [];
             navigator.clipboard.write = async ([item]) => {
                 window.written.push(await (await item.getType('text/plain')).text());
             };",
        )
        .await;
    browser.press("Copy as text").await;
    browser.read("#copied", "Copied.").await;
    browser.press("Copy as Markdown").await;
    browser
        .until_script("return window.written.length", 2)
        .await;
    let written = browser.script("return window.written").await;
    for (n, format) in ["txt", "md"].into_iter().enumerate() {
        let text = anna.get(&format!("/result.{format}")).await.is(200).body;
        assert_eq!(written[n], text);
    }

    // Without a clipboard the text is there to copy.
    browser
        .script(
            "navigator.clipboard.write = async () => { throw 'no' };
             document.execCommand = () => false;",
        )
        .await;
    browser.press("Copy as text").await;
    browser.read("#copied", "Copy it from here").await;
    let selected = "const field = document.activeElement; return field.value.slice(field.selectionStart, field.selectionEnd)";
    let text = anna.get("/result.txt").await.is(200).body;
    assert_eq!(browser.script(selected).await, text);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_result_of_a_usual_board_prints_on_one_page() {
    let savt = savt().await;
    populate(&savt).await;
    let browser = Browser::at(savt.address()).await;
    for (width, screen) in SCREENS {
        for (dark, scheme) in SCHEMES {
            browser.set_viewport(width, dark).await;
            browser.go("/result").await;
            browser.read("#connection", "Live").await;
            assert_fits(&browser, "the result").await;
            browser
                .screenshot(&format!("result-{screen}-{scheme}"))
                .await;
        }
    }
    assert_eq!(browser.printed_pages().await, 1);
    browser.print_media().await;
    browser.go("/result").await;
    browser.see("#result").await;
    browser.screenshot("result-print").await;
    for control in [
        "button",
        "footer",
        "nav",
        "#connection",
        ".print-actions a",
        "textarea",
    ] {
        browser.see_no(control).await;
    }
    browser.read("#result", "Guest 33").await;
    let colors = "return [...new Set([...document.querySelectorAll('#result *')].map((element) => getComputedStyle(element).color))]";
    assert_eq!(
        browser.script(colors).await,
        serde_json::json!(["rgb(0, 0, 0)"])
    );
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_javascript_there_are_links() {
    let savt = savt().await;
    savt.person_called("Anna")
        .await
        .create_item("Margherita")
        .await;
    let browser = Browser::without_javascript(savt.address()).await;
    browser.press("Result").await;
    browser.see("#result").await;
    browser.see_no("#result ~ * button").await;
    browser.press("Reload").await;
    browser.press("As text").await;
    browser.read("body", "Margherita").await;
    assert_eq!(browser.path().await, "/result.txt");
    browser.close().await;
}
