//! Cookies of another application on the same host, as Chromium sends them: bytes that are not ASCII stay as they are.

use super::{
    open_pizza_board,
    password::{PASSWORD, start_with_password},
    savt,
};
use crate::harness::browser::Browser;

/// Sets a cookie as another application on the host would.
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
