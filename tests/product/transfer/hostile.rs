//! Files that somebody made on purpose, and damage at random: nothing of them is imported.

use std::io::{BufReader, Read, repeat};

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use savt::{
    board,
    db::{Backend, Database},
    transfer::{Destination, ImportError, ImportOptions, ReadError, prepare},
};

use super::{file_of_two_boards, forged, rows};
use crate::harness::databases::Fresh;

/// A file that somebody made: the board of a file with other values, and the right checksum.
async fn hostile_values_are_refused(backend: Backend) {
    let fresh = Fresh::migrated(backend).await;
    let whole = file_of_two_boards(&fresh).await;
    let long = format!("\"name\":\"{}\"", "x".repeat(101));
    let target = Fresh::migrated(backend).await;
    let database = target.open().await;
    let before = rows(&database).await;
    for (from, to, expected) in [
        (
            "\"name\":\"Margherita\"",
            long.as_str(),
            "an item's name has more than 100 characters",
        ),
        (
            "\"name\":\"Margherita\"",
            "\"name\":\"\"",
            "an item's name is empty",
        ),
        (
            "\"name\":\"Margherita\"",
            "\"name\":\"a\\u0000b\"",
            "an item's name has control characters",
        ),
        (
            "\"number\":1,\"at\":\"2",
            "\"number\":1,\"at\":\"+12",
            "which no database can store",
        ),
        (
            "\"actor\":{\"id\":1,",
            "\"actor\":{\"id\":-1,",
            "the actor is -1, which is out of range",
        ),
        (
            "\"items\":[{\"before\":null,\"after\":{\"id\":1,",
            "\"items\":[{\"before\":null,\"after\":{\"id\":9223372036854775807,",
            "an item's id is 9223372036854775807, which is out of range",
        ),
        (
            "\"items\":[{\"before\":null,\"after\":{",
            "\"items\":[{\"before\":null,\"after\":null},{\"before\":null,\"after\":{",
            "neither before nor after",
        ),
        (
            "\"slug\":\"main\"",
            "\"slug\":\"../x\"",
            "the slug cannot be part of an address",
        ),
        ("\"epoch\":\"", "\"epoch\":\"-", "line 1, "),
    ] {
        let file = forged(&whole.replacen(from, to, 1));
        assert_ne!(file, whole, "{from}");
        let error = import(&database, file.as_bytes())
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains(expected), "{to}: {error}");
        assert_eq!(rows(&database).await, before, "{to}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_values_are_refused_on_sqlite() {
    hostile_values_are_refused(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_values_are_refused_on_postgres() {
    hostile_values_are_refused(Backend::Postgres).await;
}

async fn import(database: &Database, input: impl std::io::BufRead) -> Result<(), ImportError> {
    let options = ImportOptions {
        destination: Destination::SameAddress,
        dry_run: false,
    };
    let prepared = prepare(database, input, options, board::now, |_, _| {}).await?;
    prepared
        .publish(database, board::now, &board::epochs_changed())
        .await
        .map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_gigabytes_of_one_line_are_not_read() {
    let target = Fresh::migrated(Backend::Sqlite).await;
    let database = target.open().await;
    let mut input = repeat(b'x').take(10 << 30);
    let error = import(&database, BufReader::with_capacity(1 << 20, &mut input)).await;
    let error = error.unwrap_err().to_string();
    assert!(
        error.starts_with("line 1, byte 0: the line is too long"),
        "{error}"
    );
    assert!(input.limit() > 9 << 30, "{} bytes are left", input.limit());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_flipped_bit_and_no_cut_goes_unnoticed() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let whole = file_of_two_boards(&fresh).await.into_bytes();
    let target = Fresh::migrated(Backend::Sqlite).await;
    let database = target.open().await;
    let before = rows(&database).await;
    let length = whole.len();
    let damage = (0..length, 0..9u8);
    let mut runner = TestRunner::new(Config {
        cases: 150,
        failure_persistence: None,
        ..Config::default()
    });
    let handle = tokio::runtime::Handle::current();
    let checked = tokio::task::spawn_blocking(move || {
        runner.run(&damage, |(at, bit)| {
            let mut file = whole.clone();
            match bit {
                8 => file.truncate(at),
                bit => file[at] ^= 1 << bit,
            }
            let imported = handle.block_on(import(&database, file.as_slice()));
            let is_noticed = matches!(imported, Err(ImportError::File(ReadError::Damaged(_))));
            // Another slug can be that of a board that is there.
            prop_assert!(is_noticed, "{:?}", imported);
            prop_assert_eq!(handle.block_on(rows(&database)), before);
            Ok(())
        })
    });
    checked.await.unwrap().unwrap();
}
