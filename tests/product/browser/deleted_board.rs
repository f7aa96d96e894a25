//! A board that the operator deletes while it is open in a browser: the page says so, and stays quiet.

use savt::{
    model::Slug,
    store::{self, DeletionReason},
};
use serde_json::json;

use super::savt;
use crate::harness::{app::Savt, browser::Browser};

const DELETED: &str = "This board was deleted by the operator.";

async fn delete(savt: &Savt, base: &str) {
    let slug = Slug::parse(base.rsplit('/').next().unwrap()).unwrap();
    let reason = DeletionReason::Requested;
    let deleted = savt::board::delete(savt.database(), &slug, reason).await;
    assert!(deleted.unwrap().is_some());
    let deleted = store::is_deleted(savt.database(), &slug, savt::board::now()).await;
    assert!(deleted.unwrap());
}

/// The requests to the address of the stream since the page was loaded.
const STREAMS: &str = "return performance.getEntriesByType('resource').filter(({name}) => name.includes('/events')).length";

#[tokio::test(flavor = "multi_thread")]
async fn an_open_page_says_that_its_board_was_deleted() {
    let savt = savt().await;
    let base = savt.person().create_board("Where to eat").await;
    let live = Browser::at(savt.address()).await;
    live.go(&base).await;
    live.read("#connection", "Live").await;
    // This one loses its stream, and does not hear of it.
    let away = Browser::at(savt.address()).await;
    away.go(&base).await;
    away.read("#connection", "Live").await;
    let leave = "document.getElementById('connection')._htmx.sse.abortController.abort()";
    away.script(leave).await;
    delete(&savt, &base).await;
    for browser in [&live, &away] {
        browser.read(".problem", DELETED).await;
        assert_eq!(browser.path().await, base);
        assert_eq!(browser.script(STREAMS).await, json!(0));
    }
    for browser in [live, away] {
        browser.close_despite(&["410"]).await;
    }
}
