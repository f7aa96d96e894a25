//! Requests that take effect once, however often they are sent, to whichever process: at the boards, without HTTP.

mod new_boards;
mod processes;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use diesel::{dsl::sql_query, prelude::*};
use savt::{
    board::{BoardHandle, CommandError, Once, Turn},
    db::{Database, schema::requests},
    model::{BoardAction, BrowserId, Event, Name, RequestKey, Slug},
    store,
};
use tokio::time::{sleep, timeout};

use crate::harness::{app::Savt, consistency::assert_consistent, databases::db_test};

fn request(key: &str, body: &str) -> RequestKey {
    RequestKey::from_hashes(format!("key {key}"), format!("body {body}"), rand::random())
}

fn anna() -> BrowserId {
    BrowserId::from_hash("the browser of Anna".to_owned())
}

fn name(name: &str) -> Name {
    Name::parse(name).unwrap()
}

fn create_item(item: &str) -> BoardAction {
    BoardAction::CreateItem {
        name: Some(name(item)),
        kind: None,
        fallback: name("Pizza"),
    }
}

async fn main_board(savt: &Savt) -> Arc<BoardHandle> {
    savt.boards().open(&Slug::main()).await.unwrap()
}

/// An answer that no other request gives.
fn answer(events: &[Event]) -> Bytes {
    let numbers: Vec<i64> = events.iter().map(|event| event.number).collect();
    format!("{numbers:?} {}", rand::random::<u64>()).into()
}

/// Sends a request that creates an item, as the API does.
async fn send(
    handle: &Arc<BoardHandle>,
    request: &RequestKey,
    item: &str,
) -> Result<Bytes, CommandError> {
    loop {
        let (turn, answer) = match handle.once(request.clone()).await? {
            Once::Answered { answer, .. } => return Ok(answer),
            Once::BodyDiffers => return Ok("another body".into()),
            Once::Interrupted(interrupted) => (interrupted.turn, answer(&interrupted.events)),
            Once::New(mut turn) => match turn.execute(anna(), create_item(item)).await {
                Ok(outcome) => (turn, answer(&outcome.events)),
                Err(CommandError::Repeated) => continue,
                Err(error) => return Err(error),
            },
        };
        match turn.save(answer).await {
            Err(CommandError::Repeated) => {}
            saved => return saved,
        }
    }
}

async fn new_turn(handle: &Arc<BoardHandle>, request: &RequestKey) -> Turn {
    match handle.once(request.clone()).await.unwrap() {
        Once::New(turn) => turn,
        Once::Interrupted(_) => panic!("the request took effect"),
        Once::Answered { answer, .. } => panic!("the request was answered: {answer:?}"),
        Once::BodyDiffers => panic!("the request has another body"),
    }
}

async fn stored_requests(database: &Database) -> i64 {
    let mut conn = database.read().await.unwrap();
    let count = conn.get::<i64, _>(requests::table.count()).await.unwrap();
    count.unwrap()
}

/// Makes all requests this old.
async fn make_old(database: &Database, hours: i64) {
    let at = savt::board::now() - chrono::TimeDelta::hours(hours);
    let mut transaction = database.write().await.unwrap();
    let update = diesel::update(requests::table).set(requests::at.eq(at));
    assert!(transaction.execute(update).await.unwrap() > 0);
    transaction.commit().await.unwrap();
}

db_test!(simultaneous_requests_take_effect_once_and_get_one_answer);
async fn simultaneous_requests_take_effect_once_and_get_one_answer(savt: Savt) {
    let handle = main_board(&savt).await;
    let key = request("a", "1");
    let sent = (0..33).map(|_| {
        let (handle, key) = (handle.clone(), key.clone());
        tokio::spawn(async move { send(&handle, &key, "Margherita").await })
    });
    let sent: Vec<_> = sent.collect();
    let mut answers = Vec::new();
    for answer in sent {
        answers.push(answer.await.unwrap().unwrap());
    }
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
    assert_eq!(savt.stored().await.stats().items, 1);
    let other = send(&handle, &request("b", "1"), "Funghi").await.unwrap();
    assert_ne!(other, answers[0]);
    assert_eq!(stored_requests(savt.database()).await, 2);
    assert_consistent(&[&savt]).await;
}

db_test!(a_request_that_was_not_answered_is_answered_from_its_events);
async fn a_request_that_was_not_answered_is_answered_from_its_events(savt: Savt) {
    let key = request("a", "1");
    let mut turn = new_turn(&main_board(&savt).await, &key).await;
    let salt = *turn.salt();
    let done = turn
        .execute(anna(), create_item("Margherita"))
        .await
        .unwrap();
    assert_eq!(done.events.len(), 2, "Anna joins, and creates an item");
    // The process ends here. Another one knows neither its memory nor its snapshot.
    drop(turn);
    let another = savt.another().await;
    let handle = main_board(&another).await;
    let Once::Interrupted(interrupted) = handle.once(request("a", "1")).await.unwrap() else {
        panic!("the request took effect and was not answered");
    };
    assert_eq!(interrupted.events, done.events);
    assert_eq!(*interrupted.turn.salt(), salt, "as in the first request");
    assert!(handle.version() >= done.events[1].number);
    assert_eq!(interrupted.created, None);
    let answer = Bytes::from("201 Margherita");
    assert_eq!(interrupted.turn.save(answer.clone()).await.unwrap(), answer);
    for savt in [&savt, &another] {
        let repeated = send(&main_board(savt).await, &request("a", "1"), "Margherita").await;
        assert_eq!(repeated.unwrap(), answer);
    }
    assert_eq!(savt.stored().await.stats().items, 1);
    let check = store::check(savt.database(), |finding| panic!("{finding}"));
    check.await.unwrap();
}

