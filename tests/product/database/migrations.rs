//! Migrations, and the tables they create.

use diesel::prelude::*;
use savt::db::schema::boards;
use savt::db::{Database, Error, MigrationState};

use super::{join, noon, version};
use crate::harness::databases::{Fresh, db_test};

db_test!(all_migrations_can_be_applied_reverted_and_applied_again);
async fn all_migrations_can_be_applied_reverted_and_applied_again(fresh: Fresh) {
    let database = fresh.open().await;
    let states = async || {
        let all = database.migration_status().await.unwrap();
        all.into_iter()
            .map(|m| (m.name, m.state))
            .collect::<Vec<_>>()
    };
    let mut reverted = 0;
    assert!(
        states()
            .await
            .iter()
            .all(|(_, state)| *state == MigrationState::Applied)
    );
    while database.revert_last().await.unwrap().is_some() {
        reverted += 1;
    }
    assert_eq!(reverted, states().await.len());
    assert!(
        states()
            .await
            .iter()
            .all(|(_, state)| *state == MigrationState::Pending)
    );
    let mut conn = database.read().await.unwrap();
    let board: Result<Vec<String>, _> = conn.load(boards::table.select(boards::slug)).await;
    assert!(
        matches!(board, Err(Error::Query(_))),
        "a table remains: {board:?}"
    );
    drop(conn);

    assert_eq!(database.migrate().await.unwrap().len(), reverted);
    assert_eq!(
        database.migrate().await.unwrap(),
        [],
        "a second run changes nothing"
    );
    assert_eq!(version(&database).await, 0, "the board main exists again");
}

db_test!(processes_that_start_together_migrate_a_database_once);
async fn processes_that_start_together_migrate_a_database_once(migrated: Fresh) {
    let backend = migrated.open().await.backend();
    let fresh = Fresh::empty(backend).await;
    let starts: Vec<_> = (0..6)
        .map(|_| {
            let settings = fresh.settings();
            tokio::spawn(async move {
                Database::open(&settings)
                    .await?
                    .migrate()
                    .await
                    .map(|applied| applied.len())
            })
        })
        .collect();
    let mut applied = Vec::new();
    for start in starts {
        applied.push(start.await.unwrap().unwrap());
    }
    applied.sort_unstable();
    assert_eq!(applied[..5], [0; 5], "only one process migrates");
    assert!(applied[5] > 0);
}

db_test!(reverting_reasons_keeps_the_vetoes);
async fn reverting_reasons_keeps_the_vetoes(fresh: Fresh) {
    use savt::db::schema::vetoes;
    let database = fresh.open().await;
    let mut transaction = database.write().await.unwrap();
    join(&mut transaction, 1).await.unwrap();
    for insert in [
        "INSERT INTO features VALUES (1, 3, NULL, 'Ham', 1, 1, '2026-01-31 12:00:00.123456', NULL, FALSE, 8)",
        "INSERT INTO vetoes VALUES (1, 3, 1, '2026-01-31 12:00:00.123456', 'too salty', 'Speck')",
    ] {
        let insert = diesel::sql_query(insert);
        transaction.execute(insert).await.unwrap();
    }
    transaction.commit().await.unwrap();
    while database.revert_last().await.unwrap().unwrap().name != "0002_reasons" {}
    database.migrate().await.unwrap();
    let query = vetoes::table.select((vetoes::feature_id, vetoes::reason, vetoes::given_to));
    let mut conn = database.read().await.unwrap();
    let stored: Vec<(i64, Option<String>, Option<String>)> = conn.load(query).await.unwrap();
    assert_eq!(stored, [(3, None, None)]);
}

