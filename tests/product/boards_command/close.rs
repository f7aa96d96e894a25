//! `savt boards close`.

use super::{assert_sound, boards, slug_of, until};
use crate::harness::{
    app::Savt,
    databases::{Fresh, db_test},
    program::{json_of, request},
    stream::Stream,
};

db_test!(the_operator_closes_a_board_and_anybody_reopens_it);
async fn the_operator_closes_a_board_and_anybody_reopens_it(fresh: Fresh) {
    let savt = Savt::at(fresh.url()).await;
    let alice = savt.person();
    let base = alice.create_board("Where to eat").await;
    let board = alice.on_board(&base);
    board.set_name("Alice").await;
    board.create_item("Margherita").await;
    let page = board.page().await;
    let mut stream = Stream::open(&alice, &page.stream, None).await;
    let slug = slug_of(&base);
    let outcome = ["--outcome", "Margherita it is"];
    let out = boards(fresh.url(), &[&["close", slug], &outcome[..]].concat()).expect_success();
    assert_eq!(out, format!("closed {slug}\n"));
    let event = stream.next_event().await;
    assert!(event.data.contains("Margherita it is"), "{}", event.data);
    until("the board is closed", async || {
        board
            .post("/create/item/", &[("name", "Late")])
            .await
            .status
            == 423
    })
    .await;
    let page = board.get("").await.is(200);
    assert!(page.body.contains("Operator"), "{}", page.body);
    assert!(board.history().await[0].contains("Operator"));
    // The operator is no participant.
    let people = format!("/boards/{slug}/participants");
    let people = request(savt.address(), ("GET", &people), &[], "").await;
    let people = json_of(&people.is(200));
    assert_eq!(people["participants"].as_array().unwrap().len(), 1);
    assert_sound(fresh.url());

    let again = boards(fresh.url(), &["close", slug, "nowhere"]);
    assert_eq!(again.code, Some(1));
    let why = format!("savt: {slug} was closed before, by Operator; there is no board nowhere\n");
    assert_eq!(again.err, why);
    board.post("/reopen", &[]).await.is(303);
    board.create_item("Funghi").await;
    assert_sound(fresh.url());
}
