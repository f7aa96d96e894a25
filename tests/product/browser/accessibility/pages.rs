//! Pages besides the board, new boards, and every page at a large font size.

use super::{
    super::{layout::assert_fits, savt},
    assert_accessible, keep_toasts, open_demo_on_phone, open_on_phone,
};
use crate::harness::browser::{Browser, PHONE, SCREENS};

light_and_dark!(other_pages_are_accessible);
async fn other_pages_are_accessible(dark: bool) {
    let savt = savt().await;
    let browser = open_demo_on_phone(&savt, dark).await;
    let berta = savt.person_called("Berta").await;
    berta.delete_feature(1).await;
    berta.undo(berta.last_event().await).await;
    berta.delete_feature(2).await;
    for (page, text) in [
        ("/history", "undone by"),
        ("/nothing", "no page at this address"),
        ("/features/2", "deleted"),
    ] {
        browser.go(page).await;
        browser.read("main", text).await;
        assert_accessible(&browser, page).await;
    }
    browser.close().await;
}

light_and_dark!(the_reference_of_the_api_is_accessible);
async fn the_reference_of_the_api_is_accessible(dark: bool) {
    let savt = savt().await;
    let browser = Browser::at(savt.address()).await;
    browser.set_viewport(PHONE, dark).await;
    browser.go("/api").await;
    browser.read("h1", "SAVT API").await;
    assert_fits(&browser, "the reference of the API").await;
    assert_accessible(&browser, "the reference of the API").await;
    let scheme = if dark { "dark" } else { "light" };
    browser.screenshot(&format!("api-{scheme}")).await;
    browser.close().await;
}

light_and_dark!(an_offline_page_is_accessible);
async fn an_offline_page_is_accessible(dark: bool) {
    let savt = savt().await;
    savt.person().suggest("Mozzarella", 1, None).await;
    let browser = open_on_phone(&savt, dark).await;
    keep_toasts(&browser).await;
    browser.offline(true).await;
    browser.read("#connection", "Offline, as of").await;
    browser.press("Veto Mozzarella").await;
    browser.read("#toasts .failed", "You are offline").await;
    assert_accessible(&browser, "offline").await;
    browser
        .close_despite(&["ERR_INTERNET_DISCONNECTED", "htmx"])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_fits_at_double_font_size() {
    let savt = savt().await;
    savt.demo().await;
    let browser = Browser::with_large_font(savt.address()).await;
    let size = "return getComputedStyle(document.querySelector('.feature .name')).fontSize";
    assert_eq!(browser.script(size).await, "32px");
    for (width, screen) in SCREENS {
        browser.set_viewport(width, false).await;
        browser.go("/").await;
        assert_fits(&browser, "the board").await;
        browser.see("#item-1 .suggest input[name=name]").await;
        browser
            .type_into("#item-1 .suggest input[name=name]", "Basil")
            .await;
        assert_fits(&browser, "a suggestion").await;
        browser
            .screenshot(&format!("large-font-{screen}-light"))
            .await;
        browser.go("/").await;
        browser.press("Who are you?").await;
        assert_fits(&browser, "the name panel").await;
        browser
            .screenshot(&format!("large-font-name-panel-{screen}-light"))
            .await;
        for page in ["/features/1", "/items/1", "/history", "/nothing"] {
            browser.go(page).await;
            assert_fits(&browser, page).await;
        }
        browser.go("/").await;
        browser.press("More about Margherita").await;
        browser.see("#sheet[open]").await;
        assert_fits(&browser, "the sheet").await;
        browser
            .screenshot(&format!("large-font-sheet-{screen}-light"))
            .await;
    }
    browser.close().await;
}

light_and_dark!(new_boards_and_notes_are_accessible);
async fn new_boards_and_notes_are_accessible(dark: bool) {
    let savt = savt().await;
    let person = savt.person_called("Ann").await;
    let item = person.create_item("Margherita").await;
    person.suggest("Ham", 1, item).await;
    let note = "One\nhttps://example.com/menu\nThree\nFour";
    let fields = [("name", "Margherita"), ("note", note)];
    let path = format!("/items/{item}/edit");
    person.post(&path, &fields).await.is(303);
    let browser = open_on_phone(&savt, dark).await;
    browser.press("Start from a template").await;
    browser.see(".templates button").await;
    assert_accessible(&browser, "a board with a note and the templates").await;
    browser.press("More about Margherita").await;
    browser.see("#sheet textarea").await;
    assert_accessible(&browser, "the field for a note").await;
    browser.go("/copy").await;
    browser.see(".new-board input").await;
    assert_accessible(&browser, "the form for a copy").await;
    browser.close().await;
}
