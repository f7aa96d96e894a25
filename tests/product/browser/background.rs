//! A tab in the background: its title says that something has changed.

use super::{disconnect_in_background, savt};
use crate::harness::browser::Browser;

#[tokio::test(flavor = "multi_thread")]
async fn the_title_counts_changes_in_the_background() {
    let savt = savt().await;
    let bob = savt.person_called("Bob").await;
    let board = bob.create_board("Pizza night").await;
    let bob = bob.on_board(&board);
    bob.set_name("Bob").await;
    let browser = Browser::at(savt.address()).await;
    browser.go(&board).await;
    browser.read("#connection", "Live").await;
    // Only another page of the same origin can tell what the page in the background does.
    browser
        .script(
            "new MutationObserver(() => localStorage.setItem('title', document.title))
                .observe(document.querySelector('title'), { childList: true });",
        )
        .await;
    disconnect_in_background(&browser, &bob).await;
    browser.go("/boards").await;
    let title = "return localStorage.getItem('title')";
    for name in ["One", "Two", "Three"] {
        bob.create_item(name).await;
    }
    browser.until_script(title, "(3) Pizza night").await;
    bob.create_item("Four").await;
    browser.until_script(title, "(4) Pizza night").await;
    browser.close_front_tab().await;
    browser
        .until_script("return document.title", "Pizza night")
        .await;
    browser.read("#items", "Four").await;
    browser.close().await;
}
