//! What only a browser shows: that a change leaves the page standing, where the focus goes, how it looks, and that
//! all of it works without script as well.

mod accessible;
mod boards;
mod filter;
mod ghosts;
mod heard;
mod keys;
mod language;
mod live;
mod looks;
mod menu;
mod order;
mod outage;
mod password;
mod room;
mod share;
mod wall;
mod with_script;
mod without_script;

use std::time::Duration;

use savt::db::Backend;

use crate::harness::{
    app::Savt,
    browser::Browser,
    client::Person,
    databases::{Fresh, Given},
};

/// A browser sees no database: one of them is enough.
async fn savt() -> Savt {
    Savt::given(Fresh::migrated(Backend::Sqlite).await).await
}

/// A browser at a board with one pizza, Margherita, on which is Mozzarella.
async fn at_a_pizza(savt: &Savt) -> Browser {
    let browser = Browser::at(savt.address()).await;
    browser
        .type_into("#create-item input[name=name]", "Margherita\n")
        .await;
    browser.focus_on("#item-1 .suggest input[name=name]").await;
    browser.keys("Mozzarella\n").await;
    browser.see("#feature-1").await;
    browser
}

/// Counts how often the page loads itself again.
const COUNT_LOADS: &str = "
    window.loads = 0;
    const really = window.fetch;
    window.fetch = (...asked) => {
        if (asked[0] === location.href) window.loads++;
        return really(...asked);
    };
";

/// Where nobody sees it, a page lets its stream go; it is the only one that looks.
async fn lets_go(page: &Browser, other: &Person) {
    page.to_the_background().await;
    while other.get("/presence").await.one("main h2") != "0 here" {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
