//! Tests that need a real browser: updates in place, focus, layout, accessibility, and pages without JavaScript.

pub(crate) mod accessibility;
mod announcer;
mod api_origins;
mod background;
mod boards;
mod cards;
mod closing;
mod columns;
mod consent;
mod cookies;
mod decision;
mod deleted_board;
mod double_press;
mod entry_forms;
mod filter;
mod language;
mod layout;
mod live;
mod many_browsers;
mod name_question;
mod new_board;
mod optimistic_rows;
mod outage;
mod password;
mod paste_items;
mod phone;
mod print;
mod projector;
mod restore;
mod result;
mod settings;
mod share;
mod sheet;
mod shortcuts;
mod sort;
mod toasts;
mod with_javascript;
mod without_javascript;

use std::time::Duration;

use savt::db::Backend;

use crate::harness::{
    app::Savt,
    browser::Browser,
    client::TestClient,
    databases::{Fresh, FromDatabase},
};

/// Starts SAVT on SQLite only: the pages do not depend on the backend.
async fn savt() -> Savt {
    Savt::from_database(Fresh::migrated(Backend::Sqlite).await).await
}

/// Opens a board in a browser and adds the item Margherita with the feature Mozzarella.
async fn open_pizza_board(savt: &Savt) -> Browser {
    let browser = Browser::at(savt.address()).await;
    browser
        .type_into("#create-item input[name=name]", "Margherita\n")
        .await;
    browser
        .type_into("#item-1 .suggest input[name=name]", "Mozzarella\n")
        .await;
    browser.see("#feature-1").await;
    browser
}

/// Counts in `window.loads` how often the page reloads itself.
const COUNT_LOADS: &str = "
    window.loads = 0;
    const originalFetch = window.fetch;
    window.fetch = (...args) => {
        if (args[0] === location.href) window.loads++;
        return originalFetch(...args);
    };
";

/// Moves the page to the background and waits until its stream, the only one of the board, is closed. The reader of the list is
/// here without one.
async fn disconnect_in_background(page: &Browser, other: &TestClient) {
    page.open_tab_in_front().await;
    while other.get("/presence").await.one("main h2") != "1 here" {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
