//! Transactions: whole or not at all, however they end.

use std::time::Duration;

use diesel::prelude::*;
use savt::db::schema::{boards, items, participants};
use savt::db::{Error, columns};

use super::{everyone, join, noon, raise, version};
use crate::harness::databases::{Fresh, on_both};

on_both!(what_is_written_is_read);
async fn what_is_written_is_read(fresh: Fresh) {
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

on_both!(a_transaction_works_in_a_spawned_task);
async fn a_transaction_works_in_a_spawned_task(fresh: Fresh) {
    let database = fresh.open().await;
    let task = tokio::spawn(async move {
        raise(&database).await?;
        let mut snapshot = database.snapshot().await?;
        let names: Vec<String> = snapshot.load(boards::table.select(boards::name)).await?;
        snapshot.rollback().await?;
        Ok::<_, Error>((names, version(&database).await))
    });
    assert_eq!(task.await.unwrap().unwrap(), (vec!["main".to_owned()], 1));
}

on_both!(read_then_write_never_clashes);
async fn read_then_write_never_clashes(fresh: Fresh) {
    let processes = [fresh.open().await, fresh.open().await];
    let tasks: Vec<_> = (0..40)
        .map(|task| {
            let database = processes[task % 2].clone();
            tokio::spawn(async move { raise(&database).await })
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

on_both!(the_usual_queries_are_written_once);
async fn the_usual_queries_are_written_once(fresh: Fresh) {
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
    let again = diesel::insert_into(items::table)
        .values(&pizza)
        .on_conflict(key)
        .do_nothing();
    assert_eq!(transaction.execute(again).await.unwrap(), 0);

    pizza.name = "Calzone".to_owned();
    pizza.kind = None;
    let upsert = diesel::insert_into(items::table).values(&pizza);
    let upsert = upsert.on_conflict(key).do_update().set(&pizza);
    assert_eq!(transaction.execute(upsert).await.unwrap(), 1);
    let some = items::table
        .filter(items::id.eq_any(vec![1, 2]))
        .select(columns::<Item>());
    let found: Vec<Item> = transaction.load(some).await.unwrap();
    assert_eq!(found, [pizza]);

    let authors = participants::board_id
        .eq(items::board_id)
        .and(participants::id.eq(items::author_id));
    let joined = items::table.inner_join(participants::table.on(authors));
    let who: Option<(String, String)> = transaction
        .get(joined.select((items::name, participants::name)))
        .await
        .unwrap();
    assert_eq!(who, Some(("Calzone".to_owned(), "User-1".to_owned())));

    // The board's turn: whoever comes second, with the same version in mind, gets no row.
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
    let gone = diesel::delete(items::table.find((1, 1)));
    assert_eq!(transaction.execute(gone).await.unwrap(), 1);
    transaction.commit().await.unwrap();
}

on_both!(a_dropped_transaction_leaves_nothing);
async fn a_dropped_transaction_leaves_nothing(fresh: Fresh) {
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
        everyone(&database).await,
        [3, 6, 9, 12, 15, 18, 21, 24, 27, 30]
    );
}

on_both!(a_transaction_cancelled_anywhere_leaves_all_or_nothing);
async fn a_transaction_cancelled_anywhere_leaves_all_or_nothing(fresh: Fresh) {
    let database = fresh.open().await;
    let pair = async |first: i64| {
        let mut transaction = database.write().await?;
        join(&mut transaction, first).await?;
        join(&mut transaction, first + 1).await?;
        transaction.commit().await
    };
    // From "not even begun" to "committed, but nobody was told".
    for round in 0..60 {
        let cut = Duration::from_micros(100 * u64::try_from(round % 30).unwrap());
        let _ = tokio::time::timeout(cut, pair(1 + 2 * round)).await;
    }
    pair(1001).await.unwrap();
    // PostgreSQL may still be busy with an abandoned commit when the next transaction is through.
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        if database.pool_state().in_use == 0 {
            break;
        }
    }
    let ids = everyone(&database).await;
    let whole = |pair: &[i64]| pair.len() == 2 && pair[0] % 2 == 1 && pair[1] == pair[0] + 1;
    assert!(ids.chunks(2).all(whole), "{ids:?}");
    assert!(ids.ends_with(&[1001, 1002]));
    assert_eq!(database.pool_state().in_use, 0);
}

on_both!(a_transaction_with_a_failed_statement_is_not_committed);
async fn a_transaction_with_a_failed_statement_is_not_committed(fresh: Fresh) {
    let database = fresh.open().await;
    let mut transaction = database.write().await.unwrap();
    join(&mut transaction, 1).await.unwrap();
    let again = join(&mut transaction, 1).await;
    assert!(matches!(again, Err(Error::UniqueViolation(_))), "{again:?}");
    assert!(matches!(transaction.commit().await, Err(Error::Failed)));
    assert!(everyone(&database).await.is_empty());
}

on_both!(a_transaction_with_an_abandoned_statement_is_not_committed);
async fn a_transaction_with_an_abandoned_statement_is_not_committed(fresh: Fresh) {
    let database = fresh.open().await;
    let mut transaction = database.write().await.unwrap();
    join(&mut transaction, 1).await.unwrap();
    // The refusal is not waited for; should it be there at once, it counts just the same.
    let _ = tokio::time::timeout(Duration::ZERO, join(&mut transaction, 1)).await;
    assert!(matches!(transaction.commit().await, Err(Error::Failed)));
    assert!(everyone(&database).await.is_empty());
}

on_both!(a_snapshot_sees_one_state_and_cannot_write);
async fn a_snapshot_sees_one_state_and_cannot_write(fresh: Fresh) {
    let database = fresh.open().await;
    let mut snapshot = database.snapshot().await.unwrap();
    let seen = boards::table.select(boards::version);
    assert_eq!(snapshot.get(seen).await.unwrap(), Some(0));
    raise(&database).await.unwrap();
    assert_eq!(snapshot.get(seen).await.unwrap(), Some(0));
    assert!(join(&mut snapshot, 1).await.is_err());
    snapshot.rollback().await.unwrap();
    assert_eq!(version(&database).await, 1);
}
