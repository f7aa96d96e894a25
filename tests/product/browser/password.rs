//! Login and logout with a site password, with and without JavaScript.

use savt::web::{Password, SitePassword};

use super::savt;
use crate::harness::{app::Savt, browser::Browser};

pub(super) const PASSWORD: &str = "Käsekuchen";

/// Starts one SAVT with a password and one without, on the same database.
pub(super) async fn start_with_password() -> [Savt; 2] {
    let open = savt().await;
    let password: Password = PASSWORD.parse().unwrap();
    let site_password = SitePassword::new(&password).unwrap();
    let closed = open
        .another_with(|app| app.with_site_password(site_password))
        .await;
    [closed, open]
}

async fn log_in_and_out(browser: Browser) {
    browser.go("/history").await;
    browser.read("main h2", "Log in to SAVT").await;
    browser.focus_on("input[name=password]").await;
    browser.keys("Apfelkuchen\n").await;
    browser.read("#login-reason", "Wrong password").await;
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
async fn login_and_logout_work_with_javascript() {
    let [closed, _open] = start_with_password().await;
    log_in_and_out(Browser::at(closed.address()).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn login_and_logout_work_without_javascript() {
    let [closed, _open] = start_with_password().await;
    log_in_and_out(Browser::without_javascript(closed.address()).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_logged_out_in_another_tab_shows_a_message() {
    let [closed, _open] = start_with_password().await;
    let browser = Browser::at(closed.address()).await;
    browser
        .type_into("input[name=password]", &format!("{PASSWORD}\n"))
        .await;
    browser.read("#connection", "Live").await;
    let log_out = "fetch('/logout', { method: 'POST' }).then(arguments[0], arguments[0])";
    browser.script_async(log_out).await;
    browser
        .type_into("#create-item input[name=name]", "Margherita\n")
        .await;
    browser
        .read("#toasts .failed", "You are not logged in")
        .await;
    browser.close_despite(&["401", "htmx"]).await;
}
