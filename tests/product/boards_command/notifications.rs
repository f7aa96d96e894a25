//! What a command changes is told with the change itself: a command that is killed cannot leave processes with what was there before.

use std::time::Duration;

use savt::{
    db::{Backend, ListenerEvent, NotificationListener},
    model::Slug,
    store,
};
use serde_json::Value;
use tokio::time::timeout;

use crate::harness::{databases::Fresh, process::run};

/// The boards of the next notification that says that the epoch has changed.
async fn next_epoch(listener: &mut NotificationListener) -> Value {
    loop {
        let event = timeout(Duration::from_secs(60), listener.next()).await;
        if let ListenerEvent::Notification(text) = event.unwrap() {
            let message: Value = serde_json::from_str(&text).unwrap();
            if message["said"] == "epoch" {
                return message["board"].clone();
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_of_an_epoch_is_told() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let on = ["--database-url", fresh.url()];
    let savt = |arguments: &[&str]| {
        run(&[arguments, &on].concat()).expect_success();
    };
    savt(&["seed"]);
    let database = fresh.open().await;
    let mut listener = database.listener("savt").unwrap();
    let id = async || {
        let board = store::load(&database, &Slug::main()).await.unwrap();
        board.unwrap().id.0
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file").display().to_string();
    savt(&["export", "main", &file]);
    let board = store::load(&database, &Slug::main()).await.unwrap();
    let somebody = board.unwrap().rows().participants[0].name.to_string();

    let told = id().await;
    savt(&["boards", "forget", "main", &somebody, "--yes"]);
    assert_eq!(next_epoch(&mut listener).await, told);
    savt(&["import", "--replace", &file]);
    assert_eq!(next_epoch(&mut listener).await, Value::Null);
    let told = id().await;
    savt(&["boards", "delete", "main", "--yes"]);
    assert_eq!(next_epoch(&mut listener).await, told);
}
