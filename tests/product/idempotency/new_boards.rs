//! Requests that make a board.

use bytes::Bytes;
use diesel::prelude::*;
use futures_util::future::join_all;
use savt::{
    board::{Boards, NewBoard, Once},
    db::schema::boards,
    model::{BoardContent, ItemContent, RequestKey, Slug},
};

use super::{anna, make_old, name, request, stored_requests};
use crate::harness::{app::Savt, databases::db_test};

async fn number_of_boards(savt: &Savt) -> i64 {
    let mut conn = savt.database().read().await.unwrap();
    let count = conn.get::<i64, _>(boards::table.count()).await.unwrap();
    count.unwrap()
}

fn filled() -> NewBoard {
    let margherita = ItemContent {
        name: name("Margherita"),
        kind: None,
        note: None,
        features: Vec::new(),
    };
    NewBoard {
        name: name("Pizzas"),
        browser: anna(),
        participant: Some(name("Anna")),
        content: BoardContent {
            items: vec![margherita],
            ..BoardContent::default()
        },
    }
}

/// Sends a request that makes an empty board, as the API does; the answer is its slug.
async fn make(boards: &Boards, request: &RequestKey) -> Bytes {
    loop {
        let (turn, slug) = match boards.once(request.clone()).await.unwrap() {
            Once::Answered { answer, .. } => return answer,
            Once::BodyDiffers => panic!("the request has another body"),
            Once::Interrupted(interrupted) => (interrupted.turn, interrupted.created.unwrap()),
            Once::New(mut turn) => {
                let created = boards.create_once(&mut turn, &name("Pizzas")).await;
                match created.unwrap() {
                    Some(slug) => (turn, slug),
                    None => continue,
                }
            }
        };
        let answer = slug.as_str().to_owned().into();
        if let Ok(answer) = turn.save(answer).await {
            return answer;
        }
    }
}

db_test!(a_request_to_two_processes_makes_one_board);
async fn a_request_to_two_processes_makes_one_board(savt: Savt) {
    let another = savt.another().await;
    let both = [savt.boards(), another.boards()];
    let before = number_of_boards(&savt).await;
    for round in 0..5 {
        let key = round.to_string();
        let sent = (0..8).map(|n| {
            let (boards, key) = (both[n % 2].clone(), key.clone());
            tokio::spawn(async move { make(&boards, &request(&key, "1")).await })
        });
        let answers: Vec<Bytes> = join_all(sent)
            .await
            .into_iter()
            .map(Result::unwrap)
            .collect();
        assert!(
            answers.iter().all(|answer| *answer == answers[0]),
            "{answers:?}"
        );
        let slug = Slug::parse(std::str::from_utf8(&answers[0]).unwrap()).unwrap();
        another.boards().open(&slug).await.unwrap();
    }
    assert_eq!(number_of_boards(&savt).await, before + 5);
}

db_test!(two_processes_that_both_make_the_board_agree);
async fn two_processes_that_both_make_the_board_agree(savt: Savt) {
    let another = savt.another().await;
    let before = number_of_boards(&savt).await;
    let turn = async |boards: &Boards| match boards.once(request("a", "1")).await.unwrap() {
        Once::New(turn) => turn,
        _ => panic!("the request is new"),
    };
    let (mut first, mut second) = (turn(savt.boards()).await, turn(another.boards()).await);
    let created = savt.boards().create_filled_once(&mut first, filled()).await;
    let created = created.unwrap().unwrap();
    let again = another
        .boards()
        .create_filled_once(&mut second, filled())
        .await;
    assert!(again.unwrap().is_none());
    assert_eq!(number_of_boards(&savt).await, before + 1);
    drop((first, second));
    // The first process ended before it answered.
    let Once::Interrupted(interrupted) = another.boards().once(request("a", "1")).await.unwrap()
    else {
        panic!("the request took effect and was not answered");
    };
    assert_eq!(interrupted.created, Some(created.slug));
    assert!(!created.events.is_empty());
    assert_eq!(interrupted.events, created.events);
    interrupted.turn.save("201".into()).await.unwrap();
    assert_eq!(make(savt.boards(), &request("a", "1")).await, "201");
}

db_test!(a_forgotten_key_makes_another_board);
async fn a_forgotten_key_makes_another_board(savt: Savt) {
    let key = request("a", "1");
    let first = make(savt.boards(), &key).await;
    make_old(savt.database(), 25).await;
    let second = make(savt.boards(), &key).await;
    assert_ne!(first, second);
    assert_eq!(make(savt.boards(), &key).await, second);
    assert_eq!(stored_requests(savt.database()).await, 1);
}
