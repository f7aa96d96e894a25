//! A browser in German: everything it says, what the script says too.

use super::{looks::assert_whole, savt};
use crate::harness::{
    app::Savt,
    browser::{Browser, NARROWEST, PHONE},
};

/// A phone at the demo board whose owner has chosen German.
async fn in_german(savt: &Savt) -> Browser {
    savt.demo().await;
    let browser = Browser::at(savt.address()).await;
    browser.look(PHONE, false).await;
    browser.press("Deutsch").await;
    browser.see("html[lang=de]").await;
    browser.read("#connection", "Live").await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn who_chooses_german_reads_german() {
    let savt = savt().await;
    let browser = in_german(&savt).await;
    browser.read("#items-heading", "Pizzen").await;
    browser
        .type_into("#create-item input[name=name]", "Probe\n")
        .await;
    browser
        .read("#toasts .toast", "hat Probe hinzugefügt")
        .await;
    browser.read("#me-name", "Du bist User-").await;
    let fine = browser.see("#filter label:has([value=fine])").await;
    fine.click().await.unwrap();
    browser.read("#shown output", "Gezeigt: Pizzen ").await;
    browser.screenshot("german-narrow-light").await;
    browser.look(NARROWEST, false).await;
    assert_whole(&browser, "the board in German").await;
    browser.press("Verlauf").await;
    browser.read("h2", "Verlauf").await;
    browser.press("← Zurück zur Tafel").await;
    browser.press("English").await;
    browser.see("html[lang=en]").await;
    browser.close().await;
}
