//! Transactions are atomic, however they end.

use std::time::Duration;

use diesel::prelude::*;
use savt::db::schema::{boards, items, participants};
use savt::db::{Error, columns};

use super::{increment_version, join, noon, participant_ids, version};
use crate::harness::databases::{Fresh, db_test};

db_test!(committed_rows_are_read_back);
async fn committed_rows_are_read_back(fresh: Fresh) {
    let database = fresh.open().await;
    let mut transaction = database.write().await.unwrap();
    assert_eq!(join(&mut transaction, 1).await.unwrap(), 1);
    transaction.commit().await.unwrap();

    let at = participants::table.select(participants::joined_at);
    let mut conn = database.read().await.unwrap();
    assert_eq!(
        conn.get(at).await.unwrap(),
        Some(noon()),
        "to the microsecond"
    );
    let nobody = participants::table
        .filter(participants::id.eq(9))
        .select(participants::name);
    assert_eq!(conn.get::<String, _>(nobody).await.unwrap(), None);
}

db_test!(a_transaction_works_in_a_spawned_task);
async fn a_transaction_works_in_a_spawned_task(fresh: Fresh) {
    let database = fresh.open().await;
    let task = tokio::spawn(async move {
        increment_version(&database).await?;
        let mut snapshot = database.snapshot().await?;
        let names: Vec<String> = snapshot.load(boards::table.select(boards::name)).await?;
        snapshot.rollback().await?;
        Ok::<_, Error>((names, version(&database).await))
    });
    assert_eq!(task.await.unwrap().unwrap(), (vec!["main".to_owned()], 1));
}

