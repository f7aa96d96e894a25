//! Receivers that fail in every way.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use savt::{
    store::webhooks,
    webhook::{Settings, State},
};

use super::{assert_in_order, client, endpoint, numbers_by_board, settings, start, start_with};
use crate::harness::{
    app::Savt,
    databases::db_test,
    receiver::{Receiver, Reply},
};

/// The time limit for a state, on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(60);

async fn wait_for(what: &str, is_true: impl AsyncFn() -> bool) {
    let until = tokio::time::Instant::now() + TIMEOUT;
    while !is_true().await {
        assert!(tokio::time::Instant::now() < until, "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

db_test!(what_is_not_accepted_is_sent_again_in_order);
async fn what_is_not_accepted_is_sent_again_in_order(savt: Savt) {
    let receiver = Receiver::start().await;
    // Each message fails in another way, then is accepted.
    let mut failures = vec![
        Reply::Close,
        Reply::Status(302),
        Reply::Status(400),
        Reply::Status(500),
    ];
    let failed = Arc::new(AtomicUsize::new(0));
    let count = failed.clone();
    receiver.reply_with(move |_| match failures.pop() {
        Some(failure) => {
            count.fetch_add(1, Ordering::Relaxed);
            failure
        }
        None => Reply::Status(200),
    });
    let webhooks = start(&savt, &[&receiver.url("/")]).await;
    let anna = savt.person_called("Anna").await;
    receiver.wait_for(1).await;
    anna.create_item("Funghi").await;
    // Switching an endpoint on makes it try at once.
    wait_for("all is delivered", async || {
        let status = &webhooks.statuses()[0];
        if status.state == State::Delivering && status.deliveries < 2 {
            webhooks::enable(savt.database(), &status.id).await.unwrap();
        }
        status.deliveries == 2
    })
    .await;
    assert_eq!(failed.load(Ordering::Relaxed), 4);
    assert_eq!(webhooks.statuses()[0].failures, 4);
    let arrivals = receiver.first_arrivals();
    assert_eq!(numbers_by_board(&arrivals)["main"], [1, 2]);
}

db_test!(a_failure_is_tried_again_after_a_pause);
async fn a_failure_is_tried_again_after_a_pause(savt: Savt) {
    let receiver = Receiver::start().await;
    let mut first = true;
    receiver.reply_with(move |_| match std::mem::take(&mut first) {
        true => Reply::Status(500),
        false => Reply::Status(200),
    });
    let _webhooks = start(&savt, &[&receiver.url("/")]).await;
    savt.person_called("Anna").await;
    wait_for("it is sent again", async || receiver.received().len() == 2).await;
    let received = receiver.received();
    assert_eq!(received[0].id(), received[1].id());
    assert!(received[1].at - received[0].at >= Duration::from_secs(3));
}

db_test!(redirects_are_not_followed);
async fn redirects_are_not_followed(savt: Savt) {
    let (receiver, other) = (Receiver::start().await, Receiver::start().await);
    let elsewhere = other.url("/");
    receiver.reply_with(move |_| Reply::With(307, "location", elsewhere.clone()));
    let webhooks = start(&savt, &[&receiver.url("/")]).await;
    savt.person_called("Anna").await;
    wait_for("the failure is known", async || {
        let failure = webhooks.statuses()[0].last_failure.clone();
        failure.is_some_and(|why| why.contains("redirects are not followed"))
    })
    .await;
    assert!(other.received().is_empty());
}

db_test!(an_endpoint_that_is_gone_is_switched_off_until_it_is_switched_on);
async fn an_endpoint_that_is_gone_is_switched_off_until_it_is_switched_on(savt: Savt) {
    let receiver = Receiver::start().await;
    receiver.reply_with(|_| Reply::Status(410));
    let webhooks = start(&savt, &[&receiver.url("/")]).await;
    let anna = savt.person_called("Anna").await;
    let gone = State::Disabled("the receiver answered 410".to_owned());
    wait_for("it is switched off", async || {
        webhooks.statuses()[0].state == gone
    })
    .await;
    assert_eq!(receiver.received().len(), 1);
    webhooks.stop().await;
    drop(webhooks);

    // Also after a new start, and whatever happens.
    receiver.reply_with(|_| Reply::Status(200));
    let webhooks = start(&savt, &[&receiver.url("/")]).await;
    anna.create_item("Funghi").await;
    wait_for("it is known to be off", async || {
        webhooks.statuses()[0].state == gone
    })
    .await;
    assert_eq!(receiver.received().len(), 1);
    let id = webhooks.statuses()[0].id.clone();
    assert!(webhooks::enable(savt.database(), &id).await.unwrap());
    let messages = receiver.wait_for(2).await;
    assert_eq!(numbers_by_board(&messages)["main"], [1, 2]);
}

db_test!(the_receiver_can_ask_for_a_pause_of_everything);
async fn the_receiver_can_ask_for_a_pause_of_everything(savt: Savt) {
    const PAUSE: u64 = 8;
    let receiver = Receiver::start().await;
    let mut replies = vec![Reply::With(429, "retry-after", PAUSE.to_string())];
    receiver.reply_with(move |_| replies.pop().unwrap_or(Reply::Status(200)));
    let webhooks = start(&savt, &[&receiver.url("/")]).await;
    let anna = savt.person_called("Anna").await;
    wait_for("the failure is known", async || {
        webhooks.statuses()[0].last_failure.is_some()
    })
    .await;
    let other = anna.on_board(&anna.create_board("Friday").await);
    other.create_item("Funghi").await;
    receiver
        .wait_until(|all| numbers_by_board(all).len() == 2 && all.len() >= 3)
        .await;
    let received = receiver.received();
    assert!(received[1].at - received[0].at >= Duration::from_secs(PAUSE - 1));
}

db_test!(a_receiver_that_hangs_delays_no_other_endpoint);
async fn a_receiver_that_hangs_delays_no_other_endpoint(savt: Savt) {
    const BOARDS: usize = 100;
    let (slow, fast) = (Receiver::start().await, Receiver::start().await);
    slow.reply_with(|_| Reply::Hang);
    let endpoints = vec![endpoint(&slow.url("/")), endpoint(&fast.url("/"))];
    let started = Instant::now();
    let webhooks = start_with(&savt, endpoints, settings()).await;
    let anna = savt.person_called("Anna").await;
    for number in 0..BOARDS {
        let board = anna.create_board(&format!("Board {number}")).await;
        anna.on_board(&board).create_item("Funghi").await;
    }
    // One joins on the board `main`; on each of the others one joins and creates.
    let messages = fast.wait_for(1 + 2 * BOARDS).await;
    assert_in_order(&messages);
    assert_eq!(numbers_by_board(&messages).len(), BOARDS + 1);
    let statuses = webhooks.statuses();
    assert_eq!(statuses[0].deliveries, 0);
    // At most eight boards at the same time, each for ten seconds.
    let turns = started.elapsed().as_secs() as usize / 10 + 1;
    let sent = slow.received().len();
    assert!(sent <= 8 * turns, "{sent} messages in {turns} turns");
}

db_test!(a_receiver_that_hangs_for_one_board_delays_no_other_board);
async fn a_receiver_that_hangs_for_one_board_delays_no_other_board(savt: Savt) {
    let receiver = Receiver::start().await;
    receiver.reply_with(
        |message| match message.json()["data"]["board"]["slug"] == "main" {
            true => Reply::Hang,
            false => Reply::Status(200),
        },
    );
    let _webhooks = start(&savt, &[&receiver.url("/")]).await;
    let anna = savt.person_called("Anna").await;
    receiver.wait_for(1).await;
    let other = anna.on_board(&anna.create_board("Friday").await);
    for number in 0..20 {
        other.create_item(&format!("Pizza {number}")).await;
    }
    let messages = receiver.wait_for(1 + 21).await;
    assert_in_order(&messages);
    assert_eq!(numbers_by_board(&messages)["main"], [1]);
}

db_test!(a_receiver_that_hangs_is_given_up_after_the_time_limit);
async fn a_receiver_that_hangs_is_given_up_after_the_time_limit(savt: Savt) {
    let receiver = Receiver::start().await;
    receiver.reply_with(|_| Reply::Hang);
    let settings = Settings {
        client: client().with_time_limit(Duration::from_millis(500)),
        ..settings()
    };
    let webhooks = start_with(&savt, vec![endpoint(&receiver.url("/"))], settings).await;
    savt.person_called("Anna").await;
    wait_for("the failure is known", async || {
        let failure = webhooks.statuses()[0].last_failure.clone();
        failure.is_some_and(|why| why.contains("no answer within 0.5 s"))
    })
    .await;
}
