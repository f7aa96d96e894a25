//! Where an imported board goes: an address that is taken is not given to another board unless that is wanted.

use super::{Files, assert_sound, populate, refusal, rows};
use crate::harness::{
    app::Savt,
    databases::{Fresh, db_test},
    process::run,
};

db_test!(a_taken_address_is_refused_and_nothing_of_the_file_is_imported);
async fn a_taken_address_is_refused_and_nothing_of_the_file_is_imported(fresh: Fresh) {
    let files = Files::new();
    let savt = Savt::at(fresh.url()).await;
    let (_, base) = populate(&savt).await;
    files
        .export(fresh.url(), &["--all"], "all")
        .expect_success();
    let database = fresh.open().await;
    let before = rows(&database).await;
    let line = refusal(&files.import(fresh.url(), "all", &[]));
    assert!(
        line.ends_with("there is a board main already; --replace replaces it, and --new-address imports it beside"),
        "{line}"
    );
    assert_eq!(rows(&database).await, before);

    // The second board of the file is the one that is taken.
    let slug = base.strip_prefix("/b/").unwrap();
    files.export(fresh.url(), &[slug], "other").expect_success();
    let target = Fresh::migrated(database.backend()).await;
    files.import(target.url(), "other", &[]).expect_success();
    let database = target.open().await;
    let before = rows(&database).await;
    let line = refusal(&files.import(target.url(), "all", &[]));
    assert!(
        line.contains(&format!("there is a board {slug} already")),
        "{line}"
    );
    assert_eq!(
        rows(&database).await,
        before,
        "`main` is not imported either"
    );
    assert_sound(target.url(), "2 boards");
}

db_test!(a_dry_run_says_what_would_be_imported_and_writes_nothing);
async fn a_dry_run_says_what_would_be_imported_and_writes_nothing(fresh: Fresh) {
    let files = Files::new();
    let savt = Savt::at(fresh.url()).await;
    populate(&savt).await;
    files
        .export(fresh.url(), &["--all"], "all")
        .expect_success();
    let target = Fresh::empty(fresh.open().await.backend()).await;
    let database = target.open().await;
    // It writes nothing, and so does not make the schema either.
    let line = refusal(&files.import(target.url(), "all", &["--dry-run"]));
    assert!(
        line.ends_with("the database schema is out of date: run `savt migrate` first"),
        "{line}"
    );
    run(&["migrate", "--database-url", target.url()]).expect_success();
    let before = rows(&database).await;
    let would = files
        .import(target.url(), "all", &["--dry-run"])
        .expect_success();
    assert_eq!(rows(&database).await, before);
    let did = files.import(target.url(), "all", &[]).expect_success();
    assert_eq!(would, did.replace("imported ", "would import "));
    let line = refusal(&files.import(target.url(), "all", &["--dry-run"]));
    assert!(line.contains("there is a board main already"), "{line}");
    // A damaged file is found as well.
    files.write("cut", &files.read("all")[..files.read("all").len() / 2]);
    let line = refusal(&files.import(target.url(), "cut", &["--dry-run", "--replace"]));
    assert!(line.contains(": the file ends "), "{line}");
}

db_test!(boards_are_imported_beside_at_new_addresses);
async fn boards_are_imported_beside_at_new_addresses(fresh: Fresh) {
    let files = Files::new();
    let savt = Savt::at(fresh.url()).await;
    let (anna, _) = populate(&savt).await;
    files
        .export(fresh.url(), &["main"], "main")
        .expect_success();
    let said = files
        .import(fresh.url(), "main", &["--new-address"])
        .expect_success();
    let (_, address) = said.trim_end().rsplit_once(" at ").unwrap();
    assert!(
        said.starts_with("imported main with ") && address.starts_with("/b/"),
        "{said}"
    );
    assert_eq!(address.len(), "/b/".len() + 19, "{said}");
    // The server that runs serves it at once, beside the one that it came from.
    let copy = anna.on_board(address);
    assert_eq!(copy.sees().await, anna.sees().await);
    copy.create_item("Only here").await;
    assert!(copy.history().await[0].ends_with("added Only here"));
    assert!(!anna.sees().await.contains("Only here"));
    assert_sound(fresh.url(), "3 boards");
    let again = files
        .import(fresh.url(), "main", &["--new-address"])
        .expect_success();
    assert_ne!(again, said);
    let both = files.import(fresh.url(), "main", &["--new-address", "--replace"]);
    assert_eq!(both.code, Some(2), "{both:?}");
}

db_test!(a_file_with_one_board_twice_is_refused);
async fn a_file_with_one_board_twice_is_refused(fresh: Fresh) {
    let files = Files::new();
    let savt = Savt::at(fresh.url()).await;
    savt.person().create_item("One").await;
    files
        .export(fresh.url(), &["main", "main"], "twice")
        .expect_success();
    let target = Fresh::migrated(fresh.open().await.backend()).await;
    let line = refusal(&files.import(target.url(), "twice", &[]));
    assert!(line.ends_with("the file has two boards main"), "{line}");
    assert_sound(target.url(), "1 board");
}

db_test!(a_deleted_board_is_in_no_export_and_comes_back_by_an_import);
async fn a_deleted_board_is_in_no_export_and_comes_back_by_an_import(fresh: Fresh) {
    let files = Files::new();
    let savt = Savt::at(fresh.url()).await;
    let (anna, base) = populate(&savt).await;
    let board = anna.on_board(&base);
    let seen = board.sees().await;
    let stream = board.page().await.stream;
    let slug = base.strip_prefix("/b/").unwrap();
    files.export(fresh.url(), &[slug], "kept").expect_success();
    let delete = ["boards", "delete", slug, "--yes"];
    run(&[&delete[..], &["--database-url", fresh.url()]].concat()).expect_success();
    let line = refusal(&files.export(fresh.url(), &[slug], "gone"));
    assert!(line.contains(slug), "{line}");
    files
        .export(fresh.url(), &["--all"], "all")
        .expect_success();
    assert!(!files.read("all").contains(slug));

    files.import(fresh.url(), "kept", &[]).expect_success();
    let served = savt.another().await;
    let board = board.moved_to(served.address());
    assert_eq!(board.sees().await, seen);
    assert_ne!(board.page().await.stream, stream, "another epoch");
    assert_sound(fresh.url(), "2 boards");
}
