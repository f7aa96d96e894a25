//! A new board on a phone: two taps from an empty page to a board from a template, and a copy with its notes.

use serde_json::json;

use super::{layout::assert_fits, savt};
use crate::harness::browser::{Browser, NARROWEST};

#[tokio::test(flavor = "multi_thread")]
async fn two_taps_make_a_board_from_a_template() {
    let savt = savt().await;
    let browser = Browser::at(savt.address()).await;
    browser.set_viewport(360, false).await;
    browser.go("/").await;
    browser.see("#create-item").await;
    browser.press("Start from a template").await;
    browser.see(".templates button").await;
    let name = browser
        .script("return document.querySelector('.new-board input').clientWidth")
        .await;
    assert!(name.as_f64() > Some(150.0), "{name}");
    assert_fits(&browser, "the templates").await;
    browser.screenshot("new-board-narrow-light").await;
    browser.press("Pizza night").await;
    browser.read("h1", "Pizza night").await;
    browser.read("#item-1-name", "Margherita").await;
    let path = browser.path().await;
    assert!(path.starts_with("/b/"), "{path}");

    // A note with a link, two lines of it on the card.
    browser.press("More about Margherita").await;
    let lines = "One\nhttps://example.com/menu\nThree\nFour";
    let note = "#sheet textarea[name=note]";
    browser.see(note).await;
    browser
        .script(&format!(
            "document.querySelector('{note}').value = {}",
            json!(lines)
        ))
        .await;
    browser.screenshot("item-note-sheet-light").await;
    browser.press("Save").await;
    browser.see("#item-1-head > .note a").await;
    let two_lines = "const note = document.querySelector('#item-1-head > .note');
        const { clientHeight, scrollHeight } = note;
        return clientHeight * 1.5 < scrollHeight && clientHeight > 30";
    browser.until_script(two_lines, true).await;
    let whole =
        "const { clientHeight, scrollHeight } = document.querySelector('#item-1-head > .note');
        return clientHeight * 1.1 > scrollHeight";
    browser
        .script("document.querySelector('#item-1-head > .note a').focus()")
        .await;
    browser.until_script(whole, true).await;
    for (width, dark) in [(NARROWEST, false), (360, true), (1280, false), (1280, true)] {
        browser.set_viewport(width, dark).await;
        browser.go(&path).await;
        browser.read("#connection", "Live").await;
        assert_fits(&browser, "a board with a note").await;
        browser
            .screenshot(&format!("item-note-{width}-{dark}"))
            .await;
    }
    browser.press("Copy this board").await;
    browser.see("#copy-heading").await;
    assert_fits(&browser, "the form for a copy").await;
    browser
        .retype(".new-board input[name=name]", "Next Friday\n")
        .await;
    browser.read("h1", "Next Friday").await;
    browser.read("#item-1-head > .note", "One").await;
    browser.close().await;
}
