//! Batched transactions: atomic, alone or in a group commit.

use diesel::prelude::*;
use futures_util::future::join_all;
use savt::db::schema::{boards, participants};
use savt::db::{CommitOutcome, Database, Error, StatementBatch};

use super::{noon, participant_ids, version};
use crate::harness::databases::{Fresh, db_test};

/// Increments the version of `main`, if it is `from`, and adds these participants.
async fn increment_and_add(
    database: &Database,
    from: Option<i64>,
    ids: &[i64],
) -> Result<CommitOutcome, Error> {
    let main = boards::table.filter(boards::slug.eq("main"));
    let rows = ids.iter().map(|id| {
        (
            participants::board_id.eq(1_i64),
            participants::id.eq(*id),
            participants::name.eq(format!("User-{id}")),
            participants::joined_at.eq(noon()),
        )
    });
    let mut batch = StatementBatch::default();
    batch.add_rows(
        rows.collect(),
        |row| diesel::insert_into(participants::table).values(row),
        |rows| diesel::insert_into(participants::table).values(rows),
    );
    let increment = boards::version.eq(boards::version + 1);
    match from {
        Some(from) => {
            let guard = main.filter(boards::version.eq(from));
            database
                .transact(diesel::update(guard).set(increment), batch)
                .await
        }
        None => {
            database
                .transact(diesel::update(main).set(increment), batch)
                .await
        }
    }
}

/// The same, retried while the database is temporarily unavailable.
async fn increment_and_add_with_retry(
    database: &Database,
    from: Option<i64>,
    ids: &[i64],
) -> Result<CommitOutcome, Error> {
    for _ in 0..5 {
        match increment_and_add(database, from, ids).await {
            Err(error) if error.is_unavailable() => {}
            result => return result,
        }
    }
    increment_and_add(database, from, ids).await
}

db_test!(a_batch_is_stored_only_if_its_guard_holds);
async fn a_batch_is_stored_only_if_its_guard_holds(fresh: Fresh) {
    let database = fresh.open().await;
    let outcome = increment_and_add(&database, Some(0), &[1, 2, 3])
        .await
        .unwrap();
    assert!(matches!(outcome, CommitOutcome::Committed), "{outcome:?}");
    let outcome = increment_and_add(&database, Some(0), &[4]).await.unwrap();
    assert!(matches!(outcome, CommitOutcome::GuardFailed), "{outcome:?}");
    assert_eq!(participant_ids(&database).await, [1, 2, 3]);
    assert_eq!(version(&database).await, 1);
}

db_test!(more_rows_than_fit_into_one_statement_are_stored);
async fn more_rows_than_fit_into_one_statement_are_stored(fresh: Fresh) {
    let database = fresh.open().await;
    let ids: Vec<i64> = (1..=20_001).collect();
    increment_and_add(&database, None, &ids).await.unwrap();
    assert_eq!(participant_ids(&database).await, ids);
}

db_test!(concurrent_batches_are_stored_and_only_invalid_ones_fail);
async fn concurrent_batches_are_stored_and_only_invalid_ones_fail(fresh: Fresh) {
    let database = fresh.open().await;
    increment_and_add(&database, None, &[1000]).await.unwrap();
    let all = (1..=100).map(|n| {
        let database = database.clone();
        tokio::spawn(async move {
            match n % 10 {
                // A guard that does not hold, and an existing row after a new one.
                0 => increment_and_add_with_retry(&database, Some(-1), &[n]).await,
                5 => increment_and_add_with_retry(&database, None, &[n, 1000]).await,
                _ => increment_and_add_with_retry(&database, None, &[n, n + 500]).await,
            }
        })
    });
    for (n, result) in join_all(all).await.into_iter().enumerate() {
        let result = result.unwrap();
        match (n + 1) % 10 {
            0 => assert!(
                matches!(result, Ok(CommitOutcome::GuardFailed)),
                "{result:?}"
            ),
            5 => assert!(
                matches!(result, Err(Error::UniqueViolation(_))),
                "{result:?}"
            ),
            _ => assert!(matches!(result, Ok(CommitOutcome::Committed)), "{result:?}"),
        }
    }
    let valid = (1..=100).filter(|n| n % 10 != 0 && n % 10 != 5);
    let mut expected: Vec<i64> = valid.flat_map(|n| [n, n + 500]).chain([1000]).collect();
    expected.sort_unstable();
    assert_eq!(participant_ids(&database).await, expected);
    assert_eq!(version(&database).await, 81);
}

db_test!(a_cancelled_batch_is_stored_completely_or_not_at_all);
async fn a_cancelled_batch_is_stored_completely_or_not_at_all(fresh: Fresh) {
    let database = fresh.open().await;
    let blocker = database.write().await.unwrap();
    let tasks = (1..=20).map(|n| {
        let database = database.clone();
        tokio::spawn(
            async move { increment_and_add_with_retry(&database, None, &[n, n + 500]).await },
        )
    });
    let tasks: Vec<_> = tasks.collect();
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    for task in tasks.iter().step_by(2) {
        task.abort();
    }
    blocker.rollback().await.unwrap();
    let mut confirmed = Vec::new();
    for (n, task) in (1..).zip(tasks) {
        if let Ok(outcome) = task.await {
            assert!(
                matches!(outcome, Ok(CommitOutcome::Committed)),
                "{outcome:?}"
            );
            confirmed.push(n);
        }
    }
    let stored = participant_ids(&database).await;
    assert!(
        confirmed.iter().all(|n| stored.contains(n)),
        "{confirmed:?} {stored:?}"
    );
    let pairs = stored.iter().filter(|id| **id <= 500);
    assert_eq!(pairs.clone().count() * 2, stored.len());
    assert!(pairs.clone().all(|id| stored.contains(&(id + 500))));
    assert_eq!(version(&database).await as usize, pairs.count());
}
