//! The database layer: guarantees that hold on both databases, whatever happens to a connection.

mod batches;
mod error_language;
mod listener;
mod login;
mod migrations;
mod pool;
mod pooler;
mod server;
mod start;
mod tls;
mod transactions;

use diesel::prelude::*;
use savt::db::schema::{boards, participants};
use savt::db::{Database, Error, Transaction};

/// A timestamp for columns that require one.
fn noon() -> chrono::NaiveDateTime {
    let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 31).unwrap();
    day.and_hms_micro_opt(12, 0, 0, 123_456).unwrap()
}

/// Adds a participant, the smallest row, to the board `main`.
async fn join(transaction: &mut Transaction, id: i64) -> Result<usize, Error> {
    let row = (
        participants::board_id.eq(1),
        participants::id.eq(id),
        participants::name.eq(format!("User-{id}")),
        participants::joined_at.eq(noon()),
    );
    transaction
        .execute(diesel::insert_into(participants::table).values(row))
        .await
}

async fn participant_ids(database: &Database) -> Vec<i64> {
    let ids = participants::table
        .select(participants::id)
        .order(participants::id);
    database.read().await.unwrap().load(ids).await.unwrap()
}

/// Increments the version of `main`: reads, then writes, which fails on SQLite if transactions begin as readers.
async fn increment_version(database: &Database) -> Result<(), Error> {
    let mut transaction = database.write().await?;
    let main = boards::table.filter(boards::slug.eq("main"));
    let current: Option<i64> = transaction.get(main.select(boards::version)).await?;
    assert!(current.is_some());
    tokio::task::yield_now().await;
    let update = diesel::update(main).set(boards::version.eq(boards::version + 1));
    transaction.execute(update).await?;
    transaction.commit().await
}

async fn version(database: &Database) -> i64 {
    let version = boards::table
        .filter(boards::slug.eq("main"))
        .select(boards::version);
    database
        .read()
        .await
        .unwrap()
        .get(version)
        .await
        .unwrap()
        .unwrap()
}
