//! The way into a closed SAVT, in a browser, with script and without.

use savt::web::{Lock, Password};

use super::savt;
use crate::harness::{app::Savt, browser::Browser};

pub(super) const PASSWORD: &str = "Käsekuchen";

/// One that wants to know the password, and the open one on the same database.
pub(super) async fn closed() -> [Savt; 2] {
    let open = savt().await;
    let password: Password = PASSWORD.parse().unwrap();
    let lock = Lock::new(&password).unwrap();
    let closed = open.another_that_is(|app| app.with_lock(lock)).await;
    [closed, open]
}

async fn goes_in_and_out(browser: Browser) {
    browser.go("/history").await;
    browser.read("main h2", "Log in to SAVT").await;
    browser.focus_on("input[name=password]").await;
    browser.keys("Apfelkuchen\n").await;
    browser.read("#login-reason", "not the password").await;
    browser.focus_on("input[name=password]").await;
    browser
        .type_into("input[name=password]", &format!("{PASSWORD}\n"))
        .await;
    browser.read("main", "Nothing has happened yet.").await;
    assert_eq!(browser.path().await, "/history");
    browser.go("/").await;
    browser.press("Log out").await;
    browser.read("main h2", "Log in to SAVT").await;
    browser.close_despite(&["422"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_script_one_goes_in_and_out() {
    let [closed, _open] = closed().await;
    goes_in_and_out(Browser::at(closed.address()).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_script_one_goes_in_and_out() {
    let [closed, _open] = closed().await;
    goes_in_and_out(Browser::without_script(closed.address()).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_logged_out_in_another_tab_is_told() {
    let [closed, _open] = closed().await;
    let browser = Browser::at(closed.address()).await;
    browser
        .type_into("input[name=password]", &format!("{PASSWORD}\n"))
        .await;
    browser.read("#connection", "Live").await;
    let leave = "fetch('/logout', { method: 'POST' }).then(arguments[0], arguments[0])";
    browser.script_async(leave).await;
    browser
        .type_into("#create-item input[name=name]", "Margherita\n")
        .await;
    browser
        .read("#toasts .failed", "You are not logged in")
        .await;
    browser.close_despite(&["401", "htmx"]).await;
}
