//! A board is the same after a move: the bytes of its file, its pages, its people, its history.

use savt::db::Backend;

use super::{Files, assert_sound, fill, other, populate};
use crate::harness::{
    app::Savt,
    client::Answer,
    databases::{Fresh, db_test},
    process::run,
    program::{Program, json_of, request},
};

/// What a stranger sees of a board: the texts that do not depend on the address.
async fn seen(savt: &Savt, base: &str) -> Vec<String> {
    let person = savt.person().on_board(base);
    let page = person.page().await;
    let result = person.get("/result.json").await.is(200).body;
    let history = person.history().await;
    let title = person.get("/settings").await.is(200).one("h1");
    let consent = page.consent.clone();
    [
        vec![
            page.shown.to_string(),
            page.stats.clone(),
            consent,
            result,
            title,
        ],
        history,
    ]
    .concat()
}

fn participant(answer: &Answer) -> String {
    json_of(answer)["name"].as_str().unwrap().to_owned()
}

db_test!(a_database_moves_to_the_other_kind_with_the_same_bytes_pages_and_people);
async fn a_database_moves_to_the_other_kind_with_the_same_bytes_pages_and_people(fresh: Fresh) {
    let files = Files::new();
    let savt = Savt::at(fresh.url()).await;
    let (anna, base) = populate(&savt).await;
    let program = Program::join(savt.address(), "main").await;
    let before = [seen(&savt, "").await, seen(&savt, &base).await];
    let exported = files
        .export(fresh.url(), &["--all"], "one")
        .expect_success();
    assert!(
        exported.starts_with("exported 2 boards with "),
        "{exported}"
    );

    // Into a database without tables.
    let backend = fresh.open().await.backend();
    let moved = Fresh::empty(other(backend)).await;
    let imported = files.import(moved.url(), "one", &[]).expect_success();
    assert_eq!(imported.lines().count(), 2, "{imported}");
    assert!(imported.starts_with("imported main with "), "{imported}");
    assert_sound(moved.url(), "2 boards");
    files
        .export(moved.url(), &["--all"], "two")
        .expect_success();
    assert_eq!(files.read("one"), files.read("two"));

    // And into one that only has the board `main` of every database.
    let back = Fresh::migrated(backend).await;
    files.import(back.url(), "two", &[]).expect_success();
    files
        .export(back.url(), &["--all"], "three")
        .expect_success();
    assert_eq!(files.read("one"), files.read("three"));

    let after = Savt::at(moved.url()).await;
    assert_eq!([seen(&after, "").await, seen(&after, &base).await], before);
    // Browsers and programs are who they were.
    let anna = anna.moved_to(after.address());
    let feature = anna.suggest("Mais", 1, None).await;
    assert_eq!(anna.history().await[0], "Anna “Ä” <b> suggested Mais");
    let bearer = format!("Bearer {}", program.token);
    let headers = [("Authorization", bearer.as_str())];
    let path = "/boards/main/participants/me";
    let there = request(after.address(), ("GET", path), &headers, "")
        .await
        .is(200);
    let here = request(savt.address(), ("GET", path), &headers, "")
        .await
        .is(200);
    assert_eq!(participant(&there), participant(&here));
    // The history goes on, and can be undone from before the move.
    anna.delete_feature(feature).await;
    anna.undo(anna.last_event().await).await;
    assert_sound(moved.url(), "2 boards");
}

db_test!(one_board_of_several_is_exported);
async fn one_board_of_several_is_exported(fresh: Fresh) {
    let files = Files::new();
    let savt = Savt::at(fresh.url()).await;
    let (_, base) = populate(&savt).await;
    let slug = base.strip_prefix("/b/").unwrap();
    files.export(fresh.url(), &[slug], "one").expect_success();
    files
        .export(fresh.url(), &[slug, "main"], "both")
        .expect_success();
    assert_eq!(files.read("one").matches("{\"savt\":").count(), 1);
    assert_eq!(files.read("both").matches("{\"savt\":").count(), 2);
    let target = Fresh::migrated(Backend::Sqlite).await;
    files.import(target.url(), "one", &[]).expect_success();
    assert_sound(target.url(), "2 boards");
    let moved = Savt::at(target.url()).await;
    assert_eq!(seen(&moved, &base).await, seen(&savt, &base).await);
    assert_eq!(moved.person().sees().await, "", "`main` is as it was");
}

db_test!(a_board_that_the_operator_closed_moves);
async fn a_board_that_the_operator_closed_moves(fresh: Fresh) {
    let files = Files::new();
    let savt = Savt::at(fresh.url()).await;
    savt.person().create_item("Margherita").await;
    let close = ["boards", "close", "main", "--outcome", "No more"];
    run(&[&close[..], &["--database-url", fresh.url()]].concat()).expect_success();
    files.export(fresh.url(), &["main"], "one").expect_success();
    assert!(files.read("one").contains("Operator"));
    let target = Fresh::migrated(other(fresh.open().await.backend())).await;
    files.import(target.url(), "one", &[]).expect_success();
    files
        .export(target.url(), &["main"], "two")
        .expect_success();
    assert!(files.read("one") == files.read("two"));
    assert_sound(target.url(), "1 board");
    let moved = Savt::at(target.url()).await;
    assert!(moved.person().page().await.outcome.contains("No more"));
    let events = request(moved.address(), ("GET", "/boards/main/events"), &[], "").await;
    let events = json_of(&events.is(200));
    let last = events["events"].as_array().unwrap().last().unwrap();
    assert_eq!(last["actor"]["id"], 0);
}

db_test!(a_board_of_many_pages_of_events_moves);
async fn a_board_of_many_pages_of_events_moves(fresh: Fresh) {
    let files = Files::new();
    let savt = Savt::at(fresh.url()).await;
    fill(&savt).await;
    files.export(fresh.url(), &["main"], "one").expect_success();
    assert!(files.read("one").lines().count() > 1_900);
    let target = Fresh::migrated(other(fresh.open().await.backend())).await;
    files.import(target.url(), "one", &[]).expect_success();
    files
        .export(target.url(), &["main"], "two")
        .expect_success();
    assert!(files.read("one") == files.read("two"));
    assert_sound(target.url(), "1 board");
    let moved = Savt::at(target.url()).await;
    assert_eq!(
        moved.person().page().await.stats,
        savt.person().page().await.stats
    );
}
