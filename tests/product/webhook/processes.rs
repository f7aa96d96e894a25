//! Several processes on one database: one delivers, in order, and another one takes over.

use savt::webhook::{Settings, State, Timing};

use super::{TIMING, assert_in_order, endpoint, numbers_by_board, settings, start, start_with};
use crate::harness::{app::Savt, databases::db_test, receiver::Receiver};

db_test!(two_processes_send_each_event_once_in_order);
async fn two_processes_send_each_event_once_in_order(savt: Savt) {
    const ITEMS: usize = 60;
    let another = savt.another().await;
    let receiver = Receiver::start().await;
    let url = receiver.url("/");
    // Nobody is slow enough to lose the lease.
    let settings = Settings {
        timing: Timing {
            lease: Timing::default().lease,
            ..TIMING
        },
        ..settings()
    };
    let first = start_with(&savt, vec![endpoint(&url)], settings.clone()).await;
    let second = start_with(&another, vec![endpoint(&url)], settings).await;
    let (anna, bob) = (
        savt.person_called("Anna").await,
        another.person_called("Bob").await,
    );
    for number in 0..ITEMS / 2 {
        anna.create_item(&format!("Pizza {number}")).await;
        bob.create_item(&format!("Calzone {number}")).await;
    }
    let last = savt.stored().await.version();
    let messages = receiver.wait_for(last as usize).await;
    assert_in_order(&messages);
    assert_eq!(numbers_by_board(&messages)["main"].len() as i64, last);
    assert_eq!(
        receiver.received().len() as i64,
        last,
        "nothing is repeated"
    );
    let states = [&first, &second].map(|webhooks| webhooks.statuses()[0].state.clone());
    assert!(states.contains(&State::Delivering), "{states:?}");
    let deliveries = [&first, &second].map(|webhooks| webhooks.statuses()[0].deliveries);
    assert!(deliveries.contains(&0), "{deliveries:?}");

    // The one that delivers ends in order, so that the other one takes over.
    match deliveries[0] {
        0 => second.stop().await,
        _ => first.stop().await,
    }
    anna.create_item("Last").await;
    let messages = receiver.wait_for(last as usize + 1).await;
    assert_in_order(&messages);
}

db_test!(a_process_that_does_not_answer_is_replaced);
async fn a_process_that_does_not_answer_is_replaced(savt: Savt) {
    let another = savt.another().await;
    let receiver = Receiver::start().await;
    let url = receiver.url("/");
    let first = start(&savt, &[&url]).await;
    let anna = savt.person_called("Anna").await;
    receiver.wait_for(1).await;
    let second = start(&another, &[&url]).await;
    // Ends without a word: the lease stays.
    drop(first);
    anna.create_item("Funghi").await;
    let messages = receiver.wait_for(2).await;
    assert_in_order(&messages);
    assert_eq!(second.statuses()[0].state, State::Delivering);
}
