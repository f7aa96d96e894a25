//! The file that is written: whole or not at all, and only for its owner.

use std::{fs, os::unix::fs::PermissionsExt, process::Stdio};

use super::{Files, populate, refusal};
use crate::harness::{
    app::Savt,
    databases::{Fresh, db_test},
    process::{CommandOutput, program, run},
};

db_test!(a_file_is_written_whole_and_only_for_its_owner);
async fn a_file_is_written_whole_and_only_for_its_owner(fresh: Fresh) {
    let files = Files::new();
    let savt = Savt::at(fresh.url()).await;
    populate(&savt).await;
    files.export(fresh.url(), &["main"], "one").expect_success();
    let mode = fs::metadata(files.path("one"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let line = refusal(&files.export(fresh.url(), &["main"], "one"));
    assert!(
        line.ends_with("it already exists; use --force to replace it"),
        "{line}"
    );
    savt.person().create_item("Late").await;
    let before = files.read("one");
    files
        .export(fresh.url(), &["main", "--force"], "one")
        .expect_success();
    assert_ne!(files.read("one"), before);
    // A failure leaves the old file as it is, and nothing else.
    let before = files.read("one");
    let line = refusal(&files.export(fresh.url(), &["main", "no-such-board", "--force"], "one"));
    assert_eq!(line, "savt: there is no board no-such-board");
    assert_eq!(
        (files.names(), files.read("one")),
        (vec!["one".to_owned()], before)
    );
    // Standard output has the same bytes, and nothing else.
    let out = run(&["export", "main", "-", "--database-url", fresh.url()]).expect_success();
    assert_eq!(out, files.read("one"));
}

db_test!(a_closed_pipe_is_an_error);
async fn a_closed_pipe_is_an_error(fresh: Fresh) {
    let savt = Savt::at(fresh.url()).await;
    savt.fill(100, 5).await;
    let mut export = program(&["export", "main", "-", "--database-url", fresh.url()]);
    let mut export = export
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(export.stdout.take());
    let ran = CommandOutput::from(export.wait_with_output().unwrap());
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(
        ran.err.starts_with("savt: cannot write the output: "),
        "{}",
        ran.err
    );
}

db_test!(a_damaged_log_is_not_exported);
async fn a_damaged_log_is_not_exported(fresh: Fresh) {
    let files = Files::new();
    let savt = Savt::at(fresh.url()).await;
    let anna = savt.person_called("Anna").await;
    for item in ["One", "Two", "Three"] {
        anna.create_item(item).await;
    }
    let mut transaction = fresh.open().await.write().await.unwrap();
    let delete = diesel::dsl::sql_query("DELETE FROM events WHERE number = 3");
    assert_eq!(transaction.execute(delete).await.unwrap(), 1);
    transaction.commit().await.unwrap();
    let line = refusal(&files.export(fresh.url(), &["main"], "one"));
    assert_eq!(
        line,
        "savt: cannot export board main: event 4: event 3 is missing; run `savt check`"
    );
    assert!(files.names().is_empty(), "{:?}", files.names());
}

#[test]
fn a_wrong_command_line_is_explained() {
    let folder = Files::new();
    let url = format!("sqlite:{}", folder.path("none.db").display());
    for (arguments, expected) in [
        (
            &["file"][..],
            "savt export needs the slugs of the boards, or --all, before the file to write",
        ),
        (
            &["--all", "main", "file"],
            "savt export needs either --all or the slugs of boards",
        ),
        (&["Main!", "file"], "there is no board Main!"),
        (&["main", "file"], "no such file"),
    ] {
        let ran = run(&[&["export"], arguments, &["--database-url", &url]].concat());
        let line = refusal(&ran);
        assert!(line.contains(expected), "{arguments:?}: {line}");
    }
    assert!(folder.names().is_empty(), "no database is created");
}
