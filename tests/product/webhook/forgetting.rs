//! Somebody is forgotten while messages are on their way: none is skipped.

use std::time::Duration;

use savt::{
    board,
    model::{BoardId, Name, Slug},
    store::{
        self, Whom,
        webhooks::{self, Cursor},
    },
    webhook::{Settings, Timing},
};

use super::{endpoint, settings, start_with};
use crate::harness::{app::Savt, databases::db_test, receiver::Receiver};

async fn forget_bob(savt: &Savt, board: BoardId) {
    let bob = Whom::Named(Name::parse("Bob").unwrap());
    let forgotten = board::forget(savt.database(), board, bob).await.unwrap();
    assert!(forgotten.is_some());
}

db_test!(no_event_is_skipped_when_somebody_is_forgotten);
async fn no_event_is_skipped_when_somebody_is_forgotten(savt: Savt) {
    let receiver = Receiver::start().await;
    // Nothing is saved or looked for meanwhile.
    let long = Duration::from_secs(3_600);
    let timing = Timing {
        lease: long * 2,
        renew: long,
        save: long,
        scan: long,
    };
    let settings = Settings {
        timing,
        ..settings()
    };
    let _webhooks = start_with(&savt, vec![endpoint(&receiver.url("/"))], settings).await;
    let anna = savt.person_called("Anna").await;
    savt.person_called("Bob").await;
    receiver.wait_for(2).await;
    forget_bob(&savt, savt.stored().await.id).await;
    anna.create_item("Napoli").await;
    let number = |message: &crate::harness::receiver::Received| {
        message.json()["data"]["event"]["number"].as_i64().unwrap()
    };
    let messages = receiver
        .wait_until(|all| all.iter().any(|message| number(message) == 3))
        .await;
    let mut numbers: Vec<i64> = messages.iter().map(number).collect();
    assert_eq!(numbers.pop(), Some(3));
    assert!(numbers.contains(&2) && !numbers.contains(&3), "{numbers:?}");
}

db_test!(a_position_of_a_former_epoch_is_not_saved);
async fn a_position_of_a_former_epoch_is_not_saved(savt: Savt) {
    let (database, name) = (savt.database(), "an endpoint");
    let now = board::now();
    webhooks::register(database, name, "localhost", "json", now)
        .await
        .unwrap();
    let row = webhooks::endpoint(database, name).await.unwrap().unwrap();
    assert!(
        webhooks::take_lease(database, &row, "we", now)
            .await
            .unwrap()
    );
    savt.person_called("Bob").await;
    let before = savt.stored().await;
    let position = async || {
        let state = webhooks::board_state(database, before.id, name).await;
        let state = state.unwrap().unwrap();
        let cursor = state.cursor.unwrap();
        (cursor.epoch == state.epoch, cursor.position)
    };
    let save = async || {
        let delivered = vec![(before.id, Cursor::at(before.epoch, 1))];
        webhooks::save_cursors(database, (name, "we"), delivered, None, now)
            .await
            .unwrap()
    };
    assert_eq!(position().await, (true, 0));
    assert!(save().await);
    assert_eq!(position().await, (true, 1));
    forget_bob(&savt, before.id).await;
    assert!(save().await);
    assert_eq!(position().await, (true, 1), "it still follows the log");
}

db_test!(a_board_that_no_endpoint_knows_yet_is_followed_from_its_first_event);
async fn a_board_that_no_endpoint_knows_yet_is_followed_from_its_first_event(savt: Savt) {
    let (database, name) = (savt.database(), "an endpoint");
    let now = board::now();
    webhooks::register(database, name, "localhost", "json", now)
        .await
        .unwrap();
    let base = savt.person().create_board("Friday").await;
    savt.person().on_board(&base).set_name("Bob").await;
    let slug = Slug::parse(base.trim_start_matches("/b/")).unwrap();
    let id = store::stored_board(database, &slug).await.unwrap();
    let id = id.unwrap().id;
    forget_bob(&savt, id).await;
    // Who adds the missing ones adds none with the former epoch.
    let state = webhooks::board_state(database, id, name).await.unwrap();
    let state = state.unwrap();
    assert_eq!(state.cursor, Some(Cursor::at(state.epoch, 0)));
}
