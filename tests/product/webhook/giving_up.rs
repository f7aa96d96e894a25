//! What fails for long: tried again when something else succeeds, and given up after three days.

use savt::webhook::{State, Webhooks};

use super::{execute, numbers_by_board, start};
use crate::harness::{
    app::Savt,
    databases::db_test,
    receiver::{Receiver, Reply},
};

/// Waits until this many boards wait because of a failure.
async fn wait_for_failing(webhooks: &Webhooks, boards: i64) {
    while webhooks.statuses()[0].backlog.failing != boards {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

/// A server whose board `main` has failed once, and what to start it again with.
async fn failing(savt: &Savt, receiver: &Receiver) -> Webhooks {
    receiver.reply_with(|_| Reply::Status(500));
    let webhooks = start(savt, &[&receiver.url("/")]).await;
    savt.person_called("Anna").await;
    wait_for_failing(&webhooks, 1).await;
    webhooks.stop().await;
    webhooks
}

db_test!(a_success_makes_waiting_boards_try_again);
async fn a_success_makes_waiting_boards_try_again(savt: Savt) {
    let receiver = Receiver::start().await;
    failing(&savt, &receiver).await;
    let later = "UPDATE webhook_cursors SET next_attempt_at = '2099-01-01 12:00:00.000000'";
    execute(&savt, later).await;
    receiver.reply_with(|_| Reply::Status(200));
    let webhooks = start(&savt, &[&receiver.url("/")]).await;
    wait_for_failing(&webhooks, 1).await;
    let bob = savt.person();
    let friday = bob.on_board(&bob.create_board("Friday").await);
    friday.create_item("Funghi").await;
    wait_for_failing(&webhooks, 0).await;
    let numbers = numbers_by_board(&receiver.first_arrivals());
    assert_eq!((numbers.len(), numbers["main"].as_slice()), (2, &[1][..]));
}

/// Three days have passed since the first failure.
const LONG_AGO: &str = "UPDATE webhook_cursors SET attempts = 20, \
     first_failure_at = '2020-01-01 12:00:00.000000', next_attempt_at = NULL";

db_test!(an_endpoint_that_accepts_nothing_for_three_days_is_switched_off);
async fn an_endpoint_that_accepts_nothing_for_three_days_is_switched_off(savt: Savt) {
    let receiver = Receiver::start().await;
    failing(&savt, &receiver).await;
    execute(&savt, LONG_AGO).await;
    let webhooks = start(&savt, &[&receiver.url("/")]).await;
    let why = "nothing was accepted for three days: the receiver answered 500";
    while webhooks.statuses()[0].state != State::Disabled(why.to_owned()) {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(receiver.received().len(), 2);
}

db_test!(an_event_that_is_refused_for_three_days_is_skipped);
async fn an_event_that_is_refused_for_three_days_is_skipped(savt: Savt) {
    let receiver = Receiver::start().await;
    failing(&savt, &receiver).await;
    execute(&savt, LONG_AGO).await;
    let accepted = "UPDATE webhook_endpoints SET delivered_at = '2099-01-01 12:00:00.000000'";
    execute(&savt, accepted).await;
    receiver.reply_with(
        |message| match message.json()["data"]["event"]["number"] == 1 {
            true => Reply::Status(400),
            false => Reply::Status(200),
        },
    );
    savt.person().create_item("Funghi").await;
    let webhooks = start(&savt, &[&receiver.url("/")]).await;
    let messages = receiver.wait_for(3).await;
    assert_eq!(numbers_by_board(&messages)["main"], [1, 2, 3]);
    assert_eq!(webhooks.statuses()[0].state, State::Delivering);
}
