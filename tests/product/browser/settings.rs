//! The settings of a board in a browser: edited in place, live on every page, and a veto that has to say why.

use super::{layout::assert_fits, savt};
use crate::harness::browser::{Browser, SCREENS};

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_edited_in_place_and_change_live() {
    let savt = savt().await;
    let bob = savt.person_called("Bob").await;
    bob.suggest("Ham", 1, None).await;
    let browser = Browser::at(savt.address()).await;
    browser.go("/").await;
    browser.read("#connection", "Live").await;
    browser.press("What is this about?").await;
    browser.see("#sheet .settings-form").await;
    browser.type_into("#sheet [name=name]", "Pizza night").await;
    browser
        .type_into("#sheet textarea", "The menu: https://example.com/menu")
        .await;
    for (width, screen) in SCREENS {
        browser.set_viewport(width, false).await;
        assert_fits(&browser, "the settings").await;
        browser.screenshot(&format!("settings-{screen}")).await;
    }
    browser.press("Save").await;
    browser.see_no("#sheet").await;
    browser.read("#board-name", "Pizza night").await;
    browser
        .read("#purpose a[rel]", "https://example.com/menu")
        .await;
    let title = "return document.title";
    browser.until_script(title, "Pizza night").await;

    // Changes of others arrive, also in the open form as long as nothing is typed there.
    browser.press("Pizza night").await;
    browser.see("#sheet textarea").await;
    bob.post("/settings", &[("name", "Pasta night")])
        .await
        .is(303);
    browser.read("#board-name", "Pasta night").await;
    browser.until_script(title, "Pasta night").await;
    let value = "return document.querySelector('#sheet [name=name]').value";
    browser.until_script(value, "Pasta night").await;
    browser.press("Close").await;

    // A veto that has to say why opens the form, and is not shown before.
    bob.post("/settings", &[("reasons", "required")])
        .await
        .is(303);
    browser.see("#board-name[data-reasons]").await;
    browser.hold_responses("/veto").await;
    browser.press("Veto Ham").await;
    browser.see("#feature-1 form[aria-busy]").await;
    browser.see_no("#feature-1.vetoed").await;
    browser.release_responses().await;
    browser.read("#sheet #veto-reason", "has to say why").await;
    browser.focus_on("#sheet [name=reason]").await;
    browser.see_no("#toasts .failed").await;
    browser.type_into("#sheet [name=reason]", "no pork").await;
    browser.screenshot("required-reason").await;
    browser.keys("\n").await;
    browser.see_no("#sheet").await;
    browser.read("#feature-1.vetoed .vetoers", "no pork").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_words_reach_every_text_without_losing_what_is_typed() {
    let savt = savt().await;
    let bob = savt.person_called("Bob").await;
    let browser = Browser::at(savt.address()).await;
    browser.go("/").await;
    browser.read("#connection", "Live").await;
    browser
        .type_into("#create-item [name=name]", "Marghe")
        .await;
    let words = [
        ("item_word", "venue"),
        ("item_words", "venues"),
        ("feature_word", "condition"),
        ("feature_words", "conditions"),
    ];
    bob.post("/settings", &words).await.is(303);
    // What is live has the words at once; the rest waits for the person.
    browser.read("#stats", "venues").await;
    assert_eq!(browser.value("#create-item [name=name]").await, "Marghe");
    browser.retype("#create-item [name=name]", "").await;
    browser.read("#create-item", "New venue").await;
    browser.read("#items-heading", "Venues").await;
    browser.close().await;
}