db_test!(a_key_with_another_body_is_refused);
async fn a_key_with_another_body_is_refused(savt: Savt) {
    let handle = main_board(&savt).await;
    let mut turn = new_turn(&handle, &request("a", "1")).await;
    turn.execute(anna(), create_item("Margherita"))
        .await
        .unwrap();
    drop(turn);
    let differs = || async { handle.once(request("a", "2")).await.unwrap() };
    assert!(matches!(differs().await, Once::BodyDiffers));
    send(&handle, &request("a", "1"), "Margherita")
        .await
        .unwrap();
    assert!(matches!(differs().await, Once::BodyDiffers));
    assert_eq!(savt.stored().await.stats().items, 1);
    // On another board, the key is another one.
    let slug = savt.boards().create(&name("Where")).await.unwrap();
    let other = savt.boards().open(&slug).await.unwrap();
    send(&other, &request("a", "2"), "Trattoria").await.unwrap();
}

db_test!(a_request_without_effect_gets_the_same_answer_later);
async fn a_request_without_effect_gets_the_same_answer_later(savt: Savt) {
    let handle = main_board(&savt).await;
    let bob = BrowserId::from_hash("the browser of Bob".to_owned());
    let rename = |name: &str| savt::model::Command::Rename(Name::parse(name).unwrap());
    handle.execute(bob.clone(), rename("Bob")).await.unwrap();
    let key = request("a", "1");
    let mut turn = new_turn(&handle, &key).await;
    let rejected = turn.execute(anna(), rename("Bob")).await;
    assert!(matches!(rejected, Err(CommandError::Rejected(_))));
    assert_eq!(
        stored_requests(savt.database()).await,
        0,
        "it changed nothing"
    );
    let refusal = Bytes::from("409 taken");
    assert_eq!(turn.save(refusal.clone()).await.unwrap(), refusal);
    // The name is free now, but the answer remains.
    handle.execute(bob, rename("Robert")).await.unwrap();
    let Once::Answered { answer: again, .. } = handle.once(key.clone()).await.unwrap() else {
        panic!("the request was answered");
    };
    assert_eq!(again, refusal);
    // Nor can it take effect without a turn.
    let repeated = handle.execute_once(anna(), rename("Bob"), key).await;
    assert!(matches!(repeated, Err(CommandError::Repeated)));
    // A new key takes effect.
    let mut turn = new_turn(&handle, &request("b", "1")).await;
    turn.execute(anna(), rename("Bob")).await.unwrap();
}

db_test!(a_request_is_forgotten_after_a_day);
async fn a_request_is_forgotten_after_a_day(savt: Savt) {
    let handle = main_board(&savt).await;
    let key = request("a", "1");
    let first = send(&handle, &key, "One").await.unwrap();
    make_old(savt.database(), 23).await;
    assert_eq!(send(&handle, &key, "One").await.unwrap(), first);
    make_old(savt.database(), 25).await;
    let other_body = request("a", "2");
    let second = send(&handle, &other_body, "Two").await.unwrap();
    assert_ne!(second, first);
    assert_eq!(savt.stored().await.stats().items, 2);
    assert_eq!(send(&handle, &other_body, "Two").await.unwrap(), second);
    // An answer without events also replaces a forgotten one.
    make_old(savt.database(), 25).await;
    let turn = new_turn(&handle, &key).await;
    turn.save("422 not valid".into()).await.unwrap();
    let third = send(&handle, &key, "Three").await.unwrap();
    assert_eq!(third, "422 not valid");
    assert_eq!(stored_requests(savt.database()).await, 1);
    assert_consistent(&[&savt]).await;
}

db_test!(old_requests_are_deleted_in_the_background);
async fn old_requests_are_deleted_in_the_background(savt: Savt) {
    let handle = main_board(&savt).await;
    let mut transaction = savt.database().write().await.unwrap();
    for n in 0..1_200 {
        let insert = format!(
            "INSERT INTO requests (board_id, key, body_hash, salt, at)
                VALUES (1, '{n}', '', '0123456789abcdef', '2026-01-31 12:00:00')"
        );
        transaction.execute(sql_query(insert)).await.unwrap();
    }
    transaction.commit().await.unwrap();
    send(&handle, &request("recent", "1"), "Margherita")
        .await
        .unwrap();
    // The first run is at the start of a process.
    let _another = savt.another().await;
    while stored_requests(savt.database()).await > 1 {
        sleep(Duration::from_millis(20)).await;
    }
    let since = RequestKey::remembered_since(savt::board::now());
    let recent = store::find_request(savt.database(), handle.id(), "key recent", since);
    assert!(recent.await.unwrap().is_some());
}

db_test!(a_repeated_request_waits_for_the_first);
async fn a_repeated_request_waits_for_the_first(savt: Savt) {
    let handle = main_board(&savt).await;
    let key = request("a", "1");
    let mut turn = new_turn(&handle, &key).await;
    let mut second = tokio::spawn({
        let (handle, key) = (handle.clone(), key.clone());
        async move { send(&handle, &key, "Margherita").await }
    });
    turn.execute(anna(), create_item("Margherita"))
        .await
        .unwrap();
    let pause = Duration::from_millis(100);
    let waited = timeout(pause, &mut second).await;
    assert!(waited.is_err(), "it does not answer before the first");
    let first = turn.save("201 Margherita".into()).await.unwrap();
    assert_eq!(second.await.unwrap().unwrap(), first);
    // A first request that never ends does not block the second for ever.
    let _never = new_turn(&handle, &request("b", "1")).await;
    let refused = send(&handle, &request("b", "1"), "Funghi").await;
    assert_eq!(refused, Err(CommandError::Busy));
}
