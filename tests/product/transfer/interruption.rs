//! An import that is killed leaves nothing that anybody sees, can be repeated, and is cleaned up.

use std::{
    io::Write,
    process::{Child, Stdio},
    time::Duration,
};

use diesel::dsl::sql_query;
use savt::db::Database;

use super::{Files, assert_sound, fill, number};
use crate::harness::{
    app::Savt,
    databases::{Fresh, db_test},
    process::program,
};

const STAGED_EVENTS: &str = "SELECT count(*) AS number FROM events JOIN boards ON boards.id = board_id WHERE slug LIKE '~%'";
const STAGED_BOARDS: &str = "SELECT count(*) AS number FROM boards WHERE slug LIKE '~%'";

/// Begins an import, and waits until a part of the file is in the database.
async fn begin(database: &Database, url: &str, part: &str) -> Child {
    let mut import = program(&["import", "-", "--replace", "--database-url", url]);
    let mut import = import.stdin(Stdio::piped()).spawn().unwrap();
    let mut input = import.stdin.take().unwrap();
    input.write_all(part.as_bytes()).unwrap();
    input.flush().unwrap();
    import.stdin = Some(input);
    while number(database, STAGED_EVENTS).await < 1_000 {
        assert!(import.try_wait().unwrap().is_none(), "the import has ended");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    import
}

db_test!(a_killed_import_leaves_nothing_visible_and_can_be_repeated);
async fn a_killed_import_leaves_nothing_visible_and_can_be_repeated(fresh: Fresh) {
    let files = Files::new();
    let source = Savt::at(fresh.url()).await;
    fill(&source).await;
    files
        .export(fresh.url(), &["main"], "main")
        .expect_success();
    let file = files.read("main");
    let target = Fresh::migrated(fresh.open().await.backend()).await;
    let (database, savt) = (target.open().await, Savt::at(target.url()).await);
    let anna = savt.person_called("Anna").await;
    let base = anna.create_board("Beside").await;

    let mut import = begin(&database, target.url(), &file[..file.len() * 3 / 4]).await;
    import.kill().unwrap();
    import.wait().unwrap();
    assert_sound(target.url(), "2 boards");
    assert_eq!(anna.sees().await, "");
    // The server goes on meanwhile, and nothing is in the way of another import.
    anna.on_board(&base).create_item("Kept").await;
    files
        .import(target.url(), "main", &["--replace"])
        .expect_success();
    assert_sound(target.url(), "2 boards");
    assert_eq!(
        number(&database, STAGED_BOARDS).await,
        1,
        "somebody else might still write it"
    );

    // Later it counts as left behind.
    let old = "UPDATE boards SET created_at = '2026-01-01 00:00:00' WHERE slug LIKE '~%'";
    let mut transaction = database.write().await.unwrap();
    assert_eq!(transaction.execute(sql_query(old)).await.unwrap(), 1);
    transaction.commit().await.unwrap();
    files
        .import(target.url(), "main", &["--new-address"])
        .expect_success();
    assert_eq!(number(&database, STAGED_BOARDS).await, 0);
    assert_eq!(number(&database, STAGED_EVENTS).await, 0);
    assert_sound(target.url(), "3 boards");
    assert_eq!(anna.on_board(&base).sees().await, "Kept");
}

db_test!(an_import_that_another_one_took_for_dead_fails);
async fn an_import_that_another_one_took_for_dead_fails(fresh: Fresh) {
    let files = Files::new();
    let source = Savt::at(fresh.url()).await;
    fill(&source).await;
    files
        .export(fresh.url(), &["main"], "main")
        .expect_success();
    let file = files.read("main");
    let target = Fresh::migrated(fresh.open().await.backend()).await;
    let database = target.open().await;
    let cut = file.len() * 3 / 4;
    let mut import = begin(&database, target.url(), &file[..cut]).await;
    let gone = "UPDATE boards SET slug = '~gone' WHERE slug LIKE '~%'";
    let mut transaction = database.write().await.unwrap();
    assert_eq!(transaction.execute(sql_query(gone)).await.unwrap(), 1);
    transaction.commit().await.unwrap();
    // The import may end before it has read everything.
    let _ = import
        .stdin
        .take()
        .unwrap()
        .write_all(&file.as_bytes()[cut..]);
    assert_eq!(import.wait().unwrap().code(), Some(1));
    assert_sound(target.url(), "1 board");
    assert_eq!(Savt::at(target.url()).await.person().sees().await, "");
}
