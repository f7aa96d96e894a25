//! `savt webhook remove`: endpoints that are no longer configured.

use std::time::Duration;

use diesel::prelude::*;
use savt::{
    db::schema::webhook_cursors,
    store::webhooks,
    webhook::{State, without_process},
};
use tokio::time::sleep;

use super::{commands::run, execute, numbers_by_board, start};
use crate::harness::{
    app::Savt,
    databases::db_test,
    process::CommandOutput,
    receiver::{Receiver, Reply},
};

async fn remove(savt: &Savt, endpoint: &str) -> CommandOutput {
    run(&["webhook", "remove", endpoint, "--database-url", savt.url()]).await
}

async fn status(savt: &Savt) -> String {
    let status = ["webhook", "status", "--database-url", savt.url()];
    run(&status).await.expect_success()
}

/// How many boards have a position for any endpoint.
async fn positions(savt: &Savt) -> i64 {
    let mut conn = savt.database().read().await.unwrap();
    let count = webhook_cursors::table.count();
    conn.get(count).await.unwrap().unwrap()
}

db_test!(an_endpoint_that_is_no_longer_configured_is_removed);
async fn an_endpoint_that_is_no_longer_configured_is_removed(savt: Savt) {
    let receiver = Receiver::start().await;
    let url = receiver.url("/hooks/Zk9pW");
    let running = start(&savt, &[&url]).await;
    let id = running.statuses()[0].id.clone();
    let anna = savt.person_called("Anna").await;
    receiver.wait_for(1).await;

    // Not while a process delivers to it, which goes on.
    let refused = remove(&savt, &id).await;
    assert_eq!(refused.code, Some(1));
    let why = format!("a running process delivers to {id}");
    assert!(refused.err.contains(&why), "{refused:?}");
    assert!(status(&savt).await.contains("  in use; "));
    anna.create_item("Funghi").await;
    receiver.wait_for(2).await;

    running.stop().await;
    let idle = status(&savt).await;
    let since = "  idle, no process delivers to it since 2";
    assert!(idle.contains(since), "{idle}");
    anna.create_item("Napoli").await;
    let removed = remove(&savt, &url).await.expect_success();
    let expected = format!("removed {id}  127.0.0.1  json; not delivered: 1 events\n");
    assert_eq!(removed, expected);
    assert_eq!(positions(&savt).await, 0);
    assert_eq!(status(&savt).await, "no endpoint is known\n");
    // Again is harmless, and repeats nothing of an address.
    for endpoint in [&id, &url] {
        let again = remove(&savt, endpoint).await;
        assert_eq!(again.err, "");
        let nothing = "there is no such endpoint: nothing to remove\n";
        assert_eq!(again.expect_success(), nothing);
    }
    let unknown = run(&["webhook", "enable", &url, "--database-url", savt.url()]).await;
    assert_eq!(unknown.code, Some(1));
    assert!(!unknown.err.contains("Zk9pW"), "{unknown:?}");

    // It is new if it is configured again.
    let _running = start(&savt, &[&url]).await;
    let last = anna.last_event().await;
    anna.create_item("Marinara").await;
    let messages = receiver.wait_for(3).await;
    assert_eq!(numbers_by_board(&messages)["main"], [1, 2, last + 1]);
}

db_test!(an_endpoint_whose_process_is_gone_is_removed);
async fn an_endpoint_whose_process_is_gone_is_removed(savt: Savt) {
    let receiver = Receiver::start().await;
    let running = start(&savt, &[&receiver.url("/")]).await;
    let id = running.statuses()[0].id.clone();
    savt.person_called("Anna").await;
    receiver.wait_for(1).await;
    let stored = async || {
        let stored = webhooks::endpoint(savt.database(), &id).await.unwrap();
        stored.unwrap()
    };
    let unused = async |seconds| {
        let limit = Duration::from_secs(seconds);
        let unused = without_process(savt.database(), stored().await, limit);
        unused.await.unwrap()
    };
    assert!(unused(60).await.is_none());
    // Ends without a word: the lease stays.
    drop(running);
    let seen = loop {
        let seen = stored().await;
        sleep(Duration::from_millis(500)).await;
        if stored().await.lease == seen.lease {
            break seen;
        }
    };
    assert!(seen.leased_by.is_some());
    assert_eq!(unused(1).await.unwrap().lease, seen.lease);
    let long_ago = "UPDATE webhook_endpoints SET renewed_at = '2020-01-01 12:00:00.000000'";
    execute(&savt, long_ago).await;
    let idle = status(&savt).await;
    let since = "  idle, no process delivers to it since 2020-01-01T12:00:00Z; ";
    assert!(idle.contains(since), "{idle}");
    // A process that has taken it over meanwhile keeps it.
    execute(&savt, "UPDATE webhook_endpoints SET lease = lease + 1").await;
    assert!(!webhooks::remove(savt.database(), &seen).await.unwrap());
    assert!(positions(&savt).await > 0);
    let removed = remove(&savt, &id).await.expect_success();
    assert!(removed.starts_with("removed "), "{removed}");
    assert_eq!(positions(&savt).await, 0);
}

db_test!(a_process_that_still_has_a_removed_endpoint_says_so);
async fn a_process_that_still_has_a_removed_endpoint_says_so(savt: Savt) {
    let receiver = Receiver::start().await;
    receiver.reply_with(|_| Reply::Status(410));
    let running = start(&savt, &[&receiver.url("/")]).await;
    savt.person_called("Anna").await;
    let state = || running.statuses()[0].state.clone();
    let disabled = |word: &str| matches!(state(), State::Disabled(why) if why.contains(word));
    while !disabled("410") {
        sleep(Duration::from_millis(20)).await;
    }
    remove(&savt, &running.statuses()[0].id)
        .await
        .expect_success();
    while !disabled("removed") {
        sleep(Duration::from_millis(20)).await;
    }
}