db_test!(endpoints_are_told_of_deadlines_from_before_the_migration);
async fn endpoints_are_told_of_deadlines_from_before_the_migration(fresh: Fresh) {
    use savt::{db::schema::webhook_cursors, model::Timestamp};
    let database = fresh.open().await;
    while database.revert_last().await.unwrap().unwrap().name != "0012_webhook_deadlines" {}
    let mut transaction = database.write().await.unwrap();
    for insert in [
        "INSERT INTO boards (id, slug, name, created_at, epoch) VALUES (77, 'past', 'past', '2026-01-31 12:00:00', 1), (78, 'none', 'none', '2026-01-31 12:00:00', 1)",
        r#"INSERT INTO settings VALUES (1, 'deadline', '{"at":"2999-12-31T23:30:00.000009","by":1,"name":"Ann"}'), (1, 'name', '"Friday"')"#,
        r#"INSERT INTO settings VALUES (77, 'deadline', '{"at":"2020-12-31T23:30:00","by":1,"name":"Ann"}')"#,
        "INSERT INTO webhook_cursors (board_id, endpoint, epoch, position) VALUES (1, 'id', 2, 3), (77, 'id', 2, 3), (78, 'id', 2, 3)",
    ] {
        let insert = diesel::sql_query(insert);
        transaction.execute(insert).await.unwrap();
    }
    transaction.commit().await.unwrap();
    database.migrate().await.unwrap();
    let query = webhook_cursors::table
        .order(webhook_cursors::board_id)
        .select(webhook_cursors::deadline);
    let mut conn = database.read().await.unwrap();
    let stored: Vec<Option<Timestamp>> = conn.load(query).await.unwrap();
    let to_come = "2999-12-31T23:30:00.000009".parse().unwrap();
    assert_eq!(stored, [Some(to_come), None, None]);
}

db_test!(migrations_of_a_newer_version_are_not_reverted);
async fn migrations_of_a_newer_version_are_not_reverted(fresh: Fresh) {
    let database = fresh.open().await;
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')";
    let mut transaction = database.write().await.unwrap();
    transaction.execute(diesel::sql_query(newer)).await.unwrap();
    transaction.commit().await.unwrap();

    let last = database.migration_status().await.unwrap().pop().unwrap();
    assert_eq!(
        (last.name.as_str(), last.state),
        ("9999", MigrationState::Unknown)
    );
    let error = database.revert_last().await.unwrap_err();
    assert!(
        error.to_string().contains("newer version of SAVT"),
        "{error}"
    );
    assert_eq!(version(&database).await, 0, "nothing was reverted");
}

db_test!(foreign_keys_and_checks_are_enforced);
async fn foreign_keys_and_checks_are_enforced(fresh: Fresh) {
    let database = fresh.open().await;
    for invalid in [
        "INSERT INTO participants (board_id, id, name, joined_at) VALUES (7, 1, 'Nobody', CURRENT_TIMESTAMP)",
        "INSERT INTO items (board_id, id, name, author_id, created_at) VALUES (1, 1, 'Pizza', 5, CURRENT_TIMESTAMP)",
        "INSERT INTO features (board_id, id, name, amount, author_id, created_at)
             SELECT 1, 1, 'Ham', 4, 1, CURRENT_TIMESTAMP",
    ] {
        let mut transaction = database.write().await.unwrap();
        join(&mut transaction, 1).await.unwrap();
        let result = transaction.execute(diesel::sql_query(invalid)).await;
        assert!(
            matches!(result, Err(Error::Query(_))),
            "{invalid}: {result:?}"
        );
    }
}

