//! Consent and closing.

use super::{
    super::{layout::assert_fits, savt},
    assert_accessible, open_demo_on_phone, open_on_phone,
};
use crate::harness::browser::SCREENS;

light_and_dark!(closing_is_accessible);
async fn closing_is_accessible(dark: bool) {
    let savt = savt().await;
    savt.demo().await;
    let anna = savt.person_called("Anna").await;
    let deadline = [("at", "2999-12-31T23:30")];
    anna.post("/close", &deadline).await.is(303);
    let browser = open_on_phone(&savt, dark).await;
    browser.read("#outcome .clock", "in ").await;
    assert_accessible(&browser, "a board with a deadline").await;
    assert_fits(&browser, "a board with a deadline").await;
    let scheme = if dark { "dark" } else { "light" };
    browser.press("Change or close now").await;
    browser.see("#close-form").await;
    browser
        .see("#close-form summary")
        .await
        .click()
        .await
        .unwrap();
    browser.screenshot(&format!("closing-{scheme}")).await;
    assert_accessible(&browser, "the form that closes a board").await;
    assert_fits(&browser, "the form that closes a board").await;
    let outcome = [
        ("chosen", "2"),
        ("outcome", "At eight, at Anna's.\nBring wine."),
    ];
    anna.post("/close", &outcome).await.is(303);
    for path in ["/", "/?view=wall", "/close", "/items/1"] {
        browser.go(path).await;
        browser.read("#outcome h2", "Decided: Marinara").await;
        assert_accessible(&browser, path).await;
        assert_fits(&browser, path).await;
    }
    for (width, screen) in SCREENS {
        browser.set_viewport(width, dark).await;
        for (path, name) in [("/", "board"), ("/?view=wall", "projector")] {
            browser.go(path).await;
            browser.read("#connection", "Live").await;
            browser
                .screenshot(&format!("closed-{name}-{screen}-{scheme}"))
                .await;
        }
    }
    browser.close().await;
}

light_and_dark!(consent_is_accessible);
async fn consent_is_accessible(dark: bool) {
    let savt = savt().await;
    let browser = open_demo_on_phone(&savt, dark).await;
    let zoe = savt.person_called("Zoe").await;
    browser.see("#consent button").await;
    assert_accessible(&browser, "the button for consent").await;
    browser.press("I’m fine with the rest").await;
    browser.read("#consent", "You are fine").await;
    browser.press("Not now").await;
    assert_accessible(&browser, "a given consent").await;
    zoe.suggest("Capers", 1, 1).await;
    browser.read("#consent", "1 new topping").await;
    browser.see("main [data-new]").await;
    assert_accessible(&browser, "an outdated consent").await;
    let count = browser.see("#consent .fine-count").await;
    count.click().await.unwrap();
    browser.read("#sheet", "Since then something came").await;
    assert_accessible(&browser, "the list of people").await;
    browser.close().await;
}
