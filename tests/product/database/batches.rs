//! Transactions that are known beforehand: whole or not at all, alone or with others.

use diesel::prelude::*;
use futures_util::future::join_all;
use savt::db::schema::{boards, participants};
use savt::db::{Batch, Database, Error, Kept};

use super::{everyone, noon, version};
use crate::harness::databases::{Fresh, on_both};

/// Raises the version of `main` from this one, and adds these participants.
async fn raise_and_add(
    database: &Database,
    from: Option<i64>,
    people: &[i64],
) -> Result<Kept, Error> {
    let main = boards::table.filter(boards::slug.eq("main"));
    let rows = people.iter().map(|id| {
        (
            participants::board_id.eq(1_i64),
            participants::id.eq(*id),
            participants::name.eq(format!("User-{id}")),
            participants::joined_at.eq(noon()),
        )
    });
    let mut batch = Batch::default();
    batch.add_rows(
        rows.collect(),
        |row| diesel::insert_into(participants::table).values(row),
        |rows| diesel::insert_into(participants::table).values(rows),
    );
    let raised = boards::version.eq(boards::version + 1);
    match from {
        Some(from) => {
            let guard = main.filter(boards::version.eq(from));
            database
                .transact(diesel::update(guard).set(raised), batch)
                .await
        }
        None => {
            database
                .transact(diesel::update(main).set(raised), batch)
                .await
        }
    }
}

/// The same, again where the database says that it may be done later: of what it refuses nothing is kept.
async fn raise_and_add_at_last(
    database: &Database,
    from: Option<i64>,
    people: &[i64],
) -> Result<Kept, Error> {
    for _ in 0..5 {
        match raise_and_add(database, from, people).await {
            Err(error) if error.is_unavailable() => {}
            ended => return ended,
        }
    }
    raise_and_add(database, from, people).await
}

on_both!(a_batch_is_kept_if_its_guard_holds);
async fn a_batch_is_kept_if_its_guard_holds(fresh: Fresh) {
    let database = fresh.open().await;
    let kept = raise_and_add(&database, Some(0), &[1, 2, 3]).await.unwrap();
    assert!(matches!(kept, Kept::Yes), "{kept:?}");
    let kept = raise_and_add(&database, Some(0), &[4]).await.unwrap();
    assert!(matches!(kept, Kept::No), "{kept:?}");
    assert_eq!(everyone(&database).await, [1, 2, 3]);
    assert_eq!(version(&database).await, 1);
}

on_both!(more_rows_than_fit_into_a_statement_are_kept);
async fn more_rows_than_fit_into_a_statement_are_kept(fresh: Fresh) {
    let database = fresh.open().await;
    let people: Vec<i64> = (1..=20_001).collect();
    raise_and_add(&database, None, &people).await.unwrap();
    assert_eq!(everyone(&database).await, people);
}

on_both!(many_at_once_are_all_kept_and_only_the_wrong_one_fails);
async fn many_at_once_are_all_kept_and_only_the_wrong_one_fails(fresh: Fresh) {
    let database = fresh.open().await;
    raise_and_add(&database, None, &[1000]).await.unwrap();
    let all = (1..=100).map(|n| {
        let database = database.clone();
        tokio::spawn(async move {
            match n % 10 {
                // A guard that holds nothing, and a row that is there already behind one that is not.
                0 => raise_and_add_at_last(&database, Some(-1), &[n]).await,
                5 => raise_and_add_at_last(&database, None, &[n, 1000]).await,
                _ => raise_and_add_at_last(&database, None, &[n, n + 500]).await,
            }
        })
    });
    for (n, one) in join_all(all).await.into_iter().enumerate() {
        let one = one.unwrap();
        match (n + 1) % 10 {
            0 => assert!(matches!(one, Ok(Kept::No)), "{one:?}"),
            5 => assert!(matches!(one, Err(Error::UniqueViolation(_))), "{one:?}"),
            _ => assert!(matches!(one, Ok(Kept::Yes)), "{one:?}"),
        }
    }
    let right = (1..=100).filter(|n| n % 10 != 0 && n % 10 != 5);
    let mut expected: Vec<i64> = right.flat_map(|n| [n, n + 500]).chain([1000]).collect();
    expected.sort_unstable();
    assert_eq!(everyone(&database).await, expected);
    assert_eq!(version(&database).await, 81);
}

on_both!(who_gives_up_waiting_has_done_nothing_or_everything);
async fn who_gives_up_waiting_has_done_nothing_or_everything(fresh: Fresh) {
    let database = fresh.open().await;
    let hog = database.write().await.unwrap();
    let waits = (1..=20).map(|n| {
        let database = database.clone();
        tokio::spawn(async move { raise_and_add_at_last(&database, None, &[n, n + 500]).await })
    });
    let waits: Vec<_> = waits.collect();
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    for one in waits.iter().step_by(2) {
        one.abort();
    }
    hog.rollback().await.unwrap();
    let mut sure = Vec::new();
    for (n, one) in (1..).zip(waits) {
        if let Ok(kept) = one.await {
            assert!(matches!(kept, Ok(Kept::Yes)), "{kept:?}");
            sure.push(n);
        }
    }
    let there = everyone(&database).await;
    assert!(sure.iter().all(|n| there.contains(n)), "{sure:?} {there:?}");
    let pairs = there.iter().filter(|id| **id <= 500);
    assert_eq!(pairs.clone().count() * 2, there.len());
    assert!(pairs.clone().all(|id| there.contains(&(id + 500))));
    assert_eq!(version(&database).await as usize, pairs.count());
}
