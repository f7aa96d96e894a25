//! The same request to two processes on one database.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use diesel::dsl::sql_query;
use futures_util::future::join_all;
use savt::{
    board::{BoardHandle, CommandError, Once},
    db::Backend,
    model::{BoardAction, ItemId},
    store::BoardLock,
};
use tokio::time::{sleep, timeout};

use super::{anna, create_item, main_board, new_turn, request, send, stored_requests};
use crate::{
    harness::{
        app::Savt,
        consistency::assert_consistent,
        databases::{Fresh, db_test},
        postgres::Cluster,
        relay::Relay,
    },
    outage::hold_commits,
};

db_test!(a_request_to_two_processes_takes_effect_once);
async fn a_request_to_two_processes_takes_effect_once(savt: Savt) {
    let another = savt.another().await;
    let handles = [main_board(&savt).await, main_board(&another).await];
    for round in 0..10 {
        let (key, item) = (format!("{round}"), format!("Pizza {round}"));
        let sent = (0..8).map(|n| {
            let (handle, key, item) = (handles[n % 2].clone(), key.clone(), item.clone());
            tokio::spawn(async move { send(&handle, &request(&key, "1"), &item).await })
        });
        let answers = join_all(sent).await.into_iter();
        let answers: Vec<Bytes> = answers.map(|answer| answer.unwrap().unwrap()).collect();
        assert!(
            answers.iter().all(|answer| *answer == answers[0]),
            "{answers:?}"
        );
    }
    assert_eq!(savt.stored().await.stats().items, 10);
    assert_eq!(stored_requests(savt.database()).await, 10);
    assert_consistent(&[&savt, &another]).await;
}

db_test!(the_writers_alone_decide_a_key_once);
async fn the_writers_alone_decide_a_key_once(savt: Savt) {
    let another = savt.another().await;
    let handles = [main_board(&savt).await, main_board(&another).await];
    let key = request("a", "1");
    let sent = (0..33).map(|n| {
        let (handle, key) = (handles[n % 2].clone(), key.clone());
        let item = create_item(&format!("Pizza {n}"));
        tokio::spawn(async move { handle.execute_once(anna(), item, key).await })
    });
    let mut succeeded = 0;
    for outcome in join_all(sent).await {
        match outcome.unwrap() {
            Ok(_) => succeeded += 1,
            Err(error) => assert_eq!(error, CommandError::Repeated),
        }
    }
    assert_eq!(succeeded, 1);
    assert_eq!(savt.stored().await.stats().items, 1);
    assert_consistent(&[&savt, &another]).await;
}

db_test!(two_processes_that_both_think_they_are_first_agree);
async fn two_processes_that_both_think_they_are_first_agree(savt: Savt) {
    let another = savt.another().await;
    let (here, there) = (main_board(&savt).await, main_board(&another).await);
    // One takes effect; the other one would have refused.
    let mut first = new_turn(&here, &request("a", "1")).await;
    let second = new_turn(&there, &request("a", "1")).await;
    first
        .execute(anna(), create_item("Margherita"))
        .await
        .unwrap();
    let refused = second.save("422 not valid".into()).await;
    assert_eq!(refused, Err(CommandError::Repeated));
    let Once::Interrupted(interrupted) = there.once(request("a", "1")).await.unwrap() else {
        panic!("the request took effect and was not answered");
    };
    let second = interrupted
        .turn
        .save("201 from there".into())
        .await
        .unwrap();
    let first = first.save("201 from here".into()).await.unwrap();
    assert_eq!([first, second], ["201 from there"; 2]);

    // One refuses; the other one would have taken effect.
    let first = new_turn(&here, &request("b", "1")).await;
    let mut second = new_turn(&there, &request("b", "1")).await;
    first.save("409 taken".into()).await.unwrap();
    let executed = second.execute(anna(), create_item("Funghi")).await;
    assert!(matches!(executed, Err(CommandError::Repeated)));
    drop(second);
    let answer = send(&there, &request("b", "1"), "Funghi").await.unwrap();
    assert_eq!(answer, "409 taken");
    assert_eq!(savt.stored().await.stats().items, 1);

    // Another request with the same key was first.
    let first = new_turn(&here, &request("c", "1")).await;
    let second = new_turn(&there, &request("c", "2")).await;
    first.save("409 taken".into()).await.unwrap();
    let refused = second.save("422 not valid".into()).await;
    assert_eq!(refused, Err(CommandError::Repeated));
}

db_test!(an_interrupted_request_is_not_answered_from_a_board_that_lacks_its_effect);
async fn an_interrupted_request_is_not_answered_from_a_board_that_lacks_its_effect(savt: Savt) {
    let another = savt.another().await;
    let (here, there) = (main_board(&savt).await, main_board(&another).await);
    let mut turn = new_turn(&here, &request("a", "1")).await;
    let done = turn.execute(anna(), create_item("Margherita")).await;
    let last = done.unwrap().snapshot.board.version();
    drop(turn);
    // The writer there waits for the lock, and cannot read what happened here.
    let lock = BoardLock::acquire(savt.database(), here.id()).await;
    let lock = lock.unwrap().unwrap();
    let (executed, found) = tokio::join!(there.execute(anna(), create_item("Funghi")), async {
        let found = there.once(request("a", "1")).await;
        let version = there.version();
        lock.release().await.unwrap();
        (found, version)
    });
    executed.unwrap();
    match found {
        (Err(error), _) => assert_eq!(error, CommandError::Unconfirmed),
        (Ok(Once::Interrupted(_)), version) => assert!(version >= last, "{version} < {last}"),
        (Ok(_), _) => panic!("the request took effect and was not answered"),
    }
    let answer = send(&there, &request("a", "1"), "Margherita").await;
    assert_eq!(answer, send(&here, &request("a", "1"), "Margherita").await);
    assert!(answer.is_ok());
    assert_eq!(savt.stored().await.stats().items, 2);
    assert_consistent(&[&savt, &another]).await;
}

