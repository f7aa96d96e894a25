//! Direct access to a database, bypassing SAVT.

use diesel::{Connection as _, SqliteConnection, connection::SimpleConnection};
use tokio_postgres::{Client, NoTls};

/// A connection with SAVT's durability settings.
pub fn sqlite(file: &str) -> SqliteConnection {
    let mut connection = SqliteConnection::establish(file).unwrap();
    let settings =
        "PRAGMA busy_timeout = 2000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON";
    connection.batch_execute(settings).unwrap();
    connection
}

/// A connection that is driven by the current runtime.
pub async fn postgres(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// The file of a SQLite URL.
pub fn sqlite_file(url: &str) -> Option<&str> {
    url.strip_prefix("sqlite:")
}

/// The slug of a copy of the board, numbered from 1.
pub fn copy_slug(number: usize) -> String {
    format!("copy-{number}")
}

/// Copies the board `main`, without its vetoes and history.
pub async fn copy_board(url: &str, copies: usize) {
    let sql = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {copies})
         INSERT INTO boards (slug, name, last_participant, last_item, last_feature, created_at)
             SELECT 'copy-' || i, b.name, last_participant, last_item, last_feature, created_at
             FROM boards b, n WHERE b.id = 1 ORDER BY i;
         INSERT INTO participants (board_id, id, name, joined_at)
             SELECT b.id, p.id, p.name, p.joined_at FROM boards b, participants p
             WHERE b.id > 1 AND p.board_id = 1;
         INSERT INTO items (board_id, id, name, kind, author_id, created_at)
             SELECT b.id, i.id, i.name, i.kind, i.author_id, i.created_at FROM boards b, items i
             WHERE b.id > 1 AND i.board_id = 1;
         INSERT INTO features (board_id, id, item_id, name, amount, author_id, created_at)
             SELECT b.id, f.id, f.item_id, f.name, f.amount, f.author_id, f.created_at
             FROM boards b, features f WHERE b.id > 1 AND f.board_id = 1"
    );
    match sqlite_file(url) {
        Some(file) => sqlite(file)
            .batch_execute(&format!("BEGIN; {sql}; COMMIT"))
            .unwrap(),
        None => postgres(url).await.batch_execute(&sql).await.unwrap(),
    }
}
