//! The format of exported boards: a file that an earlier version wrote is read, and written again byte for byte.

use std::fs;

use savt::db::Backend;

use crate::harness::{app::Savt, databases::Fresh, memory_folder::memory_folder, process::run};

/// A board with a veto that was undone, settings, a consent, and an outcome.
const FORMAT_1: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/product/fixtures/board-format-1.jsonl"
);

async fn a_file_of_format_1_is_read_and_written_unchanged(backend: Backend) {
    let database = Fresh::migrated(backend).await;
    let said = run(&["import", FORMAT_1, "--database-url", database.url()]).expect_success();
    assert_eq!(said, "imported main with 8 events\n");
    let folder = memory_folder();
    let file = folder.path().join("again").display().to_string();
    run(&["export", "main", &file, "--database-url", database.url()]).expect_success();
    assert_eq!(
        fs::read_to_string(file).unwrap(),
        fs::read_to_string(FORMAT_1).unwrap()
    );
    let savt = Savt::at(database.url()).await;
    assert_eq!(
        savt.person().history().await[0],
        "Ann closed the decision with Funghi"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_format_1_is_read_and_written_unchanged_on_sqlite() {
    a_file_of_format_1_is_read_and_written_unchanged(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_format_1_is_read_and_written_unchanged_on_postgres() {
    a_file_of_format_1_is_read_and_written_unchanged(Backend::Postgres).await;
}