db_test!(a_request_is_not_refused_by_a_board_that_cannot_be_compared_with_the_database);
async fn a_request_is_not_refused_by_a_board_that_cannot_be_compared_with_the_database(savt: Savt) {
    let another = savt.another().await;
    let there = main_board(&another).await;
    send(&main_board(&savt).await, &request("a", "1"), "Margherita")
        .await
        .unwrap();
    let delete = || BoardAction::DeleteItem(ItemId(1));
    rename_table(&savt, "events", "hidden_events").await;
    let mut turn = new_turn(&there, &request("b", "1")).await;
    let refused = turn.execute(anna(), delete()).await;
    assert_eq!(refused.err(), Some(CommandError::Internal));
    drop(turn);
    rename_table(&savt, "hidden_events", "events").await;
    let mut turn = new_turn(&there, &request("b", "1")).await;
    turn.execute(anna(), delete()).await.unwrap();
    assert_eq!(savt.stored().await.stats().items, 0);
    assert_consistent(&[&savt, &another]).await;
}

async fn rename_table(savt: &Savt, from: &str, to: &str) {
    let mut transaction = savt.database().write().await.unwrap();
    let rename = sql_query(format!("ALTER TABLE {from} RENAME TO {to}"));
    transaction.execute(rename).await.unwrap();
    transaction.commit().await.unwrap();
}

db_test!(requests_that_are_cut_off_and_repeated_take_effect_once);
async fn requests_that_are_cut_off_and_repeated_take_effect_once(savt: Savt) {
    const CLIENTS: usize = 16;
    const REQUESTS: usize = 10;
    let another = savt.another().await;
    let handles = [main_board(&savt).await, main_board(&another).await];
    let clients = (0..CLIENTS).map(|client| {
        let handles = handles.clone();
        tokio::spawn(async move {
            for n in 0..REQUESTS {
                repeat_until_answered(&handles, &format!("{client}-{n}")).await;
            }
        })
    });
    for client in join_all(clients).await {
        client.unwrap();
    }
    let expected = CLIENTS * REQUESTS;
    assert_eq!(savt.stored().await.stats().items, expected);
    assert_eq!(stored_requests(savt.database()).await, expected as i64);
    assert_consistent(&[&savt, &another]).await;
}

/// Sends a request to one of two processes and stops it after a moment that grows, until it is answered.
async fn repeat_until_answered(handles: &[Arc<BoardHandle>; 2], item: &str) {
    for attempt in 1.. {
        let handle = handles[rand::random_range(0..2)].clone();
        let (key, item) = (request(item, "1"), item.to_owned());
        let mut sent = tokio::spawn(async move { send(&handle, &key, &item).await });
        let patience = Duration::from_micros(rand::random_range(0..2_000 * attempt));
        match timeout(patience, &mut sent).await {
            Ok(answer) if answer.as_ref().unwrap().is_ok() => return,
            Ok(_) => {}
            Err(_) => sent.abort(),
        }
    }
}

/// The connection is lost during the commit of a request, which the server completes later. The client repeats it, at this process and at
/// another one, before and after that.
#[tokio::test(flavor = "multi_thread")]
async fn an_unconfirmed_request_takes_effect_once() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let relay = Relay::to(Cluster::shared().socket()).await;
    let savt = Savt::at(&relay.url(fresh.name())).await;
    let another = Savt::at(fresh.url()).await;
    let handles = [main_board(&savt).await, main_board(&another).await];
    send(&handles[0], &request("before", "1"), "Before")
        .await
        .unwrap();
    let holder = hold_commits(&fresh).await;
    relay.lose_next_commit();
    let first = send(&handles[0], &request("a", "1"), "Late").await;
    assert_eq!(first, Err(CommandError::Unconfirmed));
    assert!(relay.has_lost_commit());
    let repeated: Vec<_> = handles
        .iter()
        .map(|handle| {
            let handle = handle.clone();
            tokio::spawn(async move { send_until_answered(&handle).await })
        })
        .collect();
    // They wait for the transaction, or are told to try again.
    sleep(Duration::from_millis(300)).await;
    let unlock = "SELECT pg_advisory_unlock(42)";
    holder.batch_execute(unlock).await.unwrap();
    let mut answers = Vec::new();
    for repeated in repeated {
        answers.push(repeated.await.unwrap());
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(savt.stored().await.stats().items, 2);
    assert_eq!(stored_requests(savt.database()).await, 2);
    assert_consistent(&[&savt, &another]).await;
}

async fn send_until_answered(handle: &Arc<BoardHandle>) -> Bytes {
    loop {
        match send(handle, &request("a", "1"), "Late").await {
            Ok(answer) => return answer,
            Err(CommandError::Internal) => panic!("the repeated request failed"),
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
}
