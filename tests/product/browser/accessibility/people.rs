//! Where people say who they are.

use super::{
    super::{layout::assert_fits, password, savt},
    assert_accessible, assert_accessible_within, open_demo_on_phone, open_on_phone,
};
use crate::harness::browser::{Browser, PHONE};

light_and_dark!(the_name_panel_is_accessible);
async fn the_name_panel_is_accessible(dark: bool) {
    let savt = savt().await;
    let browser = open_demo_on_phone(&savt, dark).await;
    browser.press("Who are you?").await;
    browser.see("#me input[name=name]").await;
    assert_accessible_within(&browser, "#me", "the name panel").await;
    browser.type_into("#me input[name=name]", "Alice\n").await;
    browser.read("#me-reason", "This name is taken").await;
    assert_accessible_within(&browser, "#me", "a taken name").await;
    browser.close().await;
}

light_and_dark!(a_personal_link_is_accessible);
async fn a_personal_link_is_accessible(dark: bool) {
    let savt = savt().await;
    let browser = open_on_phone(&savt, dark).await;
    browser.press("Who are you?").await;
    browser.see("#me input[name=name]").await;
    browser.type_into("#me input[name=name]", "Alice\n").await;
    browser.read("#me-name", "You are Alice").await;
    browser.go("/").await;
    browser.press("You are Alice").await;
    browser.see("#me .personal-link").await;
    assert_accessible_within(&browser, "#me", "the name panel with a personal link").await;
    browser.press("Use your name on another device").await;
    browser.see("#sheet[open] svg.qr").await;
    assert_fits(&browser, "a personal link").await;
    let scheme = if dark { "dark" } else { "light" };
    browser.screenshot(&format!("personal-link-{scheme}")).await;
    assert_accessible(&browser, "a personal link").await;
    let path = "const link = new URL(document.querySelector('#sheet .address a').href);
                return link.pathname + link.search";
    let path = browser.script(path).await.as_str().unwrap().to_owned();

    let other = open_on_phone(&savt, dark).await;
    other.go(&path).await;
    other.read("main h2", "Are you Alice?").await;
    assert_fits(&other, "the confirmation page").await;
    other
        .screenshot(&format!("personal-link-confirmation-{scheme}"))
        .await;
    assert_accessible(&other, "the confirmation page").await;
    other.press("Yes, I am Alice").await;
    other.read("#me-name", "You are Alice").await;
    other.go(&path).await;
    assert_eq!(
        other.path().await,
        "/",
        "a browser with this name skips the confirmation"
    );
    browser.close().await;
    other.close().await;
}

light_and_dark!(the_login_page_is_accessible);
async fn the_login_page_is_accessible(dark: bool) {
    let [closed, _open] = password::start_with_password().await;
    let browser = Browser::at(closed.address()).await;
    browser.set_viewport(PHONE, dark).await;
    browser.go("/").await;
    browser.read("main h2", "Log in to SAVT").await;
    assert_fits(&browser, "the login page").await;
    assert_accessible(&browser, "the login page").await;
    browser.type_into("input[name=password]", "wrong\n").await;
    browser.read("#login-reason", "Wrong password").await;
    assert_fits(&browser, "a wrong password").await;
    assert_accessible(&browser, "a wrong password").await;
    let scheme = if dark { "dark" } else { "light" };
    browser.screenshot(&format!("login-{scheme}")).await;
    let password = format!("{}\n", password::PASSWORD);
    browser.type_into("input[name=password]", &password).await;
    browser.read("#connection", "Live").await;
    assert_accessible(&browser, "a board behind the password").await;
    browser.see(".log-out button").await;
    browser.screenshot(&format!("log-out-{scheme}")).await;
    browser.close_despite(&["422"]).await;
}
