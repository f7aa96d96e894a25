//! What is in the tables.

use diesel::{QueryableByName, sql_query, sql_types::BigInt};
use savt::{db::Database, model::BoardId};

/// What refers to a board; none of it is left of one that is deleted or discarded.
const TABLES: [&str; 10] = [
    "participants",
    "browsers",
    "items",
    "features",
    "vetoes",
    "consents",
    "settings",
    "events",
    "requests",
    "webhook_cursors",
];

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

async fn number(database: &Database, query: &str) -> i64 {
    let mut conn = database.read().await.unwrap();
    let row: Option<Number> = conn.get(sql_query(query)).await.unwrap();
    row.unwrap().number
}

/// How many rows of a board contain a text.
pub async fn with_text(database: &Database, board: BoardId, text: &str) -> i64 {
    let mut found = 0;
    for (table, column) in [
        ("participants", "name"),
        ("vetoes", "reason"),
        ("settings", "value"),
        ("events", "actor_name"),
        ("events", "action"),
        ("events", "change"),
    ] {
        let query = format!(
            "SELECT count(*) AS number FROM {table} WHERE board_id = {board} AND {column} LIKE '%{text}%'"
        );
        found += number(database, &query).await;
    }
    found
}

/// How many boards are neither visible nor deleted.
pub async fn staged_boards(database: &Database) -> i64 {
    let query = "SELECT count(*) AS number FROM boards WHERE slug LIKE '~%'";
    number(database, query).await
}

/// Makes what interrupted imports left so old that the next import deletes it.
pub async fn age_staged_boards(database: &Database) {
    let old = "UPDATE boards SET created_at = '2026-01-01 00:00:00' WHERE slug LIKE '~%'";
    let mut conn = database.write().await.unwrap();
    conn.execute(sql_query(old)).await.unwrap();
    conn.commit().await.unwrap();
}

/// How many rows there are of boards that do not exist, or are deleted.
pub async fn orphans(database: &Database) -> i64 {
    let mut found = 0;
    for table in TABLES {
        let query = format!(
            "SELECT count(*) AS number FROM {table} WHERE board_id NOT IN \
             (SELECT id FROM boards WHERE deleted_at IS NULL)"
        );
        found += number(database, &query).await;
    }
    found
}