db_test!(the_handwritten_schema_matches_the_tables);
async fn the_handwritten_schema_matches_the_tables(fresh: Fresh) {
    use chrono::NaiveDateTime as At;
    use savt::db::schema::{
        browsers, consents, events, features, items, requests, settings, vetoes, webhook_cursors,
        webhook_endpoints,
    };
    let database = fresh.open().await;
    let mut transaction = database.write().await.unwrap();
    join(&mut transaction, 1).await.unwrap();
    for insert in [
        "INSERT INTO browsers VALUES (1, 'token', 1)",
        "INSERT INTO items VALUES (1, 2, 'Pizza', NULL, 1, '2026-01-31 12:00:00.123456', NULL, 'at eight', 7)",
        "INSERT INTO features VALUES (1, 3, 2, 'Ham', 3, 1, '2026-01-31 12:00:00.123456', NULL, TRUE, 8)",
        "INSERT INTO vetoes VALUES (1, 3, 1, '2026-01-31 12:00:00.123456', 'too salty', 'Speck')",
        "INSERT INTO events VALUES (1, 4, '2026-01-31 12:00:00.123456', 1, 'User-1', '{}', '[]', NULL, TRUE)",
        "INSERT INTO consents VALUES (1, 1, 9)",
        "INSERT INTO settings VALUES (1, 'name', '7')",
        "INSERT INTO requests VALUES (1, 'key', 'body', 'salt', '2026-01-31 12:00:00.123456', 4, 5, 6, 'answer')",
        "INSERT INTO webhook_endpoints VALUES ('id', 'host', 'json', '2026-01-31 12:00:00.123456', '2026-01-31 12:00:00.123456', '2026-01-31 12:00:00.123456', 'gone', 'process', 7, '2026-01-31 12:00:00.123456')",
        "INSERT INTO webhook_cursors VALUES (1, 'id', 2, 3, 4, '2026-01-31 12:00:00.123456', '2026-01-31 12:00:00.123456', 'error', '2026-01-31 12:00:00.123456')",
    ] {
        transaction
            .execute(diesel::sql_query(insert))
            .await
            .unwrap();
    }
    let note = Some("at eight".to_owned());
    let (token, pizza, ham) = ("token".to_owned(), "Pizza".to_owned(), "Ham".to_owned());

    let browser: Option<(i64, String, i64)> = transaction.get(browsers::table).await.unwrap();
    assert_eq!(browser, Some((1, token, 1)));
    type Item = (
        i64,
        i64,
        String,
        Option<String>,
        i64,
        At,
        Option<At>,
        Option<String>,
        i64,
    );
    let item: Option<Item> = transaction.get(items::table).await.unwrap();
    assert_eq!(item, Some((1, 2, pizza, None, 1, noon(), None, note, 7)));
    type Feature = (
        i64,
        i64,
        Option<i64>,
        String,
        i16,
        i64,
        At,
        Option<At>,
        bool,
        i64,
    );
    let feature: Option<Feature> = transaction.get(features::table).await.unwrap();
    assert_eq!(
        feature,
        Some((1, 3, Some(2), ham, 3, 1, noon(), None, true, 8))
    );
    type Veto = (i64, i64, i64, At, Option<String>, Option<String>);
    let veto: Option<Veto> = transaction.get(vetoes::table).await.unwrap();
    let texts = ["too salty", "Speck"].map(|text| Some(text.to_owned()));
    let [reason, given_to] = texts;
    assert_eq!(veto, Some((1, 3, 1, noon(), reason, given_to)));
    type Event = (i64, i64, At, i64, String, String, String, Option<i64>, bool);
    let event: Option<Event> = transaction.get(events::table).await.unwrap();
    let (name, empty) = ("User-1".to_owned(), ("{}".to_owned(), "[]".to_owned()));
    assert_eq!(
        event,
        Some((1, 4, noon(), 1, name, empty.0, empty.1, None, true))
    );
    let consent: Option<(i64, i64, Option<i64>)> = transaction.get(consents::table).await.unwrap();
    assert_eq!(consent, Some((1, 1, Some(9))));
    let setting: Option<(i64, String, String)> = transaction.get(settings::table).await.unwrap();
    assert_eq!(setting, Some((1, "name".to_owned(), "7".to_owned())));
    type Request = (
        i64,
        String,
        String,
        Vec<u8>,
        At,
        Option<i64>,
        Option<i64>,
        Option<i64>,
        Option<Vec<u8>>,
    );
    let request: Option<Request> = transaction.get(requests::table).await.unwrap();
    let [key, body] = ["key", "body"].map(str::to_owned);
    let [salt, answer] = ["salt", "answer"].map(|bytes| bytes.as_bytes().to_vec());
    let numbers = [4, 5, 6].map(Some);
    let [first, last, created] = numbers;
    assert_eq!(
        request,
        Some((
            1,
            key,
            body,
            salt,
            noon(),
            first,
            last,
            created,
            Some(answer)
        ))
    );
    type Endpoint = (
        String,
        String,
        String,
        At,
        Option<At>,
        Option<At>,
        Option<String>,
        Option<String>,
        i64,
        Option<At>,
    );
    let endpoint: Option<Endpoint> = transaction.get(webhook_endpoints::table).await.unwrap();
    let [id, host, format, gone, process] =
        ["id", "host", "json", "gone", "process"].map(str::to_owned);
    let (then, texts) = (Some(noon()), (Some(gone), Some(process)));
    let (reason, by) = texts;
    let expected = (
        id.clone(),
        host,
        format,
        noon(),
        then,
        then,
        reason,
        by,
        7,
        then,
    );
    assert_eq!(endpoint, Some(expected));
    type Cursor = (
        i64,
        String,
        i64,
        i64,
        i32,
        Option<At>,
        Option<At>,
        Option<String>,
        Option<At>,
    );
    let cursor: Option<Cursor> = transaction.get(webhook_cursors::table).await.unwrap();
    let error = Some("error".to_owned());
    assert_eq!(cursor, Some((1, id, 2, 3, 4, then, then, error, then)));
    transaction.rollback().await.unwrap();
}
