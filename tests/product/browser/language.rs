//! The German pages, including the texts that come from scripts.

use super::{layout::assert_fits, savt};
use crate::harness::{
    app::Savt,
    browser::{Browser, NARROWEST, PHONE},
};

/// Opens the demo board in a window of phone size and selects German.
async fn open_in_german(savt: &Savt) -> Browser {
    savt.demo().await;
    let browser = Browser::at(savt.address()).await;
    browser.set_viewport(PHONE, false).await;
    browser.press("Deutsch").await;
    browser.see("html[lang=de]").await;
    browser.read("#connection", "Live").await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn choosing_german_translates_pages_and_script_texts() {
    let savt = savt().await;
    let browser = open_in_german(&savt).await;
    browser.read("#stats", "Pizzen").await;
    browser
        .type_into("#create-item input[name=name]", "Probe\n")
        .await;
    browser
        .read("#toasts .toast", "hat Probe hinzugefügt")
        .await;
    browser.read("#me-name", "Du bist User-").await;
    // By script, because a toast may cover the filter.
    browser.see("#filter label:has([value=fine])").await;
    browser
        .script("document.querySelector('#filter [value=fine]').click()")
        .await;
    browser.read("#shown output", "Angezeigt: ").await;
    browser.screenshot("german-narrow-light").await;
    browser.set_viewport(NARROWEST, false).await;
    assert_fits(&browser, "the board in German").await;
    browser.press("Verlauf").await;
    browser.read("h2", "Verlauf").await;
    browser.press("← Zurück zum Board").await;
    browser.press("English").await;
    browser.see("html[lang=en]").await;
    browser.close().await;
}
