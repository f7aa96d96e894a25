//! What only a browser shows: that a change leaves the page standing, where the focus goes, how it looks, and that
//! all of it works without script as well.

mod accessible;
mod filter;
mod live;
mod looks;
mod outage;
mod room;
mod share;
mod wall;
mod with_script;
mod without_script;

use savt::db::Backend;

use crate::harness::{
    app::Savt,
    browser::Browser,
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
