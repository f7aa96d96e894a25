//! Cookies in Chromium: those of another application on the same host, blocked ones, and ones that ended.

use super::{
    open_pizza_board,
    password::{PASSWORD, start_with_password},
    savt,
};
use crate::harness::browser::Browser;

/// Sets a cookie as another application on the host would. Bytes that are not ASCII are sent as they are.
async fn set_foreign_cookie(browser: &Browser) {
    browser
        .script("document.cookie = 'other=Jürgen; path=/'")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_cookie_does_not_change_who_one_is() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    browser.read("#me > summary", "User-1").await;
    set_foreign_cookie(&browser).await;
    browser.go("/").await;
    browser.read("#me > summary", "User-1").await;
    browser
        .type_into("#create-item input[name=name]", "Marinara\n")
        .await;
    browser.see("#item-2").await;
    assert_eq!(savt.stored().await.stats().people, 1);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_cookie_does_not_log_one_out() {
    let [closed, _open] = start_with_password().await;
    let browser = Browser::at(closed.address()).await;
    set_foreign_cookie(&browser).await;
    browser
        .type_into("input[name=password]", &format!("{PASSWORD}\n"))
        .await;
    browser.see("#create-item").await;
    browser.go("/history").await;
    browser.read("main", "Nothing has happened yet.").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn blocked_cookies_are_reported_before_and_at_the_first_action() {
    let savt = savt().await;
    let browser = Browser::without_cookies(savt.address()).await;
    browser.read("#no-cookies", "keeps no cookies").await;
    let field = "#create-item input[name=name]";
    browser.type_into(field, "Margherita\n").await;
    let failed = "#toasts .failed:last-child";
    browser.read(failed, "keeps no cookies").await;
    assert_eq!(savt.stored().await.version(), 0);
    browser.close().await;

    let savt = super::savt().await;
    let browser = Browser::at(savt.address()).await;
    browser.see_no("#no-cookies").await;
    // The cookie ends while the page is open.
    browser.read("#connection", "Live").await;
    browser.remove_cookies().await;
    browser.type_into(field, "Margherita\n").await;
    browser.read(failed, "Try again").await;
    browser
        .until_script(
            &format!("return document.querySelector({field:?}).value"),
            "Margherita",
        )
        .await;
    browser.type_into(field, "\n").await;
    browser.read("#item-1", "Margherita").await;
    browser.read("#me-name", "You are User-1").await;

    // Somebody who was known is told to be nobody.
    savt.person().suggest("Ham", 1, None).await;
    browser.read("#free-features", "Ham").await;
    browser.remove_cookies().await;
    browser.press("Veto Ham").await;
    browser.read("#me-name", "Who are you?").await;
    browser.see_no("#feature-1 .vetoers").await;
    browser.read("#connection", "Live").await;
    browser.close().await;
}
