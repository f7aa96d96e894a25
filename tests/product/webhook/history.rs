//! Histories that end, are replaced, or begin before the endpoint.

use savt::{board, store, webhook::Webhooks};

use super::{execute, numbers_by_board, start};
use crate::harness::{app::Savt, databases::db_test, process::run, receiver::Receiver};

/// Waits until the board `main` is followed from this event on, in its present history.
async fn wait_for_position(savt: &Savt, webhooks: &Webhooks, position: i64) {
    let id = webhooks.statuses()[0].id.clone();
    let board = savt.stored().await.id;
    loop {
        let state = store::webhooks::board_state(savt.database(), board, &id).await;
        let state = state.unwrap().unwrap();
        let cursor = state.cursor.unwrap();
        if cursor.epoch == state.epoch && cursor.position == position {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

db_test!(another_epoch_repeats_nothing);
async fn another_epoch_repeats_nothing(savt: Savt) {
    let receiver = Receiver::start().await;
    let webhooks = start(&savt, &[&receiver.url("/")]).await;
    savt.person_called("Anna").await;
    receiver.wait_for(1).await;
    webhooks.stop().await;
    board::renew_epochs(savt.database()).await.unwrap();
    let webhooks = start(&savt, &[&receiver.url("/")]).await;
    wait_for_position(&savt, &webhooks, 1).await;
    let again = savt.another().await;
    let bob = again.person();
    bob.create_item("Napoli").await;
    let last = again.person().last_event().await;
    let messages = receiver
        .wait_until(|all| numbers_by_board(all)["main"].last() == Some(&last))
        .await;
    let main = numbers_by_board(&messages)["main"].clone();
    assert_eq!(main[0], 1);
    assert!(main[1..].iter().all(|number| *number > 1), "{main:?}");
}

db_test!(a_shorter_log_is_followed_from_its_end);
async fn a_shorter_log_is_followed_from_its_end(savt: Savt) {
    let receiver = Receiver::start().await;
    let webhooks = start(&savt, &[&receiver.url("/")]).await;
    let anna = savt.person_called("Anna").await;
    anna.create_item("Funghi").await;
    receiver.wait_for(2).await;
    webhooks.stop().await;
    // As in a copy of another time, except for the position.
    execute(&savt, "UPDATE webhook_cursors SET position = 1000").await;
    let webhooks = start(&savt, &[&receiver.url("/")]).await;
    wait_for_position(&savt, &webhooks, 2).await;
    anna.create_item("Napoli").await;
    let messages = receiver.wait_for(3).await;
    assert_eq!(numbers_by_board(&messages)["main"], [1, 2, 3]);
}

db_test!(the_history_of_an_imported_board_is_no_news);
async fn the_history_of_an_imported_board_is_no_news(savt: Savt) {
    let receiver = Receiver::start().await;
    let webhooks = start(&savt, &[&receiver.url("/")]).await;
    let anna = savt.person_called("Anna").await;
    receiver.wait_for(1).await;
    webhooks.stop().await;
    let base = anna.create_board("Friday").await;
    let friday = anna.on_board(&base);
    friday.create_item("Funghi").await;
    let before = friday.last_event().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("friday");
    let (slug, file) = (base.rsplit('/').next().unwrap(), file.to_str().unwrap());
    let database = ["--database-url", savt.url()];
    run(&[&["export", slug, file], &database[..]].concat()).expect_success();
    run(&[&["boards", "delete", slug, "--yes"], &database[..]].concat()).expect_success();
    run(&[&["import", file], &database[..]].concat()).expect_success();
    let savt = savt.another().await;
    let _webhooks = start(&savt, &[&receiver.url("/")]).await;
    friday.moved_to(savt.address()).create_item("Napoli").await;
    let messages = receiver.wait_for(2).await;
    assert_eq!(numbers_by_board(&messages)[slug], [before + 1]);
}
