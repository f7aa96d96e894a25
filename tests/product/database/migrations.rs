//! Migrations, and the tables they make.

use diesel::prelude::*;
use savt::db::schema::boards;
use savt::db::{Database, Error, MigrationState};

use super::{join, noon, version};
use crate::harness::databases::{Fresh, on_both};

on_both!(migrations_go_up_down_and_up_again);
async fn migrations_go_up_down_and_up_again(fresh: Fresh) {
    let database = fresh.open().await;
    let states = async || {
        let all = database.migration_status().await.unwrap();
        all.into_iter()
            .map(|m| (m.name, m.state))
            .collect::<Vec<_>>()
    };
    let mut taken_back = 0;
    assert!(
        states()
            .await
            .iter()
            .all(|(_, state)| *state == MigrationState::Applied)
    );
    while database.revert_last().await.unwrap().is_some() {
        taken_back += 1;
    }
    assert_eq!(taken_back, states().await.len());
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
        "no table is left: {board:?}"
    );
    drop(conn);

    assert_eq!(database.migrate().await.unwrap().len(), taken_back);
    assert_eq!(
        database.migrate().await.unwrap(),
        [],
        "again changes nothing"
    );
    assert_eq!(version(&database).await, 0, "the board main is there again");
}

on_both!(several_processes_migrate_one_empty_database_at_once);
async fn several_processes_migrate_one_empty_database_at_once(migrated: Fresh) {
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
                    .map(|done| done.len())
            })
        })
        .collect();
    let mut ran = Vec::new();
    for start in starts {
        ran.push(start.await.unwrap().unwrap());
    }
    ran.sort_unstable();
    assert_eq!(ran[..5], [0; 5], "one migrated, the others found it done");
    assert!(ran[5] > 0);
}

on_both!(vetoes_outlive_their_reasons);
async fn vetoes_outlive_their_reasons(fresh: Fresh) {
    use savt::db::schema::vetoes;
    let database = fresh.open().await;
    let mut transaction = database.write().await.unwrap();
    join(&mut transaction, 1).await.unwrap();
    for insert in [
        "INSERT INTO features VALUES (1, 3, NULL, 'Ham', 1, 1, '2026-01-31 12:00:00.123456', NULL)",
        "INSERT INTO vetoes VALUES (1, 3, 1, '2026-01-31 12:00:00.123456', 'too salty')",
    ] {
        let insert = diesel::sql_query(insert);
        transaction.execute(insert).await.unwrap();
    }
    transaction.commit().await.unwrap();
    while database.revert_last().await.unwrap().unwrap().name != "0002_reasons" {}
    database.migrate().await.unwrap();
    let kept = vetoes::table.select((vetoes::feature_id, vetoes::reason));
    let mut conn = database.read().await.unwrap();
    let kept: Vec<(i64, Option<String>)> = conn.load(kept).await.unwrap();
    assert_eq!(kept, [(3, None)]);
}

on_both!(migrations_of_a_newer_savt_are_left_alone);
async fn migrations_of_a_newer_savt_are_left_alone(fresh: Fresh) {
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
    let refused = database.revert_last().await.unwrap_err();
    assert!(refused.to_string().contains("newer SAVT"), "{refused}");
    assert_eq!(version(&database).await, 0, "nothing was taken back");
}

on_both!(foreign_keys_and_checks_hold);
async fn foreign_keys_and_checks_hold(fresh: Fresh) {
    let database = fresh.open().await;
    for wrong in [
        "INSERT INTO participants (board_id, id, name, joined_at) VALUES (7, 1, 'Nobody', CURRENT_TIMESTAMP)",
        "INSERT INTO items (board_id, id, name, author_id, created_at) VALUES (1, 1, 'Pizza', 5, CURRENT_TIMESTAMP)",
        "INSERT INTO features (board_id, id, name, amount, author_id, created_at)
             SELECT 1, 1, 'Ham', 4, 1, CURRENT_TIMESTAMP",
    ] {
        let mut transaction = database.write().await.unwrap();
        join(&mut transaction, 1).await.unwrap();
        let refused = transaction.execute(diesel::sql_query(wrong)).await;
        assert!(
            matches!(refused, Err(Error::Query(_))),
            "{wrong}: {refused:?}"
        );
    }
}

on_both!(the_schema_written_by_hand_fits_the_tables);
async fn the_schema_written_by_hand_fits_the_tables(fresh: Fresh) {
    use chrono::NaiveDateTime as At;
    use savt::db::schema::{browsers, events, features, items, vetoes};
    let database = fresh.open().await;
    let mut transaction = database.write().await.unwrap();
    join(&mut transaction, 1).await.unwrap();
    for insert in [
        "INSERT INTO browsers VALUES (1, 'token', 1)",
        "INSERT INTO items VALUES (1, 2, 'Pizza', NULL, 1, '2026-01-31 12:00:00.123456', NULL)",
        "INSERT INTO features VALUES (1, 3, 2, 'Ham', 3, 1, '2026-01-31 12:00:00.123456', NULL)",
        "INSERT INTO vetoes VALUES (1, 3, 1, '2026-01-31 12:00:00.123456', 'too salty')",
        "INSERT INTO events VALUES (1, 4, '2026-01-31 12:00:00.123456', 1, 'User-1', '{}', '[]', NULL)",
    ] {
        transaction
            .execute(diesel::sql_query(insert))
            .await
            .unwrap();
    }
    let (token, pizza, ham) = ("token".to_owned(), "Pizza".to_owned(), "Ham".to_owned());

    let browser: Option<(i64, String, i64)> = transaction.get(browsers::table).await.unwrap();
    assert_eq!(browser, Some((1, token, 1)));
    type Item = (i64, i64, String, Option<String>, i64, At, Option<At>);
    let item: Option<Item> = transaction.get(items::table).await.unwrap();
    assert_eq!(item, Some((1, 2, pizza, None, 1, noon(), None)));
    type Feature = (i64, i64, Option<i64>, String, i16, i64, At, Option<At>);
    let feature: Option<Feature> = transaction.get(features::table).await.unwrap();
    assert_eq!(feature, Some((1, 3, Some(2), ham, 3, 1, noon(), None)));
    let veto: Option<(i64, i64, i64, At, Option<String>)> =
        transaction.get(vetoes::table).await.unwrap();
    assert_eq!(veto, Some((1, 3, 1, noon(), Some("too salty".to_owned()))));
    type Event = (i64, i64, At, i64, String, String, String, Option<i64>);
    let event: Option<Event> = transaction.get(events::table).await.unwrap();
    let (name, empty) = ("User-1".to_owned(), ("{}".to_owned(), "[]".to_owned()));
    assert_eq!(event, Some((1, 4, noon(), 1, name, empty.0, empty.1, None)));
    transaction.rollback().await.unwrap();
}