db_test!(read_then_write_never_clashes);
async fn read_then_write_never_clashes(fresh: Fresh) {
    let processes = [fresh.open().await, fresh.open().await];
    let tasks: Vec<_> = (0..40)
        .map(|task| {
            let database = processes[task % 2].clone();
            tokio::spawn(async move { increment_version(&database).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(version(&processes[0]).await, 40);
}

#[derive(Clone, Debug, PartialEq, Insertable, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = items, treat_none_as_null = true)]
struct Item {
    board_id: i64,
    id: i64,
    name: String,
    kind: Option<String>,
    author_id: i64,
    created_at: chrono::NaiveDateTime,
}

db_test!(typical_queries_run_on_both_databases);
async fn typical_queries_run_on_both_databases(fresh: Fresh) {
    let database = fresh.open().await;
    let mut transaction = database.write().await.unwrap();
    join(&mut transaction, 1).await.unwrap();
    let mut pizza = Item {
        board_id: 1,
        id: 1,
        name: "Pizza".to_owned(),
        kind: Some("vegan".to_owned()),
        author_id: 1,
        created_at: noon(),
    };
    let key = (items::board_id, items::id);
    let insert = diesel::insert_into(items::table).values(&pizza);
    assert_eq!(transaction.execute(insert).await.unwrap(), 1);
    let duplicate = diesel::insert_into(items::table)
        .values(&pizza)
        .on_conflict(key)
        .do_nothing();
    assert_eq!(transaction.execute(duplicate).await.unwrap(), 0);

    pizza.name = "Calzone".to_owned();
    pizza.kind = None;
    let upsert = diesel::insert_into(items::table).values(&pizza);
    let upsert = upsert.on_conflict(key).do_update().set(&pizza);
    assert_eq!(transaction.execute(upsert).await.unwrap(), 1);
    let query = items::table
        .filter(items::id.eq_any(vec![1, 2]))
        .select(columns::<Item>());
    let found: Vec<Item> = transaction.load(query).await.unwrap();
    assert_eq!(found, [pizza]);

    let authors = participants::board_id
        .eq(items::board_id)
        .and(participants::id.eq(items::author_id));
    let joined = items::table.inner_join(participants::table.on(authors));
    let names: Option<(String, String)> = transaction
        .get(joined.select((items::name, participants::name)))
        .await
        .unwrap();
    assert_eq!(names, Some(("Calzone".to_owned(), "User-1".to_owned())));

    // Optimistic locking of a board: the second update from the same version affects no row.
    for expected in [Some((1_i64, 1_i64)), None] {
        let main = boards::table.filter(boards::id.eq(1).and(boards::version.eq(0)));
        let count = (
            boards::version.eq(1),
            boards::last_item.eq(boards::last_item + 1),
        );
        let count = diesel::update(main).set(count);
        let count = count.returning((boards::version, boards::last_item));
        assert_eq!(transaction.get(count).await.unwrap(), expected);
    }
    let deletion = diesel::delete(items::table.find((1, 1)));
    assert_eq!(transaction.execute(deletion).await.unwrap(), 1);
    transaction.commit().await.unwrap();
}

db_test!(a_dropped_transaction_is_rolled_back);
async fn a_dropped_transaction_is_rolled_back(fresh: Fresh) {
    let database = fresh.open().await;
    for id in 1..=30 {
        let mut transaction = database.write().await.unwrap();
        join(&mut transaction, id).await.unwrap();
        match id % 3 {
            0 => transaction.commit().await.unwrap(),
            1 => transaction.rollback().await.unwrap(),
            _ => drop(transaction),
        }
    }
    assert_eq!(
        participant_ids(&database).await,
        [3, 6, 9, 12, 15, 18, 21, 24, 27, 30]
    );
}

db_test!(a_transaction_cancelled_at_any_point_is_atomic);
async fn a_transaction_cancelled_at_any_point_is_atomic(fresh: Fresh) {
    let database = fresh.open().await;
    let pair = async |first: i64| {
        let mut transaction = database.write().await?;
        join(&mut transaction, first).await?;
        join(&mut transaction, first + 1).await?;
        transaction.commit().await
    };
    // From before the transaction begins to after the commit, but before its result arrives.
    for round in 0..60 {
        let limit = Duration::from_micros(100 * u64::try_from(round % 30).unwrap());
        let _ = tokio::time::timeout(limit, pair(1 + 2 * round)).await;
    }
    pair(1001).await.unwrap();
    // PostgreSQL may still be executing an abandoned commit when the next transaction has finished.
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        if database.pool_state().in_use == 0 {
            break;
        }
    }
    let ids = participant_ids(&database).await;
    let is_complete = |pair: &[i64]| pair.len() == 2 && pair[0] % 2 == 1 && pair[1] == pair[0] + 1;
    assert!(ids.chunks(2).all(is_complete), "{ids:?}");
    assert!(ids.ends_with(&[1001, 1002]));
    assert_eq!(database.pool_state().in_use, 0);
}

db_test!(a_transaction_with_a_failed_statement_is_not_committed);
async fn a_transaction_with_a_failed_statement_is_not_committed(fresh: Fresh) {
    let database = fresh.open().await;
    let mut transaction = database.write().await.unwrap();
    join(&mut transaction, 1).await.unwrap();
    let duplicate = join(&mut transaction, 1).await;
    assert!(
        matches!(duplicate, Err(Error::UniqueViolation(_))),
        "{duplicate:?}"
    );
    assert!(matches!(
        transaction.commit().await,
        Err(Error::TransactionFailed)
    ));
    assert!(participant_ids(&database).await.is_empty());
}

db_test!(a_transaction_with_an_abandoned_statement_is_not_committed);
async fn a_transaction_with_an_abandoned_statement_is_not_committed(fresh: Fresh) {
    let database = fresh.open().await;
    let mut transaction = database.write().await.unwrap();
    join(&mut transaction, 1).await.unwrap();
    // The result is not awaited. If it arrives at once, the transaction fails as well.
    let _ = tokio::time::timeout(Duration::ZERO, join(&mut transaction, 1)).await;
    assert!(matches!(
        transaction.commit().await,
        Err(Error::TransactionFailed)
    ));
    assert!(participant_ids(&database).await.is_empty());
}

db_test!(a_snapshot_is_consistent_and_read_only);
async fn a_snapshot_is_consistent_and_read_only(fresh: Fresh) {
    let database = fresh.open().await;
    let mut snapshot = database.snapshot().await.unwrap();
    let query = boards::table.select(boards::version);
    assert_eq!(snapshot.get(query).await.unwrap(), Some(0));
    increment_version(&database).await.unwrap();
    assert_eq!(snapshot.get(query).await.unwrap(), Some(0));
    assert!(join(&mut snapshot, 1).await.is_err());
    snapshot.rollback().await.unwrap();
    assert_eq!(version(&database).await, 1);
}
